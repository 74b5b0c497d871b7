"""No letter or digit of a cell gets lost: cells drawn by the million, cleaned, and accounted for.

    python -m benchmarks.conservation --cells 10000000 --seed 1

A cell is put together of what people type into it: a value of its kind, another one beside it, a
label, a note, an odd separator, somebody else's value. Cleaning may write it otherwise, part it or
leave it as it came; every letter and digit must still stand somewhere, or a reason must say what
was made of it. What a cleaner refuses has no clean value, stays beside it as raw, and needs a
reason. Prints what is lost, by kind, with examples; the exit code is 1 if anything is.
"""

import argparse
import random

from benchmarks.cells import VALUES, cell
from cleansing.conformance import Loss, losses
from guiyi.kinds import Kind

AT_ONCE = 100_000
"""Cells of one column."""


def main() -> int:
    """Draw cells of all kinds, clean them, and print what is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1_000_000, help="cells in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=[k.value for k in VALUES], action="append")
    parser.add_argument("--examples", type=int, default=5, help="examples shown of each kind")
    asked = parser.parse_args()
    kinds = [Kind(k) for k in asked.kind or VALUES]
    each = asked.cells // len(kinds)
    total = 0
    for kind in kinds:
        draw = random.Random(f"{asked.seed} {kind}")
        found: list[Loss] = []
        many = 0
        for start in range(0, each, AT_ONCE):
            cells = [cell(kind, draw) for _ in range(min(AT_ONCE, each - start))]
            for loss in losses(kind, cells):
                many += 1
                if len(found) < asked.examples:
                    found.append(loss)
        total += many
        print(f"{kind}: {many:,} of {each:,} cells lose something")
        for loss in found:
            print(f"    {loss.raw!r} loses {loss.missing!r}: {loss.value!r}, {loss.reason}")
    return 1 if total else 0


if __name__ == "__main__":
    raise SystemExit(main())
