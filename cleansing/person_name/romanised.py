"""A Chinese name in Latin letters may stand in either order; only its syllables tell.

`Zeng Xiaoming`, `Xiaoming Zeng`, `ZENG Xiao-ming` and `Zeng, Xiao Ming` are one name. Where both
words could be the surname (`Li Wei`) nothing is guessed.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from cleansing.person_name import reference as ref
from cleansing.person_name.western import fold, is_given

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
    """Surnames of lands where the surname stands first, which are read after their land's way."""
    groups = ("elsewhere", "doubtful", "romanised_japanese", "romanised_korean")
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
    """Whether the first word is the surname; None when nothing tells."""
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


def parse_elsewhere(name: str) -> Romanised | None:
    """Read Tsai Ing-wen, Nguyen Van A, Tanaka Taro and Kim Minsu; None when it is no such name."""
    words = name.split()
    folded = [fold(word).replace(" ", "-") for word in words]
    if _is_vietnamese(name.lower(), folded):
        sure = None if len(words) > 2 else "surname first"
        return Romanised(words[0], " ".join(words[1:]), None, sure)
    if not 2 <= len(words) <= 3:
        return None
    known = ref.words("elsewhere_surnames")
    if folded[0] in ref.words("doubtful_surnames") and len(words) == 3:
        return Romanised(None, None, None, "surname ambiguous")
    if len(words) == 2 and _is_eastern_order(*folded):
        return Romanised(words[0], words[1], None, "surname first")
    if folded[0] not in known or folded[-1] in known or (len(words) == 2 and "-" not in words[1]):
        return None
    return Romanised(words[0], " ".join(words[1:]), None, None)


def _is_vietnamese(name: str, folded: list[str]) -> bool:
    """Bùi Văn Hùng, by its marks or the middle names Văn and Thị; Hùng Bùi is written our way."""
    if not 2 <= len(folded) <= 5 or folded[0] not in ref.words("vietnamese_surnames"):
        return False
    marked = not ref.words("vietnamese_letters").isdisjoint(unicodedata.normalize("NFC", name))
    middle = len(folded) > 2 and folded[1] in ("van", "thi")
    sure = folded[0] in ref.words("sure_vietnamese_surnames") or "thi" in folded[1:2]
    alone = folded[-1] not in ref.words("vietnamese_surnames")
    return (marked or (middle and sure)) and (alone or middle)


def _is_eastern_order(first: str, last: str) -> bool:
    """A Japanese or Korean surname stands first and is none where a surname stands in the West."""
    japanese = ref.words("romanised_japanese_surnames")
    if first in japanese:
        return last not in japanese and not is_given(last)
    korean = ref.words("romanised_korean_surnames")
    return first in korean and last not in korean and _korean_given().fullmatch(last) is not None


@cache
def _korean_given() -> re.Pattern[str]:
    syllable = "|".join(sorted(ref.words("korean_syllables"), key=len, reverse=True))
    return re.compile(rf"(?:{syllable})-?(?:{syllable})")
