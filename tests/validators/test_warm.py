"""A helper that stays between runs: found, used, ended, and closed to others."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest

from validators import warm, worker
from validators.checkpoint import ROW
from validators.rules import BuiltRule

JUDGE = """
import sys
import polars as pl
from validators import worker
from validators.checkpoint import ROW
from validators.rules import BuiltRule
worker.prewarm()
rule = BuiltRule("x", "expect_column_values_to_not_be_null", ("a",), {"column": "a"})
found = worker.run(pl.DataFrame({ROW: [7, 8], "a": ["x", None]}), [("s", [rule])])
print(found[0][0].failing, "great_expectations" in sys.modules)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for sockets, whose paths must be short; no helper outlives the test."""
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)
        warm.cool()


def test_a_run_is_served_by_the_helper_that_was_left(runtime: Path) -> None:
    """Two programs in turn get their findings from the one helper, without importing anything."""
    assert warm.keep(0.05)
    assert not warm.keep(0.05)
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", JUDGE], capture_output=True, text=True)
        assert done.stdout.strip().endswith("(8,) False"), done.stderr


def test_ending_it_leaves_nothing(runtime: Path) -> None:
    """After `cool` there is no socket, nobody to call, and nothing more to end."""
    warm.keep(0.05)
    assert warm.cool()
    assert list((runtime / "guiyi").iterdir()) == []
    assert warm.call() is None
    assert not warm.cool()


def test_it_ends_by_itself(runtime: Path) -> None:
    """Without a call, its time runs out and its socket goes."""
    subprocess.run([sys.executable, "-m", "validators.warm", "0.00001"], timeout=60, check=True)
    assert list((runtime / "guiyi").iterdir()) == []


def test_a_folder_that_others_may_write_is_not_trusted(runtime: Path) -> None:
    """Whoever could put a socket there could send this program what it unpickles."""
    (runtime / "guiyi").mkdir()
    (runtime / "guiyi").chmod(0o777)
    warm._address().touch()
    assert warm.call() is None


def test_without_a_helper_a_process_is_started(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No helper is no reason to fail."""
    monkeypatch.setattr(worker, "_line", None)
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    worker.prewarm()
    rule = BuiltRule("x", "expect_column_values_to_not_be_null", ("a",), {"column": "a"})
    found = worker.run(pl.DataFrame({ROW: [0], "a": ["x"]}), [("s", [rule])])
    assert found[0][0].success
