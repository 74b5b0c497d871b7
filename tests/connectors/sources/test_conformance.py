"""What every source promises, checked on every kind of source.

A kind of source joins by standing in `CASES`.
"""

import shutil
import sqlite3
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from connectors.sources import Source, inspect
from connectors.sources.conformance import check_recognised, check_source, check_spec
from connectors.sources.contract import PLACE
from connectors.sources.opening import source_type
from guiyi.errors import SourceError
from guiyi.plugins import BUILT_IN, SOURCES
from guiyi.spec import TableSpec

SHARED = Path(__file__).parents[4] / "shared" / "data"
Make = Callable[[Path], str]


@dataclass(frozen=True)
class Case:
    """A source with some rows, one of them damaged."""

    kind: str
    make: Make
    """Write it into a folder, and give its path or URL."""
    table: str
    values: frozenset[str]
    """Values that must come through untouched."""
    damage: tuple[int, str | None, str]
    """The row, column and problem that must be reported."""


CARD = """BEGIN:VCARD
VERSION:3.0
FN:张三
ORG:甲公司;市场部
TEL;TYPE=CELL:13800138000
EMAIL:zhang@jia.example
END:VCARD
"""
LETTER = """From: =?utf-8?b?5byg5LiJ?= <zhang@jia.example>
To: me@corp.example
Date: Mon, 01 Jan 2024 10:00:00 +0800
Message-ID: <1@jia.example>
Content-Type: text/plain; charset=utf-8

您好

张三
销售经理
甲科技有限公司
手机: 13800138000
"""


def workbook(folder: Path) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    for row in [
        ["编号", "公司", "电话"],
        ["1", "甲公司", " 013800138000 "],
        ["2", "乙, 公司", "12\n34"],
        ["3", "丙公司", "1.38E+10"],
        ["合计", None, None],
        ["4", "丁公司", "1"],
    ]:
        sheet.append(row)
    book.save(folder / "客户.xlsx")
    return str(folder / "客户.xlsx")


def text(folder: Path) -> str:
    path = folder / "客户.csv"
    path.write_text(
        '编号,公司,电话\n1,甲公司, 013800138000 \n2,"乙, 公司","12\n34"\n3,丙公司\n\n4,丁公司,1\n'
    )
    return str(path)


def database(folder: Path) -> str:
    path = folder / "legacy.db"
    with sqlite3.connect(path) as base:
        base.executescript(
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, photo BLOB);
            INSERT INTO customers VALUES (2, ' 乙, 公司 ', x'ff00'), (1, '013800138000', NULL);
            INSERT INTO customers VALUES (3, '丙' || char(10) || '公司', NULL);
            """
        )
    base.close()
    return f"sqlite:///{path}"


def dbase(folder: Path) -> str:
    """Write a FoxPro 2 table by hand: a text, a date that is none, a deleted record."""
    fields = [(b"NAME", b"C", 12), (b"PHONE", b"C", 14), (b"SINCE", b"D", 8)]
    records = [
        (b" ", "甲公司", " 013800138000", "20240305"),
        (b"*", "删公司", "0", "20240305"),
        (b" ", "乙公司", "12\n34", "20249999"),
        (b" ", "丙公司", "0755", ""),
    ]
    length = 1 + sum(field[2] for field in fields)
    start = 32 + 32 * len(fields) + 1
    head = struct.pack("<4BIHH17xBxx", 0x03, 124, 1, 1, len(records), start, length, 0x4D)
    for name, kind, size in fields:
        head += struct.pack("<11sc4xBB14x", name, kind, size, 0)
    body = b"".join(
        mark + b"".join(v.encode("gbk").ljust(f[2]) for v, f in zip(values, fields, strict=True))
        for mark, *values in records
    )
    (folder / "KEHU.DBF").write_bytes(head + b"\r" + body + b"\x1a")
    return str(folder / "KEHU.DBF")


def access(folder: Path) -> str:
    if shutil.which("mdb-export") is None:
        pytest.skip("mdbtools is not installed: apt install mdbtools")
    if not SHARED.is_dir():
        pytest.skip(f"no {SHARED}")
    return shutil.copy(SHARED / "legacy" / "access" / "DateTestDatabase.mdb", folder)


def mail(folder: Path) -> str:
    path = folder / "mails"
    path.mkdir()
    (path / "1.eml").write_text(LETTER)
    (path / "2.eml").write_text(LETTER.replace("From", "List-Unsubscribe: <x>\nFrom"))
    (path / "3.eml").write_text("no message at all\n" * 3)
    return str(path)


def cards(folder: Path) -> str:
    path = folder / "cards.vcf"
    path.write_text(
        CARD
        + CARD.replace("张三", "李四")
        + CARD.replace("张三", "王五").replace("END:VCARD\n", "")
    )
    return str(path)


def address_book(folder: Path) -> str:
    path = folder / "contacts.csv"
    path.write_text(
        "First Name,Last Name,Company,Business Phone,Mobile Phone,E-mail Address,Notes\n"
        '三,张,甲公司,0755-86123456,013800138000,zhang@jia.example,"老\n客户"\n'
        "四,李,乙公司\n"
        "五,,,,,,\n"
    )
    return str(path)


def business_cards(folder: Path) -> str:
    pytest.importorskip("rapidocr", reason="needs the extra guiyi[ocr]")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (620, 320), "white")
    pen = ImageDraw.Draw(picture)
    lines = ("John Smith", "Sales Director", "Acme Widgets Co., Ltd.", "Tel: +1 212 555 0100")
    for number, line in enumerate(lines):
        pen.text((40, 30 + 60 * number), line, "black", ImageFont.load_default(30))
    path = folder / "pictures"
    path.mkdir()
    picture.save(path / "1.png")
    (path / "2.jpg").write_bytes(b"no picture")
    return str(path)


CASES = (
    Case("excel", workbook, "客户", frozenset({" 013800138000 ", "乙, 公司", "12\n34"}),
         (4, "电话", "scientific notation")),
    Case("delimited", text, "客户", frozenset({" 013800138000 ", "乙, 公司", "12\n34"}),
         (5, None, "unreadable: ragged row")),
    Case("database", database, "customers",
         frozenset({"013800138000", " 乙, 公司 ", "丙\n公司"}), (2, "photo", "binary value")),
    Case("dbase", dbase, "KEHU", frozenset({"甲公司", " 013800138000", "12\n34", "2024-03-05"}),
         (3, "SINCE", "invalid date")),
    Case("access", access, "DateTest", frozenset({"New line\r\nin field", "2021-12-02"}),
         (2, "DateCol", "date lost")),
    Case("mail", mail, "contacts", frozenset({"张三", "13800138000", "甲科技有限公司"}),
         (4, None, "unreadable: not a message")),
    Case("vcard", cards, "contacts", frozenset({"张三", "李四", "13800138000"}),
         (3, None, "unreadable: card cut off")),
    Case("address_book", address_book, "contacts",
         frozenset({"张三", "013800138000", "老\n客户"}), (4, None, "unreadable: ragged row")),
    Case("card", business_cards, "contacts", frozenset({"John Smith", "+1 212 555 0100"}),
         (2, None, "unreadable: not a picture")),
)  # fmt: skip


@pytest.fixture(params=CASES, ids=lambda case: case.kind)
def case(request: pytest.FixtureRequest) -> Case:
    """Give each kind of source in turn."""
    found: Case = request.param
    return found


@pytest.fixture
def where(case: Case, tmp_path: Path) -> str:
    return case.make(tmp_path)


@pytest.fixture
def source(case: Case, where: str, open_: Callable[..., Source]) -> Source:
    return open_(where, case.kind)


@pytest.fixture
def table(case: Case) -> TableSpec:
    return TableSpec.model_construct(table=case.table, query=None)


def test_every_kind_is_held_to_this() -> None:
    """A kind of source that stands in no case is not held to its promises."""
    assert {case.kind for case in CASES} == set(BUILT_IN[SOURCES])


def test_a_source_keeps_its_promises(case: Case, where: str, open_: Callable[..., Source]) -> None:
    """Those that other packages' sources keep: columns, rows, batches, damage, going on."""
    check_source(lambda: open_(where, case.kind), [case.table])


def test_damage_is_reported_with_its_place(source: Source, table: TableSpec, case: Case) -> None:
    """The damaged cell or row is named."""
    found = [row[:3] for batch in source.read(table) for row in batch.damage.rows()]
    assert case.damage in found


def test_places_name_the_row(source: Source, table: TableSpec) -> None:
    """The place of a row is a sentence with a number a person can look up."""
    for batch in source.read(table):
        assert batch.rows[PLACE].str.contains(r"^.+ (?:row|line) \d+$|\.(?:eml|png|jpg)$").all()


def test_values_are_untouched(source: Source, table: TableSpec, case: Case) -> None:
    """Blanks, zeros in front, commas and line ends inside values stay."""
    rows = pl.concat([batch.rows for batch in source.read(table)])
    assert case.values <= {value for row in rows.rows() for value in row}


def test_inspection_finds_kind_and_tables(case: Case, where: str) -> None:
    """What a path or URL is, is seen from the outside."""
    check_recognised(case.kind, where)
    found = inspect(where)
    assert found.kind == case.kind
    assert case.table in {info.name for info in found.tables}
    assert where in found.options.values()


def test_a_source_has_keys_of_its_own(case: Case, where: str) -> None:
    """An unknown key is refused by every kind."""
    check_spec(case.kind, {source_type(case.kind).place: where})


def test_a_missing_file_is_a_source_error(
    case: Case, open_: Callable[..., Source], tmp_path: Path
) -> None:
    """A path that does not exist is named, for every kind."""
    missing = tmp_path / "nowhere" / "file.x"
    where = f"sqlite:///{missing}" if case.kind == "database" else missing
    with pytest.raises(SourceError, match="nowhere"):
        open_(where, case.kind)
    assert not missing.exists()
