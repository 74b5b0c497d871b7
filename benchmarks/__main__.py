"""`python -m benchmarks`: Guiyi and its peers side by side, printed and kept as Markdown."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import cleansing, groups, matching, reading
from benchmarks.families.registry import FAMILIES
from benchmarks.tables import machine

RESULTS = Path(__file__).parent / "results"
WHAT = ("reading", "cleansing", "matching", "groups")


def sections(given: argparse.Namespace) -> Iterator[str]:
    """Everything asked for, one Markdown section at a time, as soon as it is measured."""
    wanted = WHAT if given.what == "all" else (given.what,)
    yield f"# Guiyi beside its peers\n\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}"
    if "reading" in wanted:
        yield f"## Reading\n\n{reading.compare()}"
    if "cleansing" in wanted:
        yield f"## Cleansing\n\n{cleansing.compare()}"
    if "matching" in wanted:
        yield "## Matching: a CSV in, its clusters out"
        yield from matching.compare(
            given.rows, given.set, matching.Bounds(given.timeout, given.repeats)
        )
    if "groups" in wanted:
        yield "## Registers of groups"
        draws, pairs = groups.all_draws(list(FAMILIES), given.seeds, None, jobs=1)
        yield from groups.sections(draws, pairs)


def main() -> None:
    """Measure, print and keep what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=(*WHAT, "all"))
    parser.add_argument(
        "--rows", type=int, default=100_000, help="the largest generated register of persons"
    )
    parser.add_argument("--set", action="append", default=[], help="only this set, e.g. febrl3")
    parser.add_argument("--seeds", type=int, default=20, help="draws of each family of groups")
    parser.add_argument("--timeout", type=float, default=600, help="seconds a tool may take")
    parser.add_argument("--repeats", type=int, default=3, help="runs of small sets, for a median")
    given = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "latest.md").open("w", encoding="utf-8") as kept:
        for section in sections(given):
            print(section, end="\n\n", flush=True)
            kept.write(section + "\n\n")
            kept.flush()


if __name__ == "__main__":
    main()
