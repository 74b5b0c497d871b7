"""The province, the city and the prefecture at the front of an address, in full or without rank.

    恩施州恩施市      恩施土家族苗族自治州, then 恩施市
    柳州地区忻城县    a prefecture that became several cities (`gone`), then 忻城县

Each step takes a frame with `rest`, what is still to be read, and adds what it read.
"""

import polars as pl

from cleansing import longest
from cleansing.address.places import (
    OWN_CITY,
    any_of,
    cities_of_their_own,
    district_lookup,
    district_names,
    former_city_and_county,
    gone_to_province,
    known_as,
    listed,
    looked_up,
    names,
    province_of,
    shared_out,
    spoken,
    standing_for,
    wards_of_city,
)
from cleansing.divisions import divisions
from cleansing.text import in_place

ROAD_AHEAD = (
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
_NO_PROVINCE = r"^(?:[市区县州盟旗]|地区|(?:\p{Han}{1,8}族)?自治[州县])"
"""吉林市, 河北区, 海南州 and 海南藏族自治州 are other places than the provinces of these names."""


def take_province(frame: pl.DataFrame) -> pl.DataFrame:
    """The province, named twice perhaps; 吉林市 and 河北区 are none."""
    frame = _consume(frame, "province", _NO_PROVINCE)
    again = _consume(frame.drop("province", "city_text"), "province", _NO_PROVINCE)
    own_city = frame["province"].is_in(listed(cities_of_their_own))
    repeated = (again["province"] == frame["province"]) & ~own_city
    rest = pl.select(pl.when(repeated).then(again["rest"]).otherwise(frame["rest"])).to_series()
    return frame.with_columns(rest=rest)


def take_city(frame: pl.DataFrame) -> pl.DataFrame:
    """The city; `strange` says that it lies in another province than was written."""
    before = frame["rest"]
    frame = _consume(frame.drop("city_text"), "city", _NO_CITY, district_names())
    home = pl.col("city").replace_strict(*looked_up(province_of), default=None)
    elsewhere = (home != pl.col("province")).fill_null(value=False)
    in_full = pl.col("city_text").is_in(listed(_cities_in_full))
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
        rest=pl.when(ward.is_in(listed(wards_of_city)))
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
        province=pl.coalesce(
            "province", pl.col("city").replace_strict(*looked_up(province_of), default=None)
        )
    )


def _cities_in_full() -> frozenset[str]:
    return spoken("city")[0]


def _other_province(frame: pl.DataFrame, before: pl.Series) -> pl.DataFrame:
    """山西西安雁塔区: a city of another province is one if its own district follows."""
    lost = (
        frame["province"].is_not_null() & frame["city"].is_null() & frame["city_text"].is_not_null()
    )
    if not lost.any():
        return frame
    rows = frame.with_columns(before=before).filter(lost)
    city = pl.col("city_text").replace_strict(names("city")[1], default=None)
    rest = pl.col("before").str.slice(pl.col("city_text").str.len_chars())
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
    alone = (frame["city_text"] == "朝阳") & frame["province"].is_null()
    if not alone.any():
        return frame
    own = divisions().filter(pl.col("city") == "朝阳市")["district"].drop_nulls().to_list()
    unclear = alone & ~frame["rest"].str.contains(f"^(?:{any_of(own)})")
    unclear = unclear.fill_null(value=False)
    none = pl.lit(None, pl.String)
    return frame.with_columns(before=before, unclear=unclear).with_columns(
        city=pl.when("unclear").then(none).otherwise("city"),
        city_text=pl.when("unclear").then(none).otherwise("city_text"),
        rest=pl.when("unclear").then("before").otherwise("rest"),
    )


_NO_CITY = r"^(?:[县区市族]|地区|(?:\p{Han}{1,8}族)?(?:自治|州))"


def take_prefecture(frame: pl.DataFrame) -> pl.DataFrame:
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
            city.replace_strict(*looked_up(former_city_and_county), default=None),
        )
    )
    province = gone.replace_strict(*looked_up(gone_to_province), default=None)
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
    not_before: str,
    rivals: frozenset[str] = frozenset(),
) -> pl.DataFrame:
    """Take a name in full, else one without its rank, off the front."""
    full, short = spoken(level)
    rest = pl.col("rest")
    frame = frame.with_columns(city_text=longest.at_start(rest, full, frame.height))
    open_ones = frame.filter(pl.col("city_text").is_null())
    if open_ones.height:
        unnamed = frame["city_text"].is_null()
        stems = _stem_at_start(open_ones, short, not_before, rivals)
        frame = in_place(unnamed, open_ones.with_columns(city_text=stems), frame.filter(~unnamed))
    return frame.with_columns(
        pl.col("city_text").replace_strict(*known_as(level), default=None).alias(level),
        rest=rest.str.slice(pl.col("city_text").str.len_chars().fill_null(0)),
    )


def _stem_at_start(
    frame: pl.DataFrame, short: frozenset[str], not_before: str, rivals: frozenset[str]
) -> pl.Series:
    """A name without its rank, unless it begins a longer name or that of a county."""
    rest, rows = pl.col("rest"), frame.height
    frame = frame.select(rest, found=longest.at_start(rest, short, rows))
    after = rest.str.slice(pl.col("found").str.len_chars())
    sure = ~after.str.contains(not_before) & ~after.str.contains(ROAD_AHEAD)
    if rivals:
        rival = longest.at_start(rest, rivals, rows).fill_null("")
        sure &= rival.str.len_chars() <= pl.col("found").str.len_chars()
    return frame.select(pl.when(sure).then("found")).to_series()
