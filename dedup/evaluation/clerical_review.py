"""How right a matching is when nobody knows the truth: by the model, or from pairs looked at.

The model's own estimates are free; a clerical sample costs a person an hour and assumes nothing.

    estimate_quality(resolution.pairs)                  # what the model itself believes
    sample = clerical_sample(resolution.pairs, 200)     # hand these to a person
    score_sample(sample, labels)                        # what the person's answers imply
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from dedup.evaluation.intervals import UNKNOWN, Estimate, harmonic, wilson
from dedup.evaluation.pairs import counts_as_match, join_labels
from dedup.evaluation.score import Score

STRATA = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
"""Lower ends of the bands of match probability a clerical sample is drawn from."""

SPREAD_FLOOR = 0.02
"""Least standard deviation credited to a band: the model may be wrong where it is sure."""


def estimate_quality(pairs: pl.DataFrame, threshold: float | None = None) -> Score:
    """Precision and recall the model's own probabilities imply; no labels are needed.

    Expected matches among the found pairs, over the found pairs and over all expected matches
    (Fellegi and Sunter 1969, § 2.2). The intervals are of chance alone: the estimate is as good as
    the model's calibration, and pairs that were never proposed are not in it.
    """
    judged = pairs.select(
        p=pl.col("match_probability").cast(pl.Float64), found=counts_as_match(threshold)
    )
    p, found = judged["p"].to_numpy(), judged["found"].to_numpy()
    spread = p * (1 - p)
    precision = _share(float(p[found].sum()), float(found.sum()), float(spread[found].sum()))
    expected = float(p.sum())
    recall_share = float(p[found].sum()) / expected if expected else 0.0
    # Ratio of two sums of independent draws, linearised: found pairs pull up, the others down.
    noise = float((spread * (found - recall_share) ** 2).sum())
    recall = _share(float(p[found].sum()), expected, noise)
    return Score(precision, recall, harmonic(precision, recall))


def clerical_sample(pairs: pl.DataFrame, size: int, seed: int = 20260101) -> pl.DataFrame:
    """Draw pairs for a person to judge: few where the model is sure, many where it is not.

    Stratified by match probability with Neyman's allocation (Cochran 1977, § 5.5). Adds `stratum`
    (the band's lower end) and `stands_for`: how many pairs each drawn one speaks for.
    """
    keys = [key for key in ("row_l", "row_r", "left", "right") if key in pairs.columns]
    banded = pairs.sort(keys).with_columns(stratum=_band())
    draw = np.random.default_rng(seed).random(banded.height)
    p = pl.col("match_probability").cast(pl.Float64)
    bands = (
        banded.group_by("stratum")
        .agg(pairs=pl.len(), spread=(p * (1 - p)).mean().sqrt() + SPREAD_FLOOR)
        .sort("stratum")
    )
    drawn = _allocate(bands["pairs"].to_list(), bands["spread"].to_list(), size)
    shares = bands.select("stratum", "pairs", drawn=pl.Series(drawn, dtype=pl.Int64))
    return (
        banded.with_columns(draw=draw)
        .join(shares, on="stratum")
        .filter(pl.col("draw").rank("ordinal").over("stratum") <= pl.col("drawn"))
        .with_columns(stands_for=pl.col("pairs") / pl.col("drawn"))
        .sort("stratum", "draw", descending=[True, False])
        .drop("draw", "drawn", "pairs")
    )


def _band() -> pl.Expr:
    p = pl.col("match_probability").cast(pl.Float64)
    return pl.max_horizontal(pl.when(p >= low).then(pl.lit(low)) for low in STRATA)


def _allocate(sizes: Sequence[int], spreads: Sequence[float], total: int) -> list[int]:
    """Share out the draws by size times spread, none beyond a band's size and none left without."""
    drawn = [0] * len(sizes)
    wanted = [n * s for n, s in zip(sizes, spreads, strict=True)]
    for _ in range(min(total, sum(sizes))):
        # Each next draw goes where it lowers the variance most; first to bands without any.
        gain = [
            (d == 0, w * w / max(d * (d + 1), 1)) if d < n else (False, -1.0)
            for d, n, w in zip(drawn, sizes, wanted, strict=True)
        ]
        drawn[gain.index(max(gain))] += 1
    return drawn


def score_sample(
    sample: pl.DataFrame, labels: pl.DataFrame, threshold: float | None = None
) -> Score:
    """Precision and recall of the whole matching, from a clerical sample a person has labelled.

    A ratio estimator over the strata (Cochran 1977, § 6.10). Recall is among the proposed pairs.
    """
    judged = (
        join_labels(sample, labels)
        .filter("proposed")
        .with_columns(found=counts_as_match(threshold))
    )
    drawn = pl.col("match").len().over("stratum")
    population = sample.group_by("stratum").agg(population=pl.col("stands_for").sum())
    judged = judged.join(population, on="stratum").with_columns(weight=pl.col("population") / drawn)
    right = (judged["match"] & judged["found"]).cast(pl.Float64)
    precision = _stratified(judged, right, judged["found"].cast(pl.Float64))
    recall = _stratified(judged, right, judged["match"].cast(pl.Float64))
    return Score(precision, recall, harmonic(precision, recall))


def _stratified(judged: pl.DataFrame, hits: pl.Series, tries: pl.Series) -> Estimate:
    weight = judged["weight"]
    total = float((weight * tries).sum())
    if total == 0:
        return UNKNOWN
    share = float((weight * hits).sum()) / total
    noise = (
        judged.select("stratum", "population", error=hits - share * tries)
        .group_by("stratum", "population")
        .agg(drawn=pl.len(), error=pl.col("error").var().fill_null(0.25))
        .select(
            pl.col("population") ** 2
            * (1 - pl.col("drawn") / pl.col("population")).clip(0)
            * pl.col("error")
            / pl.col("drawn")
        )
        .sum()
        .item()
    )
    return _share(share * total, total, float(noise), most=float(tries.sum()))


def _share(hits: float, tries: float, noise: float, most: float | None = None) -> Estimate:
    """A share whose numerator has this variance; `most` is the sample size when it shows none."""
    if tries <= 0:
        return UNKNOWN
    share = min(1.0, max(0.0, hits / tries))
    if noise > 0 and 0 < share < 1:
        return wilson(share, share * (1 - share) * tries**2 / noise)
    return wilson(share, most if most is not None else tries)
