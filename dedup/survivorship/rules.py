"""The survivorship rules, in a table by name: each is an order of criteria.

A rule ranks the values of a cluster by one criterion after the other, and the first by which two
differ is why the one beats the other. A rule for a group of fields ranks whole records.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from dedup.survivorship.by_cluster import first, unlike
from guiyi.spec import SurvivorshipStrategy


@dataclass(frozen=True)
class Criterion:
    """One thing by which values are ranked."""

    column: str
    """What is measured of each value."""
    more: bool
    """Whether more of it is better."""
    why: str
    """The code of the sentence that says why a value won by it."""


LESS, MORE = False, True
WHOLE = Criterion("lesser", LESS, "whole")
TRUST = Criterion("trust", LESS, "trust")
LATER = Criterion("age", LESS, "later")
EARLIER = Criterion("since", LESS, "earlier")
CREDIT = Criterion("credit", MORE, "credit")
DETAIL = Criterion("detail", MORE, "detail")
FORM = Criterion("form", LESS, "form")
LENGTH = (Criterion("length", MORE, "length"), Criterion("bytes", MORE, "length"))
REPAIRED = Criterion("repaired", LESS, "valid")
VALUE = Criterion("value", LESS, "order")
ORDER = Criterion("order", LESS, "order")
_HIGHER = Criterion("number", MORE, "higher")
_LOWER = Criterion("number", LESS, "lower")
_VOTES = (
    Criterion("votes", MORE, "votes"),
    Criterion("trusted", LESS, "trust"),
    Criterion("youngest", LESS, "later"),
)
_SPELLING = (Criterion("alike", MORE, "spelling"), Criterion("spelled", MORE, "spelling"))
_QUALITY = (DETAIL, FORM, *LENGTH)
_BY_TRUST = (TRUST, LATER)
_FULLEST = (
    Criterion("complete", MORE, "detail"),
    DETAIL,
    FORM,
    Criterion("alike", MORE, "spelling"),
    LENGTH[0],
)
"""Of whole records: how much of the group they tell, and how well."""


@dataclass(frozen=True)
class RankingRule:
    """How one rule chooses."""

    by: tuple[Criterion, ...]
    """By what values are ranked. Before it stands how much a value says, after it the value itself;
    a record's place in the order of trust only says which of those that hold it is named."""
    whole: tuple[Criterion, ...] = ()
    """By what whole records are ranked, for a group of fields; by none if no group can have it."""
    joins: bool = False
    """Whether all values survive."""
    waits: bool = False
    """Whether a steward chooses where values differ."""


_PRIORITY = RankingRule((*_BY_TRUST, *_QUALITY), (*_BY_TRUST, *_FULLEST))
RULES: Mapping[SurvivorshipStrategy, RankingRule] = {
    SurvivorshipStrategy.MOST_RECENT: RankingRule(
        (LATER, TRUST, *_QUALITY), (LATER, TRUST, *_FULLEST)
    ),
    SurvivorshipStrategy.EARLIEST: RankingRule(
        (EARLIER, TRUST, *_QUALITY), (EARLIER, TRUST, *_FULLEST)
    ),
    SurvivorshipStrategy.MOST_FREQUENT: RankingRule(
        (*_VOTES, DETAIL, FORM, *_SPELLING, *LENGTH), (*_VOTES, *_FULLEST)
    ),
    SurvivorshipStrategy.MOST_COMPLETE: RankingRule(
        (*_QUALITY, *_BY_TRUST), (*_FULLEST, *_BY_TRUST)
    ),
    SurvivorshipStrategy.MOST_VALID: RankingRule(
        (REPAIRED, *_BY_TRUST, *_QUALITY), (REPAIRED, *_BY_TRUST, *_FULLEST)
    ),
    SurvivorshipStrategy.LONGEST: RankingRule(
        (*LENGTH, *_BY_TRUST, DETAIL, FORM), (LENGTH[0], *_BY_TRUST, *_FULLEST[:-1])
    ),
    SurvivorshipStrategy.HIGHEST: RankingRule((_HIGHER, *_BY_TRUST, *_QUALITY)),
    SurvivorshipStrategy.LOWEST: RankingRule((_LOWER, *_BY_TRUST, *_QUALITY)),
    SurvivorshipStrategy.SOURCE_PRIORITY: _PRIORITY,
    SurvivorshipStrategy.SOURCE_TRUST: RankingRule(
        (CREDIT, *_BY_TRUST, *_QUALITY), (CREDIT, *_BY_TRUST, *_FULLEST)
    ),
    SurvivorshipStrategy.UNION: RankingRule(_PRIORITY.by, joins=True),
    SurvivorshipStrategy.MANUAL: RankingRule(_PRIORITY.by, _PRIORITY.whole, waits=True),
}

DATED = frozenset({SurvivorshipStrategy.EARLIEST, SurvivorshipStrategy.SOURCE_TRUST})
"""Rules that need the day of a record, and not only which of two is the more recent."""

JOINED, AWAITED = "union", "awaited"
"""Why all values survived; why none did, until a steward chooses."""

REASONS = (
    *dict.fromkeys(c.why for r in RULES.values() for c in (WHOLE, *r.by, *r.whole, VALUE)),
    "empty",
    JOINED,
    AWAITED,
)
"""The codes of why a value beat the others; each has a sentence in both languages."""

Why = pl.Enum(REASONS)
"""The type of the column `why` of a provenance: null where nothing was beaten."""


def reasons(
    ranked: pl.DataFrame, best: pl.DataFrame, by: tuple[Criterion, ...], content: str
) -> pl.Series:
    """Say of the best of each cluster by which criterion it beat the next that says otherwise.

    `ranked` has all, the best first; `content` is the column in which those differ. `best` has the
    clusters ascending; null for those without a runner-up.
    """
    columns = list(dict.fromkeys(["cluster", content, *(c.column for c in by)]))
    runner_up = first(unlike(ranked.select(columns), best, content))
    clusters = best["cluster"].to_numpy()
    places = np.full(int(clusters.max(initial=0)) + 1, -1, np.int64)
    places[runner_up["cluster"].to_numpy()] = np.arange(runner_up.height)
    beaten = pl.Series(places[clusters]).replace(-1, None)
    why = pl.lit(None, Why)
    for criterion in reversed(by):
        other = runner_up[criterion.column].gather(beaten)
        differs = pl.lit(best[criterion.column].ne_missing(other))
        why = pl.when(differs).then(pl.lit(criterion.why, Why)).otherwise(why)
    return best.select(why=pl.when(pl.lit(beaten.is_not_null())).then(why)).to_series()
