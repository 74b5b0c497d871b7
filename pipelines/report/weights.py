"""How the match weights of the scored pairs are distributed, and where the thresholds lie."""

from dataclasses import dataclass
from math import log2

import numpy as np
import polars as pl
from markupsafe import Markup

from dedup import Verdict
from pipelines.report.charts import Threshold, histogram
from pipelines.report.folder import FinishedRun
from pipelines.report.wording import Wording

BINS = 48


@dataclass(frozen=True)
class Weights:
    """The weights of one entity's pairs."""

    entity: str
    chart: Markup
    verdicts: list[tuple[str, str, int]]
    """Verdict, its name, how many pairs."""
    explanation: list[str]
    """What the model says of how it was made."""


def weights(folder: FinishedRun, say: Wording) -> list[Weights]:
    """Draw the weights of every entity that was matched."""
    drawn = [_weights(folder, entity, say) for entity in folder.names("pairs")]
    return [one for one in drawn if one is not None]


def _weights(folder: FinishedRun, entity: str, say: Wording) -> Weights | None:
    pairs = folder.scan(f"pairs/{entity}").select(
        pl.col("match_weight").cast(pl.Float64), pl.col("verdict").cast(pl.String)
    )
    scored = pairs.filter(pl.col("match_weight").is_finite()).collect()
    if scored.height == 0:
        return None
    model = folder.model(entity)
    marks = _thresholds(model, say)
    edges = np.linspace(*_span(scored["match_weight"], marks), BINS + 1)
    counts = {}
    for verdict in Verdict:
        own = scored.filter(pl.col("verdict") == str(verdict))["match_weight"].to_numpy()
        counts[str(verdict)] = np.histogram(own, edges)[0].tolist()
    verdicts = [(str(v), say(f"verdict.{v}"), sum(counts[str(v)])) for v in reversed(list(Verdict))]
    title = say("weights.chart", entity=entity)
    explanation = say.messages(model, "explanation")
    return Weights(
        entity,
        histogram(edges.tolist(), counts, marks, title, say("weights.axis")),
        verdicts,
        explanation,
    )


def _span(values: pl.Series, marks: list[Threshold]) -> tuple[float, float]:
    """The weights to draw: all of them, and the thresholds."""
    ends = [float(values.min()), float(values.max()), *(mark.at for mark in marks)]  # type: ignore[arg-type]
    low, high = np.floor(min(ends)) - 2, np.ceil(max(ends))
    return float(low), float(high)


def _thresholds(model: dict[str, dict[str, float]], say: Wording) -> list[Threshold]:
    """The thresholds as weights; those that coincide are drawn once."""
    found = model.get("thresholds", {})
    marks = []
    for name in ("match_at", "review_at"):
        share = found.get(name)
        if isinstance(share, float) and 0 < share < 1:
            label = say(f"weights.{name}", probability=f"{share:.1%}".replace(".0%", "%"))
            marks.append(Threshold(log2(share / (1 - share)), label, name))
    return marks
