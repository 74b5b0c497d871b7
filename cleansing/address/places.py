"""The names of provinces, cities and districts, as people write them, and where each can lie."""

from functools import cache

import polars as pl

from cleansing import longest
from cleansing.divisions import divisions, renamed_divisions, stem
from cleansing.knowledge import once, rows

Lookup = tuple[pl.Series, pl.Series]
"""What is looked up, and what is found for it."""


HONG_KONG_AREA = (
    "中环|上环|西环|西营盘|坚尼地城|金钟|湾仔|铜锣湾|炮台山|北角|鲗鱼涌|太古城?|西湾河|筲箕湾|柴湾|小西湾|跑马地|薄扶林"
    "|香港仔|鸭脷洲|黄竹坑|浅水湾|赤柱|尖沙咀东?|佐敦|油麻地|旺角|太子|大角咀|深水埗|长沙湾|荔枝角|美孚|石硖尾|九龙塘|九龙湾"
    "|九龙城|观塘|牛头角|蓝田|油塘|红磡|土瓜湾|何文田|新蒲岗|钻石山|黄大仙|慈云山|荃湾|葵涌|葵芳|葵兴|青衣|沙田|火炭|大围"
    "|马鞍山|大埔|粉岭|上水|元朗|屯门|天水围|将军澳|西贡|东涌|赤鱲角|愉景湾"
)
"""Areas of Hong Kong that stand where a town does (香港 地政总署 地名)."""


def any_of(words: dict[str, str] | list[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def names(level: str) -> tuple[dict[str, str], dict[str, str]]:
    """Names with their rank, and those without, to the full name of today."""
    today = [str(name) for name in divisions()[level].drop_nulls().unique().sort().to_list()]
    today.sort(
        key=lambda name: name.endswith("市")
    )  # 新竹 and 嘉义 are cities first, then counties
    full = {name: name for name in today}
    short = {stem(name): name for name in today if stem(name) != name}
    if level == "province":
        full |= {f"{stem(name)}省": name for name in today}
    else:
        own = divisions().filter(pl.col("city") == pl.col("district"))["city"].to_list()
        full = {name: city for name, city in full.items() if name not in own}
        short = {name: city for name, city in short.items() if city not in own}
        old = renamed_divisions().filter(
            pl.col("old").str.contains("(?:市|地区|盟|州)$"), pl.col("district").is_null()
        )
        full |= dict(zip(old["old"].to_list(), old["city"].to_list(), strict=True))
    return full, short


@cache
def province_of() -> dict[str, str]:
    """City to province."""
    pairs = divisions().drop_nulls("city").select("city", "province").unique()
    return dict(zip(pairs["city"].to_list(), pairs["province"].to_list(), strict=True))


@cache
def district_names() -> list[str]:
    """Districts of today and of old, with whatever rank people still give them."""
    today = divisions()["district"].drop_nulls().to_list()
    former = renamed_divisions().filter(pl.col("district").is_not_null())["old"].to_list()
    ranks = {f"{stem(name)}{rank}" for name in today if len(stem(name)) > 1 for rank in "区县市"}
    return sorted({*today, *former, *ranks})


@cache
def wards_of_city() -> list[str]:
    """`青岛市|南区`: 青岛市南区 says the 市 of 青岛市市南区 once."""
    own = divisions().filter(pl.col("district").str.starts_with("市"))
    place = pl.concat_str("city", pl.col("district").str.slice(1), separator="|")
    return own.select(place).to_series().to_list()


@cache
def district_stems() -> list[str]:
    """Districts without their rank."""
    names = divisions()["district"].drop_nulls().unique().to_list()
    return sorted({stem(name) for name in names if len(stem(name)) > 1 and stem(name) != name})


@once
def district_lookup() -> tuple[Lookup, Lookup, Lookup]:
    """`city|name`, `province|name` and `name` → `province|city|district`, where only one fits.

    A name of today counts before a former one, and that before a name without its rank.
    """
    columns = ["name", "province", "city", "district"]
    known = divisions().drop_nulls("district").with_columns(name="district")
    former = renamed_divisions().drop_nulls("district").rename({"old": "name"})
    short = {name: stem(name) for name in known["district"].unique().to_list()}
    bare = known.with_columns(name=pl.col("district").replace_strict(short)).filter(
        pl.col("name").str.len_chars() > 1
    )
    spoken = pl.concat(
        frame.select(*columns, pl.lit(grade).alias("grade"))
        for grade, frame in enumerate(
            (known, former, bare, *(bare.with_columns(pl.col("name") + rank) for rank in "区县市"))
        )
    ).with_columns(
        pl.col("grade").clip(upper_bound=2),
        target=pl.concat_str("province", "city", "district", separator="|"),
    )
    name = pl.col("name")
    return (
        _only_one(spoken, pl.concat_str("city", name, separator="|")),
        _only_one(spoken, pl.concat_str("province", name, separator="|")),
        _only_one(spoken, name),
    )


@once
def today_homes() -> Lookup:
    """Full names that only one district of today bears → `province|city|district`."""
    known = divisions().drop_nulls("district").with_columns(grade=pl.lit(0), name="district")
    target = pl.concat_str("province", "city", "district", separator="|")
    return _only_one(known.with_columns(target=target), pl.col("name"))


@cache
def _as_dicts() -> tuple[tuple[Lookup, dict[str, str]], ...]:
    tables = (*district_lookup(), today_homes())
    return tuple(
        (table, dict(zip(table[0].to_list(), table[1].to_list(), strict=True))) for table in tables
    )


def standing_for(name: pl.Expr, table: Lookup, rows: int) -> pl.Expr:
    """What one of the tables here has for a name, else null; `rows` names are looked up."""
    if rows > longest.FEW:
        return name.replace_strict(*table, default=None)
    pairs = next(known for own, known in _as_dicts() if own[0] is table[0])

    def look_up(names: pl.Series) -> pl.Series:
        return pl.Series(names.name, [pairs.get(one) for one in names.to_list()], pl.String)

    return name.map_batches(look_up, return_dtype=pl.String)


@cache
def moved_divisions() -> dict[str, str]:
    """`former city|district` → the province it went to, where that is another than before."""
    return {f"{city}|{district}": to for district, city, to, _ in rows("moved_divisions.tsv")[1:]}


def _only_one(spoken: pl.DataFrame, place: pl.Expr) -> Lookup:
    best = pl.col("grade") == pl.col("grade").min().over("place")
    alone = (
        spoken.with_columns(place=place)
        .filter(best)
        .group_by("place")
        .agg(pl.col("target").first(), several=pl.col("target").n_unique() > 1)
        .filter(~pl.col("several"))
    )
    return alone["place"], alone["target"]
