"""Sources that stream need no more memory for more rows."""

import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FEW, MANY = 60_000, 200_000
PAD = "x" * 1000
SLACK_MB = 90
"""Some batches of twenty megabytes may be on their way; MANY rows are 140 megabytes more."""
READ = """
import sys
from connectors.sources import open_place
from guiyi.spec import TableSpec
kind, where = sys.argv[1:]
key = "url" if kind == "database" else "path"
table = TableSpec.model_construct(table=None, query=None)
rows = sum(batch.rows.height for batch in open_place(kind, **{key: where}).read(table))
# ru_maxrss would count what the program had that forked this one
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
print(rows, peak >> 10)
"""


def text(path: Path, rows: int) -> str:
    with path.with_suffix(".csv").open("w") as file:
        file.write("id,name\n")
        file.writelines(f"{n},{PAD}\n" for n in range(rows))
    return str(path.with_suffix(".csv"))


def broken_text(path: Path, rows: int) -> str:
    """A ragged line at the start: the rest is read by the careful reader."""
    with path.with_suffix(".csv").open("w") as file:
        file.write("id,name\nragged\n")
        file.writelines(f"{n},{PAD}\n" for n in range(rows - 1))
    return str(path.with_suffix(".csv"))


def database(path: Path, rows: int) -> str:
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        base.executemany("INSERT INTO t VALUES (?, ?)", ((n, PAD) for n in range(rows)))
    base.close()
    return f"sqlite:///{path}"


def dbase(path: Path, rows: int) -> str:
    head = struct.pack("<4BIHH20x", 3, 124, 1, 1, rows, 65, 1001)
    head += struct.pack("<11scxxxxBB14x", b"NAME", b"C", 1000 & 0xFF, 1000 >> 8) + b"\r"
    record = b" " + PAD.encode()
    with path.with_suffix(".dbf").open("wb") as file:
        file.write(head)
        for _ in range(rows // 1000):
            file.write(record * 1000)
    return str(path.with_suffix(".dbf"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("delimited", text),
        ("delimited", broken_text),
        ("database", database),
        ("dbase", dbase),
    ],
    ids=["text", "broken text", "database", "dbase"],
)
def test_memory_does_not_grow_with_the_rows(
    tmp_path: Path, kind: str, make: Callable[[Path, int], str]
) -> None:
    """A file three times as long is read in the memory of the short one."""
    peaks = []
    for count in (FEW, MANY):
        where = make(tmp_path / f"t{count}", count)
        done = subprocess.run(
            [sys.executable, "-c", READ, kind, where], capture_output=True, text=True, check=True
        )
        rows, peak = map(int, done.stdout.split())
        assert rows == count
        peaks.append(peak)
    assert peaks[1] - peaks[0] < SLACK_MB, peaks
