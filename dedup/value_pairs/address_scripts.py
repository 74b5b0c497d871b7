"""Whether an address in Chinese characters and one in Latin letters are one place.

English addresses in China read the names of places and roads and turn the order round (GB 17733);
their numbers stay.
"""

import re
from functools import lru_cache

from dedup.knowledge.known_names import other_readings, translations, word_table
from dedup.value_pairs.evidence import Evidence, Parts, evidence, is_han, reading

_KINDS = re.compile(r"(?:大道|大街|公路|胡同|路|街|道|巷|弄|里|段)$")
_SIDES = {"东": "east", "西": "west", "南": "south", "北": "north", "中": "middle"}
_ROAD_WORDS = word_table("roads_in_english")
_RANK = r"(?:特别行政区|自治区|自治州|省|市|区|县)$"


def judge_scripts(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh a Chinese against a Western address: number, road and places read aloud."""
    han, latin = (a, b) if is_han(a["value"] or "") else (b, a)
    text = re.sub(r"[’'`]", "", (latin["raw"] or "").lower())
    letters, figures = re.sub(r"[^a-z]", "", text), set(re.findall(r"\d+", text))
    found = [evidence("address_scripts.two_scripts")]
    if han["road"] is not None:
        stem = _stem(han["road"])
        named = any(spoken in letters for spoken in _ways(stem)) or _translated(stem, text)
        found.append(
            evidence("address_scripts.road.read")
            if named and _sided(han["road"], text)
            else evidence("address_scripts.road.other")
        )
    number = re.findall(r"\d+", han["number"] or "")
    if number and figures:
        same = number[0] in figures
        found.append(
            evidence("address_scripts.number.same")
            if same
            else evidence("address_scripts.number.other")
        )
    place = re.sub(_RANK, "", han["city"] or "")
    if place and _read(place) in letters:
        found.append(evidence("address_scripts.city.same"))
    return found


@lru_cache(maxsize=1 << 14)
def _read(text: str) -> str:
    return "".join(reading(text)).replace("lv", "lu").replace("nv", "nu")


@lru_cache(maxsize=1 << 14)
def _ways(stem: str) -> tuple[str, ...]:
    """A name read in every way its characters can be: 朝阳门 is Chaoyangmen."""
    made = [""]
    for char in stem:
        readings = {_read(char), *other_readings().get(char, ())}
        made = [head + tail for head in made for tail in sorted(readings)][:64]
    return tuple(made)


def _translated(stem: str, text: str) -> bool:
    """Whether the road's name is translated: Century Avenue is 世纪大道."""
    words = re.findall(r"[a-z]+", text)
    english = _ROAD_WORDS.get(stem)
    return english in words if english else any(stem in translations().get(w, ()) for w in words)


def _stem(road: str) -> str:
    """The name of a road without its kind and its part: 中关村东路 is 中关村."""
    bare = re.sub(r"[一二三四五六七八九十\d]+段$", "", road)
    bare = _KINDS.sub("", bare)
    return bare[:-1] if len(bare) > 2 and bare[-1] in _SIDES else bare


def _sided(road: str, text: str) -> bool:
    """A part that the Chinese road names stands in the Western one, by its word or its letter."""
    bare = _KINDS.sub("", road)
    side = _SIDES.get(bare[-1:]) if len(bare) > 2 else None
    return (
        side is None or re.search(rf"\b(?:{side}|{side[0]}|{_read(bare[-1])})\b", text) is not None
    )
