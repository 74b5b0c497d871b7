"""What every source promises, checked on every kind of source."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from connectors.sources import Source, inspect
from connectors.sources.contract import BATCH_ROWS, DAMAGE_SCHEMA, PLACE, ROW
from guiyi.errors import SourceError
from guiyi.spec import SourceKind, TableSpec

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
ROWS = [["编号", "公司", "电话"], ["1", "甲公司", " 013800138000 "], ["2", "乙, 公司", "12\n34"]]
KINDS = ("excel", "delimited", "database", "mail", "vcard")


@pytest.fixture(params=KINDS)
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    workbook: Callable[..., Path],
    old_database: Path,
) -> tuple[str, str, str]:
    """Give a source of each kind in turn: its kind, its path or URL, a table."""
    kind: str = request.param
    match kind:
        case "excel":
            return kind, str(workbook(ROWS)), "客户"
        case "delimited":
            path = tmp_path / "客户.csv"
            path.write_text('编号,公司,电话\n1,甲公司, 013800138000 \n2,"乙, 公司","12\n34"\n')
            return kind, str(path), "客户"
        case "database":
            return kind, f"sqlite:///{old_database}", "customers"
        case "mail":
            path = tmp_path / "mails"
            path.mkdir()
            (path / "1.eml").write_text(LETTER)
            return kind, str(path), "contacts"
        case _:
            path = tmp_path / "cards.vcf"
            path.write_text(CARD + CARD.replace("张三", "李四"))
            return kind, str(path), "contacts"


@pytest.fixture
def source(place: tuple[str, str, str], open_: Callable[..., Source]) -> Source:
    kind, where, _ = place
    return open_(where, kind)


@pytest.fixture
def table(place: tuple[str, str, str]) -> TableSpec:
    return TableSpec.model_construct(table=place[2], query=None)


def test_tables_are_declared_as_they_are_read(source: Source, table: TableSpec) -> None:
    """The declared columns and row count are those that come."""
    info = next(info for info in source.tables() if info.name == table.table)
    rows = pl.concat([batch.rows for batch in source.read(table)])
    assert rows.columns == [*info.columns, ROW, PLACE]
    assert rows.height == info.rows
    assert rows.height > 0


def test_every_column_is_text(source: Source, table: TableSpec) -> None:
    """All columns are String, `_row` is Int64, and a missing value is null, never empty."""
    for batch in source.read(table):
        kinds = dict(batch.rows.schema)
        assert kinds.pop(ROW) == pl.Int64()
        assert set(kinds.values()) == {pl.String()}
        text = batch.rows.select(pl.exclude(ROW))
        assert not text.select(pl.any_horizontal(pl.all() == "").any()).item()
        assert dict(batch.damage.schema) == dict(DAMAGE_SCHEMA)


def test_reading_twice_gives_the_same(
    source: Source, table: TableSpec, place: tuple[str, str, str], open_: Callable[..., Source]
) -> None:
    """The same rows come with the same numbers, from the same source and from a new one."""
    kind, where, _ = place
    first, again, anew = (
        [(b.rows.rows(), b.damage.rows()) for b in s.read(table)]
        for s in (source, source, open_(where, kind))
    )
    assert first == again == anew


def test_row_numbers_are_unique_and_rise(source: Source, table: TableSpec) -> None:
    """A row number names one row."""
    numbers = [n for batch in source.read(table) for n in batch.rows[ROW]]
    assert numbers == sorted(set(numbers))


def test_batches_are_bounded(source: Source, table: TableSpec) -> None:
    """No batch is larger than the limit."""
    assert all(batch.rows.height <= BATCH_ROWS for batch in source.read(table))


def test_places_name_the_row(source: Source, table: TableSpec) -> None:
    """The place of a row is a sentence with a number a person can look up."""
    for batch in source.read(table):
        assert batch.rows[PLACE].str.contains(r"^.+ (?:row|line) \d+$|\.eml$").all()


def test_values_are_untouched(
    source: Source, table: TableSpec, place: tuple[str, str, str]
) -> None:
    """Blanks, zeros in front, commas and line ends inside values stay."""
    rows = pl.concat([batch.rows for batch in source.read(table)])
    values = {value for row in rows.rows() for value in row}
    expected = {
        "excel": {" 013800138000 ", "乙, 公司", "12\n34"},
        "delimited": {" 013800138000 ", "乙, 公司", "12\n34"},
        "database": {"013800138000", "0755-86123456"},
        "mail": {"张三", "13800138000", "甲科技有限公司"},
        "vcard": {"张三", "李四", "13800138000"},
    }
    assert expected[place[0]] <= values


def test_an_unknown_table_is_named_with_those_there_are(source: Source) -> None:
    """Asking for a table that is not there ends in an error that lists the tables."""
    wanted = TableSpec.model_construct(table="no such", query=None)
    with pytest.raises(SourceError) as caught:
        list(source.read(wanted))
    assert "no such" in str(caught.value)
    assert source.tables()[0].name in str(caught.value.hint)


def test_inspection_finds_kind_and_tables(place: tuple[str, str, str]) -> None:
    """What a path or URL is, is seen from the outside."""
    kind, where, table = place
    found = inspect(where)
    assert found.kind == SourceKind(kind)
    assert table in {info.name for info in found.tables}
    assert where in found.options.values()


def test_a_missing_file_is_a_source_error(open_: Callable[..., Source], tmp_path: Path) -> None:
    """A path that does not exist is named, for every kind."""
    for kind in KINDS:
        missing = tmp_path / "nowhere" / "file.x"
        where = f"sqlite:///{missing}" if kind == "database" else missing
        with pytest.raises(SourceError, match="nowhere"):
            open_(where, kind)
        assert not missing.exists()
