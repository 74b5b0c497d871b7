"""Whether weights fitted to labelled pairs judge better than those of pair_weights.tsv.

    python -m benchmarks.pair_weights

The evidence is what the judges find with the weights of the table. Its weights are fitted anew by
logistic regression from even odds, held to the table's by a penalty, every set of pairs counting
the same. Judged are pairs that were not fitted to: of five folds each by the other four, and each
set by the other sets.
"""

import argparse
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from benchmarks.tables import markdown
from benchmarks.value_pair_sets import PAIR_SETS
from benchmarks.value_pairs import labelled
from dedup.value_pairs.evidence import WEIGHTS, Evidence, total
from dedup.value_pairs.judge import MOST, evidence_of
from guiyi.kinds import Kind

FOLDS = 5
Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Sample:
    """Labelled pairs of one kind, a row each; `often` has how often each piece was found."""

    keys: list[str]
    often: Array
    fixed: Array
    """Bits that no weight of the table gives: pairs that only a person can decide."""
    same: Array
    sets: list[str]
    fold: Array

    @property
    def weights(self) -> Array:
        """The weights of the table."""
        return np.array([WEIGHTS[key].weight for key in self.keys])

    @property
    def counts(self) -> Array:
        """How much each pair counts, so that each set counts the same."""
        size = {name: self.sets.count(name) for name in set(self.sets)}
        return np.array([len(self.sets) / len(size) / size[name] for name in self.sets])


def sample_of(kind: Kind) -> Sample:
    """All labelled pairs of a kind with the evidence found in them."""
    names = [name for name, (of, _) in PAIR_SETS.items() if of is kind]
    tables = [
        labelled(name, half).with_columns(set=pl.lit(name))
        for name in names
        for half in ("dev", "held")
    ]
    pairs = pl.concat([table for table in tables if table.height], how="vertical_relaxed")
    found = evidence_of(pairs["left"], pairs["right"], kind)
    kept = [n for n, pieces in enumerate(found) if pieces]
    pairs, found = pairs[kept], [found[n] for n in kept]
    keys = sorted({e.key for pieces in found for e in pieces} - {""})
    often, fixed = np.zeros((len(found), len(keys))), np.zeros(len(found))
    for n, pieces in enumerate(found):
        if any(not e.key for e in pieces):
            fixed[n] = total(pieces)
            continue
        for e in pieces:
            often[n, keys.index(e.key)] += _times(e)
    texts = ("|".join(sorted(pair)) for pair in pairs.select("left", "right").iter_rows())
    return Sample(
        keys, often, fixed, pairs["same"].cast(pl.Float64).to_numpy(), pairs["set"].to_list(),
        np.array([zlib.crc32(f"fold {text}".encode()) % FOLDS for text in texts]),
    )  # fmt: skip


def _times(found: Evidence) -> float:
    weight = WEIGHTS[found.key].weight
    return found.weight / weight if weight else 1.0


def fitted(sample: Sample, rows: Array, penalty: float) -> Array:
    """Weights fitted to some of the rows, in bits."""
    from scipy.optimize import minimize

    often, fixed, same = sample.often[rows], sample.fixed[rows], sample.same[rows]
    counts, start = sample.counts[rows], sample.weights

    def loss(weights: Array) -> tuple[float, Array]:
        odds = np.clip(often @ weights + fixed, -40, 40) * np.log(2)
        missed = 1 / (1 + np.exp(-odds)) - same
        away = weights - start
        value = counts @ (np.logaddexp(0, odds) - same * odds) + penalty * away @ away
        return value, often.T @ (counts * missed) * np.log(2) + 2 * penalty * away

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def unseen(sample: Sample, groups: list[Any], penalty: float) -> Array:
    """The bits of every pair by weights that are fitted to the pairs of other groups."""
    bits, of = np.zeros(len(groups)), np.array(groups)
    for group in sorted(set(groups)):
        weights = fitted(sample, of != group, penalty)
        bits[of == group] = (sample.often @ weights + sample.fixed)[of == group]
    return bits


def scores(sample: Sample, bits: Array) -> list[str]:
    """Log loss in bits and, of the match from one half upward, precision, recall, F1; by sets."""
    odds, same = np.clip(bits, -MOST, MOST), sample.same == 1
    loss = np.average(np.logaddexp2(0, odds) - same * odds, weights=sample.counts)
    by_set, sets = [], np.array(sample.sets)
    for name in sorted(set(sample.sets)):
        found, true = odds[sets == name] >= 0, same[sets == name]
        hit = (found & true).sum()
        ratios = (hit / max(1, found.sum()), hit / true.sum(), 2 * hit / (found.sum() + true.sum()))
        by_set.append(ratios)
    return [f"{loss:.3f}", *(f"{mean:.3f}" for mean in np.mean(by_set, axis=0))]


def compared(penalty: float) -> Iterator[list[str]]:
    """A row for each kind and way of weighing."""
    for kind in dict.fromkeys(of for of, _ in PAIR_SETS.values()):
        sample = sample_of(kind)
        size = f"{len(sample.sets)} pairs, {len(sample.keys)} weights"
        table = sample.often @ sample.weights + sample.fixed
        yield [f"{kind} ({size}), table", *scores(sample, table)]
        folds = unseen(sample, sample.fold.tolist(), penalty)
        yield [f"{kind}, fitted to the other folds", *scores(sample, folds)]
        others = unseen(sample, sample.sets, penalty)
        yield [f"{kind}, fitted to the other sets", *scores(sample, others)]


def main() -> None:
    """Print the scores of the table's and of fitted weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--penalty", type=float, default=1.0, help="on the squared way, in bits²")
    head = ["weights", "log loss", "precision", "recall", "F1"]
    print(markdown(head, compared(parser.parse_args().penalty)))


if __name__ == "__main__":
    main()
