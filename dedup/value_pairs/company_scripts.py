"""Whether a Chinese and a Western company name are one firm's: read aloud, translated, or known.

Every Western word is looked for in the Chinese name: as another name of a known firm, as a place,
as a translated word, as the reading of some characters. A firm's English name usually reads its
brand and region and translates its trade (企业名称登记管理规定实施办法, 2023, art. 12).
"""

import re
from dataclasses import dataclass, field
from functools import cache

from dedup.knowledge.known_names import brands_of, translations, word_list, word_table
from dedup.value_pairs.evidence import Evidence, Parts, edits, evidence, is_han, reading
from dedup.value_pairs.person_scripts import is_pinyin
from dedup.value_pairs.sounds import may_sound

_DROPPED = frozenset(word_list("form_words"))
_COUNTRIES = word_table("places_in_english")
"""Places whose English names are not their pinyin."""
_SKIP_READ = 6
"""A word of more syllables than this is no reading."""


@dataclass
class _Accounted:
    """What of the Chinese name the Western words account for."""

    text: str
    taken: list[bool]
    known: bool = False
    read: int = 0
    nearly: int = 0
    sounded: int = 0
    translated: int = 0
    absent: list[str] = field(default_factory=list)

    def take(self, word: str) -> bool:
        at = self.text.find(word)
        while at >= 0 and any(self.taken[at : at + len(word)]):
            at = self.text.find(word, at + 1)
        if at < 0:
            return False
        self.taken[at : at + len(word)] = [True] * len(word)
        return True


def judge_scripts(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh a Chinese against a Western company name."""
    han, latin = (a, b) if is_han(a["key"] or "") else (b, a)
    text = re.sub(r"[^\w]", "", han["key"] or "").lower()
    words = _words(latin)
    if not words:
        return [evidence("company_scripts.nothing")]
    place = _place(han, words)
    found = _explain(text, words)
    brand = _brand_of(han, text)
    _sound(found, brand)
    return [*place, *_brand(found, brand, text), *_rest(found, han)]


def _words(latin: Parts) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", latin["value"] or "")
    joined = re.sub(r"[’'`]", "", spaced.lower())
    joined = re.sub(r"\b(sci|high|hi|bio|high)\s*-\s*(tech\w*|speed)", r"\1-\2", joined)
    words = re.findall(r"[a-zü]+(?:-(?:tech\w*|speed))?|\d+", joined)
    return [word for word in words if word not in _DROPPED]


def _brand_of(han: Parts, text: str) -> tuple[int, int]:
    """Where the brand stands in the Chinese name; the whole of it where no brand is given."""
    brand = re.sub(r"[^\w]", "", han["brand"] or "").lower()
    at = text.find(brand) if brand else -1
    return (at, at + len(brand)) if at >= 0 else (0, len(text))


def _explain(text: str, words: list[str]) -> _Accounted:
    found = _Accounted(text, [False] * len(text))
    at = 0
    while at < len(words):
        at += _one(found, words, at)
    return found


def _one(found: _Accounted, words: list[str], at: int) -> int:
    """Account for the words from here; how many of them."""
    for size in (3, 2, 1):
        phrase = words[at : at + size]
        if len(phrase) < size:
            continue
        joined = "".join(phrase)
        country = _COUNTRIES.get(" ".join(phrase))
        if country is not None and found.take(country):
            return size
        if any(found.take(name) for name in brands_of().get(joined, ())):
            found.known = True
            return size
        if joined in brands_of() and size > 1:
            found.absent += phrase
            return size
        read = _reading_in(found, joined)
        if read and (size == 1 or read > 1):
            found.read += read
            return size
    word = words[at]
    if any(found.take(chinese) for chinese in _senses(word)):
        found.translated += 1
        return 1
    if word in translations():
        found.absent.append(word)
    else:
        near = _near_reading(found, word)
        found.nearly += near
        if not near:
            found.absent.append(word)
    return 1


def _sound(found: _Accounted, brand: tuple[int, int]) -> None:
    """Take the whole brand where a Western word that says nothing else may be its sound."""
    start, end = brand
    while start < end and found.taken[start]:
        start += 1
    spoken = _syllables(found.text)[start:end]
    if not 2 <= len(spoken) <= 4 or any(found.taken[start:end]):
        return
    for word in found.absent:
        if word not in translations() and not is_pinyin(word) and may_sound(word, spoken):
            found.taken[start:end] = [True] * len(spoken)
            found.sounded = len(spoken)
            found.absent.remove(word)
            return


def _senses(word: str) -> tuple[str, ...]:
    return translations().get(word) or translations().get(word.removesuffix("s"), ())


@cache
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(s.replace("v", "u") if s in ("lv", "nv") else s for s in reading(text))


def _reading_in(found: _Accounted, word: str) -> int:
    """How many characters read as this word, taking them; 0 if none do."""
    spoken = _syllables(found.text)
    for start in range(len(spoken)):
        reading = ""
        for end in range(start, min(len(spoken), start + _SKIP_READ)):
            if found.taken[end]:
                break
            reading += spoken[end]
            if reading == word:
                found.taken[start : end + 1] = [True] * (end + 1 - start)
                return end + 1 - start
            if not word.startswith(reading):
                break
    return 0


def _near_reading(found: _Accounted, word: str) -> int:
    """How many characters read nearly as this word: vanke and wanke, wondfo and wanfu."""
    if len(word) < 4 or is_pinyin(word):
        return 0
    spoken = _syllables(found.text)
    best, place = 0.5, (0, 0)
    for start in range(len(spoken)):
        for end in range(start + 2, min(len(spoken), start + 4) + 1):
            if any(found.taken[start:end]):
                break
            reading = "".join(spoken[start:end])
            far = min(
                edits(reading, word) / max(len(reading), len(word)),
                0.3 if _bones(reading) == _bones(word) and len(_bones(word)) > 1 else 1,
            )
            if far < best and far <= 0.34:
                best, place = far, (start, end)
    if place == (0, 0):
        return 0
    found.taken[place[0] : place[1]] = [True] * (place[1] - place[0])
    return place[1] - place[0]


@cache
def _bones(word: str) -> str:
    """The consonants of a word, those that foreigners confuse made one."""
    first = word.translate(str.maketrans("pgdvczxq", "bktfssss")).replace("sh", "s")
    bones = first[0] + re.sub(r"[aeiouywh]", "", first[1:])
    return re.sub(r"(.)\1+", r"\1", re.sub(r"ng", "n", bones))


def _place(han: Parts, words: list[str]) -> list[Evidence]:
    """A Western name that names a Chinese place must name the place of the Chinese name."""
    named = [w for w in words if w in _place_readings()]
    if not named or han["region"] is None:
        return []
    text = re.sub(r"[^\w]", "", (han["region"] or "") + (han["key"] or ""))
    reading = "".join(_syllables(text))
    if any(word in reading or _place_readings()[word] in text for word in named):
        return [evidence("company_scripts.region.same")]
    return [evidence("company_scripts.region.other")]


@cache
def _place_readings() -> dict[str, str]:
    from cleansing.knowledge import pairs

    places = {spelled.replace(" ", ""): name for name, spelled in pairs("region_pinyin.tsv")}
    return places | {word: name for word, name in _COUNTRIES.items() if " " not in word}


_SOUND = evidence("company_scripts.brand.sound")
_SOUND_SYLLABLE = evidence("company_scripts.brand.sound_syllable").weight


def _brand(found: _Accounted, brand: tuple[int, int], text: str) -> list[Evidence]:
    start, end = brand
    covered = sum(found.taken[start:end]) / max(1, end - start)
    if found.known and covered > 0:
        return [evidence("company_scripts.brand.known")]
    if covered >= 0.99 and found.nearly == found.sounded == 0:
        if found.read >= 2:
            return [evidence("company_scripts.brand.read")]
        return [evidence("company_scripts.brand.translated")]
    if found.sounded and covered >= 0.99:
        return [_SOUND.weighing(_SOUND.weight + _SOUND_SYLLABLE * found.sounded)]
    if covered >= 0.6 and found.read >= 2:
        return [evidence("company_scripts.brand.mostly_read")]
    if covered >= 0.6 and found.nearly:
        return [evidence("company_scripts.brand.nearly_read")]
    return [evidence("company_scripts.brand.unlike")]


def _covered(found: _Accounted, trade: str) -> bool:
    """Whether the Western words account for most of the trade."""
    at = found.text.find(trade.lower())
    return at >= 0 and sum(found.taken[at : at + len(trade)]) >= 0.5 * len(trade)


def _rest(found: _Accounted, han: Parts) -> list[Evidence]:
    """Words of the Western name that the Chinese one does not have."""
    odd = [word for word in found.absent if word in translations()]
    strange = [word for word in found.absent if word not in translations()]
    reasons = []
    if found.translated:
        reasons.append(evidence("company_scripts.trade.translated").times(min(2, found.translated)))
    if odd and han["trade"] is not None and not _covered(found, han["trade"]):
        reasons.append(
            evidence("company_scripts.trade.other_word").times(min(2, len(odd)))
            if found.translated
            else evidence("company_scripts.trade.other")
        )
    if strange:
        reasons.append(evidence("company_scripts.word.unlike").times(min(2, len(strange))))
    return reasons
