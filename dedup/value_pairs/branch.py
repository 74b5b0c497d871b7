"""Whether two branches of one firm are one: 成都锦江支行 and 成都市锦江区支行, but not 青羊支行.

A branch is named by its kind (分行, 支行, 营业部), the place it is in, and often a spot in that
place (花桥, 南京西路). The place may be given at any level, with or without its rank, so it is
resolved to a division (GB/T 2260) and the divisions are compared; the spot is compared as it is
written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from cleansing.place_chain import PlaceReading, Places, nested, readings, same_place, within
from dedup.knowledge.known_names import word_list
from dedup.knowledge.numerals import NUMERALS, as_number
from dedup.value_pairs.evidence import Evidence, edits, evidence

SAME = evidence("branch.place.same")
RANK = evidence("branch.place.rank")
SPOT = evidence("branch.spot.same")
ROAD = evidence("branch.spot.road")
MANY = evidence("branch.place.many")
COMMON_SPOT = evidence("branch.spot.common")
PART = evidence("branch.spot.part")
TYPO = evidence("branch.spot.one_character")
KIND = evidence("branch.kind.other")
OTHER = evidence("branch.other")

DOUBTFUL = frozenset({ROAD, MANY, COMMON_SPOT, PART, TYPO, KIND})
"""However surely the firms are one, a person has to look at these."""

_KINDS = (
    ("证券营业部", "营业部"), ("期货营业部", "营业部"),
    ("中心支公司", "中心支公司"), ("中心支行", "中心支行"),
    *((kind, kind) for kind in word_list("branch_kinds")),
)  # fmt: skip
_ABOVE = re.compile("^(.{2,}?)(?:省|市|自治区)?(?:分行|分公司|中心支公司|支行|支公司)(?=.)")
_ROAD = "(?:大街|大道|路|街|道|巷|弄|里)"
_TOWN = re.compile("(?:镇|乡|街道|村)$")
_SPOT_WORD = re.compile(
    f"^(?:[东西南北中内外前后{NUMERALS}]?{_ROAD}|镇|街道|乡|村|桥|门|大厦|广场|花园|公园|机场|口岸|湖畔)"
)
"""What makes a place before it part of a name: 南京西路 is not in 南京, 朝阳门 not in 朝阳."""
_COMMON = re.compile(
    rf"^(?:{'|'.join(word_list('common_spots'))})(?:[东西南北中]?{_ROAD})?$"
    rf"|^[城东西南北中新老]{{1,2}}[城区街门]$|^第?[{NUMERALS}\d]+$|(?:开发区|高新区|新区|园区|工业区)$"
)


@dataclass(frozen=True)
class Branch:
    """A branch taken apart: of what kind, and every way to read its place and spot."""

    kind: str
    ways: tuple[PlaceReading, ...]


@lru_cache(maxsize=1 << 15)
def branch_of(text: str) -> Branch:
    """Take a branch's name apart."""
    plain = re.sub(r"[^\w]", "", text)
    kind, plain = _kind(plain)
    above = _ABOVE.match(plain)
    if above is not None and readings(above[1])[-1].rest == "":
        plain = above[1] + plain[above.end() :]
        repeated = re.match(r"(.{2,})\1", plain)  # 广州分行广州天河支行
        plain = plain[len(repeated[1]) :] if repeated else plain
    return Branch(kind, tuple(_ways(plain)))


def _kind(plain: str) -> tuple[str, str]:
    """The kind, 分行营业部 as one, and what stands before it."""
    for ending, kind in _KINDS:
        if plain.endswith(ending):
            rest = plain.removesuffix(ending)
            inner = re.search("(?:分行|支行|分公司|支公司)$", rest)
            if inner is not None and kind == "营业部":
                return inner.group() + kind, rest[: inner.start()]
            return kind, rest
    return "", plain


def _ways(plain: str) -> Iterator[PlaceReading]:
    """The readings whose last place is a place, not the beginning of a road or a town's name."""
    for way in readings(plain):
        if not way.names or not _SPOT_WORD.match(way.rest):
            yield way


def judge_branches(a: str, b: str, region: Places = frozenset()) -> Evidence:
    """Weigh two branches of one firm, which has its seat in the region where it names one."""
    if re.sub(r"\W", "", a) == re.sub(r"\W", "", b):
        return evidence("branch.same")
    x, y = branch_of(a), branch_of(b)
    found = _judge(x.ways[-1], y.ways[-1], region)
    if found is OTHER and any(
        _judge(one, other, region) is ROAD for one, other in product(x.ways, y.ways)
    ):
        found = ROAD  # 解放 is a district too, but not where 解放路 is meant
    if found is OTHER and _unplaced(x, y):
        found = PART
    if x.kind != y.kind and found.weight > OTHER.weight:
        grown = "营业部" in x.kind + y.kind  # 浙江省分行营业部 is a branch beside 浙江省分行
        return OTHER if grown else KIND
    return found


def _unplaced(x: Branch, y: Branch) -> bool:
    """工业园区支行 and 苏州工业园区支行: one says no place, the other ends with what it says."""
    for short, long in ((x, y), (y, x)):
        spot, name = short.ways[-1], long.ways[-1].names
        if len(spot.rest) >= 2 and name and not long.ways[-1].rest and name[-1] != spot.rest:
            apart = spot.places and not nested(spot.places, long.ways[-1].places)
            return not apart and name[-1].endswith(spot.rest)
    return False


def _judge(x: PlaceReading, y: PlaceReading, region: Places) -> Evidence:
    here, there = (within(way.places, region) for way in (x, y))
    one, other = _spot(x.rest), _spot(y.rest)
    if one == other == "":
        return _places(x, y, here, there)
    apart = bool(here and there) and not nested(here, there)
    if apart:
        return OTHER
    if one == other:
        if here and there:
            return SAME
        return COMMON_SPOT if _COMMON.search(one) else SPOT
    return _spots(one, other)


def _places(x: PlaceReading, y: PlaceReading, here: Places, there: Places) -> Evidence:
    """Two branches named by their places alone."""
    if not same_place(here, there):
        return OTHER
    if here == there or (_sure(here) and _sure(there)):
        return SAME
    if len(x.names) == len(y.names):
        ranked = any(len(a) == 1 for a in (here, there))
        return RANK if ranked or here == there else MANY
    return MANY


def _sure(places: Places) -> bool:
    """One place, or one and what is called after it inside it: 荆州 and its 荆州区."""
    highest = min(places, key=len)
    return all(place.startswith(highest) for place in places)


def _spots(one: str, other: str) -> Evidence:
    """Two spots that are not written alike."""
    short, long = sorted((one, other), key=len)
    if short and re.fullmatch(rf"{re.escape(short)}[东西南北中]?{_ROAD}", long):
        return ROAD if len(long) - len(short) <= 2 and not _side(short, long) else OTHER
    if len(short) >= 2 and (long.startswith(short) or long.endswith(short)):
        return PART
    if (
        len(short) == len(long) >= 4
        and edits(short, long) == 1
        and not _differ_by_side(short, long)
    ):
        return TYPO
    return OTHER


def _side(short: str, long: str) -> bool:
    return long[len(short)] in "东西南北中"


def _differ_by_side(one: str, other: str) -> bool:
    """Whether the characters that differ are sides or numbers, which are no typos."""
    odd = {c for x, y in zip(one, other, strict=True) if x != y for c in (x, y)}
    return bool(odd & set("东西南北中上下前后内外" + NUMERALS)) or any(c.isdigit() for c in odd)


def _spot(rest: str) -> str:
    """A spot with its numbers as figures, a town without its rank."""
    text = re.sub(rf"第?([{NUMERALS}]+)(?=$|支|分)", lambda found: as_number(found[1]), rest)
    text = re.sub("^高新(?:技术)?(?:产业)?(?:开发)?区?$", "高新区", text)
    text = re.sub("^(?:国家级)?经(?:济(?:技术)?开发|开)区$", "开发区", text)
    return _TOWN.sub("", text) if len(text) > 3 else text


def canonical_branch(text: str) -> str:
    """One text for the names of one branch, where its place is certain: kind, place, spot.

    A branch of a spot (花桥) is put in its city, for the county may be left out.
    """
    branch = branch_of(text)
    way = branch.ways[-1]
    highest = sorted(way.places, key=len)  # 西安 is the city rather than a district of Mudanjiang
    sure = len(highest) == 1 or (highest and len(highest[0]) < len(highest[1]))
    place = highest[0] if sure else (way.names or ("",))[-1]
    spot = _spot(way.rest)
    if spot and sure:
        place = place[:2] if place[:2] in _MUNICIPALITIES else place[:4]
    return f"{branch.kind}|{place}|{spot}"


_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
