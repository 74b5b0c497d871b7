"""Records matched by recordlinkage on our candidates: the same tables and reports as ours.

Which fields are compared, which pairs are candidates, what identical rows are and that chains are
refused is Guiyi's. What a pair is worth is recordlinkage's: each field by one similarity, its ECM
without labels, its logistic regression with them.

    resolve(clean, kinds, MatchSpec(engine="recordlinkage"))
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedField, CodedTable
from dedup.clustering.clusters import Clusters, cluster
from dedup.comparison.base import Rows
from dedup.comparison.levels import Floats
from dedup.evaluation.recordlinkage_engine import ClassicJudge
from dedup.fields.compared_columns import coded
from dedup.labels.labelled_pairs import labelled_pairs
from dedup.outcome import blocking_and_thresholds, cluster_table, shown_apart
from dedup.results import Progress, Resolution
from dedup.run import MatchingRun
from dedup.verdict import Verdict
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part
from guiyi.spec.entities import MatchSpec

NO_CANDIDATES = "recordlinkage had no candidate pair to judge; only identical rows are merged"
LIMITS = (
    "Judged by recordlinkage: each field on its own and by one similarity; a missing value counts "
    "as disagreement, and neither rare values nor swapped names, households or branches are known."
)


def resolve_classic(
    records: pl.DataFrame | CodedTable,
    kinds: Mapping[str, Kind],
    spec: MatchSpec,
    *,
    keys: Mapping[str, Kind] | None = None,
    decisions: pl.DataFrame | None = None,
    aliases: pl.DataFrame | None = None,
    labels: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Resolution:
    """Find the records that are one entity, as `dedup.resolve` does.

    Raises SpecError for labels that are all the same.
    """
    table = coded(records, {**kinds, **(keys or {})}, spec.blocking != "auto")
    run = MatchingRun(table, kinds, spec, decisions, aliases, progress, keys=keys)
    run.labelled = labelled_pairs(table.rest, None, None, [])  # our own model learns nothing here
    if not run.comparisons or run.information.too_little or len(run.first) < 2:
        return run.resolution()
    proposed, odds_of = run.candidates()
    left, right, _ = proposed.above(-np.inf, odds_of)
    if not len(left):
        alike = MatchingRun(
            table, kinds, spec, decisions, aliases, progress, keys=keys
        ).resolution()
        return replace(alike, notes=[*alike.notes, NO_CANDIDATES])
    values = {
        name: _values(name, field)
        for name, field in table.fields.items()
        if name in kinds and kinds[name] is not Kind.KEY
    }
    varied = {name: kinds[name] for name, column in values.items() if column.n_unique() > 1}
    frame = even_chunks(pl.DataFrame({name: values[name] for name in varied}))
    run.notes.append(LIMITS)
    candidates = _named(run.first[left], run.first[right])
    judge = ClassicJudge.fit(frame, candidates, varied, _answers(run, table, labels))
    return _Matching(run, judge).resolution(left, right)


def _values(name: str, field: CodedField) -> pl.Series:
    """What is compared of a field, row by row: its comparison key where matching looks at it."""
    key = part(name, "key")
    return field.column(key if key in field.cells.columns else name).values.gather(field.codes)


def _answers(
    run: MatchingRun, table: CodedTable, labels: pl.DataFrame | None
) -> pl.DataFrame | None:
    """Labelled pairs between the first rows of each content."""
    known = labelled_pairs(table.rest, labels, None, run.notes)
    left, right = (run.first[run.copy_of[rows]] for rows in (known.left, known.right))
    rows = {
        "row_l": np.minimum(left, right),
        "row_r": np.maximum(left, right),
        "match": known.match,
    }
    if not len(left):
        return None
    return even_chunks(pl.DataFrame(rows)).filter(pl.col("row_l") < pl.col("row_r"))


@dataclass(frozen=True)
class _Matching:
    """One matching: the candidates of a run, judged by recordlinkage."""

    run: MatchingRun
    judge: ClassicJudge

    def resolution(self, left: Rows, right: Rows) -> Resolution:
        """Cluster the records by the candidates the judge was fitted on."""
        run, judge = self.run, self.judge

        def second_look(a: Rows, b: Rows) -> tuple[Floats, Floats]:
            found = judge.log_odds(_named(run.first[a], run.first[b]))
            return found, found

        run.say("cluster", 0, None)
        least = float(np.log(run.match_at / (1 - run.match_at)))
        decided = run.decided.among(run.copy_of)
        found = cluster(len(run.first), left, right, judge.odds, second_look, least, decided)
        labels, enough = run.labels(found)
        clusters = cluster_table(labels, found.cohesion[run.copy_of])
        rows = self._worth_showing(left, right, judge.odds, found, enough)
        pairs = _judged(judge.table(rows, run.match_at, run.review_at), labels, run.review_at)
        return Resolution(pairs, clusters, self._model(), run.notes, run.subject)

    def _worth_showing(
        self,
        left: Rows,
        right: Rows,
        odds: Floats,
        found: Clusters,
        enough: npt.NDArray[np.bool_],
    ) -> pl.DataFrame:
        """The pairs inside clusters, copies with their first row, and the likeliest of the rest."""
        run = self.run
        shown = shown_apart(found, left, right, odds, run.review_at)
        own = np.arange(run.height)
        copies = np.flatnonzero((run.first[run.copy_of] != own) & enough[run.copy_of])
        return _named(
            np.concatenate([run.first[found.left], run.first[left[shown]], own[copies]]),
            np.concatenate(
                [run.first[found.right], run.first[right[shown]], run.first[run.copy_of[copies]]]
            ),
        ).sort("row_l", "row_r")

    def _model(self) -> dict[str, Any]:
        run = self.run
        document = {
            "engine": "recordlinkage",
            "classifier": self.judge.classifier,
            **blocking_and_thresholds(run.blocks, run.match_at, run.review_at),
            "explanation": [LIMITS],
        }
        return run.subject.described_in(document)


def _named(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> pl.DataFrame:
    return even_chunks(
        pl.DataFrame({"row_l": np.minimum(left, right), "row_r": np.maximum(left, right)})
    )


def _judged(pairs: pl.DataFrame, labels: npt.NDArray[np.int64], review_at: float) -> pl.DataFrame:
    """Pairs with the verdicts of whole clusters, as Guiyi's own: what is merged is a match."""
    merged = labels[pairs["row_l"].to_numpy()] == labels[pairs["row_r"].to_numpy()]
    verdict = (
        pl.when(pl.lit(pl.Series(merged)))
        .then(pl.lit(str(Verdict.MATCH)))
        .when(pl.col("match_probability") >= review_at)
        .then(pl.lit(str(Verdict.REVIEW)))
        .otherwise(pl.lit(str(Verdict.NON_MATCH)))
    )
    weight = pl.col("match_weight").cast(pl.Float32)
    return even_chunks(pairs.with_columns(weight, verdict=verdict))
