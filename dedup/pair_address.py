"""Whether two addresses are one place."""

import re

from dedup.pair_evidence import Evidence, Parts, alike, conflict, edits

_LEVELS = (("province", -5, 0.3), ("city", -6, 1), ("district", -4, 0.7))
_POSTCODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")


def judge_addresses(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two addresses from the whole to the small: places, road, number, room."""
    found = [e for level, against, speaks in _LEVELS for e in _place(a, b, level, against, speaks)]
    found += _roads(a, b)
    found += _numbers(a, b)
    found += _rooms(a, b)
    return [*found, *_postcodes(a, b)]


def _plain(text: str | None) -> str:
    return re.sub(r"[^\w]", "", (text or "").lower())


def _place(a: Parts, b: Parts, level: str, against: float, speaks: float) -> list[Evidence]:
    if a[level] is None or b[level] is None:
        return []
    x, y = _plain(a[level]), _plain(b[level])
    if x == y:
        return [Evidence(speaks, f"same {level}")]
    bare = [re.sub(r"(?:特别行政区|自治区|自治州|新区|省|市|区|县)$", "", t) for t in (x, y)]
    if bare[0] == bare[1] or edits(x, y) <= 1 < min(len(x), len(y)) - 2:
        return [Evidence(0.5 * speaks, f"{level} alike")]
    initials = "".join(w[0] for w in re.findall(r"\w+", (a[level] or "").lower()))
    others = "".join(w[0] for w in re.findall(r"\w+", (b[level] or "").lower()))
    if x == others or y == initials:
        return [Evidence(0.3, f"{level} abbreviated")]
    return [Evidence(against, f"other {level}")]


def _roads(a: Parts, b: Parts) -> list[Evidence]:
    if a["road"] is None or b["road"] is None:
        x, y = _plain(a["key"] or a["value"]), _plain(b["key"] or b["value"])
        if x == y:
            return [Evidence(5, "same text")]
        if min(len(x), len(y)) >= 4 and (x in y or y in x):
            return [Evidence(1, "one text holds the other")]
        likeness = _overlap(a["value"] or "", b["value"] or "")
        return [Evidence(8 * likeness - 5.5, f"{likeness:.0%} of the words shared")]
    x, y = (_plain(_ordinals(t["road"])) for t in (a, b))
    if x == y:
        return [Evidence(2.5, "same road")]
    if min(len(x), len(y)) >= 2 and (x in y or y in x):
        return [Evidence(1, "one road name holds the other")]
    longer = min(len(x), len(y))
    if (longer >= 6 and edits(x, y) <= 2) or (longer >= 5 and alike(x, y) >= 0.92):
        return [Evidence(1.2, "road names alike")]
    return [Evidence(-6, "other road")]


_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip


def _ordinals(road: str | None) -> str:
    return " ".join(_ORDINALS.get(w, w) for w in (road or "").lower().split())


def _overlap(x: str, y: str) -> float:
    one, other = (set(re.findall(r"[a-z]+|\d+|[\u3400-\u9fff]", t.lower())) for t in (x, y))
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _numbers(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a["number"], b["number"]
    if conflict(x, y):
        one, other = (re.findall(r"\d+", t or "") for t in (x, y))
        if one and other and (one[0] == other[0]) and (len(one) == 1 or len(other) == 1):
            return [Evidence(0, "house numbers agree in part")]
        return [Evidence(-7, "other house number")]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [Evidence(-2, "only one has a house number")]
    return [Evidence(2, "same house number")]


def _rooms(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a["room"], b["room"]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [Evidence(-1, "only one names a room")]
    one, other = re.findall(r"\w+", x.lower()), re.findall(r"\w+", y.lower())
    if one == other:
        return [Evidence(1.5, "same room")]
    short, long = sorted((one, other), key=len)
    if short in (long[: len(short)], long[-len(short) :]):
        return [Evidence(0.3, "rooms agree as far as they go")]
    return [Evidence(-10, "other room or building")]


def _postcodes(a: Parts, b: Parts) -> list[Evidence]:
    one, other = (_POSTCODE.findall(t["raw"] or "")[-1:] for t in (a, b))
    if one and other and one != other and (a["number"] not in one and b["number"] not in other):
        return [Evidence(-2, "other postcode")]
    return [Evidence(0.7, "same postcode")] if one and one == other else []
