"""Feeds a reader whatever bytes lead it to code it has not run yet.

python benchmarks/fuzz/readers.py delimited|dbase|layout [libFuzzer options]
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["connectors"]):
    from connectors.sources.contract import ROW, SKIPPED
    from connectors.sources.dbase import DbaseSource
    from connectors.sources.delimited import DelimitedSource
    from connectors.sources.layout import find_header

from guiyi.errors import SourceError
from guiyi.spec import TableSpec

ANY = TableSpec.model_construct(table=None, query=None)
FOLDER = Path(tempfile.mkdtemp())


def delimited(data: bytes) -> None:
    """Every line that holds something is a row, belongs to one, or is counted as skipped."""
    path = FOLDER / "any.csv"
    path.write_bytes(data)
    try:
        batches = list(DelimitedSource(path).read(ANY))
    except SourceError:
        return
    check(batches)


def dbase(data: bytes) -> None:
    """A table of a known head and any records."""
    path = FOLDER / "any.dbf"
    path.write_bytes(data)
    (FOLDER / "any.dbt").write_bytes(data[::-1])
    try:
        source = DbaseSource(path)
        (info,) = source.tables()
        batches = list(source.read(ANY))
    except SourceError:
        return
    check(batches)
    if sum(batch.rows.height for batch in batches) != info.rows:
        raise AssertionError("rows were lost")


def check(batches: list) -> None:
    """Numbers rise, and damage stands where it may."""
    numbers = [n for batch in batches for n in batch.rows[ROW]]
    if numbers != sorted(set(numbers)):
        raise AssertionError("row numbers repeat")
    known = set(numbers)
    for batch in batches:
        for number, _, problem, *_ in batch.damage.rows():
            if (number in known) == problem.startswith(SKIPPED):
                raise AssertionError(f"{problem} at a row of its own or of none")


def layout(data: bytes) -> None:
    """A header stands inside the rows, and labels every column."""
    rows = [
        [cell or None for cell in line.split("\t")]
        for line in data.decode("utf-8", "replace").split("\n")
    ]
    found = find_header(rows)
    width = max(len(row) for row in rows)
    if not 0 <= found.top <= found.body <= len(rows) or len(found.labels) != width:
        raise AssertionError("a header outside the rows")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "delimited": delimited,
    "dbase": dbase,
    "layout": layout,
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
