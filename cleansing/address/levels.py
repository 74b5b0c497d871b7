"""An address begins with places, the largest first, and people leave out whichever they like.

`浦东新区` can only be in 上海; `朝阳区` may be in two cities, so its city stays unknown.
"""

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
    former_city_and_county,
    gone_cities,
    names,
    official_names,
    province_of,
    shared_out,
    standing_for,
    wards_of_city,
)
from cleansing.divisions import development_zones, divisions, renamed_divisions, stem
from cleansing.text import fill, in_place

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
_NAME_AHEAD = (
    r"^(?:国际|人民|中心|中医|妇幼|第?[一二三四五六七八九十]{1,2}|[东西南北新老市省]){0,3}(?:机场|医院|卫生院|中学|小学|学校|幼儿园"
    r"|火车站|汽车站|客运站|高铁站|地铁站|车站|站$|码头|口岸|公园|体育[场馆中]|图书馆|博物馆|剧院|影城|商城|百货|市场|商场|超市|银行"
    r"|支行|公司|集团|水库|电[厂站]|油田|煤矿|风景|景区|古[镇城]|海关|法院|监狱|隧道|收费站|服务区|枢纽|新[区城])"
)
"""宝安机场, 朝阳医院 and 浑南新区 are names of their own, not a district and something in it."""
_NO_PROVINCE = r"^(?:[市区县州盟旗]|地区|(?:\p{Han}{1,8}族)?自治[州县])"
"""吉林市, 河北区, 海南州 and 海南藏族自治州 are other places than the provinces of these names."""
"""What follows a short place name when it is not a place but begins a longer name.

北京路, 南京东路; the gate 朝阳门 and its 朝阳门北大街, the temple 静安寺; the town 河西务镇.
But 鼓楼湖南路 is 湖南路 in 鼓楼区: a mountain or river and a side are a province too often.
"""


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
    "told", "said",
)  # fmt: skip

_LOOKS_FAR = "试验区|九龙|新界|港岛|香港岛|^(?:中国|中华人民共和国)"
"""Where more than names is looked at, the whole address is."""


def _up_to_first_digit(whole: pl.Expr) -> pl.Expr:
    """A column has far fewer roads than doors, and no place has a digit in its name."""
    return whole.str.extract(r"^([^0-9]*)")


def _parse_starts(starts: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"rest": _plain_start(starts)})
    for step in (_province, _city, _prefecture, _district, _zone, _again):
        frame = step(frame)
    return frame.with_columns(said=pl.coalesce("said", "gone")).select(_COLUMNS)


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


def _province(frame: pl.DataFrame) -> pl.DataFrame:
    full, short = names("province")
    frame = _consume(frame, "province", full, short, _NO_PROVINCE, [])
    again = _consume(frame.drop("province", "said"), "province", full, short, _NO_PROVINCE, [])
    own_city = [*OWN_CITY, *(name for name in full.values() if stem(name) in names("city")[1])]
    repeated = (again["province"] == frame["province"]) & ~frame["province"].is_in(own_city)
    rest = pl.select(pl.when(repeated).then(again["rest"]).otherwise(frame["rest"])).to_series()
    return frame.with_columns(rest=rest)


def _city(frame: pl.DataFrame) -> pl.DataFrame:
    full, short = names("city")
    before = frame["rest"]
    frame = _consume(frame.drop("said"), "city", full, short, _NO_CITY, district_names())
    home = pl.col("city").replace_strict(province_of(), default=None)
    elsewhere = (home != pl.col("province")).fill_null(value=False)
    in_full = pl.col("said").is_in(list(full))
    frame = frame.with_columns(
        city=pl.when(~elsewhere | in_full).then("city"),
        rest=pl.when(elsewhere & ~in_full).then(before).otherwise("rest"),
        strange=elsewhere & in_full,
    )
    frame = _less_known(_other_province(frame, before), before)
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


def _other_province(frame: pl.DataFrame, before: pl.Series) -> pl.DataFrame:
    """山西西安雁塔区: a city of another province is one if its own district follows."""
    after = before.str.slice(0)
    lost = frame["province"].is_not_null() & frame["city"].is_null() & frame["said"].is_not_null()
    if not lost.any():
        return frame
    rows = frame.with_columns(before=after).filter(lost)
    city = pl.col("said").replace_strict(names("city")[1], default=None)
    rest = pl.col("before").str.slice(pl.col("said").str.len_chars())
    rows = rows.with_columns(own=city, behind_it=rest)
    district = longest.at_start(pl.col("behind_it"), district_names(), rows.height)
    place = pl.concat_str("own", district, separator="|")
    sure = standing_for(place, district_lookup()[0], rows.height).is_not_null()
    rows = rows.with_columns(sure=sure).with_columns(
        city=pl.when("sure").then("own"),
        rest=pl.when("sure").then("behind_it").otherwise("rest"),
        strange=pl.col("sure") | pl.col("strange"),
    )
    return in_place(lost, rows.select(frame.columns), frame.filter(~lost))


def _less_known(frame: pl.DataFrame, before: pl.Series) -> pl.DataFrame:
    """朝阳 alone is 北京's 朝阳区 for most; 朝阳双塔区 is in 朝阳市."""
    alone = (frame["said"] == "朝阳") & frame["province"].is_null()
    if not alone.any():
        return frame
    own = divisions().filter(pl.col("city") == "朝阳市")["district"].drop_nulls().to_list()
    unclear = alone & ~frame["rest"].str.contains(f"^(?:{any_of(own)})")
    unclear = unclear.fill_null(value=False)
    none = pl.lit(None, pl.String)
    return frame.with_columns(before=before, unclear=unclear).with_columns(
        city=pl.when("unclear").then(none).otherwise("city"),
        said=pl.when("unclear").then(none).otherwise("said"),
        rest=pl.when("unclear").then("before").otherwise("rest"),
    )


_NO_CITY = r"^(?:[县区市族]|地区|(?:\p{Han}{1,8}族)?自治)"


def _prefecture(frame: pl.DataFrame) -> pl.DataFrame:
    """A prefecture within a prefecture (伊犁州塔城地区), or one that was shared out (柳州地区).

    巢湖市 is a county's name today; before 庐江县 it is the city that was shared out in 2011.
    """
    rest = pl.col("rest")
    inner = pl.when(pl.col("city") == "伊犁哈萨克自治州").then(
        rest.str.extract("^(塔城地区|阿勒泰地区)")
    )
    prefecture = rf"^({any_of(list(shared_out()))})"
    city = longest.at_start(rest, former_city_and_county(), frame.height)
    gone = pl.when(pl.col("city").is_null()).then(
        pl.coalesce(
            rest.str.extract(prefecture),
            city.replace_strict(former_city_and_county(), default=None),
        )
    )
    province = gone.replace_strict(shared_out() | gone_cities(), default=None)
    fits = pl.col("province").is_null() | (pl.col("province") == province)
    found = frame.with_columns(inner=inner, gone=pl.when(fits).then(gone))
    return found.with_columns(
        city=pl.coalesce("inner", "city"),
        province=pl.coalesce("province", province),
        rest=rest.str.slice(pl.coalesce("inner", "gone").str.len_chars().fill_null(0)),
    )


def _consume(
    frame: pl.DataFrame,
    level: str,
    full: dict[str, str],
    short: dict[str, str],
    not_before: str,
    rivals: list[str],
) -> pl.DataFrame:
    """Take a name in full, else one without its rank, off the front."""
    rest = pl.col("rest")
    frame = frame.with_columns(said=longest.at_start(rest, full, frame.height))
    open_ones = frame.filter(pl.col("said").is_null())
    if open_ones.height:
        unsaid = frame["said"].is_null()
        stems = _stem_at_start(open_ones, short, not_before, rivals)
        frame = in_place(unsaid, open_ones.with_columns(said=stems), frame.filter(~unsaid))
    return frame.with_columns(
        pl.col("said").replace_strict(short | full, default=None).alias(level),
        rest=rest.str.slice(pl.col("said").str.len_chars().fill_null(0)),
    )


def _stem_at_start(
    frame: pl.DataFrame, short: dict[str, str], not_before: str, rivals: list[str]
) -> pl.Series:
    """A name without its rank, unless it begins a longer name or that of a county."""
    rest, rows = pl.col("rest"), frame.height
    frame = frame.select(rest, found=longest.at_start(rest, short, rows))
    after = rest.str.slice(pl.col("found").str.len_chars())
    sure = ~after.str.contains(not_before) & ~after.str.contains(_ROAD_AHEAD)
    if rivals:
        rival = longest.at_start(rest, rivals, rows).fill_null("")
        sure &= rival.str.len_chars() <= pl.col("found").str.len_chars()
    return frame.select(pl.when(sure).then("found")).to_series()


def _district(frame: pl.DataFrame) -> pl.DataFrame:
    """Find the district in its city, else in its province, else in the land, if unique."""
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
            pl.col("by_full").is_not_null() | pl.col("full").is_in(sorted(official_names()))
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
        after.str.contains(ahead) for ahead in (_ROAD_AHEAD, _NAME_AHEAD, "^[区县市旗]")
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
    other &= ~written.is_in(list(autonomous_counties()))
    ranked = written.str.contains("[区县市旗]$")
    former = written.is_in(renamed_divisions()["old"].implode()) | (
        ranked & written.is_in(sorted(official_names()))
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
        "told": pl.coalesce("said", "gone").is_in(sorted(former_cities())).fill_null(value=False),
    }


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
