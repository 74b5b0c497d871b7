"""Record linkage the classic way: recordlinkage's comparators and classifiers on our candidates.

For teams that know recordlinkage (de Bruin, Python Record Linkage Toolkit): its features, its ECM,
logistic regression or support vector machine, or a classifier of their own, give the same table of
pairs, and so the same clusters, reports and evaluation. A missing value counts as disagreement, as
it does there.

    pairs = classic_pairs(clean, candidates, entity.matched_kinds, classifier="ecm")
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from cleansing.registry import kind_type
from dedup.evaluation.intervals import Sums
from dedup.evaluation.pairs import join_labels
from dedup.verdict import Verdict
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import part

Method = Literal["ecm", "logistic", "svm"]

ALIKE = 0.85
"""Above this similarity ECM sees agreement: a usual cut for Jaro–Winkler (Winkler 1990)."""

LEAST = 1e-15
"""Probabilities are kept this far from 0 and 1, so that their odds stay finite."""


@dataclass(frozen=True)
class _ClassifierScores:
    """What a classifier says of each pair: its probability, and each feature's weight in bits."""

    probability: Sums
    weights: Mapping[str, Sums]


_Judge = Callable[[Any], _ClassifierScores]
"""What a fitted classifier says of features."""


def classic_pairs(
    records: pl.DataFrame,
    candidates: pl.DataFrame,
    kinds: Mapping[str, Kind],
    *,
    classifier: Method | Any = "ecm",
    labels: pl.DataFrame | None = None,
    comparator: Any = None,
    match_at: float = 0.5,
    review_at: float = 0.1,
) -> pl.DataFrame:
    """Score candidate pairs (`row_l`, `row_r`) with recordlinkage; the columns are those of pairs.

    `classifier` may be an object of recordlinkage's own, fitted already if `labels` are not given;
    `comparator` a `recordlinkage.Compare` over records indexed by row number. Labels are as in
    `evaluate_pairs`; ECM needs none, the others do.
    """
    features = classic_features(records, candidates, kinds, comparator)
    labelled = None if labels is None else _labelled_candidates(candidates, labels)
    judge = _fitted(features, classifier, labelled)
    return _pair_table(records, features, kinds, judge(features), match_at, review_at)


@dataclass(frozen=True)
class ClassicJudge:
    """A classifier of recordlinkage that was fitted on the candidate pairs of one table."""

    records: pl.DataFrame
    kinds: Mapping[str, Kind]
    classifier: str
    odds: Sums
    """Natural log odds of the candidates, in their order."""
    _judge: "_Judge"

    @classmethod
    def fit(
        cls,
        records: pl.DataFrame,
        candidates: pl.DataFrame,
        kinds: Mapping[str, Kind],
        labels: pl.DataFrame | None = None,
    ) -> "ClassicJudge":
        """Fit ECM to candidate pairs (`row_l`, `row_r`), or logistic regression to labels.

        Raises SpecError for labels that are all the same.
        """
        classifier: Method = "ecm" if labels is None else "logistic"
        features = classic_features(records, candidates, kinds)
        labelled = None if labels is None else _labelled_candidates(candidates, labels)
        judge = _fitted(features, classifier, labelled)
        return cls(records, kinds, classifier, _log_odds(judge(features)), judge)

    def log_odds(self, pairs: pl.DataFrame) -> Sums:
        """Natural log odds of pairs, in their order."""
        return _log_odds(self._judge(classic_features(self.records, pairs, self.kinds)))

    def table(self, pairs: pl.DataFrame, match_at: float, review_at: float) -> pl.DataFrame:
        """The table of pairs, with the weight and the level of each field."""
        features = classic_features(self.records, pairs, self.kinds)
        judged = self._judge(features)
        return _pair_table(self.records, features, self.kinds, judged, match_at, review_at)


def _log_odds(judged: "_ClassifierScores") -> Sums:
    probability = np.clip(judged.probability, LEAST, 1 - LEAST)
    odds: Sums = np.log(probability / (1 - probability))
    return odds


def _pair_table(
    records: pl.DataFrame,
    features: Any,
    kinds: Mapping[str, Kind],
    judged: "_ClassifierScores",
    match_at: float,
    review_at: float,
) -> pl.DataFrame:
    probability = np.clip(judged.probability, LEAST, 1 - LEAST)
    rows = {
        name: features.index.get_level_values(place).to_numpy().astype(np.uint32)
        for place, name in enumerate(("row_l", "row_r"))
    }
    scored = even_chunks(
        pl.DataFrame(
            {
                **rows,
                "match_weight": np.log2(probability / (1 - probability)),
                "match_probability": probability,
            }
        )
    )
    p = pl.col("match_probability")
    scored = scored.with_columns(
        verdict=pl.when(p >= match_at)
        .then(pl.lit(str(Verdict.MATCH)))
        .when(p >= review_at)
        .then(pl.lit(str(Verdict.REVIEW)))
        .otherwise(pl.lit(str(Verdict.NON_MATCH)))
        .cast(pl.Enum(Verdict))
    )
    weights = [pl.Series(f"weight.{f}", w, dtype=pl.Float32) for f, w in judged.weights.items()]
    return scored.with_columns(weights).with_columns(_levels(records, scored, features, kinds))


def classic_features(
    records: pl.DataFrame,
    candidates: pl.DataFrame,
    kinds: Mapping[str, Kind],
    comparator: Any = None,
) -> Any:
    """recordlinkage's table of features: a row a candidate pair, a column a compared field."""
    import pandas as pd

    fields = [field for field in kinds if field in records.columns]
    if comparator is None:
        comparator = _comparator({field: kinds[field] for field in fields})
    table = pd.DataFrame(
        {field: records[_compared(records, field)].to_numpy() for field in fields}
    ).astype(object)
    low = candidates.select(pl.min_horizontal("row_l", "row_r")).to_series().to_numpy()
    high = candidates.select(pl.max_horizontal("row_l", "row_r")).to_series().to_numpy()
    index = pd.MultiIndex.from_arrays([low, high], names=["row_l", "row_r"])
    if not len(index):  # recordlinkage cannot compare nothing
        return pd.DataFrame(index=index, columns=fields, dtype=float)
    return comparator.compute(index, table).astype(float).fillna(0.0)


def _compared(records: pl.DataFrame, field: str) -> str:
    """The column of a field that is compared: its comparison key where there is one."""
    return part(field, "key") if part(field, "key") in records.columns else field


def _comparator(kinds: Mapping[str, Kind]) -> Any:
    import recordlinkage

    if not kinds:
        raise SpecError("no field to compare", hint="name at least one field of the records")
    compare = recordlinkage.Compare()
    for field, kind in kinds.items():
        similarity = kind_type(kind).similarity
        if similarity is None:
            compare.exact(field, field, label=field)
        else:
            compare.string(field, field, method=similarity, label=field)
    return compare


def _labelled_candidates(candidates: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The candidates that are labelled: row_l, row_r, match."""
    labelled = join_labels(candidates.select("row_l", "row_r"), labels).filter("proposed")
    if labelled["match"].n_unique() < 2:
        raise SpecError(
            "the labels hold only one kind of answer among the candidate pairs",
            hint="label some pairs that match and some that do not",
        )
    return labelled


# Classifiers -------------------------------------------------------------------------------------


def _fitted(features: Any, classifier: Method | Any, labelled: pl.DataFrame | None) -> _Judge:
    """Fit a classifier to features; what comes back judges these and others."""
    import recordlinkage as rl

    if classifier == "ecm":
        return _by_ecm(features, rl.ECMClassifier(binarize=ALIKE))
    if not isinstance(classifier, str):
        return _by_own(features, classifier, labelled)
    if labelled is None:
        raise SpecError(
            Message("`{classifier}` learns from labels", classifier=classifier),
            hint="give labels, or use `ecm`",
        )
    if classifier == "logistic":
        return _by_logistic(features, rl.LogisticRegressionClassifier(), labelled)
    if classifier == "svm":
        return _by_svm(features, rl.SVMClassifier(), labelled)
    raise SpecError(
        Message("no classifier `{name}`", name=classifier),
        hint=Message("there are: {names}", names="ecm, logistic, svm"),
    )


def _by_ecm(features: Any, ecm: Any) -> _Judge:
    """Two classes fitted without labels by expectation–conditional maximisation (Winkler 1988)."""
    ecm.fit(features)

    def judge(features: Any) -> _ClassifierScores:
        weights = {}
        for field, by_level in ecm.log_weights.items():
            agrees = features[field].to_numpy() > ALIKE
            levels = {bool(level): float(weight) for level, weight in by_level.items()}
            bits = np.where(agrees, levels.get(True, 0.0), levels.get(False, 0.0)) / np.log(2)
            weights[field] = np.clip(bits, np.log2(LEAST), -np.log2(LEAST))
        return _ClassifierScores(np.nan_to_num(ecm.prob(features).to_numpy()), weights)

    return judge


def _by_logistic(features: Any, model: Any, labelled: pl.DataFrame) -> _Judge:
    model.fit(*_training(features, labelled))
    slopes = dict(zip(features.columns, model.coefficients, strict=True))

    def judge(features: Any) -> _ClassifierScores:
        weights = {f: features[f].to_numpy() * slope / np.log(2) for f, slope in slopes.items()}
        return _ClassifierScores(model.prob(features).to_numpy(), weights)

    return judge


def _by_svm(features: Any, model: Any, labelled: pl.DataFrame) -> _Judge:
    """A linear machine whose margins become probabilities by a logistic curve (Platt 1999)."""
    import pandas as pd
    import recordlinkage as rl

    known, matches = _training(features, labelled)
    model.fit(known, matches)

    def margins(features: Any) -> Any:
        own = model.kernel.decision_function(features.to_numpy())
        return pd.DataFrame({"margin": own}, index=features.index)

    curve = rl.LogisticRegressionClassifier()
    curve.fit(margins(known), matches)
    scale = float(curve.coefficients[0]) / np.log(2)
    slopes = dict(zip(features.columns, model.kernel.coef_[0], strict=True))

    def judge(features: Any) -> _ClassifierScores:
        weights = {f: features[f].to_numpy() * slope * scale for f, slope in slopes.items()}
        return _ClassifierScores(curve.prob(margins(features)).to_numpy(), weights)

    return judge


def _by_own(features: Any, model: Any, labelled: pl.DataFrame | None) -> _Judge:
    """A classifier of the caller's: fitted here if there are labels; its weights are its secret."""
    if labelled is not None:
        model.fit(*_training(features, labelled))

    def judge(features: Any) -> _ClassifierScores:
        try:
            return _ClassifierScores(model.prob(features).to_numpy(), {})
        except (AttributeError, NotImplementedError):
            matches = model.predict(features)
            return _ClassifierScores(features.index.isin(matches).astype(float), {})

    return judge


def _training(features: Any, labelled: pl.DataFrame) -> tuple[Any, Any]:
    """The labelled features, and the index of those that match."""
    import pandas as pd

    keys = [tuple(row) for row in labelled.select("row_l", "row_r").iter_rows()]
    matching = [tuple(row) for row in labelled.filter("match").select("row_l", "row_r").iter_rows()]
    names = features.index.names
    return features.loc[keys], pd.MultiIndex.from_tuples(matching, names=names)


def _levels(
    records: pl.DataFrame, scored: pl.DataFrame, features: Any, kinds: Mapping[str, Kind]
) -> list[pl.Series]:
    """Each feature as a level a person can read."""
    made = []
    for field in features.columns:
        similarity = pl.Series(features[field].to_numpy())
        level = (
            pl.when(similarity >= 1).then(pl.lit("equal"))
            .when(similarity > ALIKE).then(pl.lit("alike"))
            .otherwise(pl.lit("different"))
        )  # fmt: skip
        if field in kinds:
            values = records[_compared(records, field)]
            missing = (
                values.gather(scored["row_l"]).is_null() | values.gather(scored["row_r"]).is_null()
            )
            level = pl.when(missing).then(pl.lit("missing")).otherwise(level)
        made.append(scored.select(level.alias(f"level.{field}")).to_series())
    return made
