"""People's names for comparison: given and surname, nicknames, readings of Chinese characters."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from cleansing.transliteration import latin
from dedup.forms.columns import Column

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
GENERATION = r"[\s,]+(jr|sr|junior|senior|i{1,3}|iv)\.?$"
SINGLE = 0.7
"""From this share of one-word values, a column of names holds given names or surnames alone."""
_HAN = r"[\u3400-\u9fff]"


def folded(text: pl.Series) -> pl.Series:
    """Lower case without accents or punctuation, words one space apart."""
    frame = text.cast(pl.String).alias("v").to_frame()
    plain = (
        pl.col("v")
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
        .str.normalize("NFKC")
    )
    made = frame.select(plain).select(pl.when(pl.col("v") != "").then("v"))
    return made.to_series().alias(text.name)


ADDRESSED = r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|master|sir|herr|frau|senor|senora|mme|mlle) "


def spelled(names: pl.Series) -> pl.Series:
    """Names of people as they are compared: folded, Greek, Cyrillic and Arabic in Latin letters.

    A form of address before a name is no part of it.
    """
    return folded(latin(names.cast(pl.String))).str.replace(ADDRESSED, "")


def is_single(names: Coded) -> bool:
    """Whether a column holds one name a cell, perhaps with an initial, rather than full names."""
    single = ~names.values.str.contains(r"\S{2}\s+\S{2}") & ~names.values.str.contains(_HAN)
    return names.share(single) >= SINGLE


def sounds(values: pl.Series) -> pl.Series:
    """How Chinese characters are read, without tones; other scripts stay as they are."""
    if not values.str.contains(_HAN).any():
        return values
    from cleansing.person_name.reference import readings

    table = readings()
    return pl.Series(
        ["".join(table.get(c, c) for c in v) if v is not None else None for v in values],
        dtype=pl.String,
    )


LEADING = (
    r"^(?:(?:al|el|ul|de|da|do|dos|das|del|della|di|du|des|la|le|las|los|van|von|der|den|ter|vom|zu|"
    r"bin|ibn|ben|bint|abu|abd|abdul|saint|san|santa|st|mac|mc|o|thi) )+"
)
"""Words before the one that tells a name: al-Harbi is not al-Mansouri, nor Thị Mai Thị Hương."""


@cache
def joined_pinyin() -> str:
    """A Chinese name written as one Latin word, liuhuixiang, with its given name as a group."""
    from cleansing.person_name.reference import surname_ranks, syllables

    surname, syllable = (
        "|".join(sorted((word for word in words if word.isascii()), key=lambda w: (-len(w), w)))
        for words in (surname_ranks().keys() & syllables(), syllables())
    )
    return rf"^(?:{surname})((?:{syllable})(?:{syllable}))$"


def as_formal(firsts: pl.Series) -> pl.Series:
    """First words of names, nicknames as the formal names that they stand for."""
    from cleansing.person_name.reference import nicknames

    return firsts.replace(dict(nicknames()))


def first_words(values: pl.Series) -> pl.Series:
    """The first word of each name that tells it from others."""
    return values.str.replace(LEADING, "").str.split(" ").list.first()


def kin_texts(values: pl.Series) -> tuple[pl.Series, ...]:
    """What a name is related by: the formal name of a nickname, two more, and the reading.

    Of a Chinese name written as one Latin word the given name stands for one of the two.
    """
    from cleansing.person_name.reference import shared_nicknames

    firsts = first_words(values)
    formal = as_formal(firsts)
    more = [
        firsts.replace_strict(
            {short: names[n] for short, names in shared_nicknames().items() if len(names) > n},
            default=None,
            return_dtype=pl.String,
        )
        for n in range(2)
    ]
    more[1] = more[1].zip_with(more[1].is_not_null(), firsts.str.extract(joined_pinyin()))
    joined = sounds(values).str.replace_all(" ", "")
    return tuple(texts.rename("k") for texts in (formal, *more, joined))


def kin_of(column: Column) -> npt.NDArray[np.int32]:
    """Groups of related names, as many a value as `kin_texts` gives; −1 for none."""
    texts = kin_texts(column.values)
    return Column.of(pl.concat(texts)).codes.reshape(len(texts), -1).T.copy()


@cache
def given_names() -> frozenset[str]:
    """Names that are given to people, and surnames rarely if ever."""
    from cleansing.person_name.reference import formal_names, nicknames
    from cleansing.signs.evidence import words_of

    return formal_names() | nicknames().keys() | (words_of("given") - words_of("surnames"))


def are_known(values: pl.Series) -> npt.NDArray[np.bool_]:
    """Which values are known given names, by their first word."""
    names = pl.Series(sorted(given_names()))
    firsts = values.str.split(" ").list.first()
    return firsts.is_in(names.implode()).to_numpy().astype(np.bool_)


def known_given(names: Coded) -> float:
    """The share of names that are known given names or nicknames."""
    known = pl.Series(sorted(given_names()))
    return names.share(names.values.is_in(known.implode()))


def generation(names: pl.Series) -> pl.Series:
    """What tells father from son at the end of a name, in one spelling; null where nothing does."""
    text = names.cast(pl.String).str.to_lowercase().str.strip_chars()
    return (" " + text).str.extract(GENERATION).replace(GENERATIONS)


def without_generation(names: pl.Series) -> pl.Series:
    """Names without what tells father from son."""
    return names.str.replace(GENERATION, "")
