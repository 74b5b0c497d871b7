"""People's names for comparison: given and surname, nicknames, readings of Chinese characters."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from dedup.forms.columns import TextColumn
from dedup.forms.distinct import each

GIVEN_HEADER = re.compile(
    r"first|given|fore(?!ign)|christian|^fname|vorname|pr[ée]nom|nombre|^nome$|^imi[eę]$|(?<!姓)名$",
    re.IGNORECASE,
)
SURNAME_HEADER = re.compile(
    r"surn|^sur|last|family|^lname|nachname|^nom$|apellido|cognome|sobrenome|nazwisko|^姓$|姓氏",
    re.IGNORECASE,
)
MIDDLE_HEADER = re.compile(r"middle|second|maiden|nick|alias|suffix", re.IGNORECASE)
GENERATIONS = {"junior": "jr", "senior": "sr", "i": "sr", "ii": "jr"}
"""Marks of one meaning: the first of a name is the father of the second."""
_GENERATION = re.compile(r"[\s,]+(jr|sr|junior|senior|i{1,3}|iv)\.?$")
SINGLE = 0.7
"""From this share of one-word values, a column of names holds given names or surnames alone."""
_HAN = r"[\u3400-\u9fff]"


def is_single(names: Coded) -> bool:
    """Whether a column holds one name a cell, perhaps with an initial, rather than full names."""
    single = ~names.values.str.contains(r"\S{2}\s+\S{2}") & ~names.values.str.contains(_HAN)
    return names.share(single) >= SINGLE


def sounds(values: pl.Series) -> pl.Series:
    """How Chinese characters are read, without tones; other scripts stay as they are."""
    if not values.str.contains(_HAN).any():
        return values
    heard = [None if text is None else sound_of(text) for text in values]
    return pl.Series(heard, dtype=pl.String)


def sound_of(text: str) -> str:
    """How the Chinese characters of one text are read."""
    from cleansing.person_name.reference import readings

    table = readings()
    return text if text.isascii() else "".join([table.get(c, c) for c in text])


LEADING = (
    r"^(?:(?:al|el|ul|de|da|do|dos|das|del|della|di|du|des|la|le|las|los|van|von|der|den|ter|vom|zu|"
    r"bin|ibn|ben|bint|abu|abd|abdul|saint|san|santa|st|mac|mc|o|thi) )+"
)
"""Words before the one that tells a name: al-Harbi is not al-Mansouri, nor Thị Mai Thị Hương."""


_LEADING = re.compile(LEADING)


@cache
def joined_pinyin() -> str:
    """A Chinese name written as one Latin word, liuhuixiang, with its given name as a group."""
    from cleansing.person_name.reference import surname_ranks, syllables

    surname, syllable = (
        "|".join(sorted((word for word in words if word.isascii()), key=lambda w: (-len(w), w)))
        for words in (surname_ranks().keys() & syllables(), syllables())
    )
    return rf"^(?:{surname})((?:{syllable})(?:{syllable}))$"


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]], re.Pattern[str]]:
    """Nicknames of one formal name, those of several, and Chinese names in one Latin word."""
    from cleansing.person_name.reference import nicknames, shared_nicknames

    return nicknames(), shared_nicknames(), re.compile(joined_pinyin())


def first_word(name: str) -> str:
    """The first word of a name that is not one of many."""
    return _LEADING.sub("", name).split(" ", 1)[0]


def initial_of(name: str) -> int:
    """The first letter of a name or, if that is a nickname, of the formal one; −1 for none."""
    first = first_word(name)
    heard = sound_of(_tables()[0].get(first, first)[:1])
    return ord(heard[0]) if heard else -1


@lru_cache(65_536)
def related_texts(name: str) -> tuple[str | None, ...]:
    """What a name is related by: the formal name of a nickname, two more, and the reading.

    Of a Chinese name written as one Latin word the given name stands for one of the two.
    """
    formal, shared, joined = _tables()
    first = first_word(name)
    one, other = (*shared.get(first, ()), None, None)[:2]
    if other is None:
        pinyin = joined.match(first)
        other = pinyin[1] if pinyin else None
    return formal.get(first, first), one, other, sound_of(name).replace(" ", "")


RELATED = 4
"""Texts that `related_texts` gives."""


def all_related(names: pl.Series) -> pl.Series:
    """What each name is related by, one name after the other."""
    return pl.Series([text for name in names for text in related_texts(name)], dtype=pl.String)


def kin_of(column: TextColumn) -> npt.NDArray[np.int32]:
    """Groups of related names, as many a value as `related_texts` gives; −1 for none."""
    return TextColumn.of(all_related(column.values)).codes.reshape(-1, RELATED)


@cache
def given_names() -> frozenset[str]:
    """Names that are given to people, and surnames rarely if ever."""
    from cleansing.person_name.reference import formal_names, nicknames
    from cleansing.signs.evidence import words_of

    return formal_names() | nicknames().keys() | (words_of("given") - words_of("surnames"))


def is_known(name: str) -> bool:
    """Whether a name is a known given name, by its first word."""
    return name.split(" ", 1)[0] in given_names()


def are_known(names: pl.Series) -> npt.NDArray[np.bool_]:
    """Which names are known given names."""
    return each(names, is_known, pl.Boolean).fill_null(value=False).to_numpy()


def known_given(names: Coded) -> float:
    """The share of names that are known given names or nicknames."""
    known = pl.Series(sorted(given_names()))
    return names.share(names.values.is_in(known.implode()))


def generation_of(name: str) -> str | None:
    """The generation (Jr., III) at the end of a name, in one spelling; None if nothing does."""
    mark = _GENERATION.search(" " + name.lower().strip())
    return None if mark is None else GENERATIONS.get(mark[1], mark[1])


def without_generation(name: str) -> str:
    """A name without its generation (Jr., III)."""
    return _GENERATION.sub("", name)
