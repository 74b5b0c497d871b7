"""East Asian names in other spellings than pinyin stand with the surname first at home.

`Tan Ah Kow`, `Tung Chee-hwa`, `CHAN Tai Man, David`, `Nguyen Van An`, `Tanaka Taro`, `Kim Minsu`.
A surname is believed only beside words that sound like given names of that country; where both ends
may be surnames, none is named.
"""

import re
import unicodedata
from functools import cache

from cleansing.person_name import reference as ref
from cleansing.person_name.romanised import Romanised
from cleansing.person_name.western import fold, is_given

_SYLLABLE = (
    r"(?:(?:ngh?|ch|sh|zh|ts|tz|hs|kh|ph|th|gh|nh|tr|kw|gw|hw|qu|dz|sz|[b-df-hj-np-tv-xz])?"
    r"[aeiouy]{1,3}(?:ng|nh|ch|[mnptckhrwl])?)"
)
_ONE = re.compile(_SYLLABLE)
_FEW = re.compile(rf"{_SYLLABLE}{{1,2}}")
"""What a syllable of Chinese, Vietnamese or Korean sounds like, however it is spelled."""


def parse(name: str) -> Romanised | None:
    """Read a name of which the surname stands first; None when it is no such name."""
    if "," in name:
        return None
    words = name.split()
    folded = [fold(word).replace(" ", "-") for word in words]
    if _is_vietnamese(name, folded):
        sure = None if len(words) > 2 else "surname first"
        return Romanised(words[0], " ".join(words[1:]), None, sure)
    if _is_marked(name) and folded[-1] in ref.words("vietnamese_surnames"):
        return None  # Tuấn Anh Đỗ, written our way
    if not 2 <= len(words) <= 3:
        return None
    if folded[0] in ref.words("doubtful_surnames") and len(words) == 3:
        return Romanised(None, None, None, "surname ambiguous")
    if len(words) == 2 and _is_eastern_order(*folded):
        return Romanised(words[0], words[1], None, "surname first")
    if len(words) == 2:
        return _of_two(words, folded)
    return _of_three(words, folded)


def parse_with_english_name(name: str) -> tuple[Romanised, str] | None:
    """CHAN Tai Man, David; David Chan Tai Man: another name stands beside the Chinese one."""
    words = name.replace(",", " ").split()
    if not 3 <= len(words) <= 5 or name.count(",") > 1:
        return None
    if "," in name:
        before, behind = (part.split() for part in name.split(","))
        choices = [(before, behind)] if len(behind) == 1 and len(before) > 1 else []
    else:
        choices = [(words[1:], words[:1]), (words[:-1], words[-1:])]
    for chinese, english in choices:
        folded = [fold(word).replace(" ", "-") for word in chinese]
        foreign = is_known_given(fold(english[0])) or (
            "," in name and not _sounds(fold(english[0]))
        )
        if not foreign or not _is_whole(folded):
            continue
        return Romanised(chinese[0], " ".join(chinese[1:]), None, None), english[0]
    return None


def _sounds(word: str) -> bool:
    """Whether a word may be an East Asian given name rather than a Western one."""
    return not is_known_given(word) and _FEW.fullmatch(word) is not None


def _is_whole(folded: list[str]) -> bool:
    """A surname, and a given name of two syllables, apart or with a hyphen: chan tai man."""
    if not _is_surname(folded[0]):
        return False
    given = [part for word in folded[1:] for part in word.split("-")]
    return len(given) == 2 and all(_ONE.fullmatch(part) for part in given)


def is_known_given(word: str) -> bool:
    """Tell a Western given name, or a nickname for one."""
    return is_given(word) or word in ref.words("english_given")


def _is_common(word: str) -> bool:
    return word in ref.words("elsewhere_surnames") or word in ref.words("hokkien_surnames")


def _is_surname(word: str) -> bool:
    return _is_common(word) or word in ref.words("overseas_surnames")


def _of_two(words: list[str], folded: list[str]) -> Romanised | None:
    """Tung Chee-hwa; Chan Taiman may stand in either order."""
    first, last = folded
    if "-" in last:
        halves = last.split("-")
        chinese = len(halves) == 2 and all(_ONE.fullmatch(half) for half in halves)
        known = _is_surname(first) or first in ref.surname_ranks() or first in ("kim", "lee")
        sure = known and chinese and not any(map(is_known_given, halves))
        return Romanised(words[0], words[1], None, None) if sure else None
    if not _is_common(first) or is_known_given(first) or not _sounds(last):
        return None
    weak = ref.words("vietnamese_surnames") - ref.words("sure_vietnamese_surnames")
    if first in weak and _is_surname(last):
        return None  # Ly Chan: Ly is a given name, too
    if _is_surname(last) or last in ref.words("vietnamese_surnames"):
        return Romanised(None, None, None, "surname ambiguous")
    if first in ref.words("sure_vietnamese_surnames"):
        return Romanised(words[0], words[1], None, "surname first")
    return Romanised(None, None, None, "surname ambiguous")


def _of_three(words: list[str], folded: list[str]) -> Romanised | None:
    """Tan Ah Kow, Nguyen Thanh Tung: a surname, then two syllables; or undecided."""
    first, middle, last = folded
    spoken = all(_FEW.fullmatch(part) for part in (middle, last)) and not is_known_given(middle)
    if "-" in middle + last or not spoken:
        return None
    if _is_surname(first) and not is_known_given(last):
        if words[0].isupper() and len(first) > 1 and not words[-1].isupper():
            return Romanised(words[0], " ".join(words[1:]), None, None)
        return _of_both_ends(words, first, last)
    if middle in ref.words("sure_vietnamese_surnames") and not _is_surname(last):
        return Romanised(None, None, None, "order unsure")
    return None


def _of_both_ends(words: list[str], first: str, last: str) -> Romanised | None:
    """Tan Ah Kow; Siu Ming Chan as we write it; of Chan Ka Lam either end may be the surname."""
    if _is_common(last) and not _is_common(first):
        return None
    if last in ref.words("doubtful_surnames"):
        return Romanised(None, None, None, "surname ambiguous")  # Sung Hi Lee, Low Kim Lee
    if _is_surname(last) and _is_common(first) == _is_common(last):
        return Romanised(None, None, None, "surname ambiguous")
    return Romanised(words[0], " ".join(words[1:]), None, None)


def _is_vietnamese(name: str, folded: list[str]) -> bool:
    """Bùi Văn Hùng, by its marks or the middle names Văn and Thị; Hùng Bùi is written our way."""
    if not 2 <= len(folded) <= 5 or folded[0] not in ref.words("vietnamese_surnames"):
        return False
    marked = _is_marked(name) or " văn " in unicodedata.normalize("NFC", name.lower())
    middle = len(folded) > 2 and folded[1] in ("van", "thi")
    sure = folded[0] in ref.words("sure_vietnamese_surnames") or "thi" in folded[1:2]
    alone = folded[-1] not in ref.words("vietnamese_surnames")
    return (marked or (middle and sure)) and (alone or middle)


def _is_marked(name: str) -> bool:
    letters = unicodedata.normalize("NFC", name.lower())
    return not ref.words("vietnamese_letters").isdisjoint(letters)


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
