"""How well two values are judged with nothing else known: precision, recall, F1, reliability.

    python -m benchmarks.value_pairs [--half held|dev] [--set NAME]… [--mistakes 20]

The sets are those of value_pair_sets.py. A hash of the pair says to which half it belongs: the
judge is improved on `dev` only, and `held` is reported.
"""

import argparse
import itertools
import random
import time
import zlib
from collections.abc import Iterator

import polars as pl

from benchmarks.tables import markdown
from benchmarks.value_pair_sets import BRANCHES, MOST, PAIR_SETS, Pair, of_label
from dedup import compare_values
from guiyi.kinds import Kind


def half_of(pair: Pair) -> str:
    """To which half a pair belongs, by its text alone."""
    return ("dev", "held")[zlib.crc32("|".join(sorted(pair)).encode()) % 2]


def labelled(name: str, half: str) -> pl.DataFrame:
    """One half of a set: left, right, same."""
    draw = random.Random(1)
    rows = []
    for same, pairs in zip((True, False), PAIR_SETS[name][1](), strict=True):
        distinct = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
        kept = distinct if len(distinct) <= MOST else draw.sample(distinct, MOST)
        rows += [(*pair, same) for pair in kept if half_of(pair) == half]
    return pl.DataFrame(rows, ["left", "right", "same"], orient="row")


def judged(name: str, half: str) -> pl.DataFrame:
    """The pairs of a set with what the judge said."""
    pairs = labelled(name, half)
    return pl.concat(
        [pairs, compare_values(pairs["left"], pairs["right"], PAIR_SETS[name][0])],
        how="horizontal",
    )


def scores(pairs: pl.DataFrame) -> list[str]:
    """Precision, recall and F1 of the verdict `match` and at one half; the share of reviews."""
    same = pairs["same"]
    cells = []
    for found in (pairs["verdict"] == "match", pairs["match_probability"] >= 0.5):
        hit = int((found & same).sum())
        cells += [
            f"{hit / max(1, int(found.sum())):.3f}",
            f"{hit / max(1, int(same.sum())):.3f}",
            f"{2 * hit / max(1, int(found.sum() + same.sum())):.3f}",
        ]
    return [*cells, f"{(pairs['verdict'] == 'review').mean():.3f}"]


def doubtful(half: str, mistakes: int = 0) -> str:
    """What the judge made of the company pairs that the labeller would hand to a person."""
    kept = [p for p in of_label(Kind.COMPANY_NAME, BRANCHES, "?") if half_of(p) == half]
    left, right = (pl.Series([p[side] for p in kept]) for side in (0, 1))
    found = compare_values(left, right, Kind.COMPANY_NAME).with_columns(left=left, right=right)
    for row in found.filter(pl.col("verdict") != "review").head(mistakes).iter_rows(named=True):
        told = f"{row['match_probability']:.2f} {row['reason']}"
        print(f"  {row['verdict']:9} {row['left']} | {row['right']} | {told}")
    counts = [(found["verdict"] == v).sum() for v in ("review", "match", "non-match")]
    return "of {} pairs for review: review {}, match {}, non-match {}".format(len(kept), *counts)


EDGES = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0001)


def reliability(pairs: pl.DataFrame) -> Iterator[list[str]]:
    """Band, pairs, mean probability and share of true matches."""
    for low, high in itertools.pairwise(EDGES):
        band = pairs.filter(pl.col("match_probability").is_between(low, high, closed="left"))
        if band.height:
            expected, seen = band["match_probability"].mean(), band["same"].mean()
            band_name = f"{low:.2f}–{min(high, 1):.2f}"
            yield [band_name, str(band.height), f"{expected:.3f}", f"{seen:.3f}"]


def main() -> None:
    """Print scores by set, reliability by kind, and mistakes if asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "held"), default="held")
    parser.add_argument("--set", action="append", default=[], help="sets whose name holds this")
    parser.add_argument("--mistakes", type=int, default=0)
    given = parser.parse_args()
    if given.mistakes and given.half == "held":
        parser.error("mistakes are shown of the half `dev` only")
    wanted = [n for n in PAIR_SETS if not given.set or any(part in n for part in given.set)]
    rows, by_kind = [], {}
    for name in wanted:
        began = time.process_time()
        pairs = judged(name, given.half)
        spent = time.process_time() - began
        rows.append([name, str(pairs.height), *scores(pairs), f"{spent:.1f} s"])
        by_kind.setdefault(PAIR_SETS[name][0], []).append(pairs)
        if given.mistakes:
            _print_mistakes(name, pairs, given.mistakes)
    head = ["set", "pairs", "P", "R", "F1", "P ≥ .5", "R ≥ .5", "F1 ≥ .5", "review", "CPU"]
    print(markdown(head, rows))
    print(f"\n{doubtful(given.half, given.mistakes)}")
    for kind, found in by_kind.items():
        print(f"\n{kind}\n")
        together = pl.concat(found)
        print(markdown(["band", "pairs", "expected", "observed"], reliability(together)))


def _print_mistakes(name: str, pairs: pl.DataFrame, most: int) -> None:
    wrong = pairs.filter((pl.col("verdict") == "match") != pl.col("same"))
    print(f"\n{name}: {wrong.height} of {pairs.height} wrong")
    for row in wrong.sample(min(most, wrong.height), seed=1).sort("same").iter_rows(named=True):
        missed = "missed" if row["same"] else "false "
        told = f"{row['match_probability']:.2f} {row['reason']}"
        print(f"  {missed} {row['left']} | {row['right']} | {told}")


if __name__ == "__main__":
    main()
