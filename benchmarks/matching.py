"""From a CSV to its clusters: accuracy, seconds, processor and memory of Guiyi and its peers.

python -m benchmarks matching [--rows N] [--set NAME]…
"""

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks import companies, persons
from benchmarks.contenders import CONTENDERS, SWEEP, Contender
from benchmarks.processes import Cost, run
from benchmarks.sets import SETS, Labelled, generated
from benchmarks.tables import markdown
from dedup import evaluate

REPEATED_ROWS = 12_000
"""Larger sets are run once."""
SWEPT_ROWS = 25_000
PLANS = (
    "fake", "febrl", "chicago", "fodors_zagats", "szse", "senzing", "persons", "companies",
)  # fmt: skip
"""What the peers' settings for a set are called: how its name begins."""
REAL = (
    "fake_1000", "fake_20000", "febrl1", "febrl2", "febrl3", "febrl4", "chicago", "senzing",
    "fodors_zagats", "szse",
)  # fmt: skip
"""Sets that are there; two tables to link are put into one to deduplicate."""


@dataclass(frozen=True)
class Bounds:
    """How long a tool may take, and of how many runs the median is taken."""

    timeout: float = 600.0
    repeats: int = 3


@dataclass(frozen=True)
class Score:
    """How one contender did on one set."""

    contender: str
    cost: Cost
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None


def labelled_sets(rows: int, names: Sequence[str], folder: Path) -> Iterator[tuple[str, Labelled]]:
    """Every set with a truth; the generated ones are made anew from their seed."""
    for name in REAL:
        if names and name not in names:
            continue
        try:
            yield name, SETS[name]()
        except FileNotFoundError:
            print(f"{name}: ../shared/data is not there, left out", flush=True)
    made = folder / "generated.csv"
    if not names or "companies_5k" in names:
        companies.customers(5000, 3).write_csv(made)
        yield "companies_5k", generated(str(made))
    for count in sorted({10_000, 100_000, rows}):
        name = f"persons_{count // 1000}k"
        if count <= rows and (not names or name in names):
            persons.register(count, 1).write_csv(made)
            yield name, generated(str(made))


def measure(contender: Contender, data: Labelled, plan: str, folder: Path, bounds: Bounds) -> Score:
    """Run a contender on a set, often enough for a median if the set is small."""
    rows = data.frame.height
    if plan in contender.unset:
        return Score(contender.name, Cost(0, 0, 0, "not set up for these columns"))
    if rows > contender.most_rows:
        return Score(contender.name, Cost(0, 0, 0, f"not run over {contender.most_rows:,} rows"))
    missing = contender.install()
    if missing is not None:
        return Score(contender.name, Cost(0, 0, 0, missing))
    file = folder / "records.csv"
    costs: list[Cost] = []
    for attempt in range(bounds.repeats if rows <= REPEATED_ROWS else 1):
        out = folder / f"{contender.name}-{attempt}"
        costs.append(run(contender.command(file, out, plan), folder / "log", bounds.timeout))
        if costs[-1].failure is not None:
            return Score(contender.name, costs[-1])
        if costs[-1].wall > bounds.timeout / 3:
            break
    middle = Cost(*(statistics.median(getattr(cost, part) for cost in costs) for part in MEASURED))
    return Score(contender.name, middle, *judge(contender.clusters(out), data.truth))


MEASURED = ("wall", "cpu", "peak")


def judge(clusters: Path, truth: pl.Series) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of written clusters, for all contenders in the same way."""
    found = pl.read_csv(clusters, schema_overrides={"cluster_id": pl.String})
    pairwise = evaluate(found.select(pl.col("row").cast(pl.Int64), "cluster_id"), truth).pairwise
    return pairwise.precision.value, pairwise.recall.value, pairwise.f1.value


def sweep(data: Labelled, plan: str, folder: Path, bounds: Bounds) -> Score | None:
    """Splink with the threshold that the truth likes best: what it could do at the very most."""
    if data.frame.height > SWEPT_ROWS or plan in SWEEP.unset or SWEEP.install() is not None:
        return None
    out = folder / "sweep"
    cost = run(SWEEP.command(folder / "records.csv", out, plan), folder / "log", bounds.timeout)
    found = [judge(file, data.truth) for file in folder.glob("sweep.*")]
    best = max(found, key=lambda scores: scores[2], default=None)
    return None if best is None else Score(SWEEP.name, cost, *best)


def compare(rows: int, names: Sequence[str], bounds: Bounds) -> Iterator[str]:
    """Measure all contenders on all sets; one Markdown section a set."""
    with tempfile.TemporaryDirectory() as temporary:
        for name, data in labelled_sets(rows, names, Path(temporary)):
            plan = next(plan for plan in PLANS if name.startswith(plan))
            folder = Path(temporary) / name
            folder.mkdir()
            data.frame.write_csv(folder / "records.csv")
            scores = [measure(who, data, plan, folder, bounds) for who in CONTENDERS]
            best = sweep(data, plan, folder, bounds)
            yield _section(name, data, [*scores, *([best] if best else [])])


def _section(name: str, data: Labelled, scores: Sequence[Score]) -> str:
    load = os.getloadavg()[0]
    title = f"### {name}: {data.frame.height:,} rows (load {load:.1f})"
    head = ("", "F1", "precision", "recall", "wall", "CPU", "peak", "Guiyi's wall, CPU, peak")
    return f"{title}\n\n{markdown(head, [_row(score, scores[0]) for score in scores])}"


def _row(score: Score, ours: Score) -> list[str]:
    cost = score.cost
    if cost.failure is not None:
        return [score.contender, "–", "–", "–", cost.failure, "", "", ""]
    shares = [
        f"{share:.4f}" for share in (score.f1, score.precision, score.recall) if share is not None
    ]
    if score.contender == SWEEP.name:
        return [score.contender, *shares, "", "", "", "(threshold chosen by the truth)"]
    ratios = ""
    if score is not ours and ours.cost.failure is None:
        parts = (getattr(ours.cost, part) / getattr(cost, part) for part in MEASURED)
        ratios = " · ".join(f"{ratio:.2f}×" for ratio in parts)
    figures = [f"{cost.wall:.1f} s", f"{cost.cpu:.1f} s", f"{cost.peak:.2f} GB"]
    return [score.contender, *shares, *figures, ratios]
