"""What a Chinese address says beyond its road: town, village, estate, and the units within.

Estates, market halls and office towers are named with or without their road, and their buildings,
stairs, floors and rooms by words of many kinds (号楼, 幢, 栋, 座 are all a building), so a unit is
read with its kind, its number as figures.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from dedup.knowledge.known_names import word_list
from dedup.knowledge.numerals import NUMERALS, as_number
from dedup.value_pairs.evidence import reading

_COUNT = rf"[{NUMERALS}]+|\d+[a-z]?|[a-z]\d*"
_UNITS = (
    ("phase", "期", re.compile(rf"({_COUNT})期")),
    ("zone", "区", re.compile(rf"({_COUNT})区")),
    (
        "building",
        "塔楼厅幢栋座",
        re.compile(rf"塔({_COUNT})|({_COUNT}|[东南西北主副])(?:号楼|号厅|幢|栋|座|厅)"),
    ),
    ("stairs", "单", re.compile(rf"({_COUNT}|[东西中])单元")),
    ("group", "组社队", re.compile(rf"({_COUNT})(?:村民)?(?:小组|组|社|队)")),
    ("room", "房室", re.compile(rf"({_COUNT})(?:号房|房|室)")),
    ("floor", "楼层f", re.compile(rf"({_COUNT})(?:楼|层|f(?![a-z]))")),
)
_ROOM_AT_END = re.compile(r"(?<=[号楼层座栋幢元厅])之?(\d{1,4}[a-z]?)号?$")
_CHAIN = re.compile(r"(?<=\D)(\d+)-(?:(\d+)-)?(\d{2,4})(?:室|房)?$")
_STREET = r"[^\d]{0,12}?(?:大道|大街|公路|胡同|[路街道巷弄线])"
_CUT = re.compile(
    rf"{_STREET}(?:[{NUMERALS}\d]+段)?(?:与{_STREET})?(?:交[叉汇](?:口|处))?(?:[东南西北]{{1,2}}(?:角|侧)?)?"
    r"(?:第?[甲乙丙丁附]?[\d-]+(?:号院?|弄|米)(?:附?\d+号(?!楼))?|[路街]?口)?|\d+号院?(?!楼|厅)|\d+米"
)
_KIND = "(?:" + "|".join(word_list("estate_kinds")) + ")"
_ESTATE = re.compile(rf"[\u3400-\u9fffa-z0-9]{{2,12}}?{_KIND}(?:[\u3400-\u9fff]{{0,6}}?{_KIND})*")
_VILLAGE = re.compile(r"[^\d]{1,5}?(?<!新)[村屯寨](?!委|民|镇|乡|路|街)")
_TOWN = re.compile(r"^[^\d]{1,6}?(?:街道|民族乡|镇|乡)(?:办事处)?(?=[^路街道]|$)")


@dataclass(frozen=True)
class Spot:
    """The parts of an address that lie below the district, apart from road and house number."""

    town: str | None = None
    village: str | None = None
    estates: frozenset[str] = frozenset()
    units: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1 << 15)
def spot_of(detail: str) -> Spot:
    """Read what stands after province, city and district; letters small, brackets gone."""
    found = _TOWN.match(detail)
    town = re.sub("办事处$", "", found.group()) if found else None
    rest = detail[found.end() :] if found else detail
    pieces = [piece for piece in _CUT.split(rest) if piece]
    villages = [hit.group() for piece in pieces if (hit := _VILLAGE.match(piece))]
    village = villages[0] if villages else None
    estates = {hit.group() for piece in pieces if (hit := _ESTATE.match(_bare(piece, village)))}
    return Spot(town, village, frozenset(estates), _units(rest))


def _bare(piece: str, village: str | None) -> str:
    """A piece without its village and what counts in front of it."""
    return re.sub(r"^(?:[-号\d]+|附近|对面|[旁内边侧])+", "", piece.removeprefix(village or ""))


def same_estate(x: str, y: str) -> bool:
    """Whether two names of an estate are one: with its kind or without, or a typo of one letter."""
    short, long = sorted((x, y), key=len)
    stem = re.sub(f"(?:{_KIND})$", "", short)
    if long.endswith(short) or (
        len(stem) >= 2 and long.startswith(stem) and len(long) <= len(stem) + 3
    ):
        return short == long or len(stem) >= 2
    return min(len(x), len(y)) >= 4 and len(x) == len(y) and reading(x) == reading(y)


def _units(text: str) -> dict[str, str]:
    units: dict[str, str] = {}
    chain = _CHAIN.search(text)
    if chain is not None:
        chained = {"building": chain[1], "stairs": chain[2], "room": chain[3]}
        units = {kind: number for kind, number in chained.items() if number is not None}
        text = text[: chain.start()]
    for kind, words, pattern in _UNITS:
        found = list(pattern.finditer(text)) if any(w in text for w in words) else []
        if found and kind not in units:
            numbers = {_number(next(filter(None, hit.groups()))) for hit in found}
            units[kind] = "+".join(sorted(numbers))
            text = pattern.sub(lambda hit: "座" if kind == "building" else "元", text)  # noqa: B023
    end = _ROOM_AT_END.search(text)
    if end is not None and "room" not in units and (units or len(end[1]) >= 3):
        units["room"] = end[1].lstrip("0")
    return _storeyed(units)


def _number(text: str) -> str:
    text = text.removeprefix("第")
    return as_number(text) if text.isdigit() or text[0] in NUMERALS else text


def _storeyed(units: dict[str, str]) -> dict[str, str]:
    """Room 2901 lies on floor 29; room 6 on floor 3 is room 306."""
    floor, room = units.get("floor"), units.get("room", "")
    if floor is None and re.fullmatch(r"\d{3,4}", room):
        units["floor"] = room[:-2]
    elif floor is not None and floor.isdigit() and re.fullmatch(r"\d{1,2}", room):
        units["room"] = f"{floor}{room:0>2}"
    return units
