"""Short names of listed companies, each looked for among all full names.

    python -m benchmarks.short_names

For each short name the full names that share most of its characters (rare ones count more, as in
information retrieval) are weighed by the judge of company names; the first of them is the answer.
With an alias table, made of every second company, names in the table are told by it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.company_name import clean
from cleansing.text import simplify
from dedup.value_pairs import compare_values
from guiyi.kinds import Kind

LISTED = Path(__file__).parents[2] / "shared/data/chinese/listed_short_full_7827.csv"
WEIGHED = 12
"""Full names weighed for each short name, in the order in which a person would look at them."""


@dataclass(frozen=True)
class Resolved:
    """What was found for short names: the full name, or None, beside the true one."""

    short: Sequence[str]
    full: Sequence[str]
    found: Sequence[str | None]
    weighed: Sequence[bool]
    """Whether the true name was among those weighed."""

    @property
    def accuracy(self) -> float:
        """The share of short names whose full name was found first."""
        right = sum(a == b for a, b in zip(self.full, self.found, strict=True))
        return right / len(self.full)

    @property
    def misses(self) -> list[tuple[str, str, str | None]]:
        """Short name, true full name and what was found instead."""
        rows = zip(self.short, self.full, self.found, strict=True)
        return [row for row in rows if row[1] != row[2]]


def pairs() -> pl.DataFrame:
    """Columns short and full, of companies whose full name is in Chinese."""
    with LISTED.open(encoding="utf-8", newline="") as file:
        rows = [row[:2] for row in csv.reader(file)][1:]
    table = pl.DataFrame(rows, schema=["short", "full"], orient="row")
    return table.filter(pl.col("full").str.contains(r"\p{Han}")).unique(maintain_order=True)


def resolve(asked: pl.DataFrame, full: pl.Series, aliases: pl.DataFrame | None = None) -> Resolved:
    """Find the full name of each short one among `full`; `aliases` as `compare_values` takes it."""
    every = full.unique(maintain_order=True)
    short = asked["short"]
    rows, places = _alike(clean(short)["key"], simplify(every.str.to_lowercase()))
    pairs = pl.DataFrame(
        {"asked": rows, "short": short.gather(rows), "full": every.gather(places)}
    ).with_columns(order=pl.int_range(pl.len()))
    judged = compare_values(pairs["short"], pairs["full"], Kind.COMPANY_NAME, aliases=aliases)
    first = (
        pl.concat([pairs, judged], how="horizontal")
        .sort(["match_probability", "order"], descending=[True, False])
        .unique("asked", keep="first", maintain_order=True)
        .sort("asked")
    )
    truth = asked.with_row_index("asked").with_columns(pl.col("asked").cast(pl.Int64))
    told = truth.join(first.select("asked", found="full"), on="asked", how="left")
    seen = truth.join(pairs.select("asked", "full"), on=["asked", "full"], how="semi")[
        "asked"
    ].implode()
    weighed = told.select(pl.col("asked").is_in(seen)).to_series()
    return Resolved(
        told["short"].to_list(), told["full"].to_list(), told["found"].to_list(), weighed.to_list()
    )


def _alike(
    short: pl.Series, full: pl.Series
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows of short names and of the full names that share most of their characters.

    Legal forms are part of the full names here, so that 股份 in a short name weighs as little as it
    says.
    """
    known = sorted({char for key in full.drop_nulls() for char in key})
    number = {char: n for n, char in enumerate(known)}
    held = _held(full, number)
    rarity = np.log(len(full) / np.maximum(held.sum(axis=0), 1)).astype(np.float32)
    asked = _held(short, number) * rarity
    brief = 0.01 * held.sum(axis=1)
    most = min(WEIGHED, len(full))
    rows, places = [], []
    for start in range(0, len(short), 500):
        shared = asked[start : start + 500] @ held.T - brief
        best = np.argsort(-shared, axis=1, kind="stable")[:, :most]
        rows.append(np.repeat(np.arange(start, start + len(best)), most))
        places.append(best.ravel())
    return np.concatenate(rows), np.concatenate(places)


def _held(keys: pl.Series, number: dict[str, int]) -> npt.NDArray[np.float32]:
    held = np.zeros((len(keys), len(number)), np.float32)
    for row, key in enumerate(keys.to_list()):
        for char in set(key or ""):
            if char in number:
                held[row, number[char]] = 1
    return held


def half_a_table(table: pl.DataFrame) -> pl.DataFrame:
    """An alias table that knows every second company."""
    return table.gather_every(2)


def summary() -> str:
    """The accuracies, alone and with an alias table."""
    table = pairs()
    alone = resolve(table, table["full"])
    helped = resolve(table, table["full"], half_a_table(table))
    known = [a == b for a, b in zip(helped.full, helped.found, strict=True)]
    return (
        f"Short name → full name, {table.height:,} listed companies: {alone.accuracy:.1%} found "
        f"first ({np.mean(alone.weighed):.1%} among the {WEIGHED} weighed); "
        f"{helped.accuracy:.1%} with an alias table of every second one "
        f"({np.mean(known[::2]):.1%} of those in it, {np.mean(known[1::2]):.1%} of the others)"
    )


if __name__ == "__main__":
    print(summary())
