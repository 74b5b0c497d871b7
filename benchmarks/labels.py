"""What labels bring: F1 of the clusters without and with them, asked for as guiyi label asks.

python -m benchmarks.labels [SET…] [--size 300] [--seeds 3] [--flipped 0.05]

A set is one of `sets.SETS` or a file made by persons.py or companies.py. The truth answers; with
`--flipped` so large a share of its answers is wrong. The gain that cross-validation promises stands
beside the one that the truth shows.
"""

import argparse
import time

import numpy as np
import polars as pl

from benchmarks.reliability import table
from benchmarks.sets import SETS, Labelled, generated
from cleansing import clean_table
from dedup import Resolution, evaluate, resolve
from dedup.labels import Answers, Questions
from dedup.model import levels_of, read_model

BATCH = 10


def asked(
    found: Resolution, truth: pl.Series, size: int, seed: int, flipped: float
) -> pl.DataFrame:
    """What a session of `guiyi label` would have brought."""
    model = read_model(found.model)
    pairs = found.pairs
    same = truth.gather(pairs["row_l"]) == truth.gather(pairs["row_r"])
    wrong = np.random.default_rng(seed).random(pairs.height) < flipped
    match = same.fill_null(value=False).to_numpy() ^ wrong
    levels = levels_of(pairs, model)
    questions = Questions(model.mixture, levels, seed)
    done = np.zeros(pairs.height, np.bool_)
    while done.sum() < min(size, pairs.height):
        at = np.flatnonzero(done)
        answers = Answers(levels[at], match[at].astype(np.float64), np.arange(len(at)))
        for question in questions.next(answers, done, min(BATCH, size - int(done.sum()))):
            done[question.at] = True
    at = np.flatnonzero(done)
    return pairs[at].select("row_l", "row_r").with_columns(match=pl.Series(match[at]))


def reliability(title: str, found: Resolution, truth: pl.Series) -> None:
    """Print how far the probabilities of a resolution can be believed, by band."""
    pairs = found.pairs
    same = truth.gather(pairs["row_l"]) == truth.gather(pairs["row_r"])
    print(f"{title}\n  band           pairs  expected  observed  shift")
    print(*table(pairs.select(p="match_probability", same=same)), sep="\n", flush=True)


def compare(name: str, data: Labelled, given: argparse.Namespace) -> None:
    """Print one line a seed."""
    clean = clean_table(data.frame, data.kinds)
    plain = resolve(clean, data.kinds)
    before = evaluate(plain.clusters, data.truth).pairwise
    if given.reliability:
        reliability(f"{name} without labels", plain, data.truth)
    for seed in range(given.seeds):
        labels = asked(plain, data.truth, given.size, seed, given.flipped)
        began = time.process_time()
        taught = resolve(clean, data.kinds, labels=labels)
        seconds = time.process_time() - began
        after = evaluate(taught.clusters, data.truth).pairwise
        said = taught.model.get("labels", {}).get("cross_validation", {})
        promised = f"{said['f1_without']:.3f} → {said['f1_with']:.3f}" if said else "too few"
        print(
            f"{name:<16} {labels.height} labels, seed {seed}: F1 {before.f1.value:.4f} → "
            f"{after.f1.value:.4f} (precision {after.precision.value:.4f}, recall "
            f"{after.recall.value:.4f}); cross-validated {promised}; {seconds:.1f} s CPU",
            flush=True,
        )
        if given.reliability:
            reliability(f"{name} with labels", taught, data.truth)


def main() -> None:
    """Go through the sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        default=["fake_1000", "fake_20000", "chicago", "fodors_zagats", "senzing"],
    )
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--flipped", type=float, default=0.0)
    parser.add_argument("--reliability", action="store_true")
    given = parser.parse_args()
    for name in given.names:
        data = generated(name) if name.endswith(".csv") else SETS[name]()
        compare(name.rpartition("/")[2], data, given)


if __name__ == "__main__":
    main()
