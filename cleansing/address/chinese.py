"""After the places, a Chinese address names town, road, number, building and room (GB/T 23705)."""

from functools import cache

import polars as pl

from cleansing.address import levels
from cleansing.address.disagreement import WITHOUT_DISTRICTS
from cleansing.address.places import HONG_KONG_AREA
from cleansing.text import fill, in_place, only_where

_TOWN = (
    r"^([\p{Han}]{1,6}?(?:街道办事处|街道)|[\p{Han}]{1,6}?(?:民族乡|苏木|镇|乡)(?:人民政府)?)"
    r"(?:[^路街江海]|[江海][^路]|$)"
)
_VILLAGE = (
    r"^([\p{Han}]{2,6}?(?:社区(?:居民委员会)?|村民委员会|居民委员会|村委会|居委会|村))"
    r"(?:[^路街道]|$)"
)
_EASTERN_ROAD = r"^经开([东西南北][一二三四五六七八九十\d]+(?:大道|路|街))"
"""长沙经开东六路: a road counted by side, in the zone; 高新南一道 is a name of its own."""
_PART_OF_TOWNS = r"^(\p{Han}{1,3}区)"
"""东莞 has no districts: 莞城区 is what 莞城街道 was called."""
_OWN_ZONE = (
    r"(?:国家级?)?(?:经济技术开发|高新技术产业开发|高新技术开发|经济开发|综合保税|出口加工|高新|经开|综保|保税|工业|开发)区"
    r"|高新[东西南北]区|(?:自由贸易|自贸)(?:试验)?区(?:[\p{Han}]{2,4}?片区)?"
)
"""The zone of the city named before it, which says no name of its own."""
_ZONE_BEFORE_ROAD = r"^(高新|经开)[\p{Han}--[技园区厦]]{2,6}?(?:大道|路|街)"
"""成都高新天府三街 leaves out the 区; 高新南一道 is a road."""
_ZONE = (
    rf"^({_OWN_ZONE}|[\p{{Han}}]{{2,12}}?(?:开发区|工业园区|产业园区|工业区|高新区|园区|保税区|示范区|新区|新城))"
    r"(?:[^路街道大]|$)"
)
_ROAD_AHEAD = r"^(?:[东西南北中前后大一二三四五六七八九十]){0,2}(?:路|街|道|巷)"
"""中关村大街 and 新区南路 are roads, not a village and a zone."""
_HONG_KONG_ROAD = (
    r"^(.*?(?:大道|道|路|街|里|坊|径|巷|台)[东西南北中]?)(?:门牌)?"
    r"(\d+[A-Z]?(?:[-至]\d+[A-Z]?)?)号?(.*)$"
)
_BUILDING = (
    r"([A-Z]|[A-Z]?\d{1,3}|[甲乙丙丁])(?:号楼|栋|幢|座)"
    r"|([\p{Han}A-Za-z0-9]{2,12}?(?:大厦|大楼|广场|商务楼|写字楼|中心|公寓|花园|新村|小区|饭店|酒店|苑|商城|科技园))"
)
_ROAD = (
    r"([\p{Han}A-Za-z0-9]{1,12}?(?:大道|大街|公路|国道|省道|县道|胡同|路|街|道|巷|弄|里|线|条|环)"
    r"(?:[东西南北中前后]?(?:[一二三四五六七八九十\d]{1,2}段|段)|[东西南北中](?:路|街|侧)?)?)"
)
_NUMBER = (
    r"(?:第)?((?:[A-Z]|[甲乙丙丁戊])?\d+[A-Za-z]?"
    r"(?:(?:[-－~、,之附及/]|号附|弄|巷)\d+)*(?:弄|巷)?(?:\d+)?)"
)
"""甲17号 is a door of its own beside 17号."""
_SIDE = r"(?:[东西南北]侧|[东西南北])?"


def parse(addresses: pl.Series) -> pl.DataFrame:
    """The columns of `levels.parse`, then town, road, number, building, room, core."""
    folded = addresses.str.replace_all(r"\s+", "")
    placed = levels.parse(folded)
    frame = placed.with_columns(
        detail=only_where(placed["behind"].str.replace_all(r"\([^)]*\)?", ""), _MISCOUNTED, _digits)
    )
    frame = frame.with_columns(detail=pl.col("detail").str.replace(_EASTERN_ROAD, "${1}"))
    frame = _take(frame, "short_zone", _ZONE_BEFORE_ROAD)
    for name, pattern in (("zone", _ZONE), ("town", _TOWN), ("village", _VILLAGE)):
        frame = _take(frame, name, pattern)
    frame = _without_districts(frame)
    frame = _hong_kong(frame)
    frame = _road_and_number(frame)
    located = pl.col("number").is_not_null()
    inside = pl.concat_str(pl.coalesce("village", pl.lit("")), "detail")
    return frame.with_columns(
        core=pl.when(located)
        .then(pl.concat_str("road", "number", pl.concat_str(pl.lit("#"), "room").fill_null("")))
        .otherwise(inside)
    ).with_columns(
        core=pl.coalesce(
            pl.col("core").replace("", None), "town", "zone", "district", "city", "province"
        )
    )


def _road_and_number(frame: pl.DataFrame) -> pl.DataFrame:
    """The road, the number at it, and what the tail behind them says of building and room."""
    detail = pl.col("detail")
    numbered = detail.str.extract_groups(rf"^.*?{_ROAD}{_SIDE}{_NUMBER}(?:号院?|號)?(.*)$")
    frame = frame.with_columns(
        numbered.struct.rename_fields(["road", "number", "tail"]).alias("at")
    )
    road, number, tail = (pl.col("at").struct[part] for part in range(3))
    frame = frame.with_columns(
        road=pl.coalesce("hk_road", road),
        number=pl.coalesce("hk_number", number)
        .str.replace_all(r"[－~之附及/、,至]|号附", "-")
        .str.to_uppercase(),
        tail=pl.coalesce("hk_tail", tail, detail),
    )
    frame = fill(frame, pl.col("road").is_null(), road=detail.str.extract(rf"^{_ROAD}"))
    frame = frame.with_columns(inside=pl.col("tail").str.extract_groups(_BUILDING))
    named, other = (pl.col("inside").struct[part] for part in range(2))
    return frame.with_columns(
        building=pl.coalesce(named, other.replace("", None)), room=_room(pl.col("tail"))
    )


def _take(frame: pl.DataFrame, name: str, pattern: str) -> pl.DataFrame:
    """Take a level off the detail, unless it is the beginning of a road's name."""
    detail = pl.col("detail")
    frame = frame.with_columns(detail.str.extract(pattern).alias(name))
    after = detail.str.slice(pl.col(name).str.len_chars())
    frame = frame.with_columns(
        pl.when(~after.str.contains(_ROAD_AHEAD)).then(pl.col(name)).alias(name)
    )
    return frame.with_columns(detail=detail.str.slice(pl.col(name).str.len_chars().fill_null(0)))


def _without_districts(frame: pl.DataFrame) -> pl.DataFrame:
    """What a city of towns only calls a 区 is a town."""
    detail, town = pl.col("detail"), pl.col("town")
    there = pl.col("city").is_in(WITHOUT_DISTRICTS) & town.is_null()
    return fill(
        frame.with_columns(own=pl.lit(None, pl.String)),
        there,
        own=detail.str.extract(_PART_OF_TOWNS),
    ).with_columns(
        town=pl.coalesce(town, "own"),
        detail=detail.str.slice(pl.col("own").str.len_chars().fill_null(0)),
    )


def _hong_kong(frame: pl.DataFrame) -> pl.DataFrame:
    """In Hong Kong an area's name stands before the road, and 大道中 is a road's whole name."""
    names, none = ("hk_road", "hk_number", "hk_tail"), pl.lit(None, pl.String)
    frame = frame.with_columns(none.alias(name) for name in names)
    there = (frame["province"] == "香港特别行政区").fill_null(value=False)
    if not there.any():
        return frame
    detail, town = pl.col("detail"), pl.col("town")
    local = frame.filter(there).with_columns(area=detail.str.extract(f"^({HONG_KONG_AREA})"))
    local = local.with_columns(
        town=pl.coalesce("area", town),
        detail=detail.str.slice(pl.col("area").str.len_chars().fill_null(0)),
    )
    local = local.with_columns(
        detail.str.extract_groups(_HONG_KONG_ROAD).struct.rename_fields(names).struct.unnest()
    )
    return in_place(there, local.select(frame.columns), frame.filter(~there))


def _room(tail: pl.Expr) -> pl.Expr:
    """Building, unit, floor and room by their numbers alone: 3号楼2单元501室 is 3-2-501."""
    marked = tail.str.extract_all(
        r"[A-Za-z]?\d+[A-Za-z]?|[A-Za-z](?:座|栋|幢|区|楼|单元|室|馆)|[甲乙丙丁](?:座|栋|幢|号|单元)"
    )
    return (
        marked.list.eval(pl.element().str.replace(r"(?:座|栋|幢|区|楼|单元|室|馆|号)$", ""))
        .list.join("-")
        .str.to_uppercase()
        .replace("", None)
    )


_COUNTED = ("号", "號", "弄", "栋", "幢", "座", "楼", "层", "单元", "室", "期", "区", "组", "队")
_NAMED = ("路", "街", "大街", "道", "大道", "巷", "段", "条", "环")
_MISCOUNTED = rf"[零一二三四五六七八九十百](?:{'|'.join(_COUNTED)})|[0-9](?:{'|'.join(_NAMED)})"
"""What `_digits` may write otherwise."""


def _digits(text: pl.Expr) -> pl.Expr:
    """Houses and floors are counted in digits (十二号 → 12号), roads in words (8路 → 八路)."""
    written, standard = _numerals()
    return text.str.replace_many(written, standard, leftmost=True)


@cache
def _numerals() -> tuple[list[str], list[str]]:
    table = {f"{spell(n)}{unit}": f"{n}{unit}" for n in range(1, 400) for unit in _COUNTED}
    table |= {f"{n}{unit}": f"{spell(n)}{unit}" for n in range(1, 100) for unit in _NAMED}
    ordered = sorted(table, key=len, reverse=True)
    return ordered, [table[word] for word in ordered]


def spell(number: int) -> str:
    """Write a number below a thousand in Chinese: 12 is 十二, 203 is 二百零三."""
    digit = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digit[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digit[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digit[ones] if ones else "")
