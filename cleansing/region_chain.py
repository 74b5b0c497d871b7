"""A region that no table names may be a chain of places, read as an address begins.

资阳市简阳市 went to 成都市 in 2016; 石家庄市桥东区 is no more, and 广州市南山区 never was.
"""

import re

import polars as pl

from cleansing.divisions import divisions
from cleansing.text import in_place

_CHAIN = r"^\p{Han}{4,30}$"


def may_be_chain(name: str) -> bool:
    """Whether a name is long enough for two places, and nothing but Chinese characters."""
    return re.fullmatch("[\u3400-\u9fff]{4,30}", name) is not None


def read_on(frame: pl.DataFrame) -> pl.DataFrame:
    """Give code, full and `change` (from what was written) to names still unknown."""
    frame = frame.with_columns(change=pl.lit(None, pl.String))
    unknown = frame.select(
        pl.col("places").is_null() & pl.col("name").str.contains(_CHAIN)
    ).to_series()
    unknown = unknown.fill_null(value=False)
    if not unknown.any():
        return frame
    return in_place(unknown, _read(frame.filter(unknown)), frame.filter(~unknown))


def _read(frame: pl.DataFrame) -> pl.DataFrame:
    from cleansing.address import levels

    found = levels.parse(frame["name"])
    columns = ["province", "city", "district"]
    found = found.with_columns(whole=(pl.col("behind") == "") & pl.col("province").is_not_null())
    codes = divisions().unique(columns, keep="first").select("code", *columns)
    found = found.join(codes, on=columns, how="left", nulls_equal=True, maintain_order="left")
    apart = pl.col("apart").is_not_null()
    below = (pl.col("city") != pl.col("province")) | pl.col("district").is_not_null()
    # GB/T 2260 has no codes below Taiwan, Hong Kong and Macao: what lies there keeps its name.
    shared = pl.col("code").str.contains("^(?:71|81|82)") & below.fill_null(value=False)
    named = pl.col("whole") & ~apart & pl.col("code").is_not_null() & ~shared
    moved = pl.lit("division moved: ") + pl.col("moved")
    place = pl.concat_str(
        pl.col("province"),
        pl.when(pl.col("city") != pl.col("province")).then("city"),
        pl.when(pl.col("district") != pl.col("city")).then("district"),
        ignore_nulls=True,
    )
    former = pl.col("old").is_not_null() | pl.col("is_former")
    read = found.select(
        code=pl.when(named).then("code"),
        full=pl.when(named).then(place),
        since=pl.when(named & former).then(pl.lit("")),
        change=pl.when("whole").then(pl.coalesce("apart", moved)),
    )
    return frame.with_columns(read.get_columns()).select(frame.columns)
