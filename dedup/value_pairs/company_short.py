"""Whether a short name is made of a full Chinese company name: 瓦轴 of 瓦房店轴承.

People shorten a name to its brand, its brand and trade, or to the first characters of its parts.
"""

import re
from functools import cache

from cleansing.company_name import reference as ref
from dedup.knowledge.known_names import word_list, word_table
from dedup.value_pairs.company_core import general_name
from dedup.value_pairs.evidence import Evidence, Parts, evidence

PROVINCE_LETTERS = word_table("province_letters")
"""The one-character names of provinces and some cities."""
_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司$|公司$")
_VAGUE = re.compile(r"(?:股份|集团|控股|公司)+$")
_DISTINCT = re.compile(
    r"(国际|控股|集团|香港|中国|海外|亚洲|环球|全球|资本|投资|金融|证券|银行|保险|置业|地产)"
)
"""Words that tell a daughter firm from its mother when only the short name has them."""


_MADE = evidence("company_short.made.two_characters")
_MADE_CHARACTER = evidence("company_short.made.character_more").weight
_MADE_INSIDE = evidence("company_short.made.inside_word").weight


def judge_short(short: Parts, full: Parts) -> list[Evidence]:
    """Weigh a Chinese name without legal form against one with it."""
    name, whole = (_plain(p["key"]).replace("第", "") for p in (short, full))
    registered = whole + _plain(_form(full["value"]))
    if _strange(name, registered):
        return [evidence("company_short.strange")]
    if _daughter(name, whole):
        return [evidence("company_short.daughter")]
    bare = _VAGUE.sub("", name) or name
    brand = _plain(full["brand"]).replace("第", "")
    if bare == brand and len(bare) >= 2:
        return [evidence("company_short.brand.same"), *_same_region(short, full)]
    if bare in whole:
        return _inside(bare, whole, brand, full)
    fit = _fit(bare, whole, brand)
    if fit is None and len(brand) >= 2 and bare.startswith(brand):
        return [evidence("company_short.brand.more_words")]
    if fit is None:
        return [evidence("company_short.not_made")]
    if general_name(bare) is not None:
        fit += evidence("company_short.made.general_name").weight
    return [_MADE.weighing(fit)]


def _daughter(name: str, whole: str) -> bool:
    """宁波港铁路 is not 宁波港, nor 东方集团财务 东方集团: the name goes on with its own trade.

    A name that ends with a trade or a kind of organisation is whole; what only fills it (控股) or
    completes its trade (人寿保险) makes no other firm.
    """
    house = _HOUSES.search(name)
    front, found, behind = whole.partition(name)
    if house is None or not found or not _placed(front):
        return False
    completes = word_table("trades_completed").get(house[0], "")
    rest = re.sub(rf"^(?:{completes})", "", behind) if completes else behind
    rest = _FILLERS.sub("", _VAGUE.sub("", rest.replace("国际控股", "")))
    if house[0] in _FINANCE and len(name) >= 4:
        return rest != ""
    place = re.match(_place_words(), rest) if house[0] == "集团" else None
    return place is not None or _DAUGHTERS.match(rest.removeprefix("国际")) is not None


_DAUGHTERS = re.compile("|".join(word_list("trades_of_daughters")))
"""科技 and 设备 may well end one firm's name: 晨曦航空科技 is called 晨曦航空."""
_HOUSES = re.compile(rf"(?<=..)(?:{'|'.join(word_list('words_that_end_a_name'))})$")
_FINANCE = frozenset(word_list("financial_trades"))
_FILLERS = re.compile("中国|控股|集团|实业|发展|有限|责任")


def _plain(text: str | None) -> str:
    return re.sub(r"[^\w]", "", (text or "").lower())


def _form(value: str | None) -> str:
    """The legal form as its own characters, for 股份 and 集团 may be part of a short name."""
    found = _FORM.search(_plain(value))
    return found.group() if found else ""


def _strange(name: str, registered: str) -> bool:
    return any(word not in registered for word in _DISTINCT.findall(name[1:]))


def _same_region(short: Parts, full: Parts) -> list[Evidence]:
    if short["region"] is not None and short["region"] == full["region"]:
        return [evidence("company_short.region.same")]
    return []


def _inside(bare: str, whole: str, brand: str, full: Parts) -> list[Evidence]:
    """The short name stands in the full one: where it stands says how much that means."""
    at = whole.find(bare)
    region = re.sub(r"\W", "", full["region"] or "").lower()
    if region and region.startswith(bare):
        return [evidence("company_short.place.only")]
    if _placed(whole[:at]) or at == whole.find(brand):
        return [
            evidence(
                "company_short.full.begins"
                if bare.startswith(brand[:2])
                else "company_short.full.after_place"
            )
        ]
    if at + len(bare) == len(whole) and len(bare) >= 4:
        return [evidence("company_short.full.ends")]
    if brand and (brand in bare or bare in brand):
        return [evidence("company_short.full.in_brand")]
    return [evidence("company_short.full.general_words")]


def _placed(front: str) -> bool:
    """Whether nothing but places stands in front."""
    return re.fullmatch(rf"(?:{_place_words()}|[省市区县])*", front) is not None


@cache
def _starts(whole: str) -> frozenset[int]:
    """Where the words of a name begin: places, trade words, and what stands between them."""
    long, _ = ref.trade_words()
    starts = {0}
    for found in re.finditer(f"{_place_words()}|{long}", whole):
        starts |= {found.start(), found.end()}
    return frozenset(starts)


@cache
def _place_words() -> str:
    return ref.regex(ref.provinces() | ref.cities() | ref.county_cities() | {"中国", "中华"})


def _fit(bare: str, whole: str, brand: str) -> float | None:
    """How well a short name is made of the beginnings of a full name's words; None if it is not."""
    if len(bare) < 2:
        return None
    best = None
    for text, start in _heads(bare, whole, brand):
        weight = _follow(text, whole, start)
        if weight is not None and (best is None or weight > best):
            best = weight
    return best


def _heads(bare: str, whole: str, brand: str) -> list[tuple[str, int]]:
    """Where the short name may begin: with the full name, its brand, or its province's letter."""
    heads = [(bare, n) for n in {0, max(0, whole.find(brand))} if whole[n : n + 1] == bare[0]]
    if re.match(_place_words(), whole) and whole[1] == bare[0] and len(bare) == 2:
        heads.append((bare, 1))
    if whole[0] == "中" and whole[1:2] == bare[0] and len(bare) > 2:
        heads.append((bare, 1))
    province = PROVINCE_LETTERS.get(bare[0])
    if province is not None and whole.startswith(province) and len(bare) > 2:
        heads.append((province[-1] + bare[1:], len(province) - 1))
    return heads


def _follow(text: str, whole: str, start: int) -> float | None:
    """Go through the full name after the short one's characters; a word's inside costs."""
    starts = _starts(whole)
    at, weight = start, _MADE.weight + _MADE_CHARACTER * (len(text) - 2)
    for char in text[1:]:
        if whole[at + 1 : at + 2] == char:
            at += 1
            continue
        places = [n for n in range(at + 1, len(whole)) if whole[n] == char]
        if not places:
            return None
        headed = [n for n in places if n in starts]
        at = (headed or places)[0]
        weight += 0.0 if headed else _MADE_INSIDE
    return weight


@cache
def _trade_words() -> re.Pattern[str]:
    long, _ = ref.trade_words()
    return re.compile(f"(?:{long})+")


def is_trade(text: str) -> bool:
    """Whether a text is made of words for trades, so that another such text is another trade."""
    return _trade_words().fullmatch(text) is not None
