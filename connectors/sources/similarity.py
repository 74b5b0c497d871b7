"""Text that was decoded rightly reads like a language; decoded wrongly it is a heap of letters."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from connectors.sources import words

_WORD = re.compile(r"[^\s\x00-\x40\x5b-\x60\x7b-\x7f]+")
"""A run of letters, and of whatever is beyond ASCII."""
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fe]")
MOST_WORDS = 2000
"""Distinct words beyond ASCII looked at; more do not change the verdict."""


@dataclass(frozen=True)
class Language:
    """What one language's words are made of beyond ASCII."""

    letters: frozenset[str]
    frequent: frozenset[str]
    """Its commonest letters, where it does not share ASCII's; empty for Latin scripts."""
    finals: frozenset[str]
    """Letters that only end a word."""


@cache
def frequent_han() -> frozenset[str]:
    """The Chinese characters that most text consists of, simplified and traditional."""
    lists = words.load("frequent_han")
    return frozenset("".join(lists["simplified"] + lists["traditional"]).replace(" ", ""))


@cache
def _frequent_kanji() -> frozenset[str]:
    return frozenset(words.load("alphabets")["kanji"].replace(" ", "")) | frequent_han()


@cache
def _frequent_hangul() -> frozenset[str]:
    return frozenset(words.load("alphabets")["hangul"].replace(" ", ""))


@cache
def _signs() -> frozenset[str]:
    return frozenset(words.load("alphabets")["signs"])


@cache
def codecs_of_letters() -> dict[str, tuple[Language, ...]]:
    """Give the codecs of one byte a letter, each with the languages it may hold."""
    lists = words.load("alphabets")
    known = {
        name: Language(
            frozenset(letters["letters"] + letters["letters"].upper()),
            frozenset(letters.get("frequent", "")),
            frozenset(letters.get("finals", "")),
        )
        for name, letters in lists["languages"].items()
    }
    return {codec: tuple(known[name] for name in names) for codec, names in lists["codecs"].items()}


def broken(text: str) -> float:
    """The share of characters beyond ASCII that could not be decoded."""
    beyond = sum(char > "\x7f" for char in text)
    return text.count("\ufffd") / beyond if beyond else 0.0


def chinese(text: str) -> float:
    """The share of frequent characters among those that are not ASCII or punctuation."""
    return _share(text, frequent_han())


def japanese(text: str) -> float:
    """The share of kana and frequent kanji; kana of half width are what other text turns into."""
    letters = [char for char in text if char > "\u00bf" and char.isalpha()]
    if not letters:
        return 0.0
    kanji = _frequent_kanji()
    good = sum(bool(_KANA.match(char)) or char in kanji for char in letters)
    return max(0.0, good - 2 * len(_HALF_KANA.findall(text))) / len(letters)


def korean(text: str) -> float:
    """The share of frequent syllables."""
    return _share(text, _frequent_hangul())


def _share(text: str, frequent: frozenset[str]) -> float:
    letters = [c for c in text if c > "\u00bf" and c != "\ufffd" and c.isalpha()]
    return sum(char in frequent for char in letters) / len(letters) if letters else 0.0


def alphabetic(text: str, languages: tuple[Language, ...]) -> float:
    """The share of words beyond ASCII that are words of one of the languages."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text):
        if not word.isascii():
            counts[word.strip("".join(_signs()))] += 1
            if len(counts) > MOST_WORDS:
                break
    counts.pop("", None)
    total = sum(count for word, count in counts.items() if not word.isascii())
    if not total:
        return 0.0
    if languages[0].frequent:
        return max(_speaks(language, counts) for language in languages)
    beyond = [(w, n) for w, n in counts.items() if not w.isascii() and _cased(w)]
    each = [sum(n for w, n in beyond if _spelled(w, (one,))) for one in languages]
    mixed = sum(n for w, n in beyond if _spelled(w, languages))
    # A list may mix languages, but one that a single language explains is surer.
    return (mixed + max(each)) / (2 * total)


def _speaks(language: Language, counts: Counter[str]) -> float:
    """Weigh a script of its own: whole words of its letters, and the common letters common."""
    letters: Counter[str] = Counter()
    good = total = 0
    for word, count in counts.items():
        if word.isascii():
            continue
        total += count
        mixed = any(char.isascii() for char in word)
        known = all(char in language.letters for char in word)
        if known and not mixed and _cased(word) and not language.finals & set(word[:-1]):
            good += count
        letters.update(word.lower())
    share = sum(letters[char] for char in language.frequent) / max(sum(letters.values()), 1)
    # Common letters are three quarters of text, and about half of a heap of letters.
    return good / max(total, 1) * min(1.2, max(0.0, (share - 0.4) / 0.25))


def _spelled(word: str, languages: tuple[Language, ...]) -> bool:
    beyond = {char for char in word if char > "\x7f" and char != "’"}
    return any(beyond <= language.letters for language in languages)


def _cased(word: str) -> bool:
    """Tell words from heaps: no capital follows a small letter but in names such as McKay."""
    turns = sum(a.islower() and b.isupper() for a, b in pairwise(word))
    return turns == 0 or (
        turns == 1 and word.isalpha() and word[0].isupper() and word[:3].isascii()
    )
