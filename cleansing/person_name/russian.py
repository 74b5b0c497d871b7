"""A Russian name is given name, patronymic and surname; in lists the surname stands first.

`Иванов Иван Иванович` and `Иван Иванович Иванов` are one name: the patronymic shows which word is
which. `Анна Сергеевна` alone has no surname. The same in Latin letters, where a Russian given name
or the ending of a Russian surname stands beside the patronymic (Roman Abramovich has none).
"""

import re
from functools import cache

from cleansing.person_name import reference as ref
from cleansing.person_name.romanised import Romanised
from cleansing.person_name.western import fold
from cleansing.transliteration import latin_text

_HERS = re.compile(r"\w+(?:ovna|evna|ivna|ichna)")
_HIS = re.compile(r"\w+(?:ovich|evich|yevich|ovych|lich|mich|kich)")
_CYRILLIC = re.compile(r"[\u0400-\u045f]")

LOOK = r"(?i)(?:ov|ev|y)ich\b|[oei]vna\b|ichna\b|ovych\b"
"""Only a Latin name that holds such an ending can have a patronymic."""


def parse(name: str) -> Romanised | None:
    """Read a Russian name; None where it is none, or stands as a Western one does."""
    words = name.split()
    cyrillic = _CYRILLIC.search(name) is not None
    if "," in name or not 2 <= len(words) <= 3 or not (cyrillic or re.search(LOOK, name)):
        return None
    latin = [fold(latin_text(word)) for word in words]
    return _of_two(words, latin, cyrillic) if len(words) == 2 else _of_three(words, latin, cyrillic)


def _of_three(words: list[str], latin: list[str], cyrillic: bool) -> Romanised | None:
    if _is_patronymic(latin[1]):
        return Romanised(words[2], " ".join(words[:2]), None, None)
    if not _is_patronymic(latin[2]) or latin[0] in given_names():
        return None
    sure = cyrillic or latin[1] in given_names() or _ends_as_surname(latin[0])
    return Romanised(words[0], " ".join(words[1:]), None, None) if sure else None


def _of_two(words: list[str], latin: list[str], cyrillic: bool) -> Romanised | None:
    first, last = latin
    if _HERS.fullmatch(last):
        return Romanised(None, None, None, "given name and patronymic")
    if _HIS.fullmatch(last):
        known = cyrillic and first in given_names()
        return Romanised(None, None, None, "surname ambiguous") if known else None
    if cyrillic and last in given_names() and first not in given_names():
        return Romanised(words[0], words[1], None, "surname first")
    return None


def _is_patronymic(word: str) -> bool:
    return _HERS.fullmatch(word) is not None or _HIS.fullmatch(word) is not None


def _ends_as_surname(word: str) -> bool:
    return word.endswith(tuple(ref.words("russian_endings")))


@cache
def given_names() -> frozenset[str]:
    """Russian given names in Latin letters."""
    return frozenset(fold(latin_text(name)) for name in ref.words("russian_given"))
