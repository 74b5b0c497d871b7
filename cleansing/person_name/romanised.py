"""A Chinese name in Latin letters may stand in either order; only its syllables show which.

`Zeng Xiaoming`, `Xiaoming Zeng`, `ZENG Xiao-ming` and `Zeng, Xiao Ming` are one name. Where both
words could be the surname (`Li Wei`) nothing is guessed.
"""

import re
from functools import cache
from typing import NamedTuple

from cleansing.person_name import reference as ref

COMMON = 100
"""The hundred commonest surnames cover 86 % of China (2020 全国姓名报告)."""


_MARKS = re.compile(r"['’\-]")


class Romanised(NamedTuple):
    """A romanised Chinese name: surname and given name as written, and how sure that is."""

    surname: str | None
    given: str | None
    pinyin: str | None
    doubt: str | None


@cache
def _syllable_pattern() -> re.Pattern[str]:
    longest = "|".join(sorted(ref.syllables(), key=len, reverse=True))
    return re.compile(rf"(?:{longest})(?:(?:{longest}))?(?:(?:{longest}))?")


@cache
def mandarin_pattern() -> str:
    """A name in which every word may be one to three syllables of Mandarin."""
    word = f"(?:{'|'.join(sorted(ref.syllables(), key=len, reverse=True))}){{1,3}}"
    return rf"^{word}(?: {word})*$"


@cache
def first_surnames() -> frozenset[str]:
    """Surnames of countries where the surname stands first, and how they are read."""
    groups = (
        "elsewhere",
        "overseas",
        "hokkien",
        "doubtful",
        "romanised_japanese",
        "romanised_korean",
    )
    return frozenset().union(*(ref.words(f"{group}_surnames") for group in groups))


@cache
def _is_chinese(word: str) -> bool:
    return _syllable_pattern().fullmatch(word) is not None


@cache
def _is_one_syllable(word: str) -> bool:
    return word in ref.syllables()


def parse(name: str, comma: bool = False) -> Romanised | None:
    """Read a romanised Chinese name, or give None when it is not one."""
    words = name.replace(",", " ").split()
    if not 2 <= len(words) <= 3:
        return None
    bare = [_MARKS.sub("", word).lower().replace("ü", "v") for word in words]
    if not all(map(_is_chinese, bare)):
        return None
    ranks = [ref.surname_ranks().get(word) for word in (bare[0], bare[-1])]
    if ranks == [None, None] or (ranks[0] is None and bare[0] in ref.words("elsewhere_surnames")):
        return None
    first, doubt = _surname_first(words, bare, ranks, comma)
    if first is None:
        return Romanised(None, None, " ".join(bare), doubt)
    surname, given = (words[0], words[1:]) if first else (words[-1], words[:-1])
    spelled = (bare[0], bare[1:]) if first else (bare[-1], bare[:-1])
    pinyin = f"{spelled[0].replace('lyu', 'lv')} {''.join(spelled[1])}"
    return Romanised(surname, " ".join(given), pinyin, doubt)


def _surname_first(
    words: list[str], bare: list[str], ranks: list[int | None], comma: bool
) -> tuple[bool | None, str | None]:
    """Whether the first word is the surname; None if undecided."""
    if comma:
        return True, None
    capitals = [word.isupper() and len(word) > 1 for word in (words[0], words[-1])]
    if capitals[0] != capitals[1]:
        return capitals[0], None
    front, back = ranks
    if front is None or back is None:
        return front is not None, None
    if len(bare) == 2 and _is_one_syllable(bare[0]) != _is_one_syllable(bare[1]):
        return _is_one_syllable(bare[0]), None
    if (front < COMMON) != (back < COMMON):
        return front < COMMON, "surname by frequency"
    return None, "surname ambiguous"
