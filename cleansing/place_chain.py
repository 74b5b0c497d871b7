"""The chain of divisions that a text names at its start: 苏州昆山花桥 is 昆山 in 苏州, then 花桥.

    readings("苏州昆山花桥")[-1]   # PlaceReading(("苏州", "昆山"), places={"320583"}, rest="花桥")

A place is known by its code of GB/T 2260 without trailing zeros, so that a place lies in another
when its code begins with the other's; an area without a code has its city's code and its name. A
name may be several places' (鼓楼 is a district of four cities): what stands before it decides, and
where nothing does all of them are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from cleansing.divisions import development_zones, divisions, renamed_divisions, stem

Places = frozenset[str]
"""Codes without trailing zeros; several where a name is several places'."""
_ISLANDS = ("71", "81", "82")
"""Taiwan, Hong Kong and Macao, whose districts have no codes of their own."""
_RANKS = ("县", "市", "区", "州", "地区")


@dataclass(frozen=True)
class PlaceReading:
    """One way to read the start of a text as places, each inside the one before."""

    names: tuple[str, ...]
    """The places as they are written."""
    places: Places
    """What the last of them may be; empty where no place is named."""
    rest: str
    """What stands after them."""


@lru_cache(maxsize=1 << 15)
def readings(text: str) -> tuple[PlaceReading, ...]:
    """The text with no place taken from its front, then with one more each time."""
    return tuple(_readings(text))


def _readings(text: str) -> Iterator[PlaceReading]:
    names: tuple[str, ...] = ()
    places: Places = frozenset()
    while True:
        yield PlaceReading(names, places, text)
        found = _first(text, places)
        if found is None:
            return
        name, places = found
        names, text = (*names, name), text[len(name) :]


def _first(text: str, above: Places) -> tuple[str, Places] | None:
    """The longest name at the start that is a place, inside those above where there are any."""
    known, longest = _names()
    for size in range(min(longest, len(text)), 1, -1):
        places = known.get(text[:size], frozenset())
        inside = frozenset(p for p in places if not above or _deeper(p, above))
        if inside:
            return text[:size], inside
    return None


def _deeper(place: str, above: Places) -> bool:
    return any(place.startswith(one) and place != one for one in above)


def same_place(one: Places, other: Places) -> bool:
    """Whether both names may be one place's."""
    return bool(one & other)


def nested(one: Places, other: Places) -> bool:
    """Whether a place of one may lie in a place of the other, or be it."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def within(places: Places, region: Places) -> Places:
    """Those of the places that lie in the region; all of them where none does."""
    inside = frozenset(p for p in places if any(p.startswith(r) for r in region))
    return inside or places


@cache
def _names() -> tuple[dict[str, Places], int]:
    """Every name to its places, and the length of the longest name."""
    sure: dict[str, set[str]] = {}
    loose: dict[str, set[str]] = {}
    for name, place in [*_today(), *_zones(), *_former()]:
        short = stem(name)
        sure.setdefault(name, set()).add(place)
        sure.setdefault(short, set()).add(place)
        for rank in _RANKS:  # 宁乡县 is 宁乡市 today, and 广西区 or 恩施州 is how people talk
            loose.setdefault(short + rank, set()).add(place)
        if len(place) == 2:
            loose.setdefault(f"{short}省", set()).add(place)
    known = {name: frozenset(places) for name, places in (loose | sure).items() if len(name) > 1}
    return known, max(map(len, known))


def _today() -> Iterator[tuple[str, str]]:
    for code, province, city, district in divisions().rows():
        place = _bare(code)
        if district is not None and place[:2] not in _ISLANDS:
            yield district, place
        elif city is not None and city != province:
            yield city, place
        elif place[:2] not in _ISLANDS or len(place) == 2:
            yield province, place


def _bare(code: str) -> str:
    """A code without the pairs of zeros at its end."""
    while code.endswith("00"):
        code = code[:-2]
    return code


@cache
def _codes() -> dict[tuple[str | None, ...], str]:
    return {(p, c, d): _bare(code) for code, p, c, d in divisions().rows()}


def _zones() -> Iterator[tuple[str, str]]:
    for zone, province, city, district in development_zones().rows():
        place = _codes().get((province, city, district))
        if place is not None:
            yield zone, f"{place}:{zone}"


def _former() -> Iterator[tuple[str, str]]:
    columns = ("old", "province", "city", "district")
    for old, province, city, district in renamed_divisions().select(columns).rows():
        place = _codes().get((province, city, district))
        if place is not None:
            yield old, place
