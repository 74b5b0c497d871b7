"""What people really hand over: every command ends well, or in one line that says what to do."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from guiyi import GuiyiError
from guiyi.messages import Message, at_place, localised
from guiyi.near_names import did_you_mean
from guiyi.spec import load_project, read_entity
from pipelines.cli.main import cli
from pipelines.language.messages import one_line
from pipelines.outputs import whole_file, whole_folder

SECRET = "Zaphod Beeblebrox"
"""A customer who must not be named in a message."""

CARD = f"BEGIN:VCARD\nVERSION:3.0\nFN:{SECRET}\nTEL:138001"
LETTER = f"From: {SECRET} <zaphod@example.com>\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n\nHello\n"


def csv(*rows: str) -> bytes:
    """Write lines as a CSV file."""
    return ("\n".join(rows) + "\n").encode()


def constants(count: int) -> bytes:
    """Write so many columns that hold one value."""
    return csv(",".join(f"c{i}" for i in range(count)), *[",".join(["x"] * count)] * 2)


GOOD = csv("name,phone", f"{SECRET},13800138000", "Bob Jones,13900139000")

ENDS_WELL = {
    "one_column.csv": csv("name", SECRET, "Bob Jones", SECRET),
    "one_row.csv": csv("name,phone", f"{SECRET},13800138000"),
    "null_columns.csv": csv("name,phone,fax", f"{SECRET},,", "Bob Jones,,", f"{SECRET},,"),
    "constant.csv": csv("name,city", *[f"{SECRET},Shenzhen"] * 9),
    "same_headers.csv": csv("name,phone,phone,name", f"{SECRET},1,2,Acme", "Bob Jones,3,4,Foo"),
    "wide.csv": constants(60),
    "scripts.csv": csv("name,note", "😀 Zoë 👩‍👩‍👧,a", "محمد بن سلمان,שלום", "יוסי כהן,\u202eabc"),
    "mixed.csv": csv("id,v", "1,abc", "2,13800138000", "3,=1+1", "4,NaN", "5,#N/A"),
    "gbk.csv": "姓名,电话\n王小伟,13800138000\n".encode("gbk"),
    "utf16.csv": "姓名,电话\n王小伟,13800138000\n".encode("utf-16"),
    "nul.csv": b"name,phone\nAli\x00ce,1\nBob,2\n",
    "unclosed.csv": csv("name,phone", f'"{SECRET},13800138000', "Bob Jones,139"),
    "ragged.csv": csv("name,phone", f"{SECRET},1,2,3", "Bob Jones"),
    "our_names.csv": csv("_row,_id,source,record_id,place,row,ref", "1,2,3,4,5,6,7"),
    "dotted.csv": csv("name,name.raw,a.b,a_b", f"{SECRET},x,y,z", f"{SECRET},x,y,z"),
    "cut.vcf": CARD.encode(),
    "cut.mbox": f"From a@b.c Thu Jan  1 00:00:00 2026\n{LETTER}\nFrom a@b.c Thu J".encode(),
}

REFUSED = {
    "empty.csv": (b"", "the file is empty"),
    "blank.csv": (b"\n\n  \n", "no table with rows"),
    "one_customer.csv": ("张三,北京\n".encode(), "only a header, without rows: 2 columns —"),
    "header_only.csv": (b"name,phone\n", "only a header, without rows: 2 columns (name, phone)"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a text file"),
    "renamed.xlsx": (GOOD, "a text file with a workbook's name"),
    "empty.xlsx": (b"", "the file is empty"),
    "page.xls": (b"<html><table></table></html>", "an HTML or XML page"),
    "broken.sqlite": (b"SQLite format 3\x00" + bytes(50), "not a SQLite database"),
    "empty.vcf": (b"", "no vCard in it"),
    "mail.pst": (b"!BDN", "not an Outlook mailbox, or damaged"),
    "mail.msg": (b"\xd0\xcf\x11\xe0", "no message in it"),
    "old.dbf": (b"\x03", "not a dBase table"),
    "office.accdb": (b"\x00\x01\x00\x00Standard ACE DB", "an Access database"),
}


def guiyi(*arguments: str, language: str) -> tuple[int, str]:
    """Run the installed command as a user would: exit code, standard error."""
    ended = subprocess.run(
        [Path(sys.executable).parent / "guiyi", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "GUIYI_LANG": language},
        check=False,
    )
    return ended.returncode, ended.stderr


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], str]:
    """Write a file into the folder the commands run in."""
    monkeypatch.chdir(tmp_path)

    def make(name: str, content: bytes) -> str:
        Path(name).write_bytes(content)
        return name

    return make


Write = Callable[[str, bytes], str]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *ENDS_WELL.items(),
        pytest.param("widest.csv", constants(300), marks=pytest.mark.nightly),
    ],
    ids=[*ENDS_WELL, "widest.csv"],
)
def test_odd_tables_are_profiled_cleaned_and_deduplicated(
    name: str, content: bytes, write: Write
) -> None:
    """However odd the table, the commands that need no project bring every row through."""
    place = write(name, content)
    runner = CliRunner()
    commands = [
        ["profile", place, "--html", "profile.html"],
        ["clean", place, "--out", "clean.csv", "--changes", "changes.csv"],
        ["dedupe", place, "--out", "out", "--quiet"],
    ]
    for command in commands:
        result = runner.invoke(cli, command, standalone_mode=False)
        assert result.exception is None, (command[0], result.exception)
    clean = pl.read_csv("clean.csv", infer_schema=False)
    clusters = pl.read_csv("out/clusters.csv")
    assert clusters["row"].to_list() == list(range(clean.height))
    assert clean.height > 0
    assert Path("out/report.html").stat().st_size > 0


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(name: str, write: Write) -> None:
    """A file nobody can read is named, with what it is and what to do; nothing is written."""
    content, said = REFUSED[name]
    place = write(name, content)
    for command in (["profile", place], ["dedupe", place, "--out", "out", "--quiet"]):
        result = CliRunner().invoke(cli, command, standalone_mode=False)
        assert isinstance(result.exception, GuiyiError), result.exception
        line = str(result.exception)
        assert name in line
        assert said in line
        assert " — " in line, "what to do about it"
        assert "\n" not in line
        assert SECRET not in line
    assert os.listdir() == [name]


def test_a_truncated_workbook_is_refused(write: Write) -> None:
    """Half a workbook is no workbook."""
    book = Workbook()
    for number in range(200):
        book.active.append([SECRET, number])
    book.save("whole.xlsx")
    place = write("half.xlsx", Path("whole.xlsx").read_bytes()[:-600])
    for language, what in (("en", ": the workbook is cut off"), ("zh", "：工作簿被截断或已损坏")):
        code, said = guiyi("profile", place, language=language)
        assert (code, said.count("\n")) == (2, 1)
        assert f"half.xlsx{what}" in said


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("clean good.csv --out file/clean.csv", "file/clean.csv"),
        ("clean good.csv --out clean.csv --changes file/changes.csv", "file/changes.csv"),
        ("clean good.csv --out folder.csv", "folder.csv"),
        ("dedupe good.csv --quiet --out file/out", "file/out"),
        ("link good.csv good.csv --quiet --out file/out", "file/out"),
        ("profile good.csv --html file/profile.html", "file/profile.html"),
        ("init file/crm --from good.csv", "file/crm/guiyi.yaml"),
        ("demo --quiet --dir file/demo", "file/demo"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(command: str, place: str, write: Write) -> None:
    """An output path under a file, or one that is a folder, is told as such."""
    write("good.csv", GOOD)
    write("file", b"")
    Path("folder.csv").mkdir()
    result = CliRunner().invoke(cli, command.split(), standalone_mode=False)
    assert isinstance(result.exception, GuiyiError), result.exception
    assert f"{place}: cannot be written here (" in str(result.exception)
    assert not os.listdir("folder.csv")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_results_appear_whole_or_not_at_all(stop: type[BaseException], tmp_path: Path) -> None:
    """What was there stays as it was when writing stops halfway."""
    golden = tmp_path / "golden.csv"
    golden.write_text("before")

    def stop_in_folder() -> None:
        with whole_folder(tmp_path) as folder:
            (folder / golden.name).write_text("half")
            raise stop

    def stop_in_file() -> None:
        with whole_file(golden) as file:
            file.write_text("half")
            raise stop

    for write_half in (stop_in_folder, stop_in_file):
        with pytest.raises(stop):
            write_half()
    assert os.listdir(tmp_path) == ["golden.csv"]
    assert golden.read_text() == "before"


@pytest.mark.parametrize(
    ("command", "english", "chinese"),
    [
        ("profile gone.csv", "no such file or folder — check the path", "没有这个文件或文件夹"),
        ("profile empty.csv", "the file is empty — export it again", "文件是空的 —— 请重新导出"),
        ("run .", "no such file — check the path", "没有这个文件 —— 请检查路径"),
        ("profile sqlite:///gone.db", "no such SQLite file", "没有这个 SQLite 文件"),
        (
            "compare good.csv --kind phone --out out.csv",
            "no column left, right — the pairs stand in",
            "没有列 left, right —— 成对的值应放在",
        ),
    ],
)
def test_errors_speak_the_users_language(
    command: str, english: str, chinese: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GUIYI_LANG decides in which language a failure is told, the hint included."""
    write("good.csv", GOOD)
    write("empty.csv", b"")
    error = CliRunner().invoke(cli, command.split(), standalone_mode=False).exception
    assert isinstance(error, GuiyiError)
    for language, said in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("GUIYI_LANG", language)
        assert said in one_line(error)
        assert "\n" not in one_line(error)


NO_COLUMN = Message("no column `{column}`", column="a")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (NO_COLUMN, "没有列 `a`"),
        (did_you_mean("A", ["a", "b"]), "是不是 `a`？现有：a, b"),
        (at_place("sources.x.tables.0.key", NO_COLUMN), "sources.x.tables.0.key：没有列 `a`"),
        (at_place("scope", "unknown key"), "scope：未知的键"),
        ("something nobody has translated", "something nobody has translated"),
    ],
)
def test_sentences_are_translated_around_what_they_name(english: str, chinese: str) -> None:
    """Names keep their place in the sentence; an unknown sentence stays as it is."""
    assert localised(english, "zh") == chinese


def test_columns_that_start_with_an_underscore_are_columns(write: Write) -> None:
    """A document database's `_id` can be a key, and a column called `source` a field."""
    write("people.csv", csv("_id,name,source", f"a1,{SECRET},shop", "a2,Bob Jones,fair"))
    runner = CliRunner()
    for command in (["init", ".", "--from", "people.csv"], ["run", ".", "--quiet"]):
        result = runner.invoke(cli, command, standalone_mode=False)
        assert result.exception is None, result.exception
    assert load_project(Path()).sources["people"].tables[0].key == ("_id",)


@pytest.mark.parametrize("name", ["source", "record_id", "place", "golden_id", "members", "row"])
def test_a_field_may_not_take_one_of_our_names(name: str, write: Write) -> None:
    """An entity's field called `source` is refused with its line, for records have one already."""
    place = write("entity.yaml", csv("fields:", "  name: person_name", f"  {name}: text"))
    with pytest.raises(GuiyiError, match=rf"entity\.yaml:3: fields\.{name}: `{name}` is reserved"):
        read_entity(Path(place))
