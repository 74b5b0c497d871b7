"""Whether two Chinese addresses are one place: level by level, from the province to the room."""

import re

from dedup.pair_evidence import Evidence, Parts, conflict, edits, reading

_LEVELS = (("province", -9, 0.3), ("city", -9, 1), ("district", -4, 0.7))
_RANK = r"(?:特别行政区|自治区|自治州|新区|省|市|区|县)$"
_TOWN = re.compile(r"^[^\d]{1,6}?(?:街道|民族乡|镇|乡)(?=[^路街道]|$)")
_STEM = re.compile(r"([甲乙丙丁])\d+号")
_SIDES = "东西南北中前后上下"
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def judge_han(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two addresses in Chinese characters."""
    found = [e for level, against, speaks in _LEVELS for e in _place(a, b, level, against, speaks)]
    details = [_detail(p) for p in (a, b)]
    if a["road"] is None or b["road"] is None:
        found += _texts(*details)
    else:
        found += [*_towns(*details), _roads(_plain(a["road"]), _plain(b["road"]))]
    return [*found, *_numbers(a, b), *_rooms(a, b), *_postcodes(a, b)]


def _plain(text: str | None) -> str:
    return re.sub(r"[^\w]", "", (text or "").lower())


def _place(a: Parts, b: Parts, level: str, against: float, speaks: float) -> list[Evidence]:
    if a[level] is None or b[level] is None:
        return []
    x, y = _plain(a[level]), _plain(b[level])
    if x == y:
        return [Evidence(speaks, f"same {level}")]
    bare = [re.sub(_RANK, "", t) for t in (x, y)]
    if bare[0] == bare[1]:
        return [Evidence(0.5 * speaks, f"{level} alike")]
    if level == "district" and x[-1] in "市县" and y[-1] in "市县":
        against = -8
    return [Evidence(against, f"other {level}")]


def _detail(a: Parts) -> str:
    """What stands after province, city and district."""
    text = _plain(re.sub(r"[(（][^()（）]*[)）]", "", a.get("simple") or a["value"] or ""))
    text = re.sub("^中国", "", text)
    for level in ("province", "city", "district"):
        name = _plain(a[level])
        for written in (name, re.sub(_RANK, "", name)):
            if written and text.startswith(written):
                text = text[len(written) :]
                break
    return re.sub("^[省市区县]", "", text)


def _towns(x: str, y: str) -> list[Evidence]:
    towns = [found.group() if (found := _TOWN.match(t)) else None for t in (x, y)]
    if conflict(*towns):
        return [Evidence(-2, "other town")]
    return [Evidence(0.4, "same town")] if towns[0] is not None and towns[0] == towns[1] else []


def _texts(x: str, y: str) -> list[Evidence]:
    """Where a road is missing, what else is said of the place."""
    if not x or not y:
        if x == y:
            return [Evidence(1.5, "nothing beyond the places")]
        return [Evidence(-2.5, "only one says more than the places")]
    if x == y:
        return [Evidence(5, "same text")]
    short, long = sorted((x, y), key=len)
    if len(short) >= 3 and short in long:
        return [Evidence(0.8, "one text holds the other")]
    if len(x) == len(y) and reading(x) == reading(y):
        return [Evidence(2, "sounds the same but is written with other characters")]
    shared = _shared(x, y)
    if shared >= 0.75:
        return [Evidence(1.2, "texts mostly alike")]
    return [Evidence(-2 if shared >= 0.55 else -6, "texts differ")]


def _shared(x: str, y: str) -> float:
    one, other = ({t[n : n + 2] for n in range(len(t) - 1)} for t in (x, y))
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _roads(x: str, y: str) -> Evidence:
    if x == y:
        return Evidence(2.5, "same road")
    sides = [[c for c in t if c in _SIDES] for t in (x, y)]
    bare = [re.sub(f"[{_SIDES}]", "", t) for t in (x, y)]
    if bare[0] == bare[1] and len(bare[0]) > 1:
        if all(sides):
            return Evidence(-7, "another part of the road")
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


def _numbers(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a["number"], b["number"]
    stems = [_STEM.findall(p.get("simple") or "") for p in (a, b)]
    if x == y and stems[0] != stems[1]:
        return [Evidence(-8 if all(stems) else -1.5, "other letter of the house number")]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [Evidence(-2, "only one has a house number")]
    if x == y:
        return [Evidence(2, "same house number")]
    one, other = (re.findall(r"\d+", t) for t in (x, y))
    if one and other and one[0] == other[0] and (len(one) == 1 or len(other) == 1):
        return [Evidence(0, "house numbers agree in part")]
    return [Evidence(-8, "other house number")]


def _rooms(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a["room"], b["room"]
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [Evidence(-0.8, "only one names a building or room")]
    one, other = re.findall(r"\w+", x.lower()), re.findall(r"\w+", y.lower())
    if one == other:
        return [Evidence(1.5, "same building or room")]
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and short in (long[: len(short)], long[-len(short) :]):
        return [Evidence(0.3, "rooms agree as far as they go")]
    if len(short) == 1 and short[0] in (long[0], long[-1]):
        return [Evidence(0, "rooms agree as far as they go")]
    return [Evidence(-10, "other building or room")]


def _postcodes(a: Parts, b: Parts) -> list[Evidence]:
    one, other = (_POSTCODE.findall(t["raw"] or "")[-1:] for t in (a, b))
    if not one or not other:
        return []
    if one == other:
        return [Evidence(0.7, "same postcode")]
    return [Evidence(-2, "other postcode")]
