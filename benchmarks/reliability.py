"""How far the matcher's probabilities can be believed: expected and observed matches by band.

python -m benchmarks.reliability [SET…]

Over the pairs a run keeps; the last column is the shift in natural log odds that would set a band
right, to be held against MODESTY of dedup/model/mixture.py, which is already in the probabilities.
"""

import argparse
import itertools

import numpy as np
import polars as pl

from benchmarks.sets import SETS, generated
from cleansing import clean_table
from dedup import resolve

EDGES = (0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0)


def judged(name: str) -> pl.DataFrame:
    """Each kept pair's probability and whether it truly is one entity."""
    data = generated(name) if name.endswith(".csv") else SETS[name]()
    pairs = resolve(clean_table(data.frame, data.kinds), data.kinds).pairs
    same = data.truth.gather(pairs["row_l"]) == data.truth.gather(pairs["row_r"])
    return pairs.select(p="match_probability").with_columns(same=same)


def table(pairs: pl.DataFrame) -> list[str]:
    """One line a band: pairs, expected share, observed share, shift."""
    lines = []
    p, same = pairs["p"].to_numpy(), pairs["same"].to_numpy()
    for low, high in itertools.pairwise(EDGES):
        band = (p >= low) & (p <= high if high == 1 else p < high)
        n = int(band.sum())
        if not n:
            continue
        expected = float(p[band].mean())
        seen = (float(same[band].sum()) + 0.5) / (n + 1)
        shift = np.log(seen / (1 - seen)) - np.log(expected / max(1e-12, 1 - expected))
        lines.append(f"  {low:5.3f}-{high:5.3f} {n:8,}  {expected:.4f}  {seen:.4f}  {shift:+.2f}")
    return lines


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=["fake_1000", "fake_20000", "febrl2"])
    for name in parser.parse_args().names:
        print(f"{name}\n  band           pairs  expected  observed  shift", flush=True)
        print(*table(judged(name)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
