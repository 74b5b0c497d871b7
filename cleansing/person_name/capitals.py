"""In lists and passports the surname stands in capitals, whatever the order: DUPONT Jean."""

import re

from cleansing.person_name import reference as ref
from cleansing.person_name.elsewhere import is_known_given
from cleansing.person_name.romanised import Romanised
from cleansing.person_name.russian import given_names
from cleansing.person_name.western import fold

LOOK = r"^(?:[A-ZÀ-ÖØ-Þ'’\-]+ )+[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]"
_CAPITALS = re.compile(r"[^\W\d_]['’\-\w]*")


def parse(name: str) -> Romanised | None:
    """Read a name of which the first words alone are in capitals; None where it is no such name."""
    words = name.split()
    ahead = next((n for n, word in enumerate(words) if not _is_capital(word)), len(words))
    surname, given = words[:ahead], words[ahead:]
    if not surname or not 1 <= len(given) <= 3 or max(map(len, surname)) < 3:
        return None
    if not all(word[:1].isupper() and len(word) > 1 and word.isalpha() for word in given):
        return None
    if any(_is_no_surname(fold(word)) for word in surname):
        return None
    if len(surname) == 1 and not any(_is_given(word) for word in given):
        return Romanised(None, None, None, "order unsure")  # IBM Watson, or KOWALSKI Zdzislaw
    return Romanised(" ".join(surname), " ".join(given), None, "surname in capitals")


def _is_capital(word: str) -> bool:
    return word.isupper() and _CAPITALS.fullmatch(word) is not None


def _is_no_surname(word: str) -> bool:
    groups = ("prefixes", "suffixes", "offices")
    return _is_given(word) or any(word in ref.words(group) for group in groups)


def _is_given(word: str) -> bool:
    """Whether any part of a word is a known given name: JEAN-CLAUDE, OLGA."""
    return any(is_known_given(part) or part in given_names() for part in fold(word).split())
