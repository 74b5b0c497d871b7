"""Text files in every encoding, dialect and state of repair."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources import encoding
from connectors.sources.delimited import DelimitedSource
from connectors.sources.delimited.fast import read_block
from connectors.sources.delimited.records import MAX_CHARS, Splitter, lines_of
from guiyi.errors import SourceError
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]

CHINESE = (
    "编号,公司,地址\n1,深圳市华星科技有限公司,广东省深圳市南山区\n2,北京东方贸易有限公司,北京\n"
)
TAIWANESE = "代號,公司,地址\n1,台灣電子股份有限公司,台北市中山北路\n2,華碩電腦股份有限公司,台北\n"
FRENCH = "id,société,ville\n1,Café Müller,Besançon\n2,Hôtel Âne Doré,Orléans\n"
POLISH = "nr,nazwa,miasto\n1,Żółta Łódź,Kraków\n2,Święty Gąska,Łódź\n"
RUSSIAN = "ид,компания,город\n1,Общество Ромашка,Москва\n2,Торговый дом Весна,Казань\n"


def values(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return frame.select(pl.exclude("_row", "_place")).rows()


def problems(damage: pl.DataFrame) -> list[tuple[int, str]]:
    return [(row, problem) for row, _, problem, *_ in damage.rows()]


@pytest.mark.parametrize(
    ("text", "name", "detected"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "gb18030", "gb18030"),
        (TAIWANESE, "big5", "big5hkscs"),
        (TAIWANESE, "utf-8", "utf-8"),
        (FRENCH, "cp1252", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "utf-16", "utf-16"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_detected(
    written: Callable[..., Path], read: Reader, text: str, name: str, detected: str
) -> None:
    """The text comes out whole, and the encoding is said with a confidence."""
    source = DelimitedSource(written(text.encode(name)))
    rows, damage = read(source)
    expected = list(csv.reader(io.StringIO(text)))
    assert values(rows) == [tuple(row) for row in expected[1:]]
    assert rows.columns[:-2] == expected[0]
    assert damage.height == 0
    assert source.options["encoding"] == detected
    assert "confidence" in source.tables()[0].notes[0]


def test_a_broken_byte_costs_one_cell(written: Callable[..., Path], read: Reader) -> None:
    """One byte that is not text does not change the encoding of the rest; its cell is damage."""
    data = CHINESE.encode("gbk").replace("东方".encode("gbk"), b"\xff\xff" + "方".encode("gbk"))
    rows, damage = read(DelimitedSource(written(data)))
    assert rows["公司"][0] == "深圳市华星科技有限公司"
    assert damage["column"].to_list() == ["公司"]
    assert damage["problem"].to_list() == ["undecodable bytes"]


def test_a_wrong_encoding_is_refused(written: Callable[..., Path]) -> None:
    """An encoding the user gave that does not fit names the byte, the line and a better one."""
    path = written(CHINESE.encode("gbk"))
    with pytest.raises(SourceError, match=r"byte 0 \(line 1\)") as caught:
        DelimitedSource(path, encoding="utf-8").tables()
    assert "gb18030" in str(caught.value.hint)
    with pytest.raises(SourceError, match="unknown encoding"):
        DelimitedSource(path, encoding="utf-88").tables()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "\x01"])
def test_the_delimiter_is_detected(
    written: Callable[..., Path], read: Reader, delimiter: str
) -> None:
    """Commas inside quotes and in prose do not mislead."""
    rows = [
        ["name", "address", "phone"],
        ["Jia, Ltd", "1 Main St; Floor 2", "1"],
        ["B", "x, y", "2"],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    source = DelimitedSource(written(text.getvalue()))
    assert values(read(source)[0]) == [tuple(row) for row in rows[1:]]
    assert source.options["delimiter"] == delimiter


@pytest.mark.parametrize(
    ("line", "first", "problem"),
    [
        ("2,乙", ("2", "乙", None), "unreadable: ragged row"),
        ("2,乙,3,4", ("2,乙,3,4", None, None), "unreadable: ragged row"),
        ('2,"乙, 二",3,4', ('2,"乙, 二",3,4', None, None), "unreadable: ragged row"),
        ('2,"乙,3,4', ('2,"乙,3,4', None, None), "unreadable: quote never closed"),
        ('2,"乙" 二,3', ("2", '"乙" 二', "3"), None),
        ('"2","乙" 二,"3"', ("2", '"乙" 二', "3"), None),
        ('2,"乙" 二,"3, 4"', ("2", '乙" 二,"3, 4', None), "unreadable: ragged row"),
        ("2,乙,3,,", ("2", "乙", "3"), None),
        ('2,"乙\n二",3', ("2", "乙\n二", "3"), None),
        ('2,"乙""二",3', ("2", '乙"二', "3"), None),
        ('2,5" 管,3', ("2", '5" 管', "3"), None),
        ('2,"乙 "二" 公司",3', ("2", '乙 "二" 公司', "3"), None),
        ('2, "乙, 二",3', ("2", "乙, 二", "3"), None),
        ('2,"乙,3', ("2", '"乙', "3"), "unreadable: quote never closed"),
        ("2,乙\x00,3", ("2", "乙", "3"), "NUL bytes"),
        ("2,,3", ("2", None, "3"), None),
        ('2,"",3', ("2", None, "3"), None),
    ],
)
def test_a_line_is_never_shifted(
    written: Callable[..., Path], read: Reader, line: str, first: tuple[str], problem: str | None
) -> None:
    """What is wrong with one line stays with that line: the next row is whole again."""
    rows, damage = read(DelimitedSource(written(f"编号,公司,电话\n1,甲,2\n{line}\n9,丙,8\n")))
    assert values(rows) == [("1", "甲", "2"), first, ("9", "丙", "8")]
    assert problems(damage) == ([] if problem is None else [(3, problem)])
    assert rows["_row"].to_list()[:2] == [2, 3]
    assert rows["_row"][2] == 4 + line.count("\n")


def test_blank_lines_are_counted(written: Callable[..., Path], read: Reader) -> None:
    """Blank lines between rows are skipped and counted."""
    rows, damage = read(DelimitedSource(written("a,b\n1,2\n\n3,4\n")))
    assert rows["_row"].to_list() == [2, 4]
    assert problems(damage) == [(3, "skipped: blank row")]


def test_titles_and_totals_are_set_aside(written: Callable[..., Path], read: Reader) -> None:
    """An export's title and total lines are no records."""
    text = "客户报表\n导出日期：2024-01-01\n编号,公司,金额\n1,甲,100\n2,乙,200\n合计,,300\n"
    rows, damage = read(DelimitedSource(written(text)))
    assert values(rows) == [("1", "甲", "100"), ("2", "乙", "200")]
    assert problems(damage) == [
        (1, "skipped: title row"), (2, "skipped: title row"), (6, "skipped: total row"),
    ]  # fmt: skip


def test_sparse_rows_are_records(written: Callable[..., Path], read: Reader) -> None:
    """A row with one field filled is a record, also after a blank one."""
    rows, damage = read(DelimitedSource(written("a,b,c,d\n1,2,3,4\n,,,\nx,,,\n")))
    assert rows["a"].to_list() == ["1", "x"]
    assert problems(damage) == [(3, "skipped: blank row")]


def test_a_file_may_have_no_header(written: Callable[..., Path], read: Reader) -> None:
    """Where the first line is a record, columns are numbered."""
    rows, _ = read(
        DelimitedSource(written("甲科技有限公司,13800138000\n乙商贸有限公司,13800138001\n"))
    )
    assert rows.columns[:2] == ["column_1", "column_2"]
    assert rows.height == 2


def test_a_sparse_first_record_is_no_header(written: Callable[..., Path], read: Reader) -> None:
    """A text file has one header row unless the user says otherwise."""
    rows, _ = read(DelimitedSource(written(",name,city,zip\na,Bob,,x\nb,Ann,Ulm,y\n")))
    assert rows.columns[:4] == ["column_1", "name", "city", "zip"]
    assert rows.height == 2


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end_is_known(written: Callable[..., Path], read: Reader, newline: str) -> None:
    """Unix, Windows and old Mac line ends give the same rows."""
    text = newline.join(["a,b", "1,2", '3,"4, 5"', ""])
    rows, damage = read(DelimitedSource(written(text)))
    assert (values(rows), damage.height) == ([("1", "2"), ("3", "4, 5")], 0)


def test_a_header_alone_is_an_empty_table(written: Callable[..., Path], read: Reader) -> None:
    """A file of one line has columns and no rows."""
    rows, damage = read(DelimitedSource(written("编号,公司\n")))
    assert (rows.columns[:2], rows.height, damage.height) == (["编号", "公司"], 0, 0)


def test_an_endless_line_is_refused_in_bounded_memory(
    written: Callable[..., Path], read: Reader
) -> None:
    """A line of many megabytes is one refused row; the rows after it are whole."""
    rows, damage = read(
        DelimitedSource(written("a,b\n1,2\n3," + "x" * (8 * MAX_CHARS) + "\n5,6\n"))
    )
    assert rows["_row"].to_list() == [2, 3, 4]
    assert problems(damage) == [(3, "unreadable: line too long")]
    assert len(rows["b"][1]) <= MAX_CHARS


def test_binary_files_are_refused(written: Callable[..., Path]) -> None:
    """A picture is not read as a text."""
    with pytest.raises(SourceError, match="not a text file"):
        DelimitedSource(written(bytes(range(256)) * 20)).tables()
    with pytest.raises(SourceError, match="empty"):
        DelimitedSource(written(b"")).tables()


def test_many_blocks_are_one_table(
    written: Callable[..., Path], read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows, numbers and quotes carry over the ends of the blocks a large file is read in."""
    monkeypatch.setattr(encoding, "CHUNK", 64)
    body = [(str(n), f"第{n}行\n, 续" if n % 3 else "甲", "x") for n in range(200)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("编号", "公司", "注"), *body])
    for name in ("utf-8", "gb18030", "utf-16"):
        rows, damage = read(DelimitedSource(written(text.getvalue().encode(name))))
        assert values(rows) == body
        assert damage.height == 0
        lines = text.getvalue().split("\n")
        assert all(lines[r - 1].startswith(f"{n},") for r, n in rows.select("_row", "编号").rows())


FIELD = st.text('a甲 ,"\n\r;1', max_size=6)


def split(text: str, delimiter: str = ",") -> list[list[str]]:
    return [r.fields for r in Splitter(delimiter).records(lines_of([text])) if r.fields]


@settings(deadline=None)
@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_writer_wrote_is_read(rows: list[list[str]]) -> None:
    """Whatever the csv module writes comes back field by field."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert split(text.getvalue()) == rows


@settings(deadline=None, max_examples=examples(300))
@given(st.text('a,"\n\r甲 \x00', max_size=40))
def test_the_fast_way_gives_the_same_rows(text: str) -> None:
    """A block that the fast reader takes has the rows, and the lines, of the careful one."""
    data = text.encode()
    fast = read_block(data, ["x", "y"], ",") if data else None
    if fast is None:
        return
    frame, starts = fast
    slow = list(Splitter(",").records(lines_of([text]), 0, 2))
    assert frame.rows() == [tuple(f or None for f in r.fields) for r in slow]
    assert starts.tolist() == [r.line for r in slow]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text("甲乙a, ", min_size=1, max_size=5), st.text('a"\n,', max_size=5)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_clean_files_take_the_fast_way(
    rows: list[tuple[str, str]], quoting: Any, newline: str
) -> None:
    """What a program exported needs no careful reading."""
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator=newline).writerows(rows)
    fast = read_block(text.getvalue().encode(), ["x", "y"], ",")
    assert fast is not None
    assert fast[0].rows() == [tuple(f or None for f in row) for row in rows]


@settings(deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_crash_the_reader(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any bytes end in rows or in a SourceError."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    source = DelimitedSource(path)
    try:
        (info,) = source.tables()
    except SourceError:
        return
    rows = [row for batch in source._batches() for row in batch.rows.rows()]
    assert len(rows) == info.rows


@pytest.mark.parametrize("broken", [None, 0, 7, 1500, 2999])
def test_many_blocks_read_as_one(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, broken: int | None
) -> None:
    """Blocks read at once come in order, and a row that is not clean loses none of the others."""
    lines = [f"{n},张{n},合计" for n in range(3000)]
    if broken is not None:
        lines[broken] += ",more"
    path = written("id,name,note\n" + "\n".join(lines) + "\n")
    whole = pl.concat(b.rows for b in DelimitedSource(path)._batches())
    monkeypatch.setattr(encoding, "CHUNK", 512)
    batches = list(DelimitedSource(path)._batches())
    assert pl.concat(b.rows for b in batches).equals(whole)
    assert whole["_row"].to_list() == list(range(2, 3002))
    damage = pl.concat(b.damage for b in batches)
    ragged = [] if broken is None else [(broken + 2, "unreadable: ragged row")]
    assert problems(damage) == ragged


def test_the_line_of_a_byte_that_is_no_text_is_told(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are counted to the byte, however the file falls into blocks."""
    path = written("甲,乙\n".encode() * 40 + b"\xff,x\n")
    for chunk in (1 << 22, 7, 8, 9):
        monkeypatch.setattr(encoding, "CHUNK", chunk)
        assert encoding.fault(path, "utf-8") == (320, 41)
