"""An address begins with places, the largest first, and people leave out whichever they like.

`浦东新区` can only be in 上海; `朝阳区` may be in two cities, so its city stays unknown.
"""

from functools import cache

import polars as pl

from cleansing import longest
from cleansing.address import disagreement
from cleansing.address.places import (
    HONG_KONG_AREA,
    Lookup,
    any_of,
    autonomous_counties,
    district_lookup,
    district_names,
    district_stems,
    former_cities,
    listed,
    looked_up,
    names,
    official_names,
    standing_for,
)
from cleansing.address.upper_levels import ROAD_AHEAD, take_city, take_prefecture, take_province
from cleansing.divisions import development_zones, renamed_divisions
from cleansing.text import fill, in_place

_NAME_AHEAD = (
    r"^(?:国际|人民|中心|中医|妇幼|第?[一二三四五六七八九十]{1,2}|[东西南北新老市省]){0,3}(?:机场|医院|卫生院|中学|小学|学校|幼儿园"
    r"|火车站|汽车站|客运站|高铁站|地铁站|车站|站$|码头|口岸|公园|体育[场馆中]|图书馆|博物馆|剧院|影城|商城|百货|市场|商场|超市|银行"
    r"|支行|公司|集团|水库|电[厂站]|油田|煤矿|风景|景区|古[镇城]|海关|法院|监狱|隧道|收费站|服务区|枢纽|新[区城])"
)
"""宝安机场, 朝阳医院 and 浑南新区 are names of their own, not a district and something in it."""


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns province, city, district (full names of today), rest, behind, and what was written.

    `written` is the district as it stood there, `old` the same where it is a former name. `behind`
    is the rest without what names the same place again (a zone, a former district). `moved` names
    the city that the district left, and when; `apart` says in words what is wrong with the places
    as they are written, which then all stay as they are.
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
    "province", "city", "district", "rest", "behind", "old", "written", "moved", "apart",
    "is_former", "city_text",
)  # fmt: skip

_LOOKS_FAR = "试验区|九龙|新界|港岛|香港岛|^(?:中国|中华人民共和国)"
"""Where more than names is looked at, the whole address is."""


def _up_to_first_digit(whole: pl.Expr) -> pl.Expr:
    """A column has far fewer roads than doors, and no place has a digit in its name."""
    return whole.str.extract(r"^([^0-9]*)")


def _parse_starts(starts: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"rest": _plain_start(starts)})
    for step in (take_province, take_city, take_prefecture, _district, _zone, _again):
        frame = step(frame)
    return frame.with_columns(city_text=pl.coalesce("city_text", "gone")).select(_COLUMNS)


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
        .str.replace(_UNDER_THE_PROVINCE, "")
    )


_UNDER_THE_PROVINCE = r"(?:省|自治区)?直辖(?:县级)?行政(?:区划|单位|区)"
"""湖北省省直辖县级行政区划仙桃市: what the tables of GB/T 2260 say where no city stands between."""


def _district(frame: pl.DataFrame) -> pl.DataFrame:
    """Find the district in its city, else in its province, else in the country, if unique."""
    rest = pl.col("rest")
    frame = frame.with_columns(full=longest.at_start(rest, district_names(), frame.height))
    in_city, in_province, in_land = district_lookup()
    city, province, gone = pl.col("city"), pl.col("province"), pl.col("gone")

    def within(area: pl.Expr, name: str, table: Lookup) -> pl.Expr:
        return standing_for(pl.concat_str(area, pl.col(name), separator="|"), table, frame.height)

    def alone(name: str) -> pl.Expr:
        return pl.when(city.is_null() & province.is_null()).then(
            standing_for(pl.col(name), in_land, frame.height)
        )

    open_city = pl.when(city.is_null() & gone.is_null()).then(province)
    by_full = pl.coalesce(
        within(city, "full", in_city), within(open_city, "full", in_province), alone("full")
    )
    none = pl.lit(None, pl.String)
    frame = frame.with_columns(by_full=by_full, short=none, by_short=none)
    frame = fill(frame, pl.col("by_full").is_null(), short=_stem(frame.height))
    by_short = pl.coalesce(within(city, "short", in_city), within(open_city, "short", in_province))
    frame = fill(frame, pl.col("short").is_not_null(), by_short=by_short).with_columns(
        full=pl.when(
            pl.col("by_full").is_not_null() | pl.col("full").is_in(listed(official_names))
        ).then("full")
    )
    frame = _disagreements(frame)
    written = pl.coalesce(
        pl.when(pl.col("by_full").is_not_null()).then("full"),
        pl.when(pl.col("by_short").is_not_null()).then("short"),
        "full",
    )
    found = pl.coalesce("by_full", "by_short").str.split_exact("|", 2)
    frame = frame.with_columns(found=found, written=written).unnest("found")
    known, strange = pl.col("field_1").is_not_null(), pl.col("strange")
    return frame.with_columns(
        province=pl.when(known & ~strange).then("field_0").otherwise("province"),
        city=pl.when(known).then("field_1").otherwise("city"),
        district=pl.when(known).then(pl.col("field_2").replace("", None)).otherwise("written"),
        rest=rest.str.slice(pl.col("written").str.len_chars().fill_null(0)),
    ).with_columns(**_former_name())


def _stem(rows: int) -> pl.Expr:
    """A district without its rank, unless it begins a longer name."""
    short = longest.at_start(pl.col("rest"), district_stems(), rows)
    after = pl.col("rest").str.slice(short.str.len_chars())
    longer = pl.any_horizontal(
        after.str.contains(ahead) for ahead in (ROAD_AHEAD, _NAME_AHEAD, "^[区县市旗]")
    )
    return pl.when(~longer).then(short)


def _disagreements(frame: pl.DataFrame) -> pl.DataFrame:
    """Look closer at the few places that do not lie where they are written."""
    none = pl.lit(None, pl.String)
    frame = frame.with_columns(moved=none, apart=none)
    above = pl.coalesce("city", "gone", "province").is_not_null()
    odd = frame.select(
        pl.col("strange")
        | (above & pl.col("full").is_not_null() & pl.col("by_full").is_null())
        | (pl.col("full") == disagreement.UNCLEAR).fill_null(value=False)
    ).to_series()
    if not odd.any():
        return frame
    return in_place(odd, disagreement.settle(frame.filter(odd)), frame.filter(~odd))


def _former_name() -> dict[str, pl.Expr]:
    """The district under a former name; a rank it never had makes it unsure."""
    written, district = pl.col("written"), pl.col("district")
    other = written.ne_missing(district) & written.is_not_null() & pl.col("moved").is_null()
    other &= ~written.is_in(listed(autonomous_counties))
    ranked = written.str.contains("[区县市旗]$")
    former = written.is_in(renamed_divisions()["old"].implode()) | (
        ranked & written.is_in(listed(official_names))
    )
    guessed = pl.when(other & ranked & ~former).then(
        pl.concat_str(pl.lit("unsure: "), "written", pl.lit(" may be "), "district")
    )
    shared = pl.when(pl.col("gone").is_not_null() & district.is_null()).then(
        pl.lit("division dissolved: ") + pl.col("gone")
    )
    return {
        "old": pl.when(other & former).then("written"),
        "apart": pl.coalesce("apart", guessed, shared),
        "is_former": pl.coalesce("city_text", "gone")
        .is_in(listed(former_cities))
        .fill_null(value=False),
    }


@cache
def _zones() -> dict[str, str]:
    """Where each zone lies: `province|city|district`."""
    zones = development_zones()
    lies_in = zones.select(
        pl.concat_str("province", "city", pl.col("district").fill_null(""), separator="|")
    )
    return dict(zip(zones["zone"].to_list(), lies_in.to_series().to_list(), strict=True))


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(_zones())


def _zone(frame: pl.DataFrame) -> pl.DataFrame:
    """Where a new area or a development zone stands in the district's place."""
    name = longest.at_start(pl.col("rest"), _zone_names(), frame.height)
    lies_in = name.replace_strict(*looked_up(_zones), default=None)
    found = pl.when(pl.col("district").is_null()).then(lies_in)
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
