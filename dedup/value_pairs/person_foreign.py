"""Whether characters are a foreigner's name: 田中太郎 Tanaka Taro, 约翰·史密斯 John Smith.

Japanese names are read in the Japanese way; Western ones are rendered by sound, most of them always
in the same characters.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from dedup.knowledge.known_names import japanese_readings, names_in_chinese
from dedup.value_pairs.evidence import Evidence, evidence, reading
from dedup.value_pairs.sounds import may_sound

_DOTS = re.compile(r"[·•‧・．.\s]+")


def judge_foreign(written: str, words: Sequence[str]) -> list[Evidence]:
    """Weigh a name in characters, as it was written, against the words of one in letters."""
    parts = [part for part in _DOTS.split(written) if part]
    if len(parts) > 1:
        return _rendered(parts, words)
    return _japanese(written, [_short_vowels(word) for word in words])


def _rendered(parts: Sequence[str], words: Sequence[str]) -> list[Evidence]:
    """Each part must render a word, in order, or the given name and surname the first and last."""
    if len(parts) != len(words):
        parts, words = (parts[0], parts[-1]), (words[0], words[-1])
    known = [
        part in names_in_chinese().get(word, ()) for part, word in zip(parts, words, strict=True)
    ]
    heard = [may_sound(word, reading(part)) for part, word in zip(parts, words, strict=True)]
    if all(known):
        return [evidence("person_foreign.western.known")]
    if all(k or h for k, h in zip(known, heard, strict=True)):
        return [
            evidence(
                "person_foreign.western.one_known" if any(known) else "person_foreign.western.heard"
            )
        ]
    return []


def _japanese(name: str, words: Sequence[str]) -> list[Evidence]:
    if len(words) != 2:
        return []
    found: list[Evidence] = []
    for surname, given in _divided(name):
        for first, last in (words, words[::-1]):
            if first not in japanese_readings("surname")[surname]:
                continue
            ways = set(_given(given))
            if last in ways:
                return [evidence("person_foreign.japanese.read")]
            if not ways:
                found = [evidence("person_foreign.japanese.surname")]
    return found


def _divided(name: str) -> Iterator[tuple[str, str]]:
    for end in range(1, min(4, len(name))):
        if name[:end] in japanese_readings("surname"):
            yield name[:end], name[end:]


@lru_cache(maxsize=1 << 12)
def _given(given: str) -> tuple[str, ...]:
    """The usual readings of a given name; nothing where a character's are not known."""
    if given in japanese_readings("given"):
        return tuple(japanese_readings("given")[given])
    made = [""]
    for char in given:
        made = [
            head + reading for head in made for reading in japanese_readings("char").get(char, ())
        ]
    return tuple(made)


@cache
def _short_vowels(word: str) -> str:
    """Satoh, Satou and Satō are Sato; but Inoue keeps its vowels."""
    word = re.sub(r"oh(?![aeiou])|ou(?!e)|oo", "o", word)
    return re.sub(r"uu", "u", word)
