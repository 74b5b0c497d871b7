"""Whether two Chinese addresses are one place: level by level, from the province to the room."""

import re
from functools import lru_cache

from dedup.value_pairs.address_spots import Spot, same_estate, spot_of
from dedup.value_pairs.evidence import Evidence, Parts, conflict, edits, evidence, reading, total

_LEVELS = {
    "province": (
        evidence("address_han.province.same"),
        evidence("address_han.province.alike"),
        evidence("address_han.province.other"),
    ),
    "city": (
        evidence("address_han.city.same"),
        evidence("address_han.city.alike"),
        evidence("address_han.city.other"),
    ),
    "district": (
        evidence("address_han.district.same"),
        evidence("address_han.district.alike"),
        evidence("address_han.district.other"),
    ),
}
_RANK = r"(?:特别行政区|自治区|自治州|新区|省|市|区|县)$"
_STEM = re.compile(
    r"([甲乙丙丁])\d+号|\d+号([A-Za-z]|之[一二三四五六七八九\d]+)(?![A-Za-z座栋楼幢区\d])"
)
_SIDES = "东西南北中前后上下"
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_FRONT = re.compile(r"^.+?(?:开发区|工业区|新区|社区|街道|[区镇乡村])(?=..)")
_COUNTRY_ROAD = re.compile(r"\d+(?:乡道|县道|省道|国道)$")


def judge_han(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two addresses in Chinese characters."""
    found = [e for level in _LEVELS for e in _place(a, b, level)]
    x, y = _detail(a), _detail(b)
    spots = [spot_of(x), spot_of(y)]
    estate = _estates(*spots)
    one_estate = bool(estate) and estate[0].weight > 0
    road = _ways(a, b, x, y, spots, one_estate)
    if estate and (road.weight > 0 or road is OTHER_PART):
        estate = [
            evidence("address_han.estate.same_at_road")
            if one_estate
            else evidence("address_han.estate.other_at_road")
        ]
    return [
        *found, *_towns(a, b, *spots), *_villages(*spots), road, *estate,
        *_numbers(a, b, one_estate), *_units(a, b, *spots), *_figures(x, y), *_postcodes(a, b),
    ]  # fmt: skip


OTHER_PART = evidence("address_han.road.other_part")


@lru_cache(maxsize=1 << 14)
def _plain(text: str | None) -> str:
    return re.sub(r"[^\w]", "", (text or "").lower())


def _place(a: Parts, b: Parts, level: str) -> list[Evidence]:
    if a[level] is None or b[level] is None:
        return []
    same, alike, other = _LEVELS[level]
    x, y = _plain(a[level]), _plain(b[level])
    if x == y:
        return [same]
    bare = [re.sub(_RANK, "", t) for t in (x, y)]
    if bare[0] == bare[1] or (level == "district" and (x.endswith(y) or y.endswith(x))):
        return [alike]
    if level == "district" and x[-1] in "市县" and y[-1] in "市县":
        return [evidence("address_han.district.other_county")]
    return [other]


def _detail(a: Parts) -> str:
    """What stands after province, city and district; chains of numbers keep their hyphens."""
    return _rest(a.get("simple") or a["value"] or "", a["province"], a["city"], a["district"])


@lru_cache(maxsize=1 << 16)
def _rest(address: str, *places: str | None) -> str:
    text = re.sub(r"[(（][^()（）]*[)）]", "", address).lower()
    text = re.sub(r"(?<=\d)[-－—―](?=\d)", "-", text)
    text = re.sub("^中国", "", re.sub(r"[^\w、-]", "", text))
    for name in map(_plain, places):
        for written in (name, re.sub(_RANK, "", name)):
            if written and text.startswith(written):
                text = text[len(written) :]
                break
    return re.sub("^[省市区县]", "", text)


def _towns(a: Parts, b: Parts, x: Spot, y: Spot) -> list[Evidence]:
    if conflict(x.town, y.town):
        rank = a["district"] is None and b["district"] is None  # 东莞 and 中山 have towns only
        rural = all(town is not None and town[-1] in "镇乡" for town in (x.town, y.town))
        return [
            evidence(
                "address_han.town.other_of_rank" if rank or rural else "address_han.town.other"
            )
        ]
    return [evidence("address_han.town.same")] if x.town is not None and x.town == y.town else []


def _villages(x: Spot, y: Spot) -> list[Evidence]:
    if x.village is None or y.village is None:
        return []
    short, long = sorted((x.village, y.village), key=len)
    if long.endswith(short):
        return [evidence("address_han.village.same")]
    return [evidence("address_han.village.other")]


def _estates(x: Spot, y: Spot) -> list[Evidence]:
    if not x.estates or not y.estates:
        return []
    if any(same_estate(one, other) for one in x.estates for other in y.estates):
        return [evidence("address_han.estate.same")]
    return [evidence("address_han.estate.other")]


def _ways(a: Parts, b: Parts, x: str, y: str, spots: list[Spot], one_estate: bool) -> Evidence:
    """The road; where one or both name none, what else is said of the place."""
    if a["road"] is not None and b["road"] is not None:
        road = _roads(_road(a), _road(b))
        if road.weight < 0 and one_estate and road is not OTHER_PART:
            return evidence("address_han.road.other_at_estate")
        return road
    if one_estate or all(spot.village is not None for spot in spots):
        return evidence("address_han.spot.same_text" if x == y else "address_han.spot.no_road")
    return _texts(x, y)


def _road(a: Parts) -> str:
    """A road without the zone, town or village in front of it: 高新区天府三街 is 天府三街."""
    name = _plain(a["road"])
    return _FRONT.sub("", name)


def _texts(x: str, y: str) -> Evidence:
    """Where a road is missing, what else is said of the place."""
    if not x or not y:
        if x == y:
            return evidence("address_han.text.none")
        return evidence("address_han.text.one_only")
    if x == y:
        return evidence("address_han.text.same")
    short, long = sorted((x, y), key=len)
    if len(short) >= 3 and short in long:
        return evidence("address_han.text.inside")
    if len(x) == len(y) and reading(x) == reading(y):
        return evidence("address_han.text.sounds")
    shared = _shared(x, y)
    if shared >= 0.75:
        return evidence("address_han.text.mostly")
    return evidence("address_han.text.partly" if shared >= 0.55 else "address_han.text.other")


def _shared(x: str, y: str) -> float:
    one, other = ({t[n : n + 2] for n in range(len(t) - 1)} for t in (x, y))
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _roads(x: str, y: str) -> Evidence:
    if x == y:
        return evidence(
            "address_han.road.same_country_road"
            if _COUNTRY_ROAD.search(x)
            else "address_han.road.same"
        )
    sides = [[c for c in t if c in _SIDES] for t in (x, y)]
    bare = [re.sub(f"[{_SIDES}]", "", t) for t in (x, y)]
    if bare[0] == bare[1] and len(bare[0]) > 1:
        if all(sides):
            return OTHER_PART
        return evidence("address_han.road.one_part")
    short, long = sorted((x, y), key=len)
    if len(short) >= 2 and long.endswith(short):
        return evidence("address_han.road.ends_alike")
    if len(short) >= 2 and long.startswith(short) and re.search("段$", long):
        return evidence("address_han.road.section")
    if len(x) == len(y) and reading(x) == reading(y):
        return evidence("address_han.road.sounds")
    if len(short) >= 5 and edits(x, y) == 1 and not re.search("[一二三四五六七八九十]", x + y):
        return evidence("address_han.road.one_character")
    return evidence("address_han.road.other")


def _numbers(a: Parts, b: Parts, one_estate: bool) -> list[Evidence]:
    x, y = a["number"], b["number"]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [
            evidence(
                "address_han.number.one_only_at_estate"
                if one_estate
                else "address_han.number.one_only"
            )
        ]
    stems = [_STEM.findall(p.get("simple") or "") for p in (a, b)]
    one, other = (re.findall(r"\d+", t) for t in (x, y))
    if one == other and stems[0] != stems[1]:
        return [
            evidence(
                "address_han.number.other_letter" if all(stems) else "address_han.number.one_letter"
            )
        ]
    if x == y:
        return [evidence("address_han.number.same")]
    if one and other and one[0] == other[0] and (len(one) == 1 or len(other) == 1):
        return [evidence("address_han.number.in_part")]
    if one_estate and a["road"] != b["road"]:
        return [evidence("address_han.number.at_other_road")]
    return [evidence("address_han.number.other")]


_SAME_UNIT = {
    "building": evidence("address_han.unit.same_building"),
    "stairs": evidence("address_han.unit.same_stairs"),
    "floor": evidence("address_han.unit.same_floor"),
    "room": evidence("address_han.unit.same_room"),
    "group": evidence("address_han.unit.same_group"),
    "phase": evidence("address_han.unit.same_phase"),
    "zone": evidence("address_han.unit.same_zone"),
}
_SAME_UNITS = evidence("address_han.unit.same_most")
"""All units together tell no more than this."""


def _units(a: Parts, b: Parts, x: Spot, y: Spot) -> list[Evidence]:
    """Buildings, stairs, floors and rooms, each against its own kind."""
    if not x.units and not y.units:
        return _rooms(a, b)
    both = x.units.keys() & y.units.keys()
    if any(x.units[kind] != y.units[kind] for kind in both):
        return [evidence("address_han.unit.other")]
    if both:
        return [_SAME_UNITS.at_most(total(_SAME_UNIT[kind] for kind in both))]
    if x.units and y.units:
        return [evidence("address_han.unit.two_ways")]
    return [evidence("address_han.unit.one_only")]


def _rooms(a: Parts, b: Parts) -> list[Evidence]:
    """What the cleaner took for rooms without a word that says their kind."""
    x, y = a["room"], b["room"]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [evidence("address_han.room.one_only")]
    one, other = re.findall(r"\w+", x.lower()), re.findall(r"\w+", y.lower())
    if one == other:
        return [evidence("address_han.room.same")]
    short, long = sorted((one, other), key=len)
    if short in (long[: len(short)], long[-len(short) :]):
        return [
            evidence(
                "address_han.room.in_part" if len(short) > 1 else "address_han.room.in_one_part"
            )
        ]
    return [evidence("address_han.room.other")]


def _figures(x: str, y: str) -> list[Evidence]:
    """The same words with other figures in them: 厂房101 and 厂房111."""
    words = [re.sub(r"\d+", "#", text) for text in (x, y)]
    if words[0] == words[1] and x != y:
        return [evidence("address_han.figures.other")]
    return []


def _postcodes(a: Parts, b: Parts) -> list[Evidence]:
    one, other = (_POSTCODE.findall(t["raw"] or "")[-1:] for t in (a, b))
    if not one or not other:
        return []
    if one == other:
        return [evidence("address_han.postcode.same")]
    return [evidence("address_han.postcode.other")]
