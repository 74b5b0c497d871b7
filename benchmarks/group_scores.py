"""One drawn register matched with nothing configured, and how right that is.

judged("register", seed=7, rows=700)   # Judged(f1=.98, …, rule_f1=.81)
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.families.family import Family
from benchmarks.families.registry import FAMILIES
from benchmarks.simplest_rule import simplest_rule
from cleansing import clean_table, infer_kinds
from dedup import Resolution, evaluate, resolve

SURE = 0.99
LIKELY = 0.1
"""From here on pairs are for review by default."""
BANDS = 10


@dataclass(frozen=True)
class Judged:
    """How one draw went; shares that have no pairs to be measured on are None."""

    family: str
    seed: int
    entity: str
    """What the rows are about, by the truth."""
    chosen: str
    """What the rows were taken to be about."""
    f1: float
    precision: float
    """Of merged pairs of rows, how many are one entity; 1 where nothing is merged."""
    recall: float
    rule_f1: float
    """F1 of the simplest rule."""
    sure_true: float | None
    """Of the pairs with a probability of `SURE` and more, how many are one entity."""
    calibration: float | None
    """Expected calibration error over the pairs that a run keeps (see `calibration_error`)."""
    calibration_likely: float | None
    """The same over pairs with a probability of `LIKELY` and more, which is harder."""
    drawn: dict[str, float | int | str]

    @property
    def below_rule(self) -> bool:
        """Whether one line of pandas did better, which is a defect."""
        return self.f1 < self.rule_f1


def found_in(table: pl.DataFrame) -> Resolution:
    """What `guiyi dedupe FILE` finds: kinds inferred, the entity decided, defaults everywhere."""
    kinds = {name: guess.kind for name, guess in infer_kinds(table).items()}
    return resolve(clean_table(table, kinds), kinds)


def judged(family: str, seed: int, rows: int | None = None) -> Judged:
    """Draw a family, match it and judge the outcome."""
    return judge(family, seed, FAMILIES[family](seed, rows))


def judge(name: str, seed: int, family: Family) -> Judged:
    """Match a drawn family and judge the outcome."""
    found = found_in(family.table)
    precision, recall, f1 = shares(found.clusters["cluster_id"], family.truth)
    rule = simplest_rule(family.table, family.same_name, family.keys)
    p = found.pairs["match_probability"].to_numpy()
    left, right = (family.truth.gather(found.pairs[row]) for row in ("row_l", "row_r"))
    same = (left == right).to_numpy()
    sure = p >= SURE
    return Judged(
        family=name,
        seed=seed,
        entity=family.entity,
        chosen="" if found.subject is None else found.subject.entity,
        f1=f1,
        precision=precision,
        recall=recall,
        rule_f1=shares(rule, family.truth)[2],
        sure_true=float(same[sure].mean()) if sure.any() else None,
        calibration=calibration_error(p, same),
        calibration_likely=calibration_error(p[p >= LIKELY], same[p >= LIKELY]),
        drawn=family.drawn,
    )


def shares(clusters: pl.Series, truth: pl.Series) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1; nothing merged is nothing merged wrongly."""
    rows = pl.int_range(len(truth), eager=True)
    score = evaluate(pl.DataFrame({"row": rows, "cluster_id": clusters}), truth).pairwise
    values = (score.precision.value, score.recall.value, score.f1.value)
    precision, recall, f1 = (1.0 if value is None else value for value in values)
    return precision, recall, f1


def calibration_error(p: np.ndarray, same: np.ndarray) -> float | None:
    """How far probabilities and the shares of true pairs are apart, over ten bands of equal width.

    Within a band the mean probability is held against the share of pairs that are one entity; the
    differences are averaged, each band weighing by its pairs (Naeini et al. 2015, AAAI). The
    pairs are those of pairs.parquet: all inside clusters, all that reach review, and the 2,000
    likeliest of the others. Pairs that were never proposed or are less likely, nearly all of them
    rightly non-matches, are not counted.
    """
    if not len(p):
        return None
    band = np.minimum((p * BANDS).astype(int), BANDS - 1)
    off = [
        abs(float(p[band == b].mean()) - float(same[band == b].mean())) * float((band == b).mean())
        for b in np.unique(band)
    ]
    return float(sum(off))
