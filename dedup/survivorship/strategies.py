"""Whose value wins a cluster: by votes, by date, by completeness or by trust.

A voice is what one record says of one field, with its place in the order of trust; voices come in
that order. What ties is decided by how much a value says, how it is written and the value itself,
never by where its record stands.
"""

from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.value_quality import PLACEHOLDER
from guiyi.spec import SurvivorshipStrategy

IMPUTED = "imputed"
"""The rule named in the provenance of a value no record held."""

SEPARATOR = "; "
"""Between the values of a union."""


class Says(IntEnum):
    """How a record's value counts."""

    VALID = 0
    IMPUTED = 1
    REFUSED = 2


def decide(voices: pl.DataFrame, rule: SurvivorshipStrategy) -> pl.DataFrame:
    """The winning voice of each cluster that has one, with the rule it won by.

    `shown` lists the values that a union put together.
    """
    valid = voices.filter(pl.col("says") == Says.VALID)
    imputed = voices.filter(pl.col("says") == Says.IMPUTED)
    fallback = imputed.join(valid, on="cluster", how="anti", maintain_order="left")
    winners = pl.concat(
        [
            _best(valid, rule).with_columns(rule=pl.lit(str(rule))),
            _best(fallback, SurvivorshipStrategy.SOURCE_PRIORITY).with_columns(
                rule=pl.lit(IMPUTED)
            ),
        ]
    )
    return _united(valid, winners) if rule is SurvivorshipStrategy.UNION else winners


def _best(voices: pl.DataFrame, rule: SurvivorshipStrategy) -> pl.DataFrame:
    """The winning voice of each cluster; only clusters that disagree need ranks."""
    believed = first(voices)
    if not voices.height:
        return believed
    disputed = np.zeros(_count(voices), np.bool_)
    disputed[unlike(voices, believed)["cluster"].to_numpy()] = True
    agreed = believed.filter(_where(~disputed, believed))
    ranked = _ranked(voices.filter(_where(disputed, voices)), rule)
    return pl.concat([agreed, first(ranked).select(agreed.columns)])


def first(voices: pl.DataFrame) -> pl.DataFrame:
    """The first voice of each cluster."""
    if voices.height == 0:
        return voices
    clusters = voices["cluster"].to_numpy()
    places = np.full(int(clusters.max()) + 1, -1, np.int64)
    places[clusters[::-1]] = np.arange(len(clusters) - 1, -1, -1)
    return voices[places[places >= 0]]


LESS, MORE = False, True
_BY_TRUST = (("trust", LESS), ("age", LESS))
_FORM = (("detail", MORE), ("form", LESS))
_LENGTH = (("length", MORE), ("bytes", MORE))
_QUALITY = (*_FORM, *_LENGTH)
_VOTES = (("votes", MORE), ("trusted", LESS), ("youngest", LESS))
_SPELLING = (("alike", MORE), ("spelled", MORE))
_BY: dict[SurvivorshipStrategy, tuple[tuple[str, bool], ...]] = {
    SurvivorshipStrategy.MOST_RECENT: (("age", LESS), ("trust", LESS), *_QUALITY),
    SurvivorshipStrategy.MOST_FREQUENT: (*_VOTES, *_FORM, *_SPELLING, *_LENGTH),
    SurvivorshipStrategy.MOST_COMPLETE: (*_QUALITY, *_BY_TRUST),
    SurvivorshipStrategy.SOURCE_PRIORITY: (*_BY_TRUST, *_QUALITY),
    SurvivorshipStrategy.UNION: (*_BY_TRUST, *_QUALITY),
}
"""By what voices are ranked under each rule, and whether more of it is better. Before it stands how
much a value says (`lesser`), after it the value itself; the record's place in the order of trust
only says which of those that hold the same value is named."""


def _ranked(voices: pl.DataFrame, rule: SurvivorshipStrategy) -> pl.DataFrame:
    """The voices of all clusters, the best first."""
    by = (("lesser", LESS), *_BY[rule], ("value", LESS), ("order", LESS))
    length, size = pl.col("value").str.len_chars(), pl.col("value").str.len_bytes()
    ranks = voices.with_columns(length.alias("length"), size.alias("bytes"))
    if rule is SurvivorshipStrategy.MOST_FREQUENT:
        own = ["cluster", "place"]
        ranks = ranks.with_columns(
            votes=pl.len().over(own),
            trusted=pl.col("trust").min().over(own),
            youngest=pl.col("age").min().over(own),
            alike=pl.len().over("cluster", pl.col("value").str.to_lowercase()),
            spelled=pl.len().over("cluster", "value"),
        )
    return ranks.sort([name for name, _ in by], descending=[most for _, most in by])


def unlike(voices: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """The voices that say something else than the winner of their cluster."""
    if not voices.height or not winners.height:
        return voices.clear()
    places = np.full(max(_count(voices), _count(winners)), -1, np.int64)
    places[winners["cluster"].to_numpy()] = np.arange(winners.height)
    own = pl.Series(places[voices["cluster"].to_numpy()]).replace(-1, None)
    won = winners["value"].gather(own)
    return voices.filter((voices["value"] != won).fill_null(value=False))


def _count(voices: pl.DataFrame) -> int:
    """How many clusters there are, at least; they are numbered from 0."""
    return int(voices["cluster"].to_numpy().max()) + 1


def _where(clusters: npt.NDArray[np.bool_], voices: pl.DataFrame) -> pl.Series:
    return pl.Series(clusters[voices["cluster"].to_numpy()])


def _united(valid: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """Join the values of each cluster that differ in their key, the most believed first."""
    genuine = valid.filter(pl.col("lesser") < PLACEHOLDER)
    heard = pl.concat([genuine, valid.join(genuine, on="cluster", how="anti")])
    distinct = _ranked(heard, SurvivorshipStrategy.UNION).unique(
        ["cluster", "key"], keep="first", maintain_order=True
    )
    joined = distinct.group_by("cluster", maintain_order=True).agg(united="value")
    return (
        winners.join(joined, on="cluster", how="left", maintain_order="left")
        .with_columns(shown=pl.coalesce("united", pl.concat_list("value")))
        .with_columns(value=pl.col("shown").list.join(SEPARATOR))
        .drop("united")
    )
