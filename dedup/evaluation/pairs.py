"""How right scored pairs are: against labelled pairs, or against the true entity of every row."""

import numpy as np
import polars as pl

from dedup.evaluation.intervals import UNKNOWN, Estimate, Sums, harmonic, ratio, wilson
from dedup.evaluation.score import Evaluation, Score
from dedup.verdict import Verdict
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
"""Always on a threshold curve, besides the quantiles of the pairs' own probabilities."""

CURVE_POINTS = 100

YES = ("true", "1", "yes", "y", "match")
NO = ("false", "0", "no", "n", "non-match")
"""How files write that a pair is a match, or is none; anything else is no answer."""

PAIR_KEYS = (("row_l", "row_r"), ("left", "right"))
"""How a table names a pair: by row numbers, or by record keys."""


def evaluate_pairs(
    pairs: pl.DataFrame, labels: pl.DataFrame, threshold: float | None = None
) -> Evaluation:
    """Judge scored pairs by labelled ones; without a threshold a pair's own verdict counts.

    `labels` names pairs by `row_l`, `row_r` (or record keys `left`, `right`), in either order, and
    says `match` (Boolean) or `decision` (must-link, cannot-link). A labelled match that was never
    proposed is a miss, counted as `missed_by_blocking`. Unlabelled pairs are not judged.
    """
    judged = join_labels(pairs, labels)
    judged = judged.with_columns(found=counts_as_match(threshold))
    right = judged.filter("match", "found").height
    found = judged.filter("found").height
    true = judged.filter("match").height
    precision = wilson(right / found, found) if found else UNKNOWN
    recall = wilson(right / true, true) if true else UNKNOWN
    counts = {
        "labelled": judged.height,
        "pairs_true": true,
        "pairs_found": found,
        "pairs_right": right,
        "missed_by_blocking": judged.filter("match", ~pl.col("proposed")).height,
    }
    return Evaluation(Score(precision, recall, harmonic(precision, recall)), Score(), counts)


def evaluate_all_pairs(
    pairs: pl.DataFrame, truth: pl.Series, threshold: float | None = None
) -> Evaluation:
    """Judge scored pairs, before any clustering, by the true entity of every row."""
    judged = _with_truth(pairs, truth).with_columns(found=counts_as_match(threshold))
    entities = _entity_pairs(truth)
    found = judged.filter("found")
    right = found.filter("match")
    by_entity = found.group_by(pl.col("entity_l").alias("entity")).agg(
        found=pl.len(), right=pl.col("match").sum()
    )
    per = entities.join(by_entity, on="entity", how="left").fill_null(0).cast(pl.Float64)
    hits, tries, asked = (per[name].to_numpy() for name in ("right", "found", "pairs"))
    precision, recall = ratio(hits, tries), ratio(hits, asked)
    counts = {
        "records": len(truth),
        "unlabelled": truth.null_count(),
        "pairs_true": int(entities["pairs"].sum()),
        "pairs_found": found.height,
        "pairs_right": right.height,
    }
    return Evaluation(Score(precision, recall, ratio(2 * hits, tries + asked)), Score(), counts)


def blocking_recall(pairs: pl.DataFrame, truth: pl.Series) -> Estimate:
    """The share of true pairs that were proposed at all: no threshold can find the others."""
    proposed = (
        _with_truth(pairs, truth)
        .filter("match")
        .select(
            entity="entity_l",
            low=pl.min_horizontal("row_l", "row_r"),
            high=pl.max_horizontal("row_l", "row_r"),
        )
        .unique()
        .group_by("entity")
        .agg(proposed=pl.len())
    )
    per = _entity_pairs(truth).join(proposed, on="entity", how="left").fill_null(0)
    hits, asked = (per[name].cast(pl.Float64).to_numpy() for name in ("proposed", "pairs"))
    return ratio(hits, asked)


def threshold_curve(pairs: pl.DataFrame, truth: pl.Series | pl.DataFrame) -> pl.DataFrame:
    """Precision, recall and F1 of the pairs at each threshold, before any clustering.

    `truth` is the true entity of each row, or a table of labelled pairs. Returns threshold, found,
    right, precision, recall, f1, the lowest threshold first.
    """
    if isinstance(truth, pl.Series):
        judged = _with_truth(pairs, truth)
        true = int(_entity_pairs(truth)["pairs"].sum())
    else:
        judged = join_labels(pairs, truth)
        true = judged.filter("match").height
        judged = judged.filter("proposed")
    ranked = judged.select("match_probability", "match").sort("match_probability", descending=True)
    scores = ranked["match_probability"].cast(pl.Float64).to_numpy()
    right_so_far = np.concatenate([[0], np.cumsum(ranked["match"].to_numpy())])
    points = _curve_points(scores)
    found = np.searchsorted(-scores, -points, side="right")
    right = right_so_far[found]
    with np.errstate(divide="ignore", invalid="ignore"):
        curve = even_chunks(
            pl.DataFrame(
                {
                    "threshold": points,
                    "found": found,
                    "right": right,
                    "precision": right / found,
                    "recall": right / np.float64(true),
                    "f1": 2 * right / (found + np.float64(true)),
                }
            )
        )
    return curve.fill_nan(None)


def _curve_points(scores: Sums) -> Sums:
    if not len(scores):
        return np.array(THRESHOLDS)
    own = np.quantile(scores, np.linspace(0, 1, CURVE_POINTS), method="lower")
    return np.union1d(THRESHOLDS, own)


def counts_as_match(threshold: float | None) -> pl.Expr:
    """Tell which pairs count as found: from a probability on, or those whose verdict is match."""
    if threshold is None:
        found = pl.col("verdict").cast(pl.String) == str(Verdict.MATCH)
    else:
        found = pl.col("match_probability") >= threshold
    return found.fill_null(False)


# Labels and truth --------------------------------------------------------------------------------


def _with_truth(pairs: pl.DataFrame, truth: pl.Series) -> pl.DataFrame:
    """Add each pair's entities and whether they are one; pairs with an unlabelled row drop out."""
    codes = truth.rank("dense").cast(pl.Int64)
    left, right = (codes.gather(pairs[name].cast(pl.Int64)) for name in ("row_l", "row_r"))
    return pairs.with_columns(
        left.alias("entity_l"), right.alias("entity_r"), (left == right).alias("match")
    ).filter(pl.col("match").is_not_null())


def _entity_pairs(truth: pl.Series) -> pl.DataFrame:
    """How many pairs of records each true entity has: entity, pairs."""
    codes = truth.rank("dense").cast(pl.Int64).drop_nulls().alias("entity")
    size = pl.len().cast(pl.Int64)
    return codes.to_frame().group_by("entity").agg(pairs=size * (size - 1) // 2)


def join_labels(pairs: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Each labelled pair: `match`, `proposed`, and what is known of it."""
    keys = _shared_keys(pairs, labels)
    answers = _sorted_keys(labels.with_columns(match=label_as_match(labels)), keys)
    answers = answers.select(*keys, "match").drop_nulls().unique(list(keys), keep="last")
    known = _sorted_keys(pairs, keys).drop("match", strict=False).with_columns(proposed=True)
    casts = [pl.col(key).cast(answers.schema[key]) for key in keys]
    return answers.join(
        known.with_columns(casts).unique(list(keys), keep="first"), on=list(keys), how="left"
    ).with_columns(pl.col("proposed").fill_null(False))


def _shared_keys(pairs: pl.DataFrame, labels: pl.DataFrame) -> tuple[str, str]:
    for keys in PAIR_KEYS:
        if set(keys) <= set(pairs.columns) and set(keys) <= set(labels.columns):
            return keys
    raise SpecError(
        Message(
            "labels do not name their pairs as `pairs` does; they have: {columns}",
            columns=", ".join(labels.columns),
        ),
        hint="name labelled pairs by `row_l`, `row_r` or by record keys `left`, `right`",
    )


def _sorted_keys(table: pl.DataFrame, keys: tuple[str, str]) -> pl.DataFrame:
    left, right = keys
    return table.with_columns(
        pl.min_horizontal(left, right).alias(left), pl.max_horizontal(left, right).alias(right)
    )


def label_as_match(labels: pl.DataFrame) -> pl.Expr:
    """Whether each labelled pair is a match; null for a pair that nobody could judge."""
    if "match" in labels.columns:
        if labels.schema["match"] != pl.String:
            return pl.col("match").cast(pl.Boolean)
        word = pl.col("match").str.strip_chars().str.to_lowercase()
        return pl.when(word.is_in(YES)).then(True).when(word.is_in(NO)).then(False)
    if "decision" in labels.columns:
        word = pl.col("decision").cast(pl.String)
        return pl.when(word == "must-link").then(True).when(word == "cannot-link").then(False)
    raise SpecError(
        Message(
            "labels do not say which pairs match; they have: {columns}",
            columns=", ".join(labels.columns),
        ),
        hint="add a column `match` (true, false) or `decision` (must-link, cannot-link)",
    )
