"""An address begins with places, the largest first, and people leave out whichever they like.

`浦东新区` can only be in 上海; `朝阳区` may be in two cities, so its city stays unknown.
"""

import polars as pl

from cleansing import longest
from cleansing.address.places import (
    HONG_KONG_AREA,
    Lookup,
    any_of,
    district_lookup,
    district_names,
    district_stems,
    moved_divisions,
    names,
    province_of,
    standing_for,
    today_homes,
    wards_of_city,
)
from cleansing.divisions import development_zones, renamed_divisions, stem

OWN_CITY = ("北京市", "天津市", "上海市", "重庆市", "香港特别行政区", "澳门特别行政区")
"""Provinces that are their own city (直辖市, and the special administrative regions)."""

_ROAD_AHEAD = (
    r"^(?:[东西南北中上下前后内外]|[一二三四五六七八九十]|大|新|老)*"
    r"(?:路|街|大道|大街|道|巷|里弄|弄|胡同|公路|高速|广场|大厦|湾(?:[^仔里]|$)|饭店|宾馆|酒店|商厦|花园|小区|大学|学院|桥|村)"
    r"|^门(?:[东西南北中前内外]|大?[路街道]|$)"
    r"|^[寺祠](?:[^右]|$)"
    r"|^[山湖江河桥塔庙园]大?[路街道]|^[山湖]$"
    r"|^\p{Han}镇"
)
"""What follows a short place name when it is not a place but begins a longer name.

北京路, 南京东路; the gate 朝阳门 and its 朝阳门北大街, the temple 静安寺; the town 河西务镇.
But 鼓楼湖南路 is 湖南路 in 鼓楼区: a mountain or river and a side are a province too often.
"""


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns province, city, district (full names of today), rest, behind, and what was written.

    `written` is the district as it stood there, `old` the same where it is a former name. `behind`
    is the rest without what names the same place again (a zone, a former district). `moved` says
    that the district lies elsewhere than in the city written, `apart` that the two disagree.
    """
    whole = pl.col("whole")
    start = pl.when(whole.str.contains(_LOOKS_FAR)).then(whole).otherwise(_up_to_first_digit(whole))
    frame = pl.DataFrame({"whole": addresses}).with_columns(start=start)
    starts = frame["start"].unique()
    parsed = _parse_starts(starts).with_columns(start=starts)
    frame = frame.join(parsed, on="start", how="left", maintain_order="left", nulls_equal=True)
    door = whole.str.slice(pl.col("start").str.len_chars())
    return frame.with_columns(pl.col("rest", "behind") + door).select(_COLUMNS)


_COLUMNS = (
    "province", "city", "district", "rest", "behind", "old", "written", "moved", "apart"
)  # fmt: skip

_LOOKS_FAR = "试验区|九龙|新界|港岛|香港岛|^(?:中国|中华人民共和国)"
"""Where more than names is looked at, the whole address is."""


def _up_to_first_digit(whole: pl.Expr) -> pl.Expr:
    """A column has far fewer roads than doors, and no place has a digit in its name."""
    return whole.str.extract(r"^([^0-9]*)")


def _parse_starts(starts: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"rest": _plain_start(starts)})
    for step in (_province, _city, _district, _zone, _again):
        frame = step(frame)
    return frame.select(_COLUMNS)


def _plain_start(addresses: pl.Series) -> pl.Series:
    """中国（四川）自由贸易试验区成都片区 says 四川成都 in other words."""
    province = rf"(?:{any_of(names('province')[0] | names('province')[1])})"
    zone = r"(?:自由贸易|自贸)试验区(?:(.{2,4}?)片区)?(?:\(.{1,6}\))?"
    trade_zone = rf"^(?:中国)?(?:省)?\(?({province})\)?(?:{province})?{zone}"
    before_city = rf"{trade_zone}({any_of(names('city')[0])})"
    zone_seat = r"^(天津|上海|北京|重庆)(?:自由贸易|自贸)试验区"
    return (
        addresses.str.replace("^(?:中国|中华人民共和国)[,，]?([^(])", "${1}")
        .str.replace(rf"^((?:九龙|新界|港岛|香港岛)(?:{HONG_KONG_AREA}))", "香港${1}")
        .str.replace(zone_seat, "${1}市")
        .str.replace(before_city, "${1}${3}")
        .str.replace(trade_zone, "${1}${2}")
    )


def _province(frame: pl.DataFrame) -> pl.DataFrame:
    full, short = names("province")
    frame = _consume(frame, "province", full, short, not_before="^市")
    again = _consume(frame.drop("province"), "province", full, short, not_before="^市")
    own_city = [*OWN_CITY, *(name for name in full.values() if stem(name) in names("city")[1])]
    repeated = (again["province"] == frame["province"]) & ~frame["province"].is_in(own_city)
    rest = pl.select(pl.when(repeated).then(again["rest"]).otherwise(frame["rest"])).to_series()
    return frame.with_columns(rest=rest)


def _city(frame: pl.DataFrame) -> pl.DataFrame:
    full, short = names("city")
    frame = frame.with_columns(
        county=longest.at_start(pl.col("rest"), district_names(), frame.height).fill_null("")
    )
    before = frame["rest"]
    frame = _consume(frame, "city", full, short, not_before="^(?:县|区|市|族|自治)", rival="county")
    home = pl.col("city").replace_strict(province_of(), default=None)
    elsewhere = (home != pl.col("province")).fill_null(value=False)
    frame = frame.with_columns(
        city=pl.when(~elsewhere).then("city"),
        rest=pl.when(elsewhere).then(before).otherwise("rest"),
    )
    twice = pl.col("rest").str.starts_with(pl.col("city")).fill_null(value=False)
    frame = frame.with_columns(
        rest=pl.when(twice)
        .then(pl.col("rest").str.slice(pl.col("city").str.len_chars()))
        .otherwise("rest")
    )
    ward = pl.concat_str("city", pl.col("rest").str.head(2), separator="|")
    frame = frame.with_columns(
        rest=pl.when(ward.is_in(wards_of_city()))
        .then(pl.lit("市") + pl.col("rest"))
        .otherwise("rest")
    )
    only = pl.col("province").is_in(OWN_CITY)
    return frame.with_columns(
        city=pl.coalesce("city", pl.when(only).then("province")),
        rest=pl.col("rest")
        .str.replace("^(?:九龙|新界|香港岛|港岛)(.{3,})", "${1}")
        .str.replace("^(?:市辖区|县(?:城区)?|直辖县级行政(?:区划|单位))", ""),
    ).with_columns(
        province=pl.coalesce("province", pl.col("city").replace_strict(province_of(), default=None))
    )


def _consume(
    frame: pl.DataFrame,
    level: str,
    full: dict[str, str],
    short: dict[str, str],
    not_before: str,
    rival: str | None = None,
) -> pl.DataFrame:
    rest = pl.col("rest")
    by_full = longest.at_start(rest, full, frame.height)
    by_short = longest.at_start(rest, short, frame.height)
    after = rest.str.slice(by_short.str.len_chars())
    sure = ~after.str.contains(not_before) & ~after.str.contains(_ROAD_AHEAD)
    if rival is not None:
        sure &= pl.col(rival).str.len_chars() <= by_short.str.len_chars()
    found = pl.coalesce(by_full, pl.when(sure).then(by_short))
    return frame.with_columns(
        found.replace_strict(short | full, default=None).alias(level),
        rest=rest.str.slice(found.str.len_chars().fill_null(0)),
    )


def _district(frame: pl.DataFrame) -> pl.DataFrame:
    """Find the district in its city, else in its province, else in the land, if unique."""
    rest = pl.col("rest")
    full = longest.at_start(rest, district_names(), frame.height)
    short = longest.at_start(rest, district_stems(), frame.height)
    after = rest.str.slice(short.str.len_chars())
    frame = frame.with_columns(
        full=full, short=pl.when(~after.str.contains(_ROAD_AHEAD)).then(short)
    )
    in_city, in_province, in_land = district_lookup()
    city, province = pl.col("city"), pl.col("province")

    def within(area: pl.Expr, name: str, table: Lookup) -> pl.Expr:
        return standing_for(pl.concat_str(area, pl.col(name), separator="|"), table, frame.height)

    def alone(name: str) -> pl.Expr:
        return pl.when(city.is_null() & province.is_null()).then(
            standing_for(pl.col(name), in_land, frame.height)
        )

    open_city = pl.when(city.is_null()).then(province)
    by_full = pl.coalesce(
        within(city, "full", in_city), within(open_city, "full", in_province), alone("full")
    )
    by_short = pl.coalesce(within(city, "short", in_city), within(open_city, "short", in_province))
    frame = frame.with_columns(by_full=by_full, by_short=by_short)
    frame = frame.with_columns(elsewhere=_elsewhere(frame.height)).with_columns(
        by_full=pl.coalesce("by_full", "elsewhere"), moved=pl.col("elsewhere").is_not_null()
    )
    written = pl.coalesce(
        pl.when(pl.col("by_full").is_not_null()).then("full"),
        pl.when(pl.col("by_short").is_not_null()).then("short"),
        "full",
    )
    found = pl.coalesce("by_full", "by_short").str.split_exact("|", 2)
    frame = frame.with_columns(found=found, written=written).unnest("found")
    known = pl.col("field_1").is_not_null()
    return frame.with_columns(
        province=pl.when(known).then("field_0").otherwise("province"),
        city=pl.when(known).then("field_1").otherwise("city"),
        district=pl.when(known).then(pl.col("field_2").replace("", None)).otherwise("full"),
        rest=rest.str.slice(pl.col("written").str.len_chars().fill_null(0)),
    ).with_columns(
        old=pl.when(
            pl.col("written").is_in(renamed_divisions()["old"].to_list()),
            pl.col("written").ne_missing(pl.col("district")),
        ).then("written"),
        apart=~known & pl.col("full").is_in(today_homes()[0].implode()) & city.is_not_null(),
    )


def _elsewhere(rows: int) -> pl.Expr:
    """Find where a district of one home lies, if not in the city written.

    Counties are handed from city to city, nearly always inside their province (简阳 from 资阳 to
    成都 in 2016); the few that changed the province are listed.
    """
    home = standing_for(pl.col("full"), today_homes(), rows)
    province = home.str.split_exact("|", 1).struct.field("field_0")
    written = pl.concat_str(pl.col("city").str.replace("市$", ""), "full", separator="|")
    listed = written.replace_strict(moved_divisions(), default=None)
    nowhere = pl.col("city").is_not_null() & pl.col("by_full").is_null()
    return pl.when(nowhere & ((province == pl.col("province")) | listed.is_not_null())).then(home)


def _zone(frame: pl.DataFrame) -> pl.DataFrame:
    """Where a new area or a development zone stands in the district's place."""
    zones = development_zones()
    name = longest.at_start(pl.col("rest"), zones["zone"].to_list(), frame.height)
    lies_in = zones.select(
        pl.concat_str("province", "city", pl.col("district").fill_null(""), separator="|")
    )
    table = dict(zip(zones["zone"].to_list(), lies_in.to_series().to_list(), strict=True))
    found = pl.when(pl.col("district").is_null()).then(name.replace_strict(table, default=None))
    frame = (
        frame.with_columns(found=found.str.split_exact("|", 2))
        .drop("field_0", "field_1", "field_2")
        .unnest("found")
    )
    fits = (
        pl.col("field_1").is_not_null()
        & (pl.col("city").is_null() | (pl.col("city") == pl.col("field_1")))
        & (pl.col("province").is_null() | (pl.col("province") == pl.col("field_0")))
    )
    return frame.with_columns(
        province=pl.when(fits).then("field_0").otherwise("province"),
        city=pl.when(fits).then("field_1").otherwise("city"),
        district=pl.when(fits).then(pl.col("field_2").replace("", None)).otherwise("district"),
        behind=pl.when(fits).then(pl.col("rest").str.slice(name.str.len_chars())).otherwise("rest"),
    )


def _again(frame: pl.DataFrame) -> pl.DataFrame:
    """A zone's district, or the former name of the district, may stand behind it.

    雄安新区容城县 lies in 容城县; 滨海新区塘沽区 is 滨海新区, of which 塘沽区 became part.
    """
    full = longest.at_start(pl.col("behind"), district_names(), frame.height)
    place = pl.concat_str("city", full, separator="|")
    found = standing_for(place, district_lookup()[0], frame.height)
    second = found.str.split_exact("|", 2).struct.field("field_2").replace("", None)
    frame = frame.with_columns(second=second, full=full, zoned=pl.col("behind") != pl.col("rest"))
    named = pl.col("second").is_not_null() & (
        (pl.col("district").is_null() & pl.col("zoned")) | (pl.col("second") == pl.col("district"))
    )
    return frame.with_columns(
        district=pl.when(named).then("second").otherwise("district"),
        behind=pl.when(named)
        .then(pl.col("behind").str.slice(pl.col("full").str.len_chars()))
        .otherwise(pl.when("zoned").then("rest").otherwise("behind")),
    )
