"""Sample pairs: those a steward must decide, and look-alikes that were kept apart."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from dedup.explanation import PairExplanation, Sentences, explain_pair
from governance import Masking
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID
from pipelines.report.folder import FinishedRun
from pipelines.report.namesakes import namesakes
from pipelines.report.records import FieldLine, Head, Shown, ShownValue, read_records
from pipelines.report.wording import Wording

SAMPLES = 4
"""Pairs of each sort shown per entity."""

LIKELY = 50 * SAMPLES
"""Pairs among which those kept apart are sought."""

LOOK_ALIKE = 0.001
"""Below this probability two records no longer look alike."""

_TONES = {"prior": "prior", "circumstance": "prior", "total": "sum-up"}


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall, in percent of its width."""

    name: str
    level: str
    weight: float
    start: float
    width: float
    tone: str
    """How the bar is coloured: prior, up, down or sum-up."""


@dataclass(frozen=True)
class PairSample:
    """Two records side by side, with what spoke for and against them being one."""

    entity: str
    heads: list[Head]
    lines: list[FieldLine]
    probability: str | None
    """None if the pair was never scored."""
    steps: list[Step]
    zero: float
    """Where no evidence either way stands, in percent of the bars' width."""
    sentences: list[str]


@dataclass(frozen=True)
class PairSamples:
    """The pairs of one entity worth a look."""

    entity: str
    reviews: int
    """How many pairs await a steward."""
    review: list[PairSample]
    apart: list[PairSample]


def sample_pairs(folder: FinishedRun, masking: Masking, say: Wording) -> list[PairSamples]:
    """For each entity the pairs hardest to decide, and the likeliest of those kept apart."""
    sampled = [
        _of_entity(folder, entity, masking, say)
        for entity in folder.names("pairs")
        if folder.has(f"clean/{entity}")
    ]
    return [samples for samples in sampled if samples.review or samples.apart]


def show_pair(
    folder: FinishedRun, entity: str, pair: pl.DataFrame, masking: Masking, say: Wording
) -> PairSample:
    """One pair side by side: the one row of `pair`, out of the pairs of the run."""
    return show_pairs(folder, entity, pair, masking, say)[0]


def show_pairs(
    folder: FinishedRun, entity: str, pairs: pl.DataFrame, masking: Masking, say: Wording
) -> list[PairSample]:
    """Some pairs of a run, each side by side."""
    keys = sorted({*pairs["left"], *pairs["right"]})
    showing = _Showing(read_records(folder, entity, keys, masking), masking, say)
    model = folder.model(entity)
    return [showing.scored(entity, row, pairs, model) for row in pairs.iter_rows(named=True)]


def _of_entity(folder: FinishedRun, entity: str, masking: Masking, say: Wording) -> PairSamples:
    pairs = folder.scan(f"pairs/{entity}")
    review = pairs.filter(pl.col("verdict").cast(pl.String) == "review")
    hardest = (pl.col("match_probability") - 0.5).abs()
    hard = _least(review, hardest, SAMPLES).sort(hardest, "left", "right").head(SAMPLES).collect()
    waiting = int(review.select(pl.len()).collect().item())
    apart = _kept_apart(folder, entity, pairs)
    both = pl.concat([hard, apart])
    scored = {frozenset(pair) for pair in both.select("left", "right").iter_rows()}
    alike = [
        pair for pair in namesakes(folder, entity, 2 * SAMPLES) if frozenset(pair) not in scored
    ][: SAMPLES - apart.height]
    keys = {*both["left"], *both["right"], *(key for pair in alike for key in pair)}
    showing = _Showing(read_records(folder, entity, sorted(keys), masking), masking, say)
    model = folder.model(entity)
    return PairSamples(
        entity,
        waiting,
        [showing.scored(entity, row, hard, model) for row in hard.iter_rows(named=True)],
        [
            *(showing.scored(entity, row, apart, model) for row in apart.iter_rows(named=True)),
            *(showing.unscored(entity, left, right) for left, right in alike),
        ],
    )


def _kept_apart(folder: FinishedRun, entity: str, pairs: pl.LazyFrame) -> pl.DataFrame:
    """The highest-scored pairs that are no match and did not end in one golden record."""
    apart = pairs.filter(pl.col("verdict").cast(pl.String) == "non-match")
    likely = (
        _least(apart, -pl.col("match_weight"), LIKELY)
        .sort("match_weight", "left", "right", descending=[True, False, False])
        .head(LIKELY)
        .collect()
    )
    if not folder.has(f"clusters/{entity}"):
        return _look_alikes(likely)
    record = record_key().alias("record")
    clusters = folder.scan(f"clusters/{entity}").select(record, GOLDEN_ID)
    keys = pl.concat([likely["left"], likely["right"]]).unique()
    placed = clusters.filter(pl.col("record").is_in(keys.implode())).collect()
    return _look_alikes(
        likely.join(placed, left_on="left", right_on="record", maintain_order="left")
        .join(placed, left_on="right", right_on="record", suffix="_right", maintain_order="left")
        .filter(pl.col(GOLDEN_ID) != pl.col(f"{GOLDEN_ID}_right"))
        .select(likely.columns)
    )


def _least(pairs: pl.LazyFrame, by: pl.Expr, count: int) -> pl.LazyFrame:
    """The pairs where `by` is least, and all that tie with the last: few enough to be named."""
    bound = pairs.select(by.bottom_k(count).max()).collect().item()
    return pairs.filter(by <= bound) if bound is not None else pairs


def _look_alikes(likely: pl.DataFrame) -> pl.DataFrame:
    return likely.filter(pl.col("match_probability") >= LOOK_ALIKE).head(SAMPLES)


@dataclass(frozen=True)
class _Showing:
    """Makes samples of the records of one entity."""

    shown: Shown
    masking: Masking
    say: Wording

    def scored(
        self, entity: str, pair: dict[str, Any], pairs: pl.DataFrame, model: dict[str, Any]
    ) -> PairSample:
        """A pair with its waterfall."""
        left, right = pair["left"], pair["right"]
        explained = explain_pair(pairs, left, right, model=model, language=self.say.language)
        sentences = (explained.sentences[0], explained.sentences[-1])
        return PairSample(
            entity,
            *self._beside(left, right),
            Sentences(self.say.language).probability(pair["match_probability"]),
            *_steps(explained, self.say),
            [self.masking.text(sentence) for sentence in sentences],
        )

    def unscored(self, entity: str, left: str, right: str) -> PairSample:
        """A pair of namesakes that never came near: only what differs can be shown."""
        heads, lines = self._beside(left, right)
        differing = [line.field for line in lines if any(cell.differs for cell in line.cells)]
        fields = Sentences(self.say.language).list(differing)
        sentence = self.say("pair.namesakes", fields=fields)
        reason = sentence if differing else self.say("pair.bare_namesakes")
        return PairSample(entity, heads, lines, None, [], 0.0, [reason])

    def _beside(self, left: str, right: str) -> tuple[list[Head], list[FieldLine]]:
        lines = []
        for name in self.shown.kinds:
            cells = [
                _against(self.shown, left, right, name),
                _against(self.shown, right, left, name),
            ]
            if any(cell.text is not None for cell in cells):
                lines.append(FieldLine(name, cells))
        return [self.shown.heads[left], self.shown.heads[right]], lines


def _against(shown: Shown, key: str, other: str, name: str) -> ShownValue:
    return shown.cell(key, name, shown.masked[other].get(name), shown.plain[other].get(name))


def _steps(explained: PairExplanation, say: Wording) -> tuple[list[Step], float]:
    """The waterfall as bars, each starting where the running sum stood; and where zero is.

    What is missing on a side says nothing and gets no bar.
    """
    rows = [row for row in explained.steps.to_dicts() if row["weight"] or row["step"] == "total"]
    ends = [row["running"] for row in rows]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    span = (high - low) or 1.0
    words = Sentences(say.language)
    steps, before = [], 0.0
    for row in rows:
        start = 0.0 if row["step"] == "total" else before
        left, right = min(start, row["running"]), max(start, row["running"])
        steps.append(
            Step(
                say.named("step", row["step"]),
                words.level(row["level"]) if row["level"] else "",
                row["weight"],
                100 * (left - low) / span,
                max(100 * (right - left) / span, 0.6) if right > left else 0.0,
                _TONES.get(row["step"]) or ("up" if row["weight"] > 0 else "down"),
            )
        )
        before = row["running"]
    return steps, -100 * low / span
