"""Around an address people write labels and postcodes, and between its places marks.

地址:广东省/深圳市/南山区/科技路1号 518057
"""

import re
from functools import cache

import polars as pl

from cleansing.address.places import district_names, district_stems, names
from cleansing.text import in_place

_LABEL = (
    r"^((?:(?:公司|单位|企业|工厂|客户|联系|通讯|通信|办公|注册|收货|收件|发货|邮寄|寄送|送货|家庭|经营|详细|现"
    r"|户籍|居住|安装|开票)*(?:地址|住址|住所|住所地|地点)(?:及电话)?|(?i:addr(?:ess)?\.?|add\.?))"
    r"\s*[:：]\s*)(.+)$"
)
_BARE_LABEL = r"^(\p{Han}{0,4}(?:地址|住址|住所))(\p{Han}.+)$"
"""Without a colon the word is a label only before a place."""
_FIRST = r"^\(?(?:邮编:?)?(\d{6})\)?[,， ]*(\p{Han})"
_TAIWAN_FIRST = (
    r"^\(?(\d{3}|\d{5,6})\)?[,， ]*((?:[台臺][北中南東东灣湾]|新北|桃[園园]|高雄|基隆|新竹"
    r"|嘉[義义]|苗栗|彰化|南投|[雲云]林|屏[東东]|宜[蘭兰]|花[蓮莲]|澎湖|金[門门]|[連连]江)\p{Han})"
)
"""Taiwan's postcodes have three digits, or with the delivery route five or six (中華郵政)."""
_LAST = r"[,， (]*(?:邮编|邮政编码|邮码|郵編|P\.?C\.?)[:： ]*(\d{6})\)?$"
"""Six digits before an address, or marked as a postcode after it."""
_BARE_LAST = r"(?:[,，;； (]+|(?:号|號|室|楼|栋|幢|座|层|院|村|镇|乡|厦|心|路|街))(\d{6})\)?$"
_MARKS = r"[/,，、|｜;；·_\\>\- ]"
_PARTED = rf"^\p{{Han}}{{2,12}}{_MARKS}+\p{{Han}}"
_NOTABLE = rf"^\(?[\d邮郵]|\d{{6}}\)?$|[:：]|^\p{{Han}}{{0,4}}(?:地址|住[址所])|{_PARTED}"
"""What any of the patterns here needs; most addresses have none of it."""

_SORTING = (
    "10:11 20:31 30:12 40:50 01-02:15 03-04:14 05-07:13 11-12:21 13:22,15 15-16:23 21-22:32 "
    "23-24:34 25-27:37 31-32:33 33-34:36 35-36:35 41-42:43 43-44:42 45-47:41 51-52:44 53-54:45 "
    "55-56:52 57:46 61-64:51,50 65-67:53 71-72:61 73-74:62 75:64 81:63 83-84:65 85-86:54"
)
"""The first two digits of a postcode, and the provinces they serve (中国邮政 邮政编码 编排规则)."""


def taken_off(addresses: pl.Series) -> pl.DataFrame:
    """Columns tidy (the address alone), postcode, label, joined, unsure_code and behind_all.

    The last stays in the value, but is no part of the way: digits that may be a postcode.
    """
    plain = pl.DataFrame({"tidy": addresses}).with_columns(
        postcode=pl.lit(None, pl.String),
        label=pl.lit(None, pl.String),
        joined=pl.lit(value=False),
        unsure_code=pl.lit(None, pl.String),
        behind_all=pl.lit("", pl.String),
    )
    odd = addresses.str.contains(_NOTABLE).fill_null(value=False)
    if not odd.any():
        return plain
    rows = [_bare(address) for address in addresses.filter(odd).to_list()]
    return in_place(odd, pl.DataFrame(rows, schema=plain.schema, orient="row"), plain.filter(~odd))


Row = tuple[str, str | None, str | None, bool, str | None, str]


def _bare(address: str) -> Row:
    label = _match(_LABEL, address)
    if label is None:
        label = _match(_BARE_LABEL, address)
        label = label if label is not None and _province_of(label[2]) is not None else None
    if label is not None:
        address = label[2]
    whole, postcode = address, None
    address, code, sure = _without_postcode(address)
    if code is not None and sure:
        postcode, whole = code, address
    together = _together(address)
    return (
        together or address,
        postcode,
        None if label is None else f"label removed: {label[1].strip()}",
        together is not None,
        None if code is None or sure else f"unsure: is {code} a postcode?",
        whole[len(address) :],
    )


def _without_postcode(address: str) -> tuple[str, str | None, bool]:
    """The address, the postcode around it, and whether that is certain."""
    for pattern in (_FIRST, _TAIWAN_FIRST):
        first = _match(pattern, address)
        if first is not None:
            return address[first.start(2) :], first[1], True
    last = _search(_LAST, address)
    if last is not None:
        return address[: last.start()], last[1], True
    bare = _search(_BARE_LAST, address)
    if bare is None:
        return address, None, True
    parted = re.search(r"\w", address[bare.start() : bare.start(1)]) is None
    end = bare.start() if parted else bare.start(1)
    return address[:end], bare[1], _serves(bare[1], address)


def _serves(code: str, address: str) -> bool:
    """Whether a postcode lies in the province that the address begins with."""
    province = _province_of(re.sub(_MARKS, "", address))
    return province is not None and province in _sorting().get(code[:2], ())


@cache
def _sorting() -> dict[str, tuple[str, ...]]:
    found = {}
    for entry in _SORTING.split():
        span, provinces = entry.split(":")
        first, _, last = span.partition("-")
        for number in range(int(first), int(last or first) + 1):
            found[f"{number:02}"] = tuple(provinces.split(","))
    return found


def _province_of(address: str) -> str | None:
    """The first two digits of the code of the province that an address lies in."""
    from cleansing.place_chain import readings

    provinces = {place[:2] for place in readings(address)[-1].places}
    return next(iter(provinces)) if len(provinces) == 1 else None


def _together(address: str) -> str | None:
    """The places put together where marks part them, 广东省/深圳市/科技路 → 广东省深圳市科技路."""
    if _match(_PARTED, address) is None:
        return None
    at = 0
    places = []
    for piece in re.finditer(rf"([^\W\d_]+)({_MARKS}+)", address):
        if piece.start() != at or piece[1] not in _known():
            break
        places.append(piece[1])
        at = piece.end()
    sure = len(places) > 1 or (places and places[0][-1] in "省市区县州盟旗")  # 北京-上海高速
    return "".join(places) + address[at:] if sure and at < len(address) else None


@cache
def _known() -> frozenset[str]:
    """Every name of a place, in full or without its rank."""
    levels = [named for level in ("province", "city") for named in names(level)]
    every = {name for named in levels for name in named}
    return frozenset({*every, *district_names(), *district_stems(), "中国"})


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(r"\p{Han}", "[\u3400-\u9fff]"))


def _match(pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(pattern).match(text)


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(pattern).search(text)
