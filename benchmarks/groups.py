"""Registers of groups: how the matcher does on contacts, households and the like, drawn by seed.

    python -m benchmarks.groups                              # 13 families, 20 seeds each
    python -m benchmarks.groups register twins --seeds 5 --rows 1000 --jobs 2 --each

Prints one Markdown table. The exit code is 1 if the simplest rule (same name and one more key
equal) beats the matcher on any draw.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from multiprocessing import get_context

import numpy as np

from benchmarks.families.place_columns import draw_pair
from benchmarks.families.registry import FAMILIES
from benchmarks.group_scores import Judged, found_in, judged, shares
from benchmarks.tables import markdown

HEAD = (
    "family",
    "entity",
    "seeds",
    "F1",
    "precision",
    "recall",
    "simplest rule, F1",
    "seeds below it",
    "true at p ≥ .99",
    "calibration error",
    "calibration error, p ≥ .1",
    "entity right",
)
NOTE = """Median / worst decile / minimum of F1, precision and recall (pairwise, after clustering);
median / worst decile of the share of true pairs among those with p ≥ .99 and of the expected
calibration error (ten bands of equal width, over the pairs that pairs.parquet keeps: all inside
clusters, all with p ≥ .1, and the 2,000 likeliest others; then over those with p ≥ .1 alone).
The simplest rule: same name and one more key equal, connected components.""".replace("\n", " ")


def table(draws: Iterable[Judged]) -> str:
    """One row a family, in the order they come."""
    rows = [_row(list(own)) for _, own in groupby(draws, key=lambda one: one.family)]
    return markdown(HEAD, rows)


def _row(draws: Sequence[Judged]) -> list[str]:
    three = [
        _three([getattr(one, part) for one in draws]) for part in ("f1", "precision", "recall")
    ]
    return [
        draws[0].family,
        draws[0].entity,
        str(len(draws)),
        *three,
        _figure(float(np.median([one.rule_f1 for one in draws]))),
        str(sum(one.below_rule for one in draws)),
        _two([one.sure_true for one in draws], 0.1),
        _two([one.calibration for one in draws], 0.9),
        _two([one.calibration_likely for one in draws], 0.9),
        f"{sum(one.chosen == one.entity for one in draws)} of {len(draws)}",
    ]


def _three(values: Sequence[float]) -> str:
    return " / ".join(
        _figure(float(value))
        for value in (np.median(values), np.quantile(values, 0.1), np.min(values))
    )


def _two(values: Iterable[float | None], worst: float) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    return f"{_figure(float(np.median(known)))} / {_figure(float(np.quantile(known, worst)))}"


def _figure(value: float) -> str:
    """A share in thousandths, without its nought."""
    return f"{value:.3f}".removeprefix("0")


@dataclass(frozen=True)
class Pair:
    """The same rows without and with one more column of place."""

    seed: int
    place: str
    bare: float
    rich: float


def paired(rich: Judged, rows: int | None) -> Pair:
    """Match a judged `place_columns` draw without its column of place."""
    bare, _ = draw_pair(rich.seed, rows)
    _, _, f1 = shares(found_in(bare.table).clusters["cluster_id"], bare.truth)
    return Pair(rich.seed, str(rich.drawn["place"]), f1, rich.f1)


def pair_table(pairs: Sequence[Pair]) -> str:
    """What one more column of place changes, by the kind of column and in all."""
    kinds = sorted({pair.place for pair in pairs})
    head = ("one more column", "seeds", "F1 without", "F1 with", "difference", "largest loss")
    groups = [(kind, [pair for pair in pairs if pair.place == kind]) for kind in kinds]
    rows = [_pair_row(kind, own) for kind, own in [*groups, ("all", list(pairs))]]
    return markdown(head, rows)


def _pair_row(kind: str, pairs: Sequence[Pair]) -> list[str]:
    change = [pair.rich - pair.bare for pair in pairs]
    medians = [_figure(float(np.median([getattr(p, s) for p in pairs]))) for s in ("bare", "rich")]
    lost = f"{min(change):+.4f}"
    return [kind, str(len(pairs)), *medians, f"{float(np.median(change)):+.4f}", lost]


def below(draws: Iterable[Judged]) -> str:
    """The draws on which the simplest rule did better, each with what it drew."""
    lines = [
        f"- {one.family} seed {one.seed}: {one.f1:.3f} < {one.rule_f1:.3f}"
        f" (P {one.precision:.3f}, R {one.recall:.3f}, taken for {one.chosen})"
        for one in draws
        if one.below_rule
    ]
    head = "Below the simplest rule, which is a defect (`--each` prints what they drew):"
    return "\n".join([head, *lines] if lines else [])


def worst(draws: Iterable[Judged]) -> str:
    """The lowest F1 of each family and whatever the simplest rule beats, with what they drew."""
    lines = []
    for name, own in groupby(draws, key=lambda one: one.family):
        all_of = list(own)
        least = min(all_of, key=lambda one: one.f1)
        for one in all_of:
            if one is least or one.below_rule:
                drawn = ", ".join(f"{key} {value}" for key, value in one.drawn.items())
                lines.append(f"- {name} seed {one.seed}: F1 {one.f1:.3f} ({drawn})")
    return "\n".join(["The parameters of the worst draws:", *lines])


def each(draws: Iterable[Judged]) -> str:
    """One row a draw."""
    head = ("family", "seed", "rows", "F1", "precision", "recall", "rule", "p ≥ .99", "taken for")
    rows = [
        [
            one.family,
            str(one.seed),
            str(one.drawn["rows"]),
            *(_figure(value) for value in (one.f1, one.precision, one.recall, one.rule_f1)),
            "–" if one.sure_true is None else _figure(one.sure_true),
            one.chosen,
        ]
        for one in draws
    ]
    return markdown(head, rows)


def all_draws(
    families: Sequence[str], seeds: int, rows: int | None, jobs: int
) -> tuple[list[Judged], list[Pair]]:
    """Every family judged on every seed, and the pairs of `place_columns` if it is among them."""
    asked = [(family, seed) for family in families for seed in range(seeds)]
    # A forked process may hang in the threads polars had; each job starts afresh.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        spread = map if jobs == 1 else pool.map
        draws = list(spread(partial(_judged, rows=rows), asked))
        rich = [one for one in draws if one.family == "place_columns"]
        return draws, list(spread(partial(paired, rows=rows), rich))


def _judged(one: tuple[str, int], rows: int | None) -> Judged:
    return judged(*one, rows)


def sections(
    draws: Sequence[Judged], pairs: Sequence[Pair], *, every: bool = False
) -> Iterator[str]:
    """What was measured, as Markdown."""
    yield f"{table(draws)}\n\n{NOTE}"
    if pairs:
        yield pair_table(pairs)
    if every:
        yield each(draws)
        yield worst(draws)
    if failures := below(draws):
        yield failures


def main() -> int:
    """Measure and print; 1 if the simplest rule beats the matcher anywhere."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.groups",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    parser.add_argument("--seeds", type=int, default=20, help="draws of each family")
    parser.add_argument("--rows", type=int, help="rows of each draw; else as the family draws them")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--each", action="store_true", help="a table of every draw as well")
    given = parser.parse_args()
    if unknown := [name for name in given.families if name not in FAMILIES]:
        parser.error(f"no family {', '.join(unknown)}; there are {', '.join(FAMILIES)}")
    draws, pairs = all_draws(given.families or list(FAMILIES), given.seeds, given.rows, given.jobs)
    print(*sections(draws, pairs, every=given.each), sep="\n\n")
    return 1 if any(one.below_rule for one in draws) else 0


if __name__ == "__main__":
    sys.exit(main())
