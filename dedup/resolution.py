"""Clean records to clusters: compare, block, fit, cluster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Resolution:
    """What matching found: scored pairs, clusters, the model and what to know about them."""

    pairs: pl.DataFrame
    """row_l, row_r, match_weight, match_probability, verdict, weight.FIELD, level.FIELD."""
    clusters: pl.DataFrame
    """row, cluster_id (the smallest row of the cluster), cohesion."""
    model: dict[str, Any]
    """Levels, m, u, weights, thresholds and the sentences that explain what was chosen."""
    notes: list[str] = field(default_factory=list)
    """What the user should know, as sentences."""


@dataclass(frozen=True)
class Linkage:
    """Which rows of two tables are the same."""

    links: pl.DataFrame
    """left_row, right_row, match_probability."""
    pairs: pl.DataFrame
    model: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def resolve(
    records: pl.DataFrame,
    kinds: Mapping[str, Kind],
    spec: MatchSpec | None = None,
    *,
    decisions: pl.DataFrame | None = None,
    aliases: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Resolution:
    """Find the records that are one entity.

    `decisions` (left, right, decision: record keys) are obeyed; `aliases`: full, short names.
    """
    from dedup.run import Run

    run = Run(records, kinds, spec or MatchSpec(), decisions, aliases, progress)
    return run.resolution()


def link(
    left: pl.DataFrame,
    right: pl.DataFrame,
    kinds: Mapping[str, Kind],
    spec: MatchSpec | None = None,
    *,
    mode: str = "auto",
    decisions: pl.DataFrame | None = None,
    aliases: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Linkage:
    """Find the rows of two tables that are the same entity.

    `mode` is one-to-one, one-to-many, many-to-one, many-to-many, or auto: one-to-one unless the
    links themselves show that rows of one table repeat.
    """
    from dedup.linking import links_of
    from dedup.run import Run

    both = pl.concat([left, right], how="diagonal")
    side = np.repeat(np.array([0, 1], np.int8), [left.height, right.height])
    run = Run(both, kinds, spec or MatchSpec(), decisions, aliases, progress, side)
    pairs, model, notes = run.scored()
    links, chosen = links_of(pairs, left.height, run.match_at, mode)
    return Linkage(links, pairs, model | {"link_mode": chosen}, notes)
