"""The names of provinces, cities and districts, as people write them, and where each can lie."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import polars as pl

from cleansing import division_history, longest
from cleansing.division_history import Home
from cleansing.divisions import divisions, renamed_divisions, short_divisions, stem
from cleansing.knowledge import once

Lookup = tuple[pl.Series, pl.Series]
"""What is looked up, and what is found for it."""


HONG_KONG_AREA = (
    "中环|上环|西环|西营盘|坚尼地城|金钟|湾仔|铜锣湾|炮台山|北角|鲗鱼涌|太古城?|西湾河|筲箕湾|柴湾|小西湾|跑马地|薄扶林"
    "|香港仔|鸭脷洲|黄竹坑|浅水湾|赤柱|尖沙咀东?|佐敦|油麻地|旺角|太子|大角咀|深水埗|长沙湾|荔枝角|美孚|石硖尾|九龙塘|九龙湾"
    "|九龙城|观塘|牛头角|蓝田|油塘|红磡|土瓜湾|何文田|新蒲岗|钻石山|黄大仙|慈云山|荃湾|葵涌|葵芳|葵兴|青衣|沙田|火炭|大围"
    "|马鞍山|大埔|粉岭|上水|元朗|屯门|天水围|将军澳|西贡|东涌|赤鱲角|愉景湾"
)
"""Areas of Hong Kong that stand where a town does (香港 地政总署 地名)."""

OWN_CITY = ("北京市", "天津市", "上海市", "重庆市", "香港特别行政区", "澳门特别行政区")
"""Provinces that are their own city (直辖市, and the special administrative regions)."""


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
        full |= {f"{stem(name)}区": name for name in today if name.endswith("自治区")}
        short["内蒙"] = "内蒙古自治区"
    else:
        own = divisions().filter(pl.col("city") == pl.col("district"))["city"].to_list()
        full = {name: city for name, city in full.items() if name not in own}
        short = {name: city for name, city in short.items() if city not in own}
        old = renamed_divisions().filter(
            pl.col("old").str.contains("(?:市|地区|盟|州)$"), pl.col("district").is_null()
        )
        full |= dict(zip(old["old"].to_list(), old["city"].to_list(), strict=True))
        full |= {name: city for name, (_, city) in division_history.prefectures().items() if city}
        short |= short_divisions()
    return full, short


@cache
def spoken(level: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names with their rank, and those without."""
    full, short = names(level)
    return frozenset(full), frozenset(short)


@cache
def known_as(level: str) -> Lookup:
    """Names with their rank, and those without, to the full name of today, as two columns."""
    full, short = names(level)
    return _columns(short | full)


@cache
def listed(of: Callable[[], Iterable[str]]) -> pl.Series:
    """What a function here gives, as one list to look into: made once, not for every value."""
    return pl.Series(sorted(of()), dtype=pl.String).implode()


@cache
def looked_up(of: Callable[[], Mapping[str, str]]) -> Lookup:
    """The table that a function here gives, as two columns: made once, not for every value."""
    return _columns(of())


def _columns(table: Mapping[str, str]) -> Lookup:
    return pl.Series([*table], dtype=pl.String), pl.Series([*table.values()], dtype=pl.String)


@cache
def former_cities() -> frozenset[str]:
    """Names of cities and prefectures that are no names of today."""
    former = set(renamed_divisions()["old"].to_list()) | set(division_history.prefectures())
    return frozenset(former - set(divisions()["city"].drop_nulls().to_list()))


@cache
def cities_of_their_own() -> frozenset[str]:
    """Provinces that are a city, or whose name without rank is that of one."""
    full, cities = names("province")[0], names("city")[1]
    return frozenset({*OWN_CITY, *(name for name in full.values() if stem(name) in cities)})


@cache
def gone_to_province() -> dict[str, str]:
    """Prefectures and cities that are none any more, by province."""
    return shared_out() | gone_cities()


@cache
def shared_out() -> dict[str, str]:
    """Prefectures that became several cities, by province: 柳州地区."""
    return {name: of for name, (of, city) in division_history.prefectures().items() if city is None}


@cache
def gone_cities() -> dict[str, str]:
    """Cities with counties that are none any more, by province: 巢湖市, 莱芜市."""
    return {city: province for province, city, _ in division_history.counties_of_gone_cities()}


@cache
def former_city_and_county() -> dict[str, str]:
    """巢湖市庐江县 → 巢湖市, for every county of such a city."""
    return {city + name: city for _, city, name in division_history.counties_of_gone_cities()}


@cache
def province_of() -> dict[str, str]:
    """City to province."""
    pairs = divisions().drop_nulls("city").select("city", "province").unique()
    return dict(zip(pairs["city"].to_list(), pairs["province"].to_list(), strict=True))


@cache
def district_names() -> frozenset[str]:
    """Districts of today and of old, with whatever rank people still give them."""
    return official_names() | _with_any_rank()


@cache
def official_names() -> frozenset[str]:
    """The names that a district or county bears, or bore once."""
    today = divisions()["district"].drop_nulls().to_list()
    former = renamed_divisions().filter(pl.col("district").is_not_null())["old"].to_list()
    return frozenset({*today, *former, *division_history.former_homes(), *autonomous_counties()})


@cache
def autonomous_counties() -> dict[str, Home]:
    """木里县 → 木里藏族自治县: people leave out the names of the peoples, not the rank."""
    places = divisions().drop_nulls("district").select("province", "city", "district").rows()
    return {stem(d) + d[-1]: (p, c, d) for p, c, d in places if d.endswith(("自治县", "自治旗"))}


def _with_any_rank() -> set[str]:
    today = divisions()["district"].drop_nulls().to_list()
    return {f"{stem(name)}{rank}" for name in today if len(stem(name)) > 1 for rank in "区县市"}


@cache
def wards_of_city() -> list[str]:
    """`青岛市|南区`: 青岛市南区 says the 市 of 青岛市市南区 once."""
    today = divisions().select("city", "district")
    former = renamed_divisions().select("city", district="old")
    place = pl.concat_str("city", pl.col("district").str.slice(1), separator="|")
    own = pl.concat([today, former]).filter(pl.col("district").str.contains("^市.区$"))
    return own.select(place.unique()).to_series().to_list()


@cache
def district_stems() -> frozenset[str]:
    """Districts without their rank."""
    names = divisions()["district"].drop_nulls().unique().to_list()
    return frozenset(stem(name) for name in names if len(stem(name)) > 1 and stem(name) != name)


@once
def district_lookup() -> tuple[Lookup, Lookup, Lookup]:
    """`city|name`, `province|name` and `name` → `province|city|district`, where only one fits.

    A name of today counts before a former one, and that before a name without its rank. Only in
    its city may a district be given a rank it never had. What is said without a city must not have
    been another division's name until lately.
    """
    known = divisions().drop_nulls("district").with_columns(name="district")
    listed = renamed_divisions().drop_nulls("district").rename({"old": "name"})
    within = _table((name, *home) for name, home in division_history.renamed_within_city())
    homes = division_history.former_homes()
    anywhere = _table((name, *home) for name, home in homes.items() if home is not None)
    own = _table((name, *home) for name, home in autonomous_counties().items())
    short = {name: stem(name) for name in known["district"].unique().to_list()}
    bare = known.with_columns(name=pl.col("district").replace_strict(short)).filter(
        pl.col("name").str.len_chars() > 1
    )
    ranked = pl.concat(bare.with_columns(pl.col("name") + rank) for rank in "区县市")
    unclear = pl.Series(sorted(division_history.ambiguous_alone())).implode()
    name = pl.col("name")
    in_province = pl.concat_str("province", name, separator="|")
    in_city = pl.concat_str("city", name, separator="|")
    shared = pl.Series(sorted(division_history.dissolved_in_city())).implode()
    alone = _graded((0, known), (1, listed), (1, anywhere), (1, own), (2, bare))
    return (
        _only_one(
            _graded((0, known), (1, listed), (1, within), (1, own), (2, bare), (2, ranked)).filter(
                ~in_city.is_in(shared)
            ),
            in_city,
        ),
        _only_one(alone.filter(~in_province.is_in(unclear)), in_province),
        _only_one(alone.filter(~name.is_in(unclear)), name),
    )


def _graded(*tables: tuple[int, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(
        table.select("name", "province", "city", "district", grade=pl.lit(grade))
        for grade, table in tables
    ).with_columns(target=pl.concat_str("province", "city", "district", separator="|"))


def _table(places: Iterable[tuple[str, str, str, str]]) -> pl.DataFrame:
    schema = dict.fromkeys(("name", "province", "city", "district"), pl.String)
    return pl.DataFrame(list(places), schema=schema, orient="row")


@cache
def _as_dicts() -> tuple[tuple[Lookup, dict[str, str]], ...]:
    tables = district_lookup()
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
