"""Whether two names in Latin letters are spellings of one Arabic, Slavic or East Asian name.

The same name reaches us by several roads: Qadhafi and Gaddafi (no one way to romanise Arabic),
Gorbachev and Gorbatschow (English and German), Roh Moo-hyun and No Mu-hyon (McCune-Reischauer and
usage), Mao Tse-tung and Mao Zedong (Wade-Giles and Hanyu Pinyin).
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product

from dedup.knowledge.known_names import korean_surnames, word_table
from dedup.value_pairs.evidence import Evidence, evidence
from dedup.value_pairs.person_scripts import is_pinyin, is_syllable, wade_giles_of

Words = Sequence[str]


@lru_cache(maxsize=1 << 15)
def one_sound(one: str, other: str) -> bool:
    """Whether two words may be spellings of one Arabic or Slavic name."""
    if min(len(one), len(other)) < 4:
        return False
    slavic = _SLAVIC.search(one) and _SLAVIC.search(other)
    return bool(_arabic(one) & _arabic(other)) or bool(slavic and _slavic(one) & _slavic(other))


# Arabic -------------------------------------------------------------------------------------------

_ARABIC = tuple((re.compile(a), b) for a, b in word_table("arabic_spellings").items())


@cache
def _arabic(word: str) -> frozenset[str]:
    """The letters that romanisations exchange made one; q is k to some and g to others."""
    plain = re.sub("^[ae]l(?=.{4})", "", word)
    for pattern, letter in _ARABIC:
        plain = pattern.sub(letter, plain)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return frozenset(plain.replace("q", letter) for letter in "qkg")


# Slavic -------------------------------------------------------------------------------------------

_SLAVIC = re.compile(
    "(?:[oe](?:v|w|ff)|sk(?:y|i|yy|ij|iy|ii)|[vw]i(?:ch|tsch|cz|c)|enko|[iy]n"
    "|[aoiu](?:shch|tsch|ch))$|(?<=.{4})(?:ii|iy|n[yi]|ge[iy])$|^(?:tch|tsch)"
)
_ENGLISH = (
    ("shch", "C"), ("tch", "C"), ("ch", "C"), ("sh", "S"), ("zh", "S"), ("kh", "h"), ("ts", "z"),
    ("tz", "z"),
)  # fmt: skip
_GERMAN = (("schtsch", "C"), ("tsch", "C"), ("sch", "S"), ("sh", "S"), ("ch", "h"))
_POLISH = (("szcz", "C"), ("cz", "C"), ("sz", "S"), ("rz", "S"), ("ch", "h"), ("c", "z"))
"""Letters for one sound as each language writes it: C is ч or щ, S ш or ж, h х, z ц or з."""


@cache
def _slavic(word: str) -> frozenset[str]:
    return frozenset(_sounds(word, letters) for letters in (_ENGLISH, _GERMAN, _POLISH))


def _sounds(word: str, letters: Sequence[tuple[str, str]]) -> str:
    for written, sound in letters:
        word = word.replace(written, sound)
    word = word.replace("w", "v").replace("ff", "v").replace("x", "ks").replace("ck", "k")
    word = re.sub("[jy](?=[aeou])", "", word)
    word = re.sub("[aeiouyj]+", lambda found: _vowel(found.group()), word)
    return re.sub(r"(.)\1+", r"\1", word)


def _vowel(written: str) -> str:
    """Vowels by their first letter; e and o, i and y change places."""
    return written[0] if written[0] in "au" else "e"


# Korean -------------------------------------------------------------------------------------------

_KOREAN = tuple((re.compile(a), b) for a, b in word_table("korean_spellings").items())


def judge_korean(x: Words, y: Words) -> list[Evidence]:
    """Weigh two names whose surnames may be spellings of one Korean surname."""
    ways = [
        evidence("person_romanised.korean")
        for (family, given), (house, name) in product(_korean(x), _korean(y))
        if (family == house or family in korean_surnames().get(house, ())) and given == name
    ]
    return ways[:1]


def _korean(words: Words) -> Iterator[tuple[str, str]]:
    """Surname and given name as it sounds; the surname is the first word or the last."""
    if not 2 <= len(words) <= 3:
        return
    for surname, given in ((words[0], words[1:]), (words[-1], words[:-1])):
        if surname in korean_surnames() and len("".join(given)) >= 4:
            yield surname, "".join(_syllable(part) for part in given)


@cache
def _syllable(word: str) -> str:
    for pattern, letter in _KOREAN:
        word = pattern.sub(letter, word)
    return word


# Wade-Giles ---------------------------------------------------------------------------------------


def judge_wade_giles(x: Words, y: Words, *, marked: bool) -> list[Evidence]:
    """Weigh a name in Hanyu Pinyin against one in Wade-Giles; `marked` by hyphen or apostrophe."""
    for pinyin, other in ((x, y), (y, x)):
        if len(pinyin) != 2 or not 2 <= len(other) <= 3 or not all(map(is_pinyin, pinyin)):
            continue
        if not marked and all(map(is_pinyin, other)):
            continue
        spelled = [re.sub("(?<=[ei])h$", "", word) for word in other]
        if any(_spell(way, spelled) for way in _syllables(pinyin)):
            return [evidence("person_romanised.wade_giles")]
    return []


def _syllables(pinyin: Words) -> Iterator[list[str]]:
    """A surname and a given name as syllables, in every way the given name divides."""
    for given in _divided(pinyin[1]):
        yield [pinyin[0], *given]


def _divided(word: str) -> Iterator[list[str]]:
    if is_syllable(word):
        yield [word]
    for n in range(1, len(word)):
        if is_syllable(word[:n]) and is_syllable(word[n:]):
            yield [word[:n], word[n:]]


def _spell(syllables: list[str], words: Words) -> bool:
    """Whether the words are the syllables in Wade-Giles, hyphened or written together."""
    if not set(words[:1]) & _ways(syllables[0]):
        return False
    given = "".join(words[1:])
    return any("".join(way) == given for way in product(*map(_ways, syllables[1:])))


@cache
def _ways(syllable: str) -> frozenset[str]:
    return frozenset(re.sub("(?<=[ei])h$", "", way) for way in wade_giles_of(syllable))
