"""What is read a column at once is what the careful path reads one by one."""

import random

import polars as pl
import pytest

from cleansing import phone
from cleansing.phone_plain import plain_reader

FORMS = {
    "CN": ("1##########", "0755-########", "010########", "179########", "15#-####-####"),
    "US": ("##########", "(2##) 3##-####", "8##-555-####", "1-4##-6##-####", "1#########"),
    "?US": ("##########", "(2##) 3##-####", "8##-555-####", "1-4##-6##-####", "1#########"),
    None: ("1##########", "138 #### ####", "##########", "0## ### ####", "(0##) ####-####",
           "0####-##-##", "0##########", "## ## ## ##", "0##-########-##", "+## ### ####",
           "85# #### ####"),
}  # fmt: skip
PAIR = ("{}/{}", "{}；{}", "{} / {}", "{},{}", "{}、{}")


def numbers(forms: tuple[str, ...], chance: random.Random) -> list[str]:
    """Numbers of these forms, some of them several to a cell, some round."""

    def one() -> str:
        digit = str(chance.randrange(10))
        digits = (digit if chance.random() < 0.1 else str(chance.randrange(10)) for _ in range(20))
        return "".join(next(digits) if c == "#" else c for c in chance.choice(forms))

    several = (chance.choice(PAIR).format(one(), one()) for _ in range(200))
    round_ones = (
        number[:3] + number[3] * (len(number) - 3) for number in (one() for _ in range(200))
    )
    return [*(one() for _ in range(1500)), *several, *round_ones, *forms]


@pytest.mark.parametrize("home", FORMS)
def test_both_paths_agree(home: str | None) -> None:
    """Value, reason and parts of every row that is marked plain are those of the careful path."""
    raw = pl.Series("raw", numbers(FORMS[home], random.Random(11)))
    tidied = raw.str.replace_all("；", ";")
    plain = plain_reader(home)(pl.DataFrame({"raw": raw, "tidied": tidied}))
    done = plain.with_columns(raw=raw, tidied=tidied).filter("plain")
    names = ("value", "reason", *phone.PARTS)
    assert done.height > raw.len() / 5
    for row in done.iter_rows(named=True):
        told = phone.clean_one(row["raw"], row["tidied"], home)
        assert tuple(row[name] for name in names) == tuple(told), row["raw"]


def test_a_part_of_a_column_is_cleaned_as_the_whole_is() -> None:
    """The column is asked once whose numbers it holds; its slices need not know."""
    mixed = [*numbers(FORMS["CN"], random.Random(3)), "(212) 555-0123", "95588", "n/a"]
    column = pl.Series("raw", mixed)
    clean = phone.cleaner_for(column)
    parts = [clean(column.slice(start, 300)) for start in range(0, column.len(), 300)]
    assert pl.concat(parts).equals(phone.clean(column))
