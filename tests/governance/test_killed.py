"""A process that dies at any moment leaves a ledger that opens, with all it had acknowledged."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from governance import open_ledger
from tests.examples import examples

WRITER = """
import sys
from random import Random
import polars as pl
from governance import open_ledger

url, seed = sys.argv[1], int(sys.argv[2])
draw = Random(seed)
keys = [str(number) for number in range(300)]
with open_ledger(url) as ledger:
    print("open", flush=True)
    for turn in range(10_000):
        run_id = f"r{seed:04}-{turn:04}"
        clusters = [draw.randrange(200) for _ in keys]
        members = pl.DataFrame({"source": ["a"] * 300, "record_id": keys, "cluster_id": clusters})
        with ledger.write(run_id) as entry:
            given = entry.assign_golden_ids("company", members)
            golden = given.select("golden_id").unique().with_columns(name=pl.lit(run_id))
            entry.record_golden("company", golden)
        print("ids", *given["golden_id"].unique(), flush=True)
        left, right = draw.sample(keys, 2)
        number = ledger.decide("company", "must-link", f"a:{left}", f"a:{right}", who="li")
        print("decision", number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_had_acknowledged(url: str, tmp_path: Path) -> None:
    """SIGKILL at random moments: the chain is whole, the tables are what the events make, every id
    handed out resolves, every decision is there.
    """
    script = tmp_path / "writer.py"
    script.write_text(WRITER, encoding="utf-8")
    draw, ids, decisions = Random(7), set[str](), set[int]()
    for seed in range(examples(4)):
        for kind, *values in _killed(script, url, seed, draw.uniform(0.0, 0.6)):
            if kind == "ids":
                ids.update(values)
            elif kind == "decision":
                decisions.add(int(values[0]))
        with open_ledger(url) as ledger:
            assert ledger.verify_audit().intact
            assert ledger.check_events().is_same
            alive = set(ledger.crosswalk("company")["golden_id"])
            assert all(ledger.resolve(golden_id).leads_to in alive for golden_id in ids)
            kept = ledger.audit_trail().filter(action="decision")["subject"].cast(int)
            assert decisions <= set(kept)


def _killed(script: Path, url: str, seed: int, after: float) -> list[list[str]]:
    """What a writer had acknowledged when it was killed, so long after it had opened the ledger."""
    command = [sys.executable, "-P", str(script), url, str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        lines = writer.stdout.read().splitlines(keepends=True)
    return [line.split() for line in lines if line.endswith("\n")]
