"""What matching hands over: a resolution of one table, a linkage of two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from dedup.fields.subject import Subject
    from dedup.model.pinned_table import PinnedTable

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class MatchingMemory:
    """What a run leaves for the next one with its model."""

    records: pl.DataFrame
    """By record: crowded (under which keys its block is too large), groups (in which fields it has
    a value that is a group's by now), first (the first row that says the same)."""
    ways: str
    """How the fields were compared."""
    incremental: bool
    """Whether it went on from an earlier one."""
    looked_at: int
    """How many candidate pairs were compared."""


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
    subject: "Subject | None" = None
    """Whether records are persons or companies, and why."""
    pinnable: "PinnedTable | None" = None
    """What a pinned model keeps of the table beside `model`; if it was asked for, and something was
    compared."""
    memory: MatchingMemory | None = None
    """What the next run with the same model needs, to compare only what is new."""


@dataclass(frozen=True)
class Linkage:
    """Which rows of two tables are the same."""

    links: pl.DataFrame
    """left_row, right_row, match_probability."""
    pairs: pl.DataFrame
    model: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    subject: "Subject | None" = None
    """Whether rows are persons or companies, and why."""
