"""Tries seeds one after another; names those that lost something, and how they are repeated."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.chaos import behind_http, sql
from benchmarks.chaos.crms import CRMS
from benchmarks.chaos.lost import LostError

TARGETS = ("sql", *CRMS)


def trial(seed: int, target: str, folder: Path) -> str:
    """Disturb one project; say how. Raises LostError for whatever was lost by it."""
    if target == "sql":
        return sql.trial(seed, folder)
    return behind_http.trial(seed, target, folder)


def main() -> int:
    """Try seeds; 1 if any of them lost something."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos")
    parser.add_argument("--seeds", type=int, default=50, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first")
    parser.add_argument("--target", choices=TARGETS, help="one target; all in turn if left out")
    parser.add_argument("--minutes", type=float, help="begin no seed after so long")
    given = parser.parse_args()
    failed: list[str] = []
    tried: Counter[str] = Counter()
    began = time.monotonic()
    for seed in range(given.first, given.first + given.seeds):
        if given.minutes is not None and time.monotonic() - began > 60 * given.minutes:
            break
        target = given.target or TARGETS[seed % len(TARGETS)]
        tried[target] += 1
        with TemporaryDirectory() as folder:
            try:
                print(f"seed {seed}: {target}: {trial(seed, target, Path(folder))}", flush=True)
            except Exception as error:  # an error is as bad as a loss, and no end of the night
                how = f"python -m benchmarks.chaos --target {target} --first {seed} --seeds 1"
                kind = "LOST" if isinstance(error, LostError) else type(error).__name__
                failed.append(how)
                print(f"seed {seed}: {target}: {kind}: {error}\n    again: {how}", flush=True)
    shares = ", ".join(f"{target} {count}" for target, count in sorted(tried.items()))
    seconds = time.monotonic() - began
    print(f"{tried.total()} seeds ({shares}) in {seconds:.0f} s, {len(failed)} lost something")
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
