"""A district that is not in the city written before it: moved, dissolved, or a mistake.

Only the table of codes says that a division moved; then its home of today is taken. Everything else
stays as it is written, with what is wrong about it.
"""

from functools import cache

import polars as pl

from cleansing.address.places import province_of
from cleansing.division_history import GENERIC, Change, Former, change_of
from cleansing.divisions import divisions, stem

UNCLEAR = "河北区"
"""A district of 天津, and what people call the sales area of 河北省."""
WITHOUT_DISTRICTS = ("东莞市", "中山市", "儋州市", "嘉峪关市")
"""Cities of towns only: 莞城区 is what 莞城街道 was called before."""
_LEFT = {("四川省", "重庆市"): 1997}
"""Cities that became, or went to, another province; 海南 left 广东 in 1988."""

Row = dict[str, str | bool | None]


def settle(frame: pl.DataFrame) -> pl.DataFrame:
    """Fill in by_full, moved and apart for places that do not fit together."""
    rows = [_settled(row) for row in frame.to_dicts()]
    return pl.DataFrame(rows, schema=frame.schema)


def _settled(row: Row) -> Row:
    if row["strange"]:
        return _strange_city(row)
    province, city, gone, full = row["province"], row["city"], row["gone"], row["full"]
    if full == UNCLEAR and province is None:
        return row | {"apart": "unsure: 天津市河北区, or part of 河北省"}
    if row["by_full"] is not None or not isinstance(full, str):
        return row
    if isinstance(city or gone, str):
        return row | _in_city(str(province), str(city or gone), full)
    if (province, full) in _borne_in_province() or GENERIC.fullmatch(full):
        return row
    return row | {"apart": f"disagrees: no {full} in {province}"}


def _in_city(province: str, city: str, full: str) -> Row:
    if full == "新区" or (city in WITHOUT_DISTRICTS and full.endswith("区")):
        return {"full": None}  # 无锡市新区 is a zone
    today = _today().get((province, stem(city), full))
    if today is not None:  # 六安地区金寨县: the city of today has it, too
        return {"by_full": today}
    if city == "伊犁哈萨克自治州" and (inner := _in_ili().get(full)):
        return {"by_full": inner}
    former = change_of(province, city, full)
    if former is not None:
        return _former(former, city, full)
    if GENERIC.fullmatch(full):
        return {}
    return {"apart": f"disagrees: no {full} in {city}"}


def _former(former: Former, city: str, full: str) -> Row:
    if former.home is None:
        return {"apart": f"division dissolved: {full}, {former.year}"}
    home = "|".join(former.home)
    if former.change is Change.RENAMED:
        return {"by_full": home}
    return {"by_full": home, "moved": f"{city}{_other(full, former)}, {former.year}"}


def _other(full: str, former: Former) -> str:
    """The district's own name, if that is another today."""
    return full if former.home is not None and former.home[2] != full else ""


def _strange_city(row: Row) -> Row:
    """A city of another province than was written."""
    province, city = str(row["province"]), str(row["city"])
    year = _LEFT.get((province, city))
    if year is None and (province, province_of().get(city)) == ("广东省", "海南省"):
        year = 1988
    if year is not None:
        return row | {
            "strange": False,
            "province": province_of()[city],
            "moved": f"{province}, {year}",
        }
    return row | {"apart": f"disagrees: no {city} in {province}"}


@cache
def _today() -> dict[tuple[str, str, str], str]:
    return {
        (p, stem(c), d): f"{p}|{c}|{d}" for _, p, c, d in divisions().drop_nulls("district").rows()
    }


@cache
def _in_ili() -> dict[str, str]:
    """The counties of the two prefectures that 伊犁州 administers."""
    table = divisions().drop_nulls("district").rows()
    return {d: f"{p}|{c}|{d}" for _, p, c, d in table if c in {"塔城地区", "阿勒泰地区"}}


@cache
def _borne_in_province() -> frozenset[tuple[str, str]]:
    """Province and a name that some division of it bears, or bore."""
    from cleansing.division_history import borne

    today = ((p, d) for _, p, _, d in divisions().drop_nulls("district").rows())
    return frozenset((*today, *borne()))
