"""Regions: one place has one code, and no place is taken for another."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from cleansing import clean_values
from cleansing.record import RecordCleaner
from guiyi.kinds import Kind

Cell = str | None


def _cases() -> list[list[Cell]]:
    path = Path(__file__).parent / "cases" / "regions.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return [[cell or None for cell in row] for row in rows]


CASES = _cases()


@cache
def _cleaned() -> dict[str, dict[str, Cell]]:
    raws = pl.Series([row[0] for row in CASES])
    return dict(zip(raws, clean_values(raws, Kind.REGION).to_dicts(), strict=True))


@pytest.mark.parametrize(("raw", "value", "key", "reason"), CASES)
def test_a_region_is_named_only_where_it_is_certain(
    raw: str, value: str, key: str, reason: Cell
) -> None:
    """Dissolved, of another city or of several: it stays as it is written, and says so."""
    row = _cleaned()[raw]
    assert (row["value"], row["key"], row["reason"]) == (value, key, reason)


def test_a_record_is_named_as_its_column_is() -> None:
    """One region alone gets the value, the key and the reason that the column gives it."""
    raws = pl.DataFrame({"region": [row[0] for row in CASES]})
    cleaner = RecordCleaner.of(raws, {"region": Kind.REGION})
    for raw, value, key, reason in CASES:
        found = cleaner.clean({"region": raw})
        assert (found["region"], found["region.key"], found["region.reason"]) == (
            value,
            key,
            reason,
        )


@pytest.mark.parametrize(
    ("column", "keys"),
    [
        (["MO", "820000"], ["820000", "820000"]),
        (["HK", "MO", "TW", "CN"], ["810000", "820000", "710000", "cn"]),
        (["MO"], ["820000"]),
        (["MO", "KS", "IL", "OH"], ["mo", "ks", "il", "oh"]),
        (["Missouri", "Ohio", "MO"], ["missouri", "ohio", "mo"]),
        (["Canton", "Peking", "Macau", "Akron"], ["canton", "peking", "macau", "akron"]),
    ],
)
def test_codes_stay_as_written_and_missouri_is_not_macao(
    column: list[str], keys: list[str]
) -> None:
    """MO is Macao beside other countries, and Missouri beside other states."""
    cleaned = clean_values(pl.Series(column), Kind.REGION)
    assert cleaned["key"].to_list() == keys
    latin = [raw for raw in column if raw.isalpha()]
    assert [value for value in cleaned["value"] if value in latin] == latin
