"""After the places, a Chinese address names town, road, number, building and room (GB/T 23705)."""

from functools import cache

import polars as pl

from cleansing.address import levels

_TOWN = (
    r"^([\p{Han}]{1,6}?(?:街道办事处|街道)|[\p{Han}]{1,6}?(?:民族乡|苏木|镇|乡)(?:人民政府)?)"
    r"(?:[^路街江海]|[江海][^路]|$)"
)
_VILLAGE = (
    r"^([\p{Han}]{2,6}?(?:社区(?:居民委员会)?|村民委员会|居民委员会|村委会|居委会|村))"
    r"(?:[^路街道]|$)"
)
_ZONE = (
    r"^([\p{Han}]{2,12}?(?:开发区|工业园区|产业园区|工业区|高新区|园区|保税区|示范区|新区|新城))"
    r"(?:[^路街道大]|$)"
)
_ROAD = (
    r"([\p{Han}A-Za-z0-9]{1,12}?(?:大道|大街|公路|国道|省道|县道|胡同|路|街|道|巷|弄|里|线|条|环)"
    r"(?:[东西南北中前后]?(?:[一二三四五六七八九十\d]{1,2}段|段)|[东西南北中](?:路|街|侧)?)?)"
)
_NUMBER = r"(?:第)?([A-Z]?\d+[A-Za-z]?(?:(?:[-－~、,之附及/]|号附|弄|巷)\d+)*(?:弄|巷)?(?:\d+)?)"
_SIDE = r"(?:[东西南北]侧|[东西南北])?"


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns province, city, district, old, head, road, number, room, core."""
    folded = addresses.str.replace_all(r"\s+", "")
    placed = levels.parse(folded)
    rest = pl.col("rest")
    frame = placed.with_columns(
        detail=rest.str.replace_all(r"\([^)]*\)?", "").pipe(_digits),
    )
    for pattern in (_ZONE, _TOWN, _VILLAGE):
        taken = pl.col("detail").str.extract(pattern)
        frame = frame.with_columns(
            detail=pl.col("detail").str.slice(taken.str.len_chars().fill_null(0))
        )
    numbered = pl.col("detail").str.extract_groups(
        rf"^.*?{_ROAD}{_SIDE}{_NUMBER}(?:号院?|號)?(.*)$"
    )
    road = pl.coalesce(numbered.struct[0], pl.col("detail").str.extract(rf"^{_ROAD}"))
    tail = pl.coalesce(numbered.struct[2], pl.col("detail"))
    frame = frame.with_columns(
        road=road,
        number=numbered.struct[1].str.replace_all(r"[－~之附及/、,]|号附", "-").str.to_uppercase(),
        room=_room(tail),
    )
    located = pl.col("number").is_not_null()
    return frame.with_columns(
        core=pl.when(located)
        .then(pl.concat_str("road", "number", pl.concat_str(pl.lit("#"), "room").fill_null("")))
        .otherwise(pl.col("detail"))
    ).with_columns(
        core=pl.coalesce(pl.col("core").replace("", None), "district", "city", "province")
    )


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


def _digits(text: pl.Expr) -> pl.Expr:
    """Houses and floors are counted in digits (十二号 → 12号), roads in words (8路 → 八路)."""
    written, standard = _numerals()
    return text.str.replace_many(written, standard, leftmost=True)


@cache
def _numerals() -> tuple[list[str], list[str]]:
    counted = ("号", "號", "弄", "栋", "幢", "座", "楼", "层", "单元", "室", "期", "区", "组", "队")
    named = ("路", "街", "大街", "道", "大道", "巷", "段", "条", "环")
    table = {f"{spell(n)}{unit}": f"{n}{unit}" for n in range(1, 400) for unit in counted}
    table |= {f"{n}{unit}": f"{spell(n)}{unit}" for n in range(1, 100) for unit in named}
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
