"""Places in addresses: never one place for another, and nothing written gets lost."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from cleansing import address
from cleansing.division_history import change_of
from cleansing.divisions import renamed_divisions


def _cases(name: str) -> list[tuple[str | None, ...]]:
    """The rows of a file of cases; an empty cell is None."""
    path = Path(__file__).parent / "cases" / f"{name}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return [tuple(cell or None for cell in row) for row in rows]


KEPT, COMPLETED, AROUND = map(_cases, ("address_kept", "address_completed", "address_around"))


CHANGED, HARD = map(_cases, ("divisions_changed", "address_hard"))


@cache
def _rows() -> dict[str, dict[str, str | None]]:
    raws = pl.Series([case[0] for case in (*KEPT, *COMPLETED, *AROUND)])
    return dict(zip(raws, address.clean(raws).to_dicts(), strict=True))


@pytest.mark.parametrize(("raw", "province", "city", "district", "reason"), KEPT)
def test_what_is_not_certain_stays_as_written(
    raw: str, province: str | None, city: str | None, district: str | None, reason: str | None
) -> None:
    """A division that was shared out, a district of another city, a name of its own."""
    row = _rows()[raw]
    assert row["value"] == raw
    assert (row["province"], row["city"], row["district"]) == (province, city, district)
    assert row["reason"] == reason


@pytest.mark.parametrize(("raw", "value", "city", "district"), COMPLETED)
def test_short_names_are_whole_words(
    raw: str, value: str, city: str | None, district: str | None
) -> None:
    """恩施州 is a prefecture, not 恩施 and a 州; a county that moved is in its city of today."""
    row = _rows()[raw]
    assert (row["value"], row["city"], row["district"]) == (value, city, district)


@pytest.mark.parametrize(("raw", "value", "postcode", "room", "reason"), AROUND)
def test_labels_and_postcodes_are_no_part_of_the_way(
    raw: str, value: str | None, postcode: str | None, room: str | None, reason: str | None
) -> None:
    """A trailing postcode is no room, and one of another province is nothing certain."""
    row = _rows()[raw]
    assert (row["value"], row["postcode"], row["room"]) == (value or raw, postcode, room)
    assert (row["reason"] or "").removeprefix("width folded; ") == (reason or "")


@cache
def _changed() -> dict[str, dict[str, str | None]]:
    written = [case[0] or "" for case in CHANGED]
    rows = address.clean(pl.Series([f"{name}人民路1号" for name in written])).to_dicts()
    return dict(zip(written, rows, strict=True))


@pytest.mark.parametrize(("written", "city", "district", "year"), CHANGED)
def test_a_division_that_changed_is_known_by_its_name_of_today(
    written: str, city: str, district: str, year: str
) -> None:
    """Renamed and merged into one: today's name is a part; shared out: the old one stays."""
    row = _changed()[written]
    assert row["city"] == city
    if district == "-":
        assert (row["value"], row["district"]) == (f"{written}人民路1号", written[len(city) :])
        assert "division dissolved" in (row["reason"] or "")
    else:
        assert row["district"] == district
        assert "division renamed" in (row["reason"] or "") or year in (row["reason"] or "")


def test_the_list_of_renamed_divisions_agrees_with_the_table_of_codes() -> None:
    """Each old name was a division of that city, and ended within a year or so of what is said."""
    known = renamed_divisions().drop_nulls("district").with_columns(pl.col("was").fill_null(""))
    for old, province, city, district, since, was in known.rows():
        former = change_of(province, was or city, old)
        if former is not None:  # a few ended before the table begins, or under the province
            assert former.home == (province, city, district), old
            assert abs(former.year - int(since)) <= 2, old


@cache
def _hard() -> list[dict[str, str | None]]:
    return address.clean(pl.Series([case[0] for case in HARD])).to_dicts()


@pytest.mark.parametrize("number", range(len(HARD)))
def test_hard_addresses_name_their_places(number: int) -> None:
    """Names that are streets, cities and districts at once, and levels left out."""
    row = _hard()[number]
    assert (row["province"], row["city"], row["district"]) == HARD[number][1:4]


@pytest.mark.parametrize(
    ("raw", "province", "city"),
    [
        ("8 Renmin Rd, Suzhou, Anhui", "安徽省", "宿州市"),
        ("8 Renmin Rd, Suzhou, Jiangsu, China", "江苏省", "苏州市"),
        ("8 Renmin Rd, Taizhou, Zhejiang", "浙江省", "台州市"),
        ("8 Renmin Rd, Fuzhou, Jiangxi, China", "江西省", "抚州市"),
        ("8 Renmin Rd, Jilin, Jilin", "吉林省", "吉林市"),
        ("100 Century Ave, Shanghai", "上海市", "上海市"),
        ("8 Renmin Rd, Yulin, China", None, None),
        ("100 Oak St, Hainan", None, None),
        ("8 Renmin Rd, Hainan, China", "海南省", None),
        ("3 Bay Ct, Shanghai, VA 23000", "VA", "Shanghai"),
        ("8 Elm St, Macau, OH 44703", "OH", "Macau"),
        ("17 Lake Ave, Peking, IL 61554", "IL", "Peking"),
    ],
)
def test_pinyin_names_one_city_of_its_province(
    raw: str, province: str | None, city: str | None
) -> None:
    """Suzhou in Anhui is 宿州, and Shanghai in Virginia no city of China."""
    row = address.clean(pl.Series([raw])).row(0, named=True)
    assert (row["province"], row["city"], row["value"]) == (province, city, raw)
