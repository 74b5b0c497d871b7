"""Whose value wins a cluster: by votes, by date, by completeness or by trust.

A voice is what one record says of one field, with its place in the order of belief; voices come in
that order.
"""

from collections.abc import Callable
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from guiyi.spec import Rule

IMPUTED = "imputed"
"""The rule named in the provenance of a value no record held."""

SEPARATOR = "; "
"""Between the values of a union."""


class Says(IntEnum):
    """How a record's value counts."""

    VALID = 0
    IMPUTED = 1
    REFUSED = 2


def decide(voices: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The winning voice of each cluster that has one, with the rule it won by.

    `shown` lists the values that a union put together.
    """
    valid = voices.filter(pl.col("says") == Says.VALID)
    imputed = voices.filter(pl.col("says") == Says.IMPUTED)
    fallback = _first(imputed.join(valid, on="cluster", how="anti", maintain_order="left"))
    winners = pl.concat(
        [
            _RANKED[rule](valid).with_columns(rule=pl.lit(str(rule))),
            fallback.with_columns(rule=pl.lit(IMPUTED)),
        ]
    )
    return _united(valid, winners) if rule is Rule.UNION else winners


def _first(voices: pl.DataFrame) -> pl.DataFrame:
    """The first voice of each cluster."""
    if voices.height == 0:
        return voices
    clusters = voices["cluster"].to_numpy()
    places = np.full(int(clusters.max()) + 1, -1, np.int64)
    places[clusters[::-1]] = np.arange(len(clusters) - 1, -1, -1)
    return voices[places[places >= 0]]


def _by_date(voices: pl.DataFrame) -> pl.DataFrame:
    return _first(voices.sort("age", "order"))


def _by_completeness(voices: pl.DataFrame) -> pl.DataFrame:
    length = pl.col("value").str.len_chars()
    return _first(voices.sort("detail", length, "order", descending=[True, True, False]))


def _by_votes(voices: pl.DataFrame) -> pl.DataFrame:
    """The comparison key with most votes; of its spellings the most frequent, then the fullest.

    Only clusters that disagree need a vote.
    """
    believed = _first(voices)
    if not voices.height:
        return believed
    disputed = np.zeros(_count(voices), np.bool_)
    disputed[unlike(voices, believed)["cluster"].to_numpy()] = True
    votes = voices.filter(_where(disputed, voices)).with_columns(
        votes=pl.len().over("cluster", "key"),
        backed=pl.col("order").min().over("cluster", "key"),
        spelled=pl.len().over("cluster", "value"),
        length=pl.col("value").str.len_chars(),
    )
    ranked = votes.sort(
        ["votes", "backed", "spelled", "detail", "length", "order"],
        descending=[True, False, True, True, True, False],
    )
    agreed = believed.filter(_where(~disputed, believed))
    return pl.concat([agreed, _first(ranked).select(agreed.columns)])


_RANKED: dict[Rule, Callable[[pl.DataFrame], pl.DataFrame]] = {
    Rule.MOST_RECENT: _by_date,
    Rule.MOST_FREQUENT: _by_votes,
    Rule.MOST_COMPLETE: _by_completeness,
    Rule.SOURCE_PRIORITY: _first,
    Rule.UNION: _first,
}


def unlike(voices: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """The voices that say something else than the winner of their cluster."""
    if not voices.height or not winners.height:
        return voices.clear()
    places = np.full(max(_count(voices), _count(winners)), -1, np.int64)
    places[winners["cluster"].to_numpy()] = np.arange(winners.height)
    own = pl.Series(places[voices["cluster"].to_numpy()]).replace(-1, None)
    told = winners["value"].gather(own)
    return voices.filter((voices["value"] != told).fill_null(value=False))


def _count(voices: pl.DataFrame) -> int:
    """How many clusters there are, at least; they are numbered from 0."""
    return int(voices["cluster"].to_numpy().max()) + 1


def _where(clusters: npt.NDArray[np.bool_], voices: pl.DataFrame) -> pl.Series:
    return pl.Series(clusters[voices["cluster"].to_numpy()])


def _united(valid: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """Join the values of each cluster that differ in their key, the most believed first."""
    distinct = valid.unique(["cluster", "key"], keep="first", maintain_order=True)
    joined = distinct.group_by("cluster").agg(united="value")
    return (
        winners.join(joined, on="cluster", how="left", maintain_order="left")
        .with_columns(shown=pl.coalesce("united", pl.concat_list("value")))
        .with_columns(value=pl.col("shown").list.join(SEPARATOR))
        .drop("united")
    )
