"""Every way to name a region, and the code of GB/T 2260 it has: full, short, former, by number.

A name that several places bear, or bore until lately, has no code.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

import polars as pl

from cleansing import knowledge
from cleansing.division_codes import NOW, entries, provinces
from cleansing.division_history import ambiguous_alone, former_homes
from cleansing.divisions import (
    development_zones,
    divisions,
    renamed_divisions,
    short_divisions,
    stem,
)
from cleansing.text import simplify, simplify_text, tidy, where_untidy
from guiyi.even_chunks import even_chunks

BETWEEN = r"[\s,，、/\\|>\-_·.;；]+"
"""Marks between the names of places, and in them."""
TERRITORIES = {"TW": "710000", "HK": "810000", "MO": "820000"}
"""One place, two codes: ISO 3166-1 and GB/T 2260."""


COUNTRY_BEFORE = (r"^(?:中国|china)(.)", "${1}")
"""The country before the name of a place, and what stays."""
EMPTY_LEVEL = (r"^(.*?市|北京|天津|上海|重庆)(?:市辖区|县)(.*)$", "${1}${2}")
"""上海市市辖区浦东新区: the standard's tables (GB/T 2260) say so where no city stands."""


def names_of(values: pl.Series) -> pl.DataFrame:
    """What raw names can be names of: raw, value, name (folded), code, full, places, since."""
    frame = even_chunks(pl.DataFrame({"raw": values, "value": where_untidy(values, tidy)}))
    name = simplify(frame["value"].str.to_lowercase()).str.replace_all(BETWEEN, "")
    frame = frame.with_columns(name=name.str.replace(*COUNTRY_BEFORE).str.replace(*EMPTY_LEVEL))
    return frame.join(region_names(), on="name", how="left", maintain_order="left")


@cache
def region_names() -> pl.DataFrame:
    """Every way to name a place: name, code, full (its standard name), places, since."""
    spoken = pl.concat(
        [
            *(*_spoken(), _numbers(), _pinyin(), _other_names()),
            *(_short_with_rank(), _new_areas(), _countries()),
        ]
    )
    top = spoken.filter(pl.col("level") == pl.col("level").min().over("name"))
    alone = pl.col("places") == 1
    unclear = pl.col("name").is_in(_unclear()).cast(pl.UInt32)
    known = (
        top.group_by("name")
        .agg(pl.col("code", "full").first(), places=pl.col("code").n_unique())
        .with_columns(pl.col("places") + unclear)
        .with_columns(pl.when(alone).then(pl.col("code", "full")), since=pl.lit(None, pl.String))
    )
    old = pl.concat([_renamed(), _former(), _renamed_short(), _former_numbers()])
    old = old.unique("name", keep="first", maintain_order=True).join(known, on="name", how="anti")
    old = old.with_columns(places=pl.lit(1, pl.UInt32))
    return pl.concat([known, old.select(known.columns)])


@cache
def _unclear() -> list[str]:
    """Names that were another division's until lately, and what people call a sales area."""
    names = {"河北区"}
    for place in ambiguous_alone():
        province, _, name = place.rpartition("|")
        names |= {a + b for a in {province, stem(province)} for b in {name, stem(name)}}
    return sorted(names)


_ABOVE = {1: (), 2: ("province",), 3: ("province", "city")}
"""What may stand before a place's own name, by its level."""


def _spoken() -> Iterator[pl.DataFrame]:
    """Give each place's names: full, without rank, after those above it in full or without."""
    for level, above in _ABOVE.items():
        places = _places().filter(pl.col("level") == level)
        for prefix in product(*(("", name, f"{name}_short") for name in above)):
            before = [name for name in prefix if name]
            shown = "full" if level == 3 or before else "own"
            for name in ("own", "own_short"):
                yield _named(places, pl.concat_str(*before, name), shown, level)


def _numbers() -> pl.DataFrame:
    """Codes are names too, those of provinces and cities also without their trailing zeros."""
    places, code = _places(), pl.col("code")
    top = (pl.col("level") == 1) | (pl.col("full") == pl.col("own"))
    short = pl.when(top).then(code.str.head(2)).when(pl.col("level") == 2).then(code.str.head(4))
    whole = _named(places, code, "full", pl.col("level"))
    return pl.concat([whole, _named(places, short, "full", pl.col("level")).drop_nulls("name")])


def _pinyin() -> pl.DataFrame:
    """Provinces and cities in pinyin: Xiamen, Xiamen City, Fujian Sheng."""
    spelled: dict[str, str] = dict(knowledge.pairs("region_pinyin.tsv"))
    places = _places().filter(pl.col("level") <= 2)
    word = pl.col("own_short").replace_strict(spelled)
    return pl.concat(
        _named(places, word + ending, "own", pl.col("level"))
        for ending in ("", "shi", "city", "province", "sheng")
    )


def _other_names() -> pl.DataFrame:
    """Give the names that no rule makes of the official ones: 沪, Shaanxi, Peking."""
    named = [
        (code.ljust(6, "0"), re.sub(r"[ ']", "", name))
        for code, names in knowledge.facts("region_names.yaml").items()
        for name in names
    ]
    table = pl.DataFrame(named, schema=["code", "name"], orient="row")
    return _named(table.join(_places(), on="code"), pl.col("name"), "own", 0)


def _short_with_rank() -> pl.DataFrame:
    """恩施州 and 锡盟, without the names of the peoples and all but one character."""
    table = pl.DataFrame(list(short_divisions().items()), schema=["name", "own"], orient="row")
    cities = _places().filter(pl.col("level") == 2)
    return _named(table.join(cities, on="own"), pl.col("name"), "own", 2)


def _new_areas() -> pl.DataFrame:
    """雄安, 雄安新区, 河北雄安新区: areas without a code of GB/T 2260 are keyed by their name."""
    zones = development_zones().filter(
        pl.col("zone").str.ends_with("新区") & pl.col("district").is_null()
    )
    areas = []
    for zone, province, city in zones.select("zone", "province", "city").rows():
        before = {"", province, stem(province), city, stem(city), province + city}
        before.add(stem(province) + stem(city))
        names = {above + zone for above in before}
        short = zone.removesuffix("新区")
        if short[-1] not in "部南北东西":
            names.add(short)
        areas += [(name, zone, f"{province}{zone}", _VAGUE) for name in sorted(names)]
    return pl.DataFrame(
        areas,
        schema={"name": pl.String, "code": pl.String, "full": pl.String, "level": pl.Int8},
        orient="row",
    )


_VAGUE = 8
"""The level of what gives way to any division of the same name: 兰州 is the city."""


def _countries() -> pl.DataFrame:
    """Other countries by their names and common spellings; the code is that of ISO 3166-1."""
    countries = []
    own = dict(divisions().unique("code", keep="first").select("code", "province").rows())
    for iso, english, chinese, also in knowledge.rows("countries.tsv")[1:]:
        code = TERRITORIES.get(iso, iso)
        codes = (iso,) if iso in TERRITORIES else ()
        for name in (english, chinese, *also.split("|"), *codes):
            bare = re.sub(BETWEEN, "", simplify_text(name.lower()))
            if len(bare) > 1 and bare not in _ALSO_STATES:
                shown = own[code] if code in own else english if bare.isascii() else chinese
                countries.append((bare, code, shown, 9))
    return pl.DataFrame(
        countries,
        schema={"name": pl.String, "code": pl.String, "full": pl.String, "level": pl.Int8},
        orient="row",
    ).unique("name", keep="first", maintain_order=True)


_ALSO_STATES = frozenset({"georgia"})
"""A state of the USA as well."""


def _named(places: pl.DataFrame, name: pl.Expr, shown: str, level: int | pl.Expr) -> pl.DataFrame:
    rank = pl.lit(level) if isinstance(level, int) else level
    return places.select(
        name.str.to_lowercase().alias("name"), "code", full=shown, level=rank.cast(pl.Int8)
    )


@cache
def _places() -> pl.DataFrame:
    """Each code with its place's own name, those above it, and all of these without their rank."""
    province, city, district = (pl.col(name) for name in ("province", "city", "district"))
    own = pl.coalesce("district", "city", "province")
    places = (
        divisions()
        .unique("code", keep="first", maintain_order=True)
        .with_columns(
            own=own,
            level=pl.sum_horizontal(pl.all().exclude("code").is_not_null().cast(pl.Int8)),
            full=pl.concat_str(
                province,
                pl.when(city != province).then(city),
                pl.when((district != province) & (district != city)).then(district),
                ignore_nulls=True,
            ),
        )
    )
    names = pl.concat([places["own"], places["province"], places["city"]]).unique().drop_nulls()
    short = {name: stem(name) for name in names.to_list()}
    return places.with_columns(
        pl.col("own", "province", "city").replace_strict(short, default=None).name.suffix("_short")
    )


def _renamed() -> pl.DataFrame:
    """Old names lead to the place that took theirs over."""
    old = _renamed_today()
    return old.unique("old", keep="none").select("code", "full", "since", name="old")


def _former() -> pl.DataFrame:
    """密云县 is 密云区 today, and 香河市 was never one."""
    today = _places().select("code", "full", "province", "city", "district")
    homes = {name: home for name, home in former_homes().items() if home is not None}
    found = pl.DataFrame(
        [(name, *home) for name, home in homes.items()],
        schema=dict.fromkeys(("name", "province", "city", "district"), pl.String),
        orient="row",
    ).join(today, on=["province", "city", "district"])
    return found.select("code", "full", "name", since=pl.lit("")).select(_renamed().columns)


def _renamed_today() -> pl.DataFrame:
    """Every old name with the place of today it leads to."""
    now = (
        divisions()
        .unique("code", keep="first")
        .with_columns(
            full=pl.concat_str(
                "province",
                pl.when(pl.col("city") != pl.col("province")).then("city"),
                "district",
                ignore_nulls=True,
            )
        )
    )
    where = ["province", "city", "district"]
    return renamed_divisions().join(now, on=where, how="inner", nulls_equal=True)


def _renamed_short() -> pl.DataFrame:
    """襄樊 for 襄樊市."""
    old = _renamed()
    short = {name: stem(name) for name in old["name"].to_list() if len(stem(name)) > 1}
    spoken = old.with_columns(pl.col("name").replace_strict(short, default=None)).drop_nulls("name")
    return spoken.unique("name", keep="none")


def _former_numbers() -> pl.DataFrame:
    """Codes that GB/T 2260 withdrew, by the name they had last."""
    places = _renamed_at().rows_by_key("where", named=True, unique=True)
    last = {entry.code: entry for entry in entries()}
    found = [
        (now["code"], now["full"], str(entry.until), entry.code)
        for entry in last.values()
        if entry.until < NOW
        and (now := places.get(f"{provinces()[entry.code[:2]]}|{entry.name}")) is not None
    ]
    schema = dict.fromkeys(("code", "full", "since", "name"), pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")


def _renamed_at() -> pl.DataFrame:
    """`province|old name` → the place that took it over."""
    old = _renamed_today().with_columns(where=pl.concat_str("province", "old", separator="|"))
    return old.unique("where", keep="none").select("where", "code", "full")
