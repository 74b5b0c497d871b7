"""Why two records are one entity or not: as a table, in sentences.

Works on the pairs of a Resolution (`row_l`, `row_r`) as on those of a run folder (`left`, `right`):
a record is named by whatever names it there.

    explanation = explain_pair(resolution.pairs, 3, 17, model=resolution.model)
    print(explanation.steps, *explanation.sentences, sep="\\n")
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import polars as pl

from dedup.evaluation.mistakes import WEIGHT
from dedup.explanation.sentences import Sentences
from dedup.verdict import Verdict

LEVEL = "level."

SLIGHT = 0.05
"""Weights below this many bits say nothing: odds move by less than 4 %."""

TRACE = 0.001
"""A remainder below this many bits is rounding."""

STEPS = {
    "step": pl.String(),
    "level": pl.String(),
    "weight": pl.Float64(),
    "running": pl.Float64(),
    "probability": pl.Float64(),
}

Key = int | str


@dataclass(frozen=True)
class PairExplanation:
    """Why a pair got its verdict."""

    verdict: Verdict | None
    """None if the pair was never compared."""
    steps: pl.DataFrame
    """The waterfall: step (prior, each field, circumstance, total), level, weight, the running sum
    of weights in bits, the probability it stands for. Fields go from most for to most against."""
    sentences: list[str]


def explain_pair(
    pairs: pl.DataFrame,
    left: Key,
    right: Key,
    *,
    model: Mapping[str, Any] | None = None,
    language: str = "en",
) -> PairExplanation:
    """Explain one pair: the prior, what each comparison added, the total, what stood against."""
    say = Sentences(language)
    found = pairs.filter(_is_pair(left, right))
    if found.height == 0:
        never = say("pair.never", left=left, right=right)
        return PairExplanation(None, pl.DataFrame(schema=STEPS), [never])
    row = found.row(0, named=True)
    steps = waterfall(row, model)
    verdict = Verdict(str(row["verdict"]))
    probability = say.probability(row["match_probability"])
    sentences = [say(f"pair.{verdict}", left=left, right=right, probability=probability)]
    shown = steps.filter((pl.col("step") != "circumstance") | (pl.col("weight").abs() >= SLIGHT))
    sentences += [_sentence(say, step) for step in shown.iter_rows(named=True)]
    if verdict is not Verdict.MATCH:
        sentences.append(_against(say, steps))
    return PairExplanation(verdict, steps, sentences)


def waterfall(pair: Mapping[str, Any], model: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """The steps from the prior to the total match weight of one row of pairs.

    The model weighs a match against other reasons to agree (a shared household, a common name), and
    is calibrated as a whole, so fields and prior alone do not add up; what they leave of the total
    is the step `circumstance`.
    """
    weights = {
        name.removeprefix(WEIGHT): float(value or 0)
        for name, value in pair.items()
        if name.startswith(WEIGHT)
    }
    total = float(pair["match_weight"])
    rest = total - sum(weights.values())
    prior = _prior(model)
    rows: list[tuple[str, str | None, float]] = [("prior", None, rest if prior is None else prior)]
    for field, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        rows.append((field, pair.get(LEVEL + field), weight))
    if prior is not None and abs(rest - prior) > TRACE:
        rows.append(("circumstance", None, rest - prior))
    table = pl.DataFrame(rows, schema=["step", "level", "weight"], orient="row")
    table = table.with_columns(running=pl.col("weight").cum_sum())
    last = pl.DataFrame([("total", None, total, total)], schema=table.schema, orient="row")
    odds = pl.lit(2.0) ** pl.col("running").clip(-1000, 1000)
    return pl.concat([table, last]).select(
        pl.col(name).cast(kind) if name != "probability" else (odds / (1 + odds)).alias(name)
        for name, kind in STEPS.items()
    )


def _prior(model: Mapping[str, Any] | None) -> float | None:
    share = (model or {}).get("prior")
    if not isinstance(share, int | float) or not 0 < share < 1:
        return None
    return log2(share / (1 - share))


def _is_pair(left: Key, right: Key) -> pl.Expr:
    one, other = key_columns(left)
    return ((pl.col(one) == left) & (pl.col(other) == right)) | (
        (pl.col(one) == right) & (pl.col(other) == left)
    )


def key_columns(key: Key) -> tuple[str, str]:
    """The two columns that name a pair's records: row numbers for an int, else record keys."""
    return ("row_l", "row_r") if isinstance(key, int) else ("left", "right")


def _sentence(say: Sentences, step: Mapping[str, Any]) -> str:
    weight: float = step["weight"]
    amount = {"sign": "+" if weight >= 0 else "−", "weight": f"{abs(weight):.1f}"}
    if step["step"] == "prior":
        return say("step.prior", odds=say.odds(weight))
    if step["step"] == "circumstance":
        return say("step.circumstance", **amount)
    if step["step"] == "total":
        return say("step.total", probability=say.probability(step["probability"]), **amount)
    direction = "nothing" if abs(weight) < SLIGHT else "for" if weight > 0 else "against"
    return say(
        f"step.{direction}",
        field=step["step"],
        level=say.level(step["level"]),
        times=say.times(abs(weight)),
    )


def _against(say: Sentences, steps: pl.DataFrame) -> str:
    """Name the fields that spoke against, the strongest first, or say what else did."""
    fields = steps.filter(~pl.col("step").is_in(["prior", "circumstance", "total"]))
    bad = fields.filter(pl.col("weight") < -SLIGHT).sort("weight")
    if bad.height:
        named = [say.field(row["step"], row["level"]) for row in bad.iter_rows(named=True)]
        return say("pair.against", fields=say.list(named))
    if steps.filter(pl.col("step") == "circumstance", pl.col("weight") < -SLIGHT).height:
        return say("pair.circumstance")
    return say("pair.nothing-against")


def strongest(pairs: pl.DataFrame, most: int = 3) -> Sequence[str]:
    """The fields that speak most for these pairs taken together, the strongest first."""
    return _ranked(pairs, most, 1)


def conflicting(pairs: pl.DataFrame, most: int = 3) -> Sequence[str]:
    """The fields that speak most against any of these pairs, the strongest first."""
    return _ranked(pairs, most, -1)


def _ranked(pairs: pl.DataFrame, most: int, sign: int) -> list[str]:
    sums = pairs.select(
        (pl.col(name).cast(pl.Float64) * sign).clip(0).sum().alias(name.removeprefix(WEIGHT))
        for name in pairs.columns
        if name.startswith(WEIGHT)
    )
    if not sums.width or not pairs.height:
        return []
    telling = [(name, value) for name, value in sums.row(0, named=True).items() if value > SLIGHT]
    return [name for name, _ in sorted(telling, key=lambda item: (-item[1], item[0]))[:most]]
