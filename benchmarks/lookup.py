"""One record looked up among many: milliseconds, cleaning apart, and what the index takes.

python -m benchmarks.lookup --rows 1000000

Records of `persons.py`; the last 2,000 are held out and looked up as they came, damaged. Processor
time of the thread is told beside the clock's, since a busy machine says little by the clock.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import persons
from benchmarks.tables import markdown
from cleansing import RecordCleaner, clean_table, infer_kinds
from dedup import Index

HELD_OUT = 2_000


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the whole process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def percentiles(name: str, calls: Iterator[Callable[[], object]]) -> list[str]:
    """Run each call once; milliseconds at the median, the 90th and 99th percentile."""
    walls, cpus = [], []
    for call in calls:
        wall, cpu = time.perf_counter(), time.thread_time()
        call()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.thread_time() - cpu)
    points = (50, 90, 99)
    figures = [f"{1000 * x:.2f} ms" for x in np.percentile(cpus, points)]
    return [name, *figures, *(f"{1000 * x:.2f} ms" for x in np.percentile(walls, points))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lookup", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    table = persons.register(given.rows + HELD_OUT, 1)
    raw, fresh = table.drop("entity").head(given.rows), table.tail(HELD_OUT)
    entity = table["entity"].head(given.rows)
    kinds = {name: guess.kind for name, guess in infer_kinds(raw).items()}
    clean = clean_table(raw, kinds)
    made: list[Index] = []
    built = timed(lambda: made.append(Index.build(clean, kinds)))
    model = made[0].model
    again = timed(lambda: made.append(Index.build(clean, kinds, model)))
    index = made[0]
    cleaner = RecordCleaner.of(raw.head(100_000), kinds)
    queries = fresh.drop("entity").to_dicts()
    cleaned = [cleaner.clean(query) for query in queries]
    members = clean.sample(HELD_OUT, seed=3).to_dicts()
    for record in members[:200]:
        index.find(record)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "index"
        saved = timed(lambda: index.save(place))
        size = sum(file.stat().st_size for file in place.rglob("*"))
        opened: list[Index] = []
        open_ = timed(lambda: opened.append(Index.open(place)))
        rows = [
            percentiles("cleaning", (lambda q=q: cleaner.clean(q) for q in queries)),
            percentiles("strangers", (lambda q=q: index.find(q) for q in cleaned)),
            percentiles("members", (lambda q=q: index.find(q) for q in members)),
            percentiles("strangers, mapped", (lambda q=q: opened[0].find(q) for q in cleaned)),
        ]
    head = ("", "median CPU", "90 %", "99 %", "median wall", "90 %", "99 %")
    print(f"### {given.rows:,} persons (load {os.getloadavg()[0]:.1f})\n")
    print(markdown(head, rows), "\n")
    bytes_ = index.footprint()["total"]
    print(f"built with its model in {built[0]:.1f} s ({built[1]:.1f} s CPU), with a given model in")
    print(f"{again[0]:.1f} s ({again[1]:.1f} s CPU); {bytes_ / given.rows:.0f} bytes a record;")
    print(f"saved in {saved[0]:.1f} s to {size / 1e6:.0f} MB, opened in {open_[0]:.2f} s")
    print(_quality(index, cleaned, entity, fresh["entity"]))


def _quality(
    index: Index, queries: list[dict[str, object]], entity: pl.Series, wanted: pl.Series
) -> str:
    """How often the first candidate is the person, of those who are there."""
    there = set(entity.unique().to_list())
    known = right = false = 0
    for query, person in zip(queries, wanted.to_list(), strict=True):
        found = index.find(query, 1)
        sure = bool(found) and found[0].verdict == "match"
        hit = sure and entity[found[0].row] == person
        known += person in there
        right += hit
        false += sure and not hit
    return f"of {known} that are there {right} are found first; {false} times somebody else is"


if __name__ == "__main__":
    main()
