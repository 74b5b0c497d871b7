"""Measure the matcher on labelled sets: pairwise F1 after clustering, seconds, peak memory.

python -m benchmarks.measure [SET…] [--infer]
"""

import argparse
import resource
import time

import polars as pl

from benchmarks.sets import SETS, Labelled, generated
from cleansing import clean_table
from dedup import link, resolve


def agreement(labels: pl.Series, truth: pl.Series) -> tuple[float, float, float]:
    both = pl.DataFrame({"c": labels, "t": truth})

    def pairs(by: list[str]) -> float:
        n = both.group_by(by).len()["len"].cast(pl.Float64)
        return float((n * (n - 1) / 2).sum())

    hit, found, there = pairs(["c", "t"]), pairs(["c"]), pairs(["t"])
    return hit / max(found, 1), hit / max(there, 1), 2 * hit / max(found + there, 1)


def linked(data: Labelled, links: pl.DataFrame) -> tuple[float, float, float]:
    left = data.truth.filter(data.side == 0)
    right = data.truth.filter(data.side == 1)
    hits = int((left.gather(links["left_row"]) == right.gather(links["right_row"])).sum())
    counts = left.value_counts().join(right.value_counts(), on=left.name)
    there = int((counts["count"] * counts["count_right"]).sum())
    return hits / max(links.height, 1), hits / there, 2 * hits / (links.height + there)


def run(name: str, infer: bool) -> None:
    data = generated(name) if name.endswith(".csv") else SETS[name]()
    kinds = data.kinds
    began = time.perf_counter()
    if infer:
        from cleansing import infer_kinds

        kinds = {c: g.kind for c, g in infer_kinds(data.frame).items()}
    clean = clean_table(data.frame, kinds)
    cleaned = time.perf_counter()
    if data.side is None:
        scores = agreement(resolve(clean, kinds).clusters["cluster_id"], data.truth)
    else:
        left, right = (clean.filter(data.side == n) for n in (0, 1))
        scores = linked(data, link(left, right, kinds).links)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    precision, recall, f1 = scores
    print(
        f"{name:28} F1 {f1:.4f}  P {precision:.4f}  R {recall:.4f}  clean {cleaned - began:.2f} s"
        f"  match {ended - cleaned:.2f} s  peak {peak:.2f} GB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=list(SETS))
    parser.add_argument("--infer", action="store_true")
    given = parser.parse_args()
    for name in given.names:
        run(name, given.infer)


if __name__ == "__main__":
    main()
