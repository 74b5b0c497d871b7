"""Whether two names of schools, hospitals, courts or offices name one body.

Such a name has no brand: 北京市第八中学 is called 北京八中, 上海市浦东新区人民法院 浦东法院. Its
place, its number and its own words distinguish it; a part of a body (大学附属中学) is another body.
"""

import re
from functools import cache, lru_cache

from cleansing.text import simplify_text
from dedup.knowledge.known_names import body_abbreviations, word_list
from dedup.knowledge.numerals import NUMERALS, as_number, in_figures
from dedup.value_pairs.evidence import Evidence, Parts, evidence, is_han

_KINDS = "|".join(word_list("body_kinds"))
_IS_BODY = re.compile(rf"(?:{_KINDS})$")
_NUMBERED = "(?:人民|附属|中心|中医)?(?:中学|中$|中分校|中校区|小学|小$|医院|附院|附|院|幼|实验|职)"
_SPECIAL = "[附分市区县镇乡儿妇眼胸]|研究|口腔|中医|肿瘤|精神|传染|医.*大"
"""Words that make it another body."""
Reading = tuple[tuple[str, ...], str]
"""Places at the front of a name, and the rest of it."""
_FIRM = re.compile("(?:公司|集团|厂|店|行|社)$")


def is_body(a: Parts) -> bool:
    """Whether a name is that of a school, hospital, court or office, in full or shortened."""
    name = a["value"] or ""
    if not is_han(name) or _FIRM.search(name):
        return False
    return (a["form"] or "").startswith(("cn-inst", "cn-gov")) or _IS_BODY.search(name) is not None


def judge_bodies(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two names of public bodies: place, number, and what else they say."""
    if _two_universities(a["value"] or "", b["value"] or ""):
        return [evidence("company_bodies.university.other")]
    left, right = _short(a["key"] or a["value"] or ""), _short(b["key"] or b["value"] or "")
    if left == right:
        return [evidence("company_bodies.name.same")]
    if _numbers(left) != _numbers(right):
        return [evidence("company_bodies.numbers.other")]
    whole = _readings(left)[-1], _readings(right)[-1]
    if whole[0][1] == whole[1][1]:
        return [_cores(*whole)]
    ways = [_cores(x, y) for x in _readings(left) for y in _readings(right)]
    return [max(ways, key=lambda found: found.weight)]


def _two_universities(one: str, other: str) -> bool:
    """Whether both names begin with a university's, and with two: their hospitals are two."""
    found = [_UNIVERSITY.match(simplify_text(name)) for name in (one, other)]
    heads = [head[1] for head in found if head is not None]
    return len(heads) == 2 and heads[0] not in heads[1] and heads[1] not in heads[0]


_UNIVERSITY = re.compile("(.{2,}?)(?:大学|学院)")


@lru_cache(maxsize=1 << 15)
def _short(name: str) -> str:
    """A name with its words shortened and its numbers as figures: 北京8中."""
    text = re.sub(r"[^\w]", "", name)
    text = re.sub("^国家税务总局(?=.+税务局)", "", text)
    text = re.sub(rf"^{_leading_place().pattern}(?=.{{2}})", r"\1\2", text)
    text = re.sub("^(.*?)公安局(.+?)分局$", r"\1\2公安分局", text)
    text = re.sub("(?<=..)新区(?=.)", "", text)
    for whole, short in body_abbreviations().items():
        text = text.replace(whole, short)
    text = in_figures(text, _NUMBERED)
    text = re.sub(rf"第([{NUMERALS}]+|\d+)", lambda found: as_number(found[1]), text)
    return re.sub(r"(?<=\d)(?:中学|中)(?=$|分校|校区)", "中", re.sub(r"(?<=\d)小学$", "小", text))


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


@lru_cache(maxsize=1 << 15)
def _readings(text: str) -> tuple[Reading, ...]:
    """The name as it stands, then with one place after another taken from its front."""
    ways: list[Reading] = [((), text)]
    places: tuple[str, ...] = ()
    while (found := _leading_place().match(text)) is not None:
        places, text = (*places, found[1]), text[found.end() :]
        if not _is_distinctive(text):
            break
        ways.append((places, text))
    return tuple(ways)


@cache
def _leading_place() -> re.Pattern[str]:
    from cleansing.company_name import reference as ref

    names = ref.provinces() | ref.cities() | ref.county_cities() | ref.district_stems()
    bare = {re.sub("(?<=..)[省市]$", "", name) for name in names}
    return re.compile(rf"({ref.regex(bare | {'中国', '国家'})})(?:[省市]|(新区|[区县州])?)")


def _is_distinctive(core: str) -> bool:
    """Whether words are left that are more than the kind of a body."""
    return len(core) > 1 and re.fullmatch(rf"(?:{_KINDS}|附)+", core) is None


def _cores(x: Reading, y: Reading) -> Evidence:
    (here, one), (there, other) = x, y
    if one == other:
        if here and there and here[-1] != there[-1]:
            return evidence("company_bodies.place.other")
        if not here or not there or set(here) <= set(there) or set(there) <= set(here):
            vague = not (here and there) and re.match(r"\d", one) is not None
            return evidence(
                "company_bodies.core.same_number" if vague else "company_bodies.core.same"
            )
        return evidence("company_bodies.place.other_chain")
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return evidence("company_bodies.core.part")
    if long.endswith(short) and _is_distinctive(short) and len(short) >= 4:
        return evidence("company_bodies.core.ends")
    if len(short) >= 3 and _follows(short, long) and short[0] == long[0] and short[-1] == long[-1]:
        return evidence("company_bodies.core.made")
    return evidence(
        "company_bodies.core.other" if _is_distinctive(short) else "company_bodies.core.place_only"
    )


def _follows(short: str, long: str) -> bool:
    """Whether its characters come one after the other, and what is left out means nothing."""
    left_out, at = "", 0
    for char in short:
        found = long.find(char, at)
        if found < 0:
            return False
        left_out += long[at:found]
        at = found + 1
    left_out += long[at:]
    return len(left_out) <= 4 and re.search(_SPECIAL, left_out) is None
