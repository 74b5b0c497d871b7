"""Whether two addresses written from the house to the country are one place."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from dedup.knowledge.known_names import word_list, word_table
from dedup.value_pairs.evidence import Evidence, alike, edits, evidence

_TYPES = frozenset(word_list("street_kinds"))
_AHEAD = frozenset(word_list("street_kinds_ahead"))
"""Kinds of street that stand before their names."""
_SIDES = frozenset(word_list("sides"))
_UNITS = word_table("units")
_STATES = word_table("states")
_CODES = frozenset(_STATES.values()) | frozenset(word_list("other_states"))
_COUNTRIES = frozenset(word_list("countries"))
_ORDINALS = word_list("ordinals")
_COMMON = frozenset(word_list("common_roads"))
"""Roads that every town has."""
_POST_BOX = re.compile(r"\b(?:p\.?\s?o\.?|post\s+office)\s*box\s*(?:no\.?\s*)?(\d+)")
_NUMBERED = re.compile(
    r"\b(?:county\s+(?:road|rd)|co\.?\s+rd|cr|c\.r\.|state\s+(?:road|route)|sr|us|u\.s\.|fm)"
    r"(?:\s+(?:highway|hwy|route|rte))?[\s-]+(\d+)\b"
)
_HIGHWAY = re.compile(r"\b(?:highway|hwy|route|rte)\.?[\s-]+(\d+)\b")
_SAINT = re.compile(
    r"((?:^|,\s*)(?:\d+[a-z]?\s+)?(?:[nsew]\.?\s+)?)(?:st|ste)\.?\s+(?=[a-z'’]{3,}\s+\S)"
)
_UNIT_AHEAD = re.compile(
    r"^(?:unit|flat|apartment|apt)?\.?\s*(\d+[a-z]?)\s*/\s*(?=\d+[a-z]?\s+[a-z])"
)
_CROSSING = re.compile(r"\s+\(?(?:between|near|off|corner of|cnr)\s[^,]*")
_SMALL = {word: str(n) for n, word in enumerate(word_list("small_numbers"), 1)}
_TENS = {word: 10 * n for n, word in enumerate(word_list("tens"), 2)}
_CITIES = frozenset(word_list("great_cities"))
"""Of two of these neither is a part of the other."""
_VAGUE_TOWNS = frozenset(word_list("vague_town_words"))


@dataclass
class _Place:
    """An address taken apart."""

    number: str | None = None
    road: list[str] = field(default_factory=list)
    whole: str = ""
    """The road as written, with its part and without a space."""
    kind: str | None = None
    sides: set[str] = field(default_factory=set)
    suffix: set[str] = field(default_factory=set)
    """The part of the road where it stands after the kind of street: Park Avenue South."""
    units: dict[str, str] = field(default_factory=dict)
    town: list[str] = field(default_factory=list)
    state: str | None = None
    postcode: str | None = None


def judge_western(left: str, right: str) -> list[Evidence]:
    """Weigh two addresses as they were written."""
    a, b = _parse(left), _parse(right)
    road = _roads(a, b)
    return [
        *road, *_sides(a, b, road[0].weight > 0), *_numbers(a, b), *_units(a, b), *_towns(a, b),
        *_codes(a, b),
    ]  # fmt: skip


# taking apart -------------------------------------------------------------------------------------


@cache
def _written() -> dict[str, str]:
    from cleansing import knowledge

    return {**dict(knowledge.pairs("street_words.tsv")[1:]), **word_table("street_abbreviations")}


@cache
def _parse(text: str) -> _Place:
    place = _Place()
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    box = _POST_BOX.search(plain)
    if box is not None:
        place.number, place.road = box[1], ["post", "box"]
        plain = plain.replace(box[0], "")
    plain = re.sub(r"(?<=[a-z]{2})-(?=[a-z]{2})", " ", _worded(plain))
    ahead = _UNIT_AHEAD.match(plain)
    if ahead is not None:
        place.units["unit"] = ahead[1].lstrip("0")
        plain = plain[ahead.end() :]
    plain = _HIGHWAY.sub(r"highway\1", _NUMBERED.sub(r"highway\1", plain))
    plain = _CROSSING.sub("", plain)
    plain = _SAINT.sub(r"\1saint ", plain)
    if _AHEAD & set(plain.split()):
        plain = re.sub(r"\bst\.?\s+(?=[a-z])", "saint ", plain)
    plain = re.sub(r"\b([a-zäöü]{3,})str(?:\.|asse)?(?=[\s,]|$)", r"\1 strasse", plain)
    plain = re.sub(r"(?<=\w)['’](?=\w)", "", plain.replace(".", " ").replace("#", " unit "))
    parts = [_take(place, part.split()) for part in re.split(r"[,;]", plain)]
    _take_road(place, [part for part in parts if part])
    return place


def _worded(text: str) -> str:
    """Numbers in words as figures: One Penn Plaza, West Thirty-Fourth Street."""
    first, _, rest = text.partition(" ")
    if first in _SMALL and rest[:1].isalpha() and re.search(r",\s*\d+\s+[a-z]", rest) is None:
        text = f"{_SMALL[first]} {rest}"
    tens = "|".join(_TENS)
    return re.sub(
        rf"\b({tens})[\s-]({'|'.join(_ORDINALS[:9])})\b",
        lambda found: f"{_TENS[found[1]] + _ORDINALS.index(found[2]) + 1}th",
        text,
    )


def _take(place: _Place, words: list[str]) -> list[str]:
    """Take state, postcode, country and units out of one part between commas."""
    full = [_written().get(word, word) for word in words]
    kept: list[str] = []
    skip = False
    for n, (word, full_word) in enumerate(zip(words, full, strict=True)):
        if skip:
            skip = False
        elif full_word in _UNITS and n + 1 < len(full) and re.search(r"\d|^.$", full[n + 1]):
            place.units[_UNITS[full_word]] = full[n + 1].lstrip("0")
            skip = True
        elif n >= len(words) - 3 and _take_code(place, word, n, full):
            continue
        elif full_word == "floor" and kept and re.fullmatch(r"\d+(?:st|nd|rd|th)?", kept[-1]):
            place.units["floor"] = re.sub(r"\D", "", kept.pop())
        else:
            kept.append(_ordinal(full_word))
    if place.number is None:
        _take_number(place, kept)
    return kept


def _take_code(place: _Place, word: str, n: int, full: list[str]) -> bool:
    """Take a postcode, a state or a country at the end of a part."""
    alone = n > 0 or len(full) == 1 or (place.number is not None and len(full) > 1)
    if re.fullmatch(r"\d{5}(?:-\d{4})?|\d{6}", word) and alone:
        place.postcode = word[:5]
        return True
    if (word in _CODES or word in _STATES) and (n > 0 or len(full) <= 2):
        if any(later in _TYPES for later in full[n + 1 :]):
            return False
        place.state = _STATES.get(word, word)
        return True
    return word in _COUNTRIES


def _ordinal(word: str) -> str:
    if word in _ORDINALS:
        return f"{_ORDINALS.index(word) + 1}th"
    return re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1th", word)


def _take_number(place: _Place, words: list[str]) -> None:
    for n, word in enumerate(words):
        numeric = re.fullmatch(r"\d+[a-z]?(?:[-/]\d+[a-z]?)?", word)
        if numeric is None or (n and words[n - 1] in ("section", "highway", "route")):
            continue
        if n == 0 or words[n - 1] == "number" or n == len(words) - 1:
            if n == 0 and len(words) == 2 and words[1] in _TYPES - _AHEAD:
                return
            place.number = word
            del words[n]
            if n + 1 < len(words) and words[n].isdigit() and words[n + 1] in _SIDES:
                place.number += f"-{words.pop(n)}"
            if n and words[n - 1] == "number":
                del words[n - 1]
            return


@cache
def _kind_meant(word: str) -> str:
    """A kind of street with a typo: crwscent."""
    if len(word) < 4:
        return word
    return next((kind for kind in sorted(_TYPES) if len(kind) > 4 and edits(word, kind) == 1), word)


def _take_road(place: _Place, parts: list[list[str]]) -> None:
    """The part with a street word is the road; what follows it, and the other parts, the town."""
    if place.road:
        place.town = [word for part in parts for word in part]
        return
    if not any(_TYPES & set(part) for part in parts):
        parts = [[*part[:-1], _kind_meant(part[-1])] if part[1:] else part for part in parts]
    at = next((n for n, part in enumerate(parts) if _TYPES & set(part)), 0)
    for n, part in enumerate(parts):
        if n != at:
            place.town += part
            continue
        ends = [m for m, word in enumerate(part) if word in _TYPES and m > 0]
        if not ends:
            road, rest = part, []
            if part and part[0] in _TYPES:
                place.kind, road = part[0], part[1:]
        else:
            end = ends[0]
            place.kind, road, rest = part[end], part[:end], part[end + 1 :]
            place.suffix = {rest[0]} & _SIDES if rest else set()
            while rest and (rest[0] in _SIDES or (rest[0] == "section" and len(rest) > 1)):
                road = [*road, *rest[: 1 + (rest[0] == "section")]]
                rest = rest[1 + (rest[0] == "section") :]
        place.whole = "".join([*road, place.kind or ""])
        road = [re.sub(r"^(\d+)th$", r"\1", word) for word in road if word not in ("jr", "junior")]
        place.sides = {word for word in road if word in _SIDES}
        place.road = [word for word in road if word not in _SIDES and word != "section"]
        place.town += rest


# comparing ----------------------------------------------------------------------------------------


def _roads(a: _Place, b: _Place) -> list[Evidence]:
    if not a.road or not b.road:
        return [
            evidence(
                "address_western.road.one_only" if a.road or b.road else "address_western.road.none"
            )
        ]
    x, y = "".join(a.road), "".join(b.road)
    if x == y:
        if a.kind is not None and b.kind is not None and a.kind != b.kind:
            return [
                evidence(
                    "address_western.road.other_kind"
                    if alike(a.kind, b.kind) < 0.8
                    else "address_western.road.like_kind"
                )
            ]
        return [evidence("address_western.road.same")]
    figures = [re.findall(r"\d+", t) for t in (x, y)]
    if figures[0] != figures[1] and all(figures):
        return [evidence("address_western.road.other_number")]
    return [_alike_roads(a, b, x, y)]


def _alike_roads(a: _Place, b: _Place, x: str, y: str) -> Evidence:
    shorter = min(len(x), len(y))
    short, long = sorted((a.whole, b.whole), key=len)
    if short == long or (long.startswith(short) and long.removeprefix(short) in _TYPES):
        return evidence("address_western.road.same_whole")
    for one, other in ((a, b), (b, a)):
        if set(one.road) < set(other.road) and len(other.road) <= 5:
            if one.kind is not None and one.kind != other.kind:
                return evidence("address_western.road.other_kind_inside")
            return evidence("address_western.road.inside")
        if "".join(one.road) == "".join(word[0] for word in other.road) and len(other.road) > 1:
            return evidence("address_western.road.initials")
        if one.kind is None and len(y) > 5 and "".join(one.road).startswith("".join(other.road)):
            return evidence("address_western.road.begins")
    far = edits(x, y)
    if far == 1:
        return evidence(
            "address_western.road.one_letter"
            if shorter >= 6
            else "address_western.road.one_letter_short"
        )
    if (far == 2 and shorter >= 8) or (shorter >= 7 and alike(x, y) >= 0.93):
        return evidence("address_western.road.alike")
    return evidence("address_western.road.other")


def _sides(a: _Place, b: _Place, same_road: bool) -> list[Evidence]:
    if a.sides == b.sides or not same_road:
        return []
    if a.sides and b.sides:
        return [evidence("address_western.side.other")]
    if a.suffix != b.suffix:
        return [evidence("address_western.side.other_end")]
    return [evidence("address_western.side.one_only")]


def _numbers(a: _Place, b: _Place) -> list[Evidence]:
    x, y = a.number, b.number
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [evidence("address_western.number.one_only")]
    if x == y:
        return [evidence("address_western.number.same")]
    one, other = (re.findall(r"\d+", t) for t in (x, y))
    if one[0] != other[0]:
        return [evidence("address_western.number.other")]
    if len(one) == 1 and len(other) == 1 and x[-1].isalpha() and y[-1].isalpha():
        return [evidence("address_western.number.other_letter")]
    return [evidence("address_western.number.in_part")]


def _units(a: _Place, b: _Place) -> list[Evidence]:
    if not a.units and not b.units:
        return []
    both = a.units.keys() & b.units.keys()
    if any(a.units[kind] != b.units[kind] for kind in both):
        return [evidence("address_western.unit.other")]
    if both:
        return [evidence("address_western.unit.same")]
    if a.units and b.units:
        same = set(a.units.values()) & set(b.units.values())
        return [
            evidence(
                "address_western.unit.two_ways_same" if same else "address_western.unit.two_ways"
            )
        ]
    return [evidence("address_western.unit.one_only")]


def _towns(a: _Place, b: _Place) -> list[Evidence]:
    if not a.town or not b.town:
        return []
    if (set(a.town) & set(b.town)) - _VAGUE_TOWNS or set(a.town) == set(b.town):
        return [evidence("address_western.town.same")]
    x, y = "".join(a.town), "".join(b.town)
    initials = ["".join(word[0] for word in town) for town in (a.town, b.town)]
    if x in (y, initials[1], initials[1] + "c") or y in (initials[0], initials[0] + "c"):
        return [evidence("address_western.town.initials")]
    if alike(x, y) >= 0.88 or edits(x, y) <= 1:
        return [evidence("address_western.town.alike")]
    common = "".join(a.road) in _COMMON or "".join(b.road) in _COMMON
    cities = all(
        _CITIES & {"".join(town), "".join(town[:1]), "".join(town[:2])} for town in (a.town, b.town)
    )
    if cities:
        return [evidence("address_western.town.other_city")]
    return [
        evidence(
            "address_western.town.other_common_road" if common else "address_western.town.other"
        )
    ]


def _codes(a: _Place, b: _Place) -> list[Evidence]:
    found = []
    if a.state is not None and b.state is not None:
        same = a.state == b.state
        found.append(
            evidence("address_western.state.same" if same else "address_western.state.other")
        )
    if a.postcode is not None and b.postcode is not None:
        if a.postcode == b.postcode:
            found.append(evidence("address_western.postcode.same"))
        else:
            near = a.postcode[:3] == b.postcode[:3]
            found.append(
                evidence(
                    "address_western.postcode.near" if near else "address_western.postcode.other"
                )
            )
    return found
