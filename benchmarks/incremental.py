"""What a night's work costs: a run after some records have changed, beside one that compares all.

    python -m benchmarks.incremental 1000000 [--changes 10000] [--until remember]

A generated register is run and published. Then so many of its rows change: four tenths say
something else, three tenths are new, three tenths are gone, and all have moved. Two runs take that
up, each after the same first run: the one that is usual, and one that compares all records
(`--match-all`). CPU seconds and memory are by stage, as in `whole_run`. Clusters must be the same.
"""

import argparse
import shutil
from pathlib import Path

import polars as pl

from benchmarks.persons import register
from benchmarks.whole_run import Spent, measured, prepare
from governance.run_folder import CLUSTERS, RunFolder
from pipelines.stages.run import Options

FOLDER = Path("/tmp/incremental_run")


def changed(table: pl.DataFrame, changes: int) -> pl.DataFrame:
    """The register a day later, in another order."""
    altered, new, gone = changes * 4 // 10, changes * 3 // 10, changes * 3 // 10
    places = pl.int_range(pl.len()).shuffle(seed=7)
    today = table.with_columns(place=places).filter(pl.col("place") >= gone)
    others = pl.col("phone").shuffle(seed=8)
    phone = pl.when(pl.col("place") < gone + altered).then(others).otherwise("phone")
    fresh = register(new, seed=99).select(pl.col(table.columns).cast(pl.String))
    return pl.concat([today.with_columns(phone=phone).drop("place"), fresh]).sample(
        fraction=1, shuffle=True, seed=9
    )


def run(folder: Path, what: str, options: Options) -> list[Spent]:
    """Run the project; print what each stage took."""
    spent = []
    for one in measured(folder, options):
        spent.append(one)
        print(f"| {what} | {one.stage} | {one.cpu:.1f} | {one.peak:.2f} |", flush=True)
    cpu, peak = sum(one.cpu for one in spent), max(one.peak for one in spent)
    print(f"| {what} | whole | {cpu:.1f} | {peak:.2f} |", flush=True)
    return spent


def _clusters(folder: Path) -> pl.DataFrame:
    latest = max((folder / ".guiyi" / "runs").iterdir())
    found = RunFolder(latest).read(CLUSTERS, "person", ["record_id", "golden_id"])
    return found.sort("record_id")


def main() -> None:
    """Run three times and print a line a stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rows", type=int)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--until", help="the last stage")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    usual, whole = given.folder / "usual", given.folder / "whole"
    shutil.rmtree(given.folder, ignore_errors=True)
    prepare(given.rows, usual)
    print("| run | stage | CPU s | peak GB |\n|---|---|---:|---:|")
    run(usual, "first", Options(until=given.until))
    csv = usual / "persons.csv"
    today = changed(pl.read_csv(csv, infer_schema=False), given.changes)
    csv.unlink()
    today.write_csv(csv)
    shutil.copytree(usual, whole)
    some = run(usual, "usual", Options(until=given.until))
    every = run(whole, "all compared", Options(until=given.until, match_all=True))
    share = sum(one.cpu for one in some) / sum(one.cpu for one in every)
    same = _clusters(usual).equals(_clusters(whole))
    print(f"usual / all compared: {share:.1%} of the CPU seconds; clusters the same: {same}")


if __name__ == "__main__":
    main()
