"""Whether a short name is made of a full Chinese company name: 瓦轴 of 瓦房店轴承.

People shorten a name to its brand, its brand and trade, or to the first characters of its parts.
"""

import re
from functools import cache

from dedup.pair_company_core import general_name
from dedup.pair_evidence import Evidence, Parts
from dedup.pair_knowledge import word_table

PROVINCE_LETTERS = word_table("province_letters")
"""The one-character names of provinces and some cities."""
_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司$|公司$")
_VAGUE = re.compile(r"(?:股份|集团|控股|公司)+$")
_DISTINCT = re.compile(
    r"(国际|控股|集团|香港|中国|海外|亚洲|环球|全球|资本|投资|金融|证券|银行|保险|置业|地产)"
)
"""Words that tell a daughter firm from its mother when only the short name has them."""


def judge_short(short: Parts, full: Parts) -> list[Evidence]:
    """Weigh a Chinese name without legal form against one with it."""
    name, whole = (_plain(p["key"]).replace("第", "") for p in (short, full))
    registered = whole + _plain(_form(full["value"]))
    if _strange(name, registered):
        return [Evidence(-6, "the short name says what the full name does not")]
    bare = _VAGUE.sub("", name) or name
    brand = _plain(full["brand"]).replace("第", "")
    if bare == brand and len(bare) >= 2:
        return [Evidence(3.5, "the short name is the brand"), *_same_region(short, full)]
    if _house(bare, whole):
        return [Evidence(-5, "the full name is a daughter firm's, by its trade")]
    if bare in whole:
        return _inside(bare, whole, brand, full)
    fit = _fit(bare, whole, brand)
    if fit is None and len(brand) >= 2 and bare.startswith(brand):
        return [Evidence(-1, "same brand, other words besides")]
    if fit is None:
        return [Evidence(-6, "the short name is not made of the full name")]
    if general_name(bare) is not None:
        fit -= 2.0
    return [Evidence(fit, "the short name is made of the full name's characters")]


_HOUSES = re.compile("(?:证券|银行|期货|信托|基金|人寿|财险|保险)$")


def _house(bare: str, whole: str) -> bool:
    """东方证券 and 东方证券承销保荐: a financial firm's name ends where its trade ends."""
    if len(bare) < 4 or not _HOUSES.search(bare) or not whole.startswith(bare):
        return False
    return re.sub("中国|国际", "", _VAGUE.sub("", whole.removeprefix(bare))) != ""


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
        return [Evidence(1, "same region")]
    return []


def _inside(bare: str, whole: str, brand: str, full: Parts) -> list[Evidence]:
    """The short name stands in the full one: where it stands says how much that means."""
    at = whole.find(bare)
    region = re.sub(r"\W", "", full["region"] or "").lower()
    if region and region.startswith(bare):
        return [Evidence(-1.2, "only the place is the same")]
    after_place = at == 0 or re.fullmatch(rf"(?:{_place_words()}|[省市区县])+", whole[:at])
    if after_place or at == whole.find(brand):
        return [Evidence(4 if bare.startswith(brand[:2]) else 3, IN_FULL)]
    if at + len(bare) == len(whole) and len(bare) >= 4:
        return [Evidence(0.8, "the short name ends the full name")]
    if brand and (brand in bare or bare in brand):
        return [Evidence(0.3, IN_FULL)]
    return [Evidence(-1.5, "the short name is only words that many names have")]


IN_FULL = "the short name stands in the full name"


@cache
def _starts(whole: str) -> frozenset[int]:
    """Where the words of a name begin: places, trade words, and what stands between them."""
    from cleansing.company_name import reference as ref

    long, _ = ref.trade_words()
    starts = {0}
    for found in re.finditer(f"{_place_words()}|{long}", whole):
        starts |= {found.start(), found.end()}
    return frozenset(starts)


@cache
def _place_words() -> str:
    from cleansing.company_name import reference as ref

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
    at, weight = start, 1.2 + 0.6 * (len(text) - 2)
    for char in text[1:]:
        if whole[at + 1 : at + 2] == char:
            at += 1
            continue
        places = [n for n in range(at + 1, len(whole)) if whole[n] == char]
        if not places:
            return None
        headed = [n for n in places if n in starts]
        at = (headed or places)[0]
        weight += 0.0 if headed else -1.8
    return weight
