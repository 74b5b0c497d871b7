"""Whether two Chinese addresses are one place: level by level, from the province to the room."""

import re
from functools import lru_cache

from dedup.value_pairs.address_spots import Spot, same_estate, spot_of
from dedup.value_pairs.evidence import Evidence, Parts, conflict, edits, reading

_LEVELS = (("province", -9, 0.3), ("city", -9, 1), ("district", -6.5, 0.7))
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
    found = [e for level, against, speaks in _LEVELS for e in _place(a, b, level, against, speaks)]
    x, y = _detail(a), _detail(b)
    spots = [spot_of(x), spot_of(y)]
    estate = _estates(*spots)
    one_estate = bool(estate) and estate[0].weight > 0
    road = _ways(a, b, x, y, spots, one_estate)
    if estate and (road.weight > 0 or road.reason == OTHER_PART):
        estate = [Evidence(0.3, SAME_ESTATE) if one_estate else Evidence(-2.5, OTHER_ESTATE)]
    return [
        *found, *_towns(a, b, *spots), *_villages(*spots), road, *estate,
        *_numbers(a, b, one_estate), *_units(a, b, *spots), *_figures(x, y), *_postcodes(a, b),
    ]  # fmt: skip


OTHER_PART = "another part of the road"
SAME_ESTATE, OTHER_ESTATE = "same estate or building", "another estate or building"


@lru_cache(maxsize=1 << 14)
def _plain(text: str | None) -> str:
    return re.sub(r"[^\w]", "", (text or "").lower())


def _place(a: Parts, b: Parts, level: str, against: float, speaks: float) -> list[Evidence]:
    if a[level] is None or b[level] is None:
        return []
    x, y = _plain(a[level]), _plain(b[level])
    if x == y:
        return [Evidence(speaks, f"same {level}")]
    bare = [re.sub(_RANK, "", t) for t in (x, y)]
    if bare[0] == bare[1] or (level == "district" and (x.endswith(y) or y.endswith(x))):
        return [Evidence(0.5 * speaks, f"{level} alike")]
    if level == "district" and x[-1] in "市县" and y[-1] in "市县":
        against = -8
    return [Evidence(against, f"other {level}")]


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
        return [Evidence(-6.8 if rank or rural else -4.5, "other town")]
    return [Evidence(0.4, "same town")] if x.town is not None and x.town == y.town else []


def _villages(x: Spot, y: Spot) -> list[Evidence]:
    if x.village is None or y.village is None:
        return []
    short, long = sorted((x.village, y.village), key=len)
    if long.endswith(short):
        return [Evidence(1.5, "same village")]
    return [Evidence(-7, "other village")]


def _estates(x: Spot, y: Spot) -> list[Evidence]:
    if not x.estates or not y.estates:
        return []
    if any(same_estate(one, other) for one in x.estates for other in y.estates):
        return [Evidence(2.5, SAME_ESTATE)]
    return [Evidence(-5, OTHER_ESTATE)]


def _ways(a: Parts, b: Parts, x: str, y: str, spots: list[Spot], one_estate: bool) -> Evidence:
    """The road; where one or both name none, what else is said of the place."""
    if a["road"] is not None and b["road"] is not None:
        road = _roads(_road(a), _road(b))
        if road.weight < 0 and one_estate and road.reason != OTHER_PART:
            return Evidence(-2, "another road at the same estate")
        return road
    if one_estate or all(spot.village is not None for spot in spots):
        return Evidence(0.5 if x == y else 0, "same text" if x == y else "no road named")
    return _texts(x, y)


def _road(a: Parts) -> str:
    """A road without the zone, town or village in front of it: 高新区天府三街 is 天府三街."""
    name = _plain(a["road"])
    return _FRONT.sub("", name)


def _texts(x: str, y: str) -> Evidence:
    """Where a road is missing, what else is said of the place."""
    if not x or not y:
        if x == y:
            return Evidence(1.5, "nothing beyond the places")
        return Evidence(-2.5, "only one says more than the places")
    if x == y:
        return Evidence(5, "same text")
    short, long = sorted((x, y), key=len)
    if len(short) >= 3 and short in long:
        return Evidence(0.8, "one text holds the other")
    if len(x) == len(y) and reading(x) == reading(y):
        return Evidence(2, "sounds the same but is written with other characters")
    shared = _shared(x, y)
    if shared >= 0.75:
        return Evidence(1.2, "texts mostly alike")
    return Evidence(-2 if shared >= 0.55 else -6, "texts differ")


def _shared(x: str, y: str) -> float:
    one, other = ({t[n : n + 2] for n in range(len(t) - 1)} for t in (x, y))
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _roads(x: str, y: str) -> Evidence:
    if x == y:
        return Evidence(0 if _COUNTRY_ROAD.search(x) else 2.5, "same road")
    sides = [[c for c in t if c in _SIDES] for t in (x, y)]
    bare = [re.sub(f"[{_SIDES}]", "", t) for t in (x, y)]
    if bare[0] == bare[1] and len(bare[0]) > 1:
        if all(sides):
            return Evidence(-7, OTHER_PART)
        return Evidence(-5, "only one names a part of the road")
    short, long = sorted((x, y), key=len)
    if len(short) >= 2 and long.endswith(short):
        return Evidence(1.5, "one road name holds the other")
    if len(short) >= 2 and long.startswith(short) and re.search("段$", long):
        return Evidence(1, "one road name holds the other")
    if len(x) == len(y) and reading(x) == reading(y):
        return Evidence(1, "road names sound the same")
    if len(short) >= 5 and edits(x, y) == 1 and not re.search("[一二三四五六七八九十]", x + y):
        return Evidence(-2, "road names one character apart")
    return Evidence(-7, "other road")


def _numbers(a: Parts, b: Parts, one_estate: bool) -> list[Evidence]:
    x, y = a["number"], b["number"]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [Evidence(-0.5 if one_estate else -2.7, "only one has a house number")]
    stems = [_STEM.findall(p.get("simple") or "") for p in (a, b)]
    one, other = (re.findall(r"\d+", t) for t in (x, y))
    if one == other and stems[0] != stems[1]:
        return [Evidence(-8 if all(stems) else -5, "other letter of the house number")]
    if x == y:
        return [Evidence(2, "same house number")]
    if one and other and one[0] == other[0] and (len(one) == 1 or len(other) == 1):
        return [Evidence(0, "house numbers agree in part")]
    if one_estate and a["road"] != b["road"]:
        return [Evidence(-0.5, "each at another road")]
    return [Evidence(-8, "other house number")]


_TELLING = {"building": 1.5, "stairs": 0.5, "floor": 0.7, "room": 1, "group": 1, "phase": 1}


def _units(a: Parts, b: Parts, x: Spot, y: Spot) -> list[Evidence]:
    """Buildings, stairs, floors and rooms, each against its own kind."""
    if not x.units and not y.units:
        return _rooms(a, b)
    both = x.units.keys() & y.units.keys()
    if any(x.units[kind] != y.units[kind] for kind in both):
        return [Evidence(-10, "other building or room")]
    if both:
        told = sum(_TELLING.get(kind, 0.3) for kind in both)
        return [Evidence(min(1.5, told), "same building or room")]
    if x.units and y.units:
        return [Evidence(-1, "building or room told in two ways")]
    return [Evidence(-0.8, "only one names a building or room")]


def _rooms(a: Parts, b: Parts) -> list[Evidence]:
    """What the cleaner took for rooms without a word that says their kind."""
    x, y = a["room"], b["room"]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [Evidence(-0.8, "only one names a building or room")]
    one, other = re.findall(r"\w+", x.lower()), re.findall(r"\w+", y.lower())
    if one == other:
        return [Evidence(1.5, "same building or room")]
    short, long = sorted((one, other), key=len)
    if short in (long[: len(short)], long[-len(short) :]):
        return [Evidence(0.3 if len(short) > 1 else 0, "rooms agree as far as they go")]
    return [Evidence(-10, "other building or room")]


def _figures(x: str, y: str) -> list[Evidence]:
    """The same words with other figures in them: 厂房101 and 厂房111."""
    words = [re.sub(r"\d+", "#", text) for text in (x, y)]
    if words[0] == words[1] and x != y:
        return [Evidence(-8, "numbers differ")]
    return []


def _postcodes(a: Parts, b: Parts) -> list[Evidence]:
    one, other = (_POSTCODE.findall(t["raw"] or "")[-1:] for t in (a, b))
    if not one or not other:
        return []
    if one == other:
        return [Evidence(0.7, "same postcode")]
    return [Evidence(-2, "other postcode")]
