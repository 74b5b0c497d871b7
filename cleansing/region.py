"""A region of China has a code (GB/T 2260) and many names; other regions stay as written."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import product

import polars as pl

from cleansing import knowledge
from cleansing.column import Row, when, why
from cleansing.divisions import development_zones, divisions, renamed_divisions, stem
from cleansing.region_script import Script, script_of
from cleansing.text import simplify, simplify_text, tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_BETWEEN = r"[\s,，、/\\|>\-_·.;；]+"
_LAND = (r"^(?:中国|china)(.)", "${1}")
_HAN = r"[\u3400-\u9fff]"
_FILLER = (r"^(.*?市|北京|天津|上海|重庆)(?:市辖区|县)(.*)$", "${1}${2}")
"""上海市市辖区浦东新区: the standard's tables (GB/T 2260) say so where no city stands between."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Name each Chinese region in full; the key is its six-digit code where it has one.

    A column in Latin letters keeps its spelling: there, Canton is what is written.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look how a whole column is written; then any part of it can be cleaned by itself."""
    return partial(clean_as, script=script_of(column))


def clean_as(values: pl.Series, script: Script) -> pl.DataFrame:
    """Clean places of a column that is written like this."""
    raw, folded = pl.col("raw"), pl.col("name")
    frame = names_of(values).with_columns(_as_written(script))
    known, blank = pl.col("code").is_not_null(), folded == ""
    return frame.with_columns(shown=pl.coalesce("full", "value")).select(
        pl.when(~blank).then("shown").alias("value"),
        why(
            when(blank, "invalid: no name"),
            when(pl.col("places") > 1, "several places have this name"),
            when(pl.col("since").is_not_null(), "renamed"),
            when(
                ~blank & known & (pl.col("shown") != raw) & pl.col("since").is_null(),
                "standard name",
            ),
            when(~blank & ~known & (pl.col("value") != raw), "tidied"),
        ).alias("reason"),
        pl.when(~blank).then(pl.coalesce("code", folded)).alias("key"),
    )


def names_of(values: pl.Series) -> pl.DataFrame:
    """What raw names can be names of: raw, value, name (folded), code, full, places, since."""
    frame = even_chunks(pl.DataFrame({"raw": values, "value": where_untidy(values, tidy)}))
    name = simplify(frame["value"].str.to_lowercase()).str.replace_all(_BETWEEN, "")
    frame = frame.with_columns(name=name.str.replace(*_LAND).str.replace(*_FILLER))
    return frame.join(_names(), on="name", how="left", maintain_order="left")


def _as_written(script: Script) -> list[pl.Expr]:
    """Leave names in Latin letters, and the codes beside them, as far as the column asks for it."""
    if script is Script.CHINESE:
        return []
    own = ~pl.col("value").str.contains(r"\p{Han}").fill_null(value=False)
    country = pl.col("code").str.contains("^[A-Z]{2}$").fill_null(value=False)
    code = pl.when(~own | (script is Script.LATIN_OF_CHINA) | (script is Script.COUNTRIES))
    full = pl.when(~own | (country & (script is Script.COUNTRIES)))
    return [
        code.then("code"),
        full.then("full"),
        pl.when(~own).then("places"),
        pl.when(~own).then("since"),
    ]


def clean_one(value: str, tidied: str, script: Script) -> Row:
    """Name one region, of a column that is written like this."""
    name = re.sub(_BETWEEN, "", simplify_text(tidied.lower()))
    name = re.sub(_LAND[0], r"\1", name)
    name = re.sub(_FILLER[0], r"\1\2", name)
    if name == "":
        return (None, "invalid: no name", None)
    code, full = _by_name().get(name, (None, None))
    if script is not Script.CHINESE and re.search(_HAN, tidied) is None:
        country = code is not None and code.isalpha() and script is Script.COUNTRIES
        full = full if country else None
        code = None if script is Script.LATIN else code
    shown = full or tidied
    return (shown, None if shown == value else "tidied", code or name)


@cache
def _by_name() -> dict[str, tuple[str | None, str | None]]:
    return {
        name: (code, full) for name, code, full in _names().select("name", "code", "full").rows()
    }


@cache
def _names() -> pl.DataFrame:
    """Every way to name a place: name, code, full (its standard name), places, since."""
    spoken = pl.concat(
        [*_spoken(), _numbers(), _pinyin(), _other_names(), _new_areas(), _countries()]
    )
    top = spoken.filter(pl.col("level") == pl.col("level").min().over("name"))
    alone = pl.col("places") == 1
    known = (
        top.group_by("name")
        .agg(pl.col("code", "full").first(), places=pl.col("code").n_unique())
        .with_columns(pl.when(alone).then(pl.col("code", "full")), since=pl.lit(None, pl.String))
    )
    old = pl.concat([_renamed(), _renamed_short(), _former_numbers()])
    old = old.unique("name", keep="first", maintain_order=True).join(known, on="name", how="anti")
    old = old.with_columns(places=pl.lit(1, pl.UInt32))
    return pl.concat([known, old.select(known.columns)])


_ABOVE = {1: (), 2: ("province",), 3: ("province", "city")}
"""What may stand before a place's own name, by its level."""


def _spoken() -> Iterator[pl.DataFrame]:
    """Give each place's names: full, without rank, after those above it in full or without."""
    for level, above in _ABOVE.items():
        places = _places().filter(pl.col("level") == level)
        own = {"own": level, "own_short": level}
        if level == 3:  # 密云县 is 密云区 today, 香河市 was never one
            own |= {"as_county": 4, "as_city": 4, "as_ward": 4}
        for prefix in product(*(("", name, f"{name}_short") for name in above)):
            before = [name for name in prefix if name]
            shown = "full" if level == 3 or before else "own"
            for name, rank in own.items():
                yield _named(places, pl.concat_str(*before, name), shown, rank)


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
    said = [
        (code.ljust(6, "0"), re.sub(r"[ ']", "", name))
        for code, names in knowledge.facts("region_names.yaml").items()
        for name in names
    ]
    table = pl.DataFrame(said, schema=["code", "name"], orient="row")
    return _named(table.join(_places(), on="code"), pl.col("name"), "own", 0)


def _new_areas() -> pl.DataFrame:
    """雄安, 雄安新区, 河北雄安新区: areas without a code of GB/T 2260 are keyed by their name."""
    zones = development_zones().filter(
        pl.col("zone").str.ends_with("新区") & pl.col("district").is_null()
    )
    said = []
    for zone, province, city in zones.select("zone", "province", "city").rows():
        before = {"", province, stem(province), city, stem(city), province + city}
        before.add(stem(province) + stem(city))
        names = {above + zone for above in before}
        short = zone.removesuffix("新区")
        if short[-1] not in "部南北东西":
            names.add(short)
        said += [(name, zone, f"{province}{zone}", _VAGUE) for name in sorted(names)]
    return pl.DataFrame(
        said,
        schema={"name": pl.String, "code": pl.String, "full": pl.String, "level": pl.Int8},
        orient="row",
    )


_VAGUE = 8
"""The level of what gives way to any division of the same name: 兰州 is the city."""


def _countries() -> pl.DataFrame:
    """Other countries by their names and common spellings; the code is that of ISO 3166-1."""
    said = []
    for code, english, chinese, also in knowledge.rows("countries.tsv")[1:]:
        for name in (english, chinese, *also.split("|")):
            bare = re.sub(_BETWEEN, "", simplify_text(name.lower()))
            if len(bare) > 1 and bare not in _ALSO_STATES:
                shown = english if bare.isascii() else chinese
                said.append((bare, code, shown, 9))
    return pl.DataFrame(
        said,
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
    ).with_columns(
        pl.concat_str("own_short", pl.lit(rank)).alias(name)
        for name, rank in (("as_county", "县"), ("as_city", "市"), ("as_ward", "区"))
    )


def _renamed() -> pl.DataFrame:
    """Old names lead to the place that took theirs over."""
    old = _renamed_today()
    return old.unique("old", keep="none").select("code", "full", "since", name="old")


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


_WITHDRAWN = re.compile(r"^  (\d{4}) county=\"(?:.*,)?\[(?:\d*)-(\d{4})\](.+)\"$")


def _former_numbers() -> pl.DataFrame:
    """Codes that GB/T 2260 withdrew, by the name they had (python-stdnum's cn/loc.dat)."""
    from importlib.resources import files

    lines = files("stdnum").joinpath("cn", "loc.dat").read_text(encoding="utf-8").splitlines()
    places = _renamed_at().rows_by_key("where", named=True, unique=True)
    found, province = [], ("", "")
    for line in lines:
        if head := re.match(r'^(\d{2}) province="(.+)"', line):
            province = (head[1], head[2])
        elif withdrawn := _WITHDRAWN.match(line):
            now = places.get(f"{province[1]}|{withdrawn[3]}")
            if now is not None:
                number = province[0] + withdrawn[1]
                found.append((now["code"], now["full"], withdrawn[2], number))
    schema = dict.fromkeys(("code", "full", "since", "name"), pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")


def _renamed_at() -> pl.DataFrame:
    """`province|old name` → the place that took it over."""
    old = _renamed_today().with_columns(where=pl.concat_str("province", "old", separator="|"))
    return old.unique("where", keep="none").select("where", "code", "full")
