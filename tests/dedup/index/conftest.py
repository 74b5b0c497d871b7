"""Small registers, cleaned and matched once, and an index over each."""

from dataclasses import dataclass

import polars as pl
import pytest

from benchmarks import companies, persons
from cleansing import clean_table, infer_kinds
from dedup import Resolution, resolve
from dedup.index import Index
from guiyi.kinds import Kind


@dataclass(frozen=True)
class Register:
    """A table, what the batch found in it, and an index with the batch's model."""

    raw: pl.DataFrame
    clean: pl.DataFrame
    kinds: dict[str, Kind]
    batch: Resolution
    index: Index


def register_of(raw: pl.DataFrame) -> Register:
    kinds = {name: guess.kind for name, guess in infer_kinds(raw).items()}
    clean = clean_table(raw, kinds)
    batch = resolve(clean, kinds)
    return Register(raw, clean, kinds, batch, Index.build(clean, kinds, batch.model))


@pytest.fixture(scope="session")
def people() -> Register:
    return register_of(persons.register(3000, 5).drop("entity"))


@pytest.fixture(scope="session")
def firms() -> Register:
    return register_of(companies.customers(1200, 3).drop("entity"))


@pytest.fixture(scope="session")
def contacts() -> Register:
    """Full names, two phone columns that fill each other's gaps, several numbers a cell."""
    people = persons.register(900, 8)
    every = pl.int_range(pl.len())
    return register_of(
        people.select(
            name=pl.when(every % 4 == 0)
            .then(pl.concat_str("last_name", "first_name", separator=", "))
            .otherwise(pl.concat_str("first_name", "last_name", separator=" ")),
            office=pl.when(every % 2 == 0).then("phone"),
            mobile=pl.when(every % 2 == 1).then(
                pl.when(every % 6 == 1)
                .then(pl.concat_str("phone", pl.col("phone").reverse(), separator="; "))
                .otherwise("phone")
            ),
            mail="email",
            born="birth_date",
            remark=pl.concat_str(pl.lit("met at "), "address", pl.lit(" in "), "city"),
        )
    )
