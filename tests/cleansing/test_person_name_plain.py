"""Names of ordinary words, read a column at once, are taken apart as one by one."""

import random

import polars as pl

from cleansing import person_name
from cleansing.person_name import plain, reference, romanised, western


def names(number: int) -> pl.Series:
    """Names of one to four words, ordinary and telling ones, in any case."""
    chance = random.Random(5)
    telling = sorted(western.telling_words() | romanised.first_surnames())
    known = sorted({*reference.nicknames(), *reference.formal_names()})
    syllables = sorted(reference.syllables())
    ordinary = ["smith", "gold", "otoole", "q", "x", "zosord", "mcdonald", "Vandam", "law", "ye"]
    made = set()
    for _ in range(number):
        kinds = chance.choices((ordinary, known, telling, syllables), (6, 4, 1, 1), k=4)
        words = [chance.choice(kind) for kind in kinds[: chance.choice((1, 2, 2, 2, 3, 3, 4))]]
        made.add(chance.choice((str.title, str.upper, str.lower, str))(" ".join(words)))
    return pl.Series("raw", sorted(made))


def test_both_paths_agree() -> None:
    """Every part of a plain name is what the reading of one name gives."""
    tidy = names(8000)
    chosen = tidy.filter(plain.is_plain(tidy))
    assert chosen.len() > tidy.len() / 4
    parsed = plain.parse(chosen)
    for name, found in zip(chosen.to_list(), parsed.to_dicts(), strict=True):
        told = person_name.clean_one(name)
        if told is not None:
            assert told == (
                found["key"],
                found["surname"],
                found["given"],
                *(None,) * 4,
                found["doubt"],
            ), name


def test_slices_are_cleaned_as_the_whole_column() -> None:
    """No name depends on those beside it."""
    column = names(600)
    parts = [person_name.clean(column.slice(start, 100)) for start in range(0, column.len(), 100)]
    assert pl.concat(parts).equals(person_name.clean(column))
