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
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from benchmarks.cells import VALUES, cell
from cleansing.table import clean_values
from cleansing.text import simplify_text
from guiyi.kinds import Kind

RUNS = re.compile(r"\d+|[㐀-鿿]+|[^\W\d_㐀-鿿]+")
AT_ONCE = 100_000
"""Cells of one column."""
LEAST = 3
"""A run of letters or digits may be found in pieces of so many, or whole where it is shorter; of a
date in pieces of two: 022804 is 2004-02-28."""

MADE_OF = (
    "Excel serial", "Unix time", "Chinese numerals", "unit applied", "calendar", "15 to 18 digits",
    "scientific notation", "renamed", "standard name", "division renamed", "mojibake", "entities",
    "imputed", "legal form",
)  # fmt: skip
"""Reasons that say a value is told in other characters than it was typed in."""
CALENDAR = frozenset("年月日号時时分秒点上午下午星期周一二三四五六日天十廿元正初〇零".strip())
"""Characters of dates that have no place in an ISO date."""


EXTENSION = frozenset({"转", "x", "ext", "分机"})
"""Words before an extension, which is a part."""
EXPONENT = re.compile(r"(?<=\d)[eE][+]?(\d\d)(?!\d)")
"""Of an amount the exponent stands in no digits of its own: 1.42E+10 is 14200000000."""


def plain(text: str) -> str:
    """A text as it is looked for: half-width, lower case, simplified, without accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return simplify_text("".join(c for c in folded if not unicodedata.combining(c)))


def lost(
    raw: str, kind: Kind, value: str | None, reason: str | None, parts: Mapping[str, Sequence[str]]
) -> str:
    """The runs of letters or digits of a cell that are found nowhere; "" if nothing is lost."""
    if value is None:
        return "" if reason or not RUNS.search(raw) else "no reason"
    if reason and any(word in reason for word in MADE_OF):
        return ""
    texts = [value, reason or "", *(text for part in parts.values() for text in part)]
    kept = [RUNS.findall(plain(text)) for text in texts]
    whole = ["".join(runs) for runs in kept]
    digits = ["".join(run for run in runs if run[0].isdigit()) for runs in kept]
    missing = []
    least = 2 if kind is Kind.DATE else LEAST
    read = EXPONENT.sub("", raw) if kind is Kind.AMOUNT else raw
    for run in RUNS.findall(plain(read)):
        places = digits if run[0].isdigit() else whole
        if not _covered(run, places, least) and not _is_told(run, kind, parts):
            missing.append(run)
    return " ".join(missing)


def _covered(run: str, places: Sequence[str], least: int) -> bool:
    """Whether a run stands in one of the texts, in one piece or in several long ones."""
    if any(run in place for place in places):
        return True
    bare = run.lstrip("0")
    if run.isdigit() and bare and any(bare in place for place in places):
        return True
    least = 1 if unicodedata.name(run[0], "").startswith("CJK") else least
    return any(
        run[:cut]
        and any(run[:cut] in place for place in places)
        and _covered(run[cut:], places, least)
        for cut in range(len(run) - 1, least - 1, -1)
        if len(run) - cut >= least
    )


def _is_told(run: str, kind: Kind, parts: Mapping[str, Sequence[str]]) -> bool:
    """Whether a word is told as what it means: a month by its number, a currency by its code."""
    if kind is Kind.AMOUNT:
        return bool(parts.get("currency")) and run.isalpha()
    if kind is Kind.PHONE:
        return bool(parts.get("ext") or parts.get("note")) and run in EXTENSION
    return kind is Kind.DATE and (set(run) <= CALENDAR or bool(re.fullmatch(r"[a-z]{1,12}", run)))


@dataclass(frozen=True)
class Loss:
    """A cell of which something is found nowhere."""

    kind: Kind
    raw: str
    missing: str
    value: str | None
    reason: str | None


def losses(kind: Kind, cells: Sequence[str]) -> Iterator[Loss]:
    """Clean cells as one column and tell those of which something is lost."""
    cleaned = clean_values(pl.Series(cells, dtype=pl.String), kind)
    beside = [name for name in cleaned.columns if name not in ("value", "reason")]
    for raw, row in zip(cells, cleaned.iter_rows(named=True), strict=True):
        parts = {name: _texts(row[name]) for name in beside}
        missing = lost(raw, kind, row["value"], row["reason"], parts)
        if missing:
            yield Loss(kind, raw, missing, row["value"], row["reason"])


def _texts(part: object) -> list[str]:
    if part is None or isinstance(part, bool):
        return []
    return [str(item) for item in part] if isinstance(part, list) else [str(part)]


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
