"""Files made to break a reader end in one clear error, within bounded memory.

Each is read in a process that may use two gigabytes and a minute, and no more.
"""

import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

MEMORY = 2 << 30
READ = """
import sys
from connectors.sources import inspect, open_place
from guiyi.errors import GuiyiError
from guiyi.spec import TableSpec
try:
    found = inspect(sys.argv[1])
    source = open_place(found.kind, **found.options)
    for info in source.tables():
        for batch in source.read(TableSpec.model_construct(table=info.name, query=None)):
            print(batch.rows.height, batch.damage["problem"].to_list()[:3])
            assert "top secret" not in str(batch.rows.rows()[:99])
except GuiyiError as error:
    print("refused:", error)
"""


PEAK = """
# ru_maxrss would count what the program had that forked this one
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def read(path: Path) -> str:
    """Read a file in a process of its own; give what it printed."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    code = READ + PEAK + f"assert peak < {MEMORY >> 10}, peak\n"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limits,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def plain(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (["公司", "电话"], ["甲", "1"]):
        book.active.append(row)
    book.save(path)
    return path


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite one part of a small workbook."""
    other = plain(path.with_name("plain.xlsx"))
    with zipfile.ZipFile(other) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            out.writestr(name, change(data) if name == part else data)
    return path


def zip_bomb(path: Path) -> Path:
    return changed(path, "xl/worksheets/sheet1.xml", lambda data: data + b" " * (130 << 20))


def far_corner(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "公司", "x"
    book.save(path)
    return path


def laughs(path: Path) -> Path:
    """Entities of entities: 10^9 times ten characters."""
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "hahahahaha">'
        for n in range(10)
    )
    head = f"<!DOCTYPE x [{entities}]>".encode()
    return changed(
        path,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<worksheet", head + b"<worksheet", 1).replace(
            "甲".encode(), b"&l9;"
        ),
    )


def foreign_entity(path: Path) -> Path:
    secret = path.with_name("secret.txt")
    secret.write_text("top secret")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    return changed(
        path,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<worksheet", head + b"<worksheet", 1).replace(
            "甲".encode(), b"&e;"
        ),
    )


def repeated_cells(path: Path) -> Path:
    """An .ods of one cell, repeated over the whole sheet."""
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    with zipfile.ZipFile(path.with_suffix(".ods"), "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        out.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            '<table:table table:name="x"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
            "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path.with_suffix(".ods")


def endless_line(path: Path) -> Path:
    path = path.with_suffix(".csv")
    with path.open("wb") as file:
        for _ in range(64):
            file.write(b"x" * (1 << 20))
    return path


def endless_quote(path: Path) -> Path:
    path = path.with_suffix(".csv")
    with path.open("wb") as file:
        file.write(b'a,b\n1,"')
        file.write(b"x\n" * (1 << 14))
    return path


def many_records(path: Path) -> Path:
    """A .dbf of one record that says it has four milliards."""
    path = path.with_suffix(".dbf")
    head = b"\x03\x7c\x01\x01" + b"\xff" * 4 + (65).to_bytes(2, "little") + b"\x03\x00" + bytes(20)
    path.write_bytes(
        head + b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + b"\x02" + bytes(15) + b"\r ab"
    )
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (zip_bomb, "would unpack to"),
        (far_corner, "spans 1048576 rows and 16384 columns"),
        (laughs, "declares entities"),
        (foreign_entity, "declares entities"),
        (repeated_cells, "refused: "),
        (endless_line, "longer than 1048576 characters"),
        (endless_quote, "quote never closed"),
        (many_records, "table cut off"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_hostile_file_is_refused_in_bounded_memory(
    tmp_path: Path, make: Callable[[Path], Path], said: str
) -> None:
    """One line says what is wrong; nothing is expanded, fetched or kept."""
    assert said in read(make(tmp_path / "hostile.xlsx"))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
def test_a_workbook_cut_off_anywhere_is_damaged(tmp_path: Path, share: float) -> None:
    """Whatever was lost in copying, the error says so."""
    path = plain(tmp_path / "whole.xlsx")
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert "cut off or damaged" in read(path)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["superstore.xls", "access/ASampleDatabase.accdb", "dbf/dbase_f5.dbf"]
)
def test_real_files_cut_in_half_are_no_crash(shared: Path, tmp_path: Path, name: str) -> None:
    """Half a file ends in an error, or in what is left of it with the damage said."""
    if name.endswith("accdb") and shutil.which("mdb-export") is None:
        pytest.skip("mdbtools is not installed: apt install mdbtools")
    data = (shared / "legacy" / name).read_bytes()
    path = tmp_path / Path(name).name
    path.write_bytes(data[: len(data) // 2])
    assert "refused" in read(path) or "unreadable" in read(path)
