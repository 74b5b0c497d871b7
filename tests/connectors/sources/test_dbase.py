"""Tables of dBase, Clipper and FoxPro: code pages, memos, deleted records, damage."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.dbase import DbaseSource
from connectors.sources.dbase.fields import FieldContext, reader
from connectors.sources.dbase.header import DbfField
from guiyi.errors import SourceError
from guiyi.spec import TableSpec
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]
Spec = tuple[str, str, int]


def table(
    path: Path,
    fields: list[Spec],
    records: list[bytes],
    version: int = 0x03,
    language: int = 0,
    says: int | None = None,
) -> Path:
    """Write a table: fields as (name, type, length), records as raw bytes with their mark."""
    length = 1 + sum(field[2] for field in fields)
    start = 32 + 32 * len(fields) + 1
    count = len(records) if says is None else says
    head = struct.pack("<4BIHH17xBxx", version, 124, 1, 1, count, start, length, language)
    for name, kind, size in fields:
        head += struct.pack("<11scxxxxBB14x", name.encode("gbk"), kind.encode(), size, 0)
    path.write_bytes(head + b"\r" + b"".join(record.ljust(length) for record in records) + b"\x1a")
    return path


def everything(path: Path, **options: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    spec = TableSpec.model_construct(table=None, query=None)
    batches = list(DbaseSource(path, **options).read(spec))
    return pl.concat([b.rows for b in batches]), pl.concat([b.damage for b in batches])


@pytest.mark.parametrize(
    ("kind", "data", "text", "problem"),
    [
        ("C", b"abc  ", "abc", None),
        ("C", b"     ", None, None),
        ("N", b"  1.50", "1.50", None),
        ("N", b"******", "******", "digits lost"),
        ("F", b"-3", "-3", None),
        ("D", b"20240305", "2024-03-05", None),
        ("D", b"        ", None, None),
        ("D", b"00000000", None, None),
        ("D", b"20241399", "20241399", "invalid date"),
        ("L", b"T", "true", None),
        ("L", b"n", "false", None),
        ("L", b"?", None, None),
        ("I", struct.pack("<i", -7), "-7", None),
        ("Y", struct.pack("<q", 12345678), "1234.5678", None),
        ("B", struct.pack("<d", 0.1), "0.1", None),
        ("T", struct.pack("<iI", 2460375, 30600000), "2024-03-05 08:30:00", None),
        ("T", bytes(8), None, None),
        ("+", b"\x80\x00\x00\x2a", "42", None),
        ("G", b"0000000005", None, "binary value"),
        ("M", b"          ", None, None),
        ("M", b"         5", None, "memo missing"),
    ],
)
def test_a_field_becomes_its_text(
    kind: str, data: bytes, text: str | None, problem: str | None
) -> None:
    """Every type has one text; what is no value of its type is said."""
    field = DbfField(b"X", kind, 1, len(data), 0, 0)
    assert reader(field, FieldContext("cp1252", None, foxpro=True))(data) == (text, problem)


@pytest.mark.parametrize(
    ("text", "written", "language", "found"),
    [
        ("深圳华星科技", "gbk", 0x4D, "gb18030"),
        ("深圳华星科技", "gbk", 0x03, "gb18030"),
        ("深圳华星科技有限公司", "gbk", 0, "gb18030"),
        ("台灣電子公司", "big5", 0x78, "big5hkscs"),
        ("Müller Straße", "cp1252", 0x03, "cp1252"),
        ("Müller Straße", "cp850", 0x02, "cp850"),
        ("больничное отделение", "cp866", 0, "cp866"),
        ("Общество", "cp1251", 0xC9, "cp1251"),
    ],
)
def test_the_code_page_is_found(
    tmp_path: Path, text: str, written: str, language: int, found: str
) -> None:
    """What the head says holds, unless the texts are Chinese and it says Western."""
    path = table(
        tmp_path / "t.dbf", [("NAME", "C", 40)], [b" " + text.encode(written)] * 3,
        language=language,
    )  # fmt: skip
    rows, damage = everything(path)
    assert rows["NAME"].to_list() == [text] * 3
    assert damage.height == 0
    assert f"encoding {found} " in DbaseSource(path).tables()[0].notes[0]


def test_the_user_may_say_the_code_page(tmp_path: Path) -> None:
    """An encoding in the spec overrides the head; one that does not exist is refused."""
    path = table(tmp_path / "t.dbf", [("NAME", "C", 9)], [b" \x8e"], language=0x03)
    assert everything(path, charset="cp437")[0]["NAME"].to_list() == ["Ä"]
    with pytest.raises(SourceError, match="unknown encoding"):
        DbaseSource(path, "cp99999").tables()


def test_deleted_records_are_counted_not_read(tmp_path: Path) -> None:
    """A record marked as deleted is no row; numbers stay those of the table."""
    path = table(tmp_path / "t.dbf", [("NAME", "C", 5)], [b" a", b"*b", b" c"])
    rows, damage = everything(path)
    assert rows.select("NAME", "_row").rows() == [("a", 1), ("c", 3)]
    assert damage.select("_row", "problem").rows() == [(2, "skipped: deleted row")]
    info = DbaseSource(path).tables()[0]
    assert (info.rows, info.notes[1]) == (2, "skipped: deleted row: 1")


def test_a_table_cut_off_says_what_is_missing(tmp_path: Path) -> None:
    """Records that the head promises and the file does not have are one refused row."""
    path = table(tmp_path / "t.dbf", [("NAME", "C", 5)], [b" a", b" b"], says=9)
    rows, damage = everything(path)
    assert rows.select("NAME", "_row").rows() == [("a", 1), ("b", 2), (None, 3)]
    assert damage.rows()[0][2:4] == (
        "unreadable: table cut off", "records 3 to 9 are missing: the file ends before them",
    )  # fmt: skip


def test_memos_are_read(tmp_path: Path) -> None:
    """Long texts stand in blocks of the file beside: dBase III's end at 0x1A."""
    path = table(
        tmp_path / "t.dbf", [("NOTE", "M", 10)], [b" " + b"1".rjust(10), b" " + b"9".rjust(10)],
        version=0x83,
    )  # fmt: skip
    memo = bytes(512) + "很长的备注".encode("gbk").ljust(600, b" ") + b"\x1a\x1a"
    (tmp_path / "t.DBT").write_bytes(memo.ljust(2048, b"\0"))
    rows, damage = everything(path, charset="gbk")
    assert (rows["NOTE"][0] or "").strip() == "很长的备注"
    assert damage.select("_row", "column", "problem").rows() == [(2, "NOTE", "memo missing")]


def test_a_folder_is_a_database(tmp_path: Path) -> None:
    """FoxPro kept a database as a folder of tables."""
    for name in ("KEHU.DBF", "dingdan.dbf"):
        table(tmp_path / name, [("NAME", "C", 5)], [b" a"])
    assert [t.name for t in DbaseSource(tmp_path).tables()] == ["KEHU", "dingdan"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no \.dbf file"):
        DbaseSource(tmp_path / "empty")


@settings(deadline=None, max_examples=examples(200))
@given(data=st.binary(max_size=300), start=st.booleans())
def test_no_bytes_crash_the_reader(
    data: bytes, start: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any bytes, and any records under a good head, end in rows or in a SourceError."""
    path = tmp_path_factory.getbasetemp() / "any.dbf"
    kinds = [("A", "C", 3), ("B", "N", 4), ("C", "D", 8), ("D", "T", 8), ("E", "M", 10)]
    path.write_bytes(data)
    if start:
        table(path, [(n, k, w) for n, k, w in kinds], [data], says=2)
    try:
        rows, _ = everything(path)
        assert rows.height == DbaseSource(path).tables()[0].rows
    except SourceError:
        return


@pytest.mark.parametrize(
    ("says", "count", "end"), [(0, 2, b"\x1a"), (1, 2, b""), (1, 3, b"\x1a"), (2, 2, b"\x1a")]
)
def test_records_beyond_the_count_are_read_and_told(
    tmp_path: Path, says: int, count: int, end: bytes
) -> None:
    """A program that crashed had not counted its last records; they are customers all the same."""
    records = [f" 客户{n}".encode("gbk") for n in range(count)]
    path = table(tmp_path / "A.DBF", [("NAME", "C", 10)], records, says=says)
    path.write_bytes(path.read_bytes().removesuffix(b"\x1a") + end)
    rows, damage = everything(path)
    assert rows["NAME"].to_list() == [f"客户{n}" for n in range(count)]
    told = [(row, "beyond the count") for row in range(says + 1, count + 1)]
    assert damage.select("_row", "problem").rows() == told
    (info,) = DbaseSource(path).tables()
    assert info.rows == count
    assert any("all were read" in note for note in info.notes) == (says < count)


def test_what_stands_behind_the_end_mark_is_no_record(tmp_path: Path) -> None:
    """Behind the mark lies what was deleted and packed away."""
    path = table(tmp_path / "A.DBF", [("NAME", "C", 10)], [b" Ann"], says=1)
    path.write_bytes(path.read_bytes() + b" Bob       " * 2)
    rows, damage = everything(path)
    assert (rows["NAME"].to_list(), damage.height) == (["Ann"], 0)


def test_what_stands_behind_a_nul_is_told(tmp_path: Path) -> None:
    """It may be the rest of an older text: it is not glued to the newer one."""
    path = table(tmp_path / "A.DBF", [("NAME", "C", 10)], [b" Ann\x00ette", b" Bob\x00\x00\x00"])
    rows, damage = everything(path)
    assert rows["NAME"].to_list() == ["Ann ette", "Bob"]
    assert damage.select("_row", "column", "problem").rows() == [(1, "NAME", "NUL bytes")]
