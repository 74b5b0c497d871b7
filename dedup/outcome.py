"""The tables and the model document that matching hands over."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.blocking.blocks import Blocks
from dedup.clustering.clusters import Clusters
from dedup.comparison.base import Patterns, Rows
from dedup.comparison.levels import Floats, unpack
from dedup.fields.subject import Subject
from dedup.model.mixture import Mixture
from dedup.model.pinned_table import PinnedTable
from dedup.results import MatchingMemory, Resolution
from dedup.scoring.candidates import MOST_APART
from dedup.verdict import Verdict
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message

VERDICTS = (Verdict.NON_MATCH, Verdict.REVIEW, Verdict.MATCH)
UNLEARNED = (
    "Hardly any likely match is certain, so the m probabilities were not learned from this table; "
    "the usual ones were taken."
)


@dataclass(frozen=True)
class Within:
    """What is known of the pairs inside clusters, and of rows that stand for several."""

    patterns: Patterns
    doubted: npt.NDArray[np.bool_]
    """Which pairs are for review, though merged."""
    enough: npt.NDArray[np.bool_]
    """Which rows say so much that their copies are matches."""


@dataclass(frozen=True)
class ScoredPairs:
    """Pairs of records as they were scored, before they are laid out as a table."""

    model: Mixture
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    odds: Floats
    match: npt.NDArray[np.bool_]
    """Which are matches; of the others those that are likely enough are for review."""
    patterns: Patterns
    review_at: float

    def table(self) -> pl.DataFrame:
        """Lay them out with each comparison's weight and level, by row."""
        swap = self.left > self.right
        a, b = np.where(swap, self.right, self.left), np.where(swap, self.left, self.right)
        order = np.argsort(a.astype(np.uint64) << np.uint64(32) | b.astype(np.uint64))
        odds = self.odds[order]
        probability = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        likely = np.where(probability >= self.review_at, np.uint8(1), np.uint8(0))
        verdict = np.where(self.match[order], np.uint8(2), likely)
        columns: dict[str, Any] = {
            "row_l": a[order].astype(np.uint32),
            "row_r": b[order].astype(np.uint32),
            "match_weight": (odds / np.log(2)).astype(np.float32),
            "match_probability": probability,
            "verdict": _spoken(verdict, [v.value for v in VERDICTS]),
        }
        del swap, a, b, odds
        model = self.model
        levels = unpack(self.patterns[order], len(model.names))
        cells = model.cells(levels)
        weights = model.weights()
        for f, name in enumerate(model.names):
            columns[f"weight.{name}"] = weights[f].astype(np.float32)[cells[:, f]]
        for f, name in enumerate(model.names):
            columns[f"level.{name}"] = _spoken(levels[:, f], list(model.labels[f]))
        return even_chunks(pl.DataFrame(columns))


@dataclass(frozen=True)
class MatchingOutcome:
    """How a matching ended. Nothing of it needs what the records hold, which may be let go of."""

    pairs: ScoredPairs
    clusters: pl.DataFrame
    model: dict[str, Any]
    notes: list[str]
    subject: Subject
    pinnable: PinnedTable | None = None
    memory: MatchingMemory | None = None

    def resolution(self) -> Resolution:
        """Lay it out for whoever asked."""
        return Resolution(
            self.pairs.table(), self.clusters, self.model, self.notes, self.subject, self.pinnable,
            self.memory,
        )  # fmt: skip


def _spoken(codes: npt.NDArray[Any], words: list[str]) -> pl.Series:
    return pl.Series(words, dtype=pl.String).gather(pl.Series(codes).cast(pl.UInt32))


def cluster_table(labels: npt.NDArray[np.int64], cohesion: Floats) -> pl.DataFrame:
    """Name every cluster by its smallest row."""
    rows = np.arange(len(labels), dtype=np.int64)
    smallest = np.full(len(labels), len(labels), np.int64)
    np.minimum.at(smallest, labels, rows)
    return even_chunks(
        pl.DataFrame({"row": rows, "cluster_id": smallest[labels], "cohesion": cohesion})
    )


def shown_apart(
    found: Clusters, left: Rows, right: Rows, odds: Floats, review_at: float
) -> npt.NDArray[np.int64]:
    """Which pairs between clusters are shown: all for review, and the likeliest of the others."""
    least = np.log(review_at / (1 - review_at))
    apart = found.labels[left] != found.labels[right]
    faint = np.flatnonzero(apart & (odds < least))
    faint = faint[np.lexsort((right[faint], left[faint], -odds[faint]))][:MOST_APART]
    return np.concatenate([np.flatnonzero(apart & (odds >= least)), faint])


def nothing_merged(height: int) -> tuple[ScoredPairs, pl.DataFrame]:
    """The pairs and the clusters of records of which nothing can be said."""
    none = np.zeros(0, np.int64)
    empty = Mixture((), (), (), (), 0.5, [], [], [], 1.0)
    pairs = ScoredPairs(
        empty, none, none, np.zeros(0), none.astype(np.bool_), none.astype(np.uint64), 0.5
    )
    return pairs, cluster_table(np.arange(height, dtype=np.int64), np.ones(height))


def blocking_and_thresholds(blocks: Blocks, match_at: float, review_at: float) -> dict[str, Any]:
    """The part of a model document that says how pairs were found and where a match begins."""
    return {
        "thresholds": {"match_at": match_at, "review_at": review_at},
        "blocking": {
            "keys": [key.name for key in blocks.keys],
            "pairs": blocks.pairs,
            "rows_in_dropped_blocks": blocks.dropped,
            "estimated_recall": blocks.recall,
        },
    }


def describe(
    model: dict[str, Any], mixture: Mixture, blocks: Blocks, match_at: float, review_at: float
) -> dict[str, Any]:
    """The model as a readable document, with how its pairs were found."""
    return {
        **model,
        **blocking_and_thresholds(blocks, match_at, review_at),
        "explanation": [
            Message(
                "{keys} blocking keys propose {pairs:,} pairs and are estimated to find"
                " {recall:.1%} of the duplicates.",
                keys=len(blocks.keys),
                pairs=blocks.pairs,
                recall=blocks.recall,
            ),
            Message(
                "About {count:,.0f} pairs are expected to be one entity.",
                count=mixture.prior * mixture.total,
            ),
            Message(
                "{share:.1%} of them conflict in every field that identifies an entity.",
                share=mixture.conflicting,
            ),
            *([UNLEARNED] if mixture.unlearned else ()),
        ],
    }
