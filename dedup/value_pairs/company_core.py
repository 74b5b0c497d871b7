"""Whether two full Chinese names are one but for words of little information.

A county or city put before (杭州市余杭顺达, 余杭顺达), the group's name inside (金隅集团琉璃河
水泥), a brand said twice, 市商业银行 that became 银行, 投资控股 for 控股: the name is one. 实业 or
投资 more, or one wrong character in a long name, is for a person to see.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from cleansing.place_chain import Places, nested, readings, same_place
from dedup.knowledge.known_names import word_list
from dedup.knowledge.numerals import NUMERALS
from dedup.value_pairs.evidence import Evidence, evidence, reading

_VAGUE = "|".join(word_list("vague_company_words"))
_VAGUE_TAIL = re.compile(rf"(?:{_VAGUE})+$")
_GENERAL = re.compile(rf"(?:{_VAGUE}|{'|'.join(word_list('general_trades'))})*")
"""A name of such words alone is told from others by its place."""
_BANK = re.compile("^(?:市|城市)?商业银行$")
_SET = frozenset("东西南北中上下前后内外大小甲乙丙丁" + NUMERALS)
"""Characters that tell sister firms apart, so no typo."""
LONG = 6
"""From so many characters, without place and form, one wrong character may be a typo."""


SURE = (evidence("company_core.place.same"), evidence("company_core.core.same"))
"""What makes two names one, whatever else their parts say."""


@dataclass(frozen=True)
class Core:
    """A name without its place, and without what repeats or means little inside it."""

    places: Places
    body: str


def judge_cores(a: str, b: str) -> list[Evidence]:
    """Weigh two keys of full Chinese names; nothing where they are not nearly one."""
    ways = [_one_name(x, y) for x, y in product(_cores(a), _cores(b))]
    reasons = [e for e in ways if e is not None]
    if reasons:
        return [max(reasons, key=lambda e: e.weight)]
    x, y = _cores(a)[-1], _cores(b)[-1]
    if x.places != y.places:
        return []
    return [*_vague(x.body, y.body), *_typo(x.body, y.body)]


@lru_cache(maxsize=1 << 15)
def _cores(key: str) -> tuple[Core, ...]:
    """The name with no place taken from its front, then with one more each time."""
    found = []
    for way in readings(re.sub(r"\W", "", key)):
        rest = re.sub("^[省市区县]", "", way.rest)
        if len(rest) < 2:
            break
        if way.places and _BANK.match(rest):
            rest = "银行"
        found.append(Core(way.places, _reduced(rest)))
    return tuple(found) or (Core(frozenset(), key),)


def _reduced(rest: str) -> str:
    text = re.sub(r"^(.{2,6})\1", r"\1", rest)
    text = re.sub("农村商业银行|农商行", "农商银行", text)
    text = re.sub("(?:农村)?信用(?:合作)?(?:联社|社联合社|联合社|社)|农信联社", "农信社", text)
    text = text.replace("投资控股", "控股").replace("集团控股", "控股集团")
    inside = re.match(rf"^(.{{2,}}?)集团(?!(?:{_VAGUE})*$)(.{{2,}})$", text)
    return inside[1] + inside[2] if inside else text


def _one_name(x: Core, y: Core) -> Evidence | None:
    if x.body != y.body:
        return None
    general = _GENERAL.fullmatch(x.body) is not None
    if same_place(x.places, y.places):
        return evidence("company_core.place.same")
    if not x.places and not y.places:
        return evidence("company_core.core.same_general" if general else "company_core.core.same")
    if general:
        return None
    if x.places and y.places:
        inside = nested(x.places, y.places)
        return evidence("company_core.place.within") if inside else None
    return None  # a region in one name only is weighed part by part


def general_name(key: str) -> Core | None:
    """The place and words of a name that has no brand: 宁波市信用社, 上海投资."""
    core = _cores(key.removeprefix("中国"))[-1]
    return core if core.body and _GENERAL.fullmatch(core.body) else None


def names_narrower_place(short: str, long: str) -> bool:
    """Whether a name without a brand is in another, or a narrower, place than a longer name."""
    core = general_name(short)
    if core is None:
        return False
    there = _cores(long)[-1].places
    if core.places:  # 和顺 is a county, but oftener a brand
        city = min(map(len, core.places)) <= 4
        return city and bool(there) and not same_place(core.places, there)
    _, found, behind = long.partition(core.body)
    return bool(found) and any(readings(behind[n:])[-1].names for n in range(len(behind) - 1))


def _vague(one: str, other: str) -> list[Evidence]:
    """The same stem, and one name with 实业, 投资, 发展 or 控股 more."""
    stems = [_VAGUE_TAIL.sub("", body) for body in (one, other)]
    if stems[0] != stems[1] or len(stems[0]) < 2 or _GENERAL.fullmatch(stems[0]):
        return []
    tails = [set(re.findall(_VAGUE, body[len(stems[0]) :])) for body in (one, other)]
    more = tails[0] ^ tails[1]
    if not (tails[0] <= tails[1] or tails[1] <= tails[0]) or not all(tails):
        return []
    group = more == {"集团"}
    return [evidence("company_core.word.group" if group else "company_core.word.vague")]


def _typo(one: str, other: str) -> list[Evidence]:
    """One wrong character in a long name."""
    if len(one) != len(other) or len(one) < LONG:
        return []
    odd = [n for n, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    if len(odd) != 1 or {one[odd[0]], other[odd[0]]} & _SET or one[odd[0]].isascii():
        return []
    sounds = reading(one[odd[0]]) == reading(other[odd[0]])
    brand = odd[0] < 2 and not sounds
    return [evidence("company_core.character.brand" if brand else "company_core.character.other")]
