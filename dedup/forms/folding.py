"""Texts and names as they are compared: lower case, without accents, punctuation or titles."""

import re
import unicodedata

import polars as pl

from cleansing.transliteration import latin, latin_text
from dedup.forms.distinct import each
from dedup.forms.han import RARE_HAN

_ADDRESSED = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|master|sir|herr|frau|senor|senora|mme|mlle) "
)
_IS_RARE_HAN = re.compile(f"[{RARE_HAN}]")
_NEITHER = re.compile("[^a-z0-9]+")


class _Leftovers(dict[int, str | None]):
    """What is left of each character: marks go, and what is no letter or number is a space."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        group = "L" if _IS_RARE_HAN.match(char) else unicodedata.category(char)[0]
        self[point] = None if group == "M" else char if group in "LN" else " "
        return self[point]


_LEFT = _Leftovers()


def fold(text: str) -> str | None:
    """Lower case without accents or punctuation, words one space apart; None if nothing is left."""
    if text.isascii():
        return _NEITHER.sub(" ", text.lower()).strip() or None
    plain = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFKC", " ".join(plain.translate(_LEFT).split())) or None


def spell(name: str) -> str | None:
    """A name of a person as it is compared: folded, in Latin letters.

    Greek, Cyrillic and Arabic letters are spelled in Latin ones. A form of address before a name is
    no part of it.
    """
    return _without_title(latin_text(name))


def _without_title(latin_name: str) -> str | None:
    plain = fold(latin_name)
    return None if plain is None else _ADDRESSED.sub("", plain)


def folded(texts: pl.Series) -> pl.Series:
    """A column of texts, as `fold` has each."""
    return each(texts, fold)


def spelled(names: pl.Series) -> pl.Series:
    """A column of names, as `spell` has each; letters of other alphabets are spelled at once."""
    return each(latin(names.cast(pl.String)), _without_title)
