"""Whose value wins a cluster: by votes, by date, by completeness or by trust.

A voice is what one record says of one field, with its place in the order of trust; voices come in
that order. What ties is decided by how much a value says, how it is written and the value itself,
never by where its record stands.
"""

from collections.abc import Collection
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.value_quality import PLACEHOLDER
from dedup.survivorship.by_cluster import first, unlike
from dedup.survivorship.rules import (
    AWAITED,
    JOINED,
    ORDER,
    RULES,
    VALUE,
    WHOLE,
    Criterion,
    Why,
    reasons,
)
from guiyi.even_chunks import even_chunks
from guiyi.records import SOURCE
from guiyi.spec import SurvivorshipRule, SurvivorshipStrategy

IMPUTED = "imputed"
"""The rule named in the provenance of a value no record held."""

SEPARATOR = "; "
"""Between the values of a union."""

_BY_SOURCE = SurvivorshipRule(rule=SurvivorshipStrategy.SOURCE_PRIORITY)


class Says(IntEnum):
    """How a record's value counts."""

    VALID = 0
    IMPUTED = 1
    REFUSED = 2
    BARRED = 3
    """Valid, but of a record that does not meet the rule's condition."""


def decide(voices: pl.DataFrame, choice: SurvivorshipRule) -> pl.DataFrame:
    """The winning voice of each cluster that has one, with the rule it won by, and why.

    `shown` lists the values that a union put together.
    """
    valid = voices.filter(pl.col("says") == Says.VALID)
    imputed = voices.filter(pl.col("says") == Says.IMPUTED)
    fallback = imputed.join(valid, on="cluster", how="anti", maintain_order="left")
    guessed = _best(fallback, _BY_SOURCE)
    winners = pl.concat(
        [
            _best(valid, choice).with_columns(rule=pl.lit(str(choice.rule))),
            guessed.with_columns(rule=pl.lit(IMPUTED), why=pl.lit(None, Why)),
        ]
    )
    return _united(valid, winners, choice) if RULES[choice.rule].joins else winners


def _best(voices: pl.DataFrame, choice: SurvivorshipRule) -> pl.DataFrame:
    """The winning voice of each cluster; only clusters that disagree need ranks."""
    believed = first(voices)
    if not voices.height:
        return believed.with_columns(why=pl.lit(None, Why))
    disputed = np.zeros(int(believed["cluster"][-1]) + 1, np.bool_)
    disputed[unlike(voices, believed)["cluster"].to_numpy()] = True
    agreed = believed.filter(_where(~disputed, believed)).with_columns(why=pl.lit(None, Why))
    rule = RULES[choice.rule]
    by = (WHOLE, *rule.by, VALUE)
    ranked = _ranked(voices.filter(_where(disputed, voices)), (*by, ORDER), choice)
    best = first(ranked)
    if rule.waits:
        best = best.join(_unsettled(ranked), on="cluster", how="anti", maintain_order="left")
    best = even_chunks(best.with_columns(why=reasons(ranked, best, by, "value")))
    return pl.concat([agreed, best.select(agreed.columns)])


def _unsettled(ranked: pl.DataFrame) -> pl.DataFrame:
    """The clusters whose best values are of several keys: no spelling, but a matter to decide."""
    best = ranked.filter(pl.col("lesser") == pl.col("lesser").min().over("cluster"))
    return best.group_by("cluster").agg(keys=pl.col("key").n_unique()).filter(pl.col("keys") > 1)


def _ranked(
    voices: pl.DataFrame, by: Collection[Criterion], choice: SurvivorshipRule
) -> pl.DataFrame:
    """The voices of all clusters, the best first."""
    wanted = {criterion.column for criterion in by}
    length, size = pl.col("value").str.len_chars(), pl.col("value").str.len_bytes()
    ranks = voices.with_columns(length.alias("length"), size.alias("bytes"))
    if "votes" in wanted:
        own = ["cluster", "place"]
        ranks = ranks.with_columns(
            votes=pl.len().over(own),
            trusted=pl.col("trust").min().over(own),
            youngest=pl.col("age").min().over(own),
            alike=pl.len().over("cluster", pl.col("value").str.to_lowercase()),
            spelled=pl.len().over("cluster", "value"),
        )
    if "credit" in wanted:
        ranks = ranks.with_columns(credit=credit(choice))
    return ranks.sort([c.column for c in by], descending=[c.more for c in by], nulls_last=True)


def credit(choice: SurvivorshipRule) -> pl.Expr:
    """How far a record is trusted, as a power of two: its source, halved by each half-life.

    Only differences count, so no day is today. A record without a date is as old as the oldest of
    its cluster.
    """
    least = min(choice.trust.values())
    known = pl.col(SOURCE).replace_strict(choice.trust, default=least, return_dtype=pl.Float64)
    trust = known.log(2)
    if choice.half_life is None:
        return trust
    day = pl.col("day").fill_null(pl.col("day").min().over("cluster")).fill_null(0)
    return trust + day / choice.half_life


def _where(clusters: npt.NDArray[np.bool_], voices: pl.DataFrame) -> pl.Series:
    return pl.Series(clusters[voices["cluster"].to_numpy()])


def _united(valid: pl.DataFrame, winners: pl.DataFrame, choice: SurvivorshipRule) -> pl.DataFrame:
    """Join the values of each cluster that differ in their key, the most believed first."""
    genuine = valid.filter(pl.col("lesser") < PLACEHOLDER)
    heard = pl.concat([genuine, valid.join(genuine, on="cluster", how="anti")])
    by = (WHOLE, *RULES[choice.rule].by, VALUE, ORDER)
    distinct = _ranked(heard, by, choice).unique(
        ["cluster", "key"], keep="first", maintain_order=True
    )
    joined = distinct.group_by("cluster", maintain_order=True).agg(united="value")
    several = pl.col("united").list.len() > 1
    why = pl.when(several).then(pl.lit(JOINED, Why)).otherwise("why")
    return (
        winners.join(joined, on="cluster", how="left", maintain_order="left")
        .with_columns(shown=pl.coalesce("united", pl.concat_list("value")), why=why)
        .drop("value")
        .join(_joined(distinct), on="cluster", how="left", maintain_order="left")
        .with_columns(value=pl.coalesce("value", pl.col("shown").list.join(SEPARATOR)))
        .select(*winners.columns, "shown")
    )


def _joined(distinct: pl.DataFrame) -> pl.DataFrame:
    """The values of each cluster in one text. A value may be a union itself; nothing repeats."""
    items = distinct.select("cluster", item=pl.col("value").str.split(SEPARATOR)).explode("item")
    once = items.unique(
        ["cluster", pl.col("item").str.to_lowercase()], keep="first", maintain_order=True
    )
    return once.group_by("cluster", maintain_order=True).agg(
        value=pl.col("item").str.join(SEPARATOR)
    )


def awaited(choice: SurvivorshipRule) -> str | None:
    """Why a golden record has no value where its records have some: a steward is to choose."""
    return AWAITED if RULES[choice.rule].waits else None
