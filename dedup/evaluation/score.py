"""What an evaluation says: precision, recall and F1, each with its interval."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import polars as pl

from dedup.evaluation.intervals import UNKNOWN, Estimate
from guiyi.messages import Message


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: Estimate = UNKNOWN
    recall: Estimate = UNKNOWN
    f1: Estimate = UNKNOWN


@dataclass(frozen=True)
class Evaluation:
    """What was found against what is true."""

    pairwise: Score
    """Over pairs of records: big clusters weigh by the square of their size."""
    bcubed: Score
    """Over records (Bagga and Baldwin 1998): each record's own cluster judged, every record alike;
    unknown when pairs were evaluated rather than clusters."""
    counts: Mapping[str, int]
    """records, pairs_true, pairs_found, pairs_right, and what else could be counted."""

    def table(self) -> pl.DataFrame:
        """One row a measure: measure, value, low, high."""
        rows = [
            {"measure": f"{family}.{name}", **asdict(estimate)}
            for family, score in (("pairwise", self.pairwise), ("bcubed", self.bcubed))
            for name, estimate in vars(score).items()
            if estimate.value is not None
        ]
        measures = ("value", "low", "high")
        return pl.DataFrame(
            rows, schema={"measure": pl.String(), **dict.fromkeys(measures, pl.Float64())}
        )

    def as_dict(self) -> dict[str, object]:
        """The evaluation as JSON can hold it."""
        return asdict(self)

    def shortfalls(self, floors: Mapping[str, float]) -> list[str]:
        """What stays below its floor, e.g. `{"pairwise.f1": 0.95}`: the gate of a CI job."""
        found = dict(self.table().select("measure", "value").iter_rows())
        short: list[str] = []
        for measure, floor in floors.items():
            value = found.get(measure)
            if value is None or value < floor:
                short.append(
                    Message(
                        "{measure} is {value}, below {floor}",
                        measure=measure,
                        value="–" if value is None else f"{value:.4f}",
                        floor=floor,
                    )
                )
        return short
