"""A process of its own for Great Expectations, whose import takes seconds nobody should wait for.

`prewarm` starts the process while other stages work; `run` sends it tables over pipes. When this
program ends the pipes close, and the process ends by itself. Without one, checkpoints run here.
"""

import gc
import importlib.util
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from validators import checkpoint
from validators.checkpoint import Finding
from validators.rules import BuiltRule

if TYPE_CHECKING:
    import polars as pl

_process: subprocess.Popen[bytes] | None = None


def prewarm() -> None:
    """Start the process, unless Great Expectations is imported here already."""
    global _process
    if _process is None and "great_expectations" not in sys.modules:
        _process = subprocess.Popen(
            [sys.executable, "-m", "validators.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def run(
    frame: "pl.DataFrame", batches: Sequence[tuple[str, Sequence[BuiltRule]]]
) -> list[list[Finding]]:
    """Run suites of rules over one table; see `checkpoint.run`."""
    global _process
    if _process is not None and _process.stdin and _process.stdout:
        try:
            _send((frame, batches), _process.stdin)
            found: list[list[Finding]] = pickle.load(_process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):  # it died: do its work here
            _process = None
        else:
            return found
    return checkpoint.run(frame, batches)


def _send(message: object, line: IO[bytes]) -> None:
    pickle.dump(message, line, protocol=pickle.HIGHEST_PROTOCOL)
    line.flush()


def _put_off_statistics() -> None:
    """Import scipy.stats when it is first used.

    It is a third of Great Expectations' start, and one expectation needs it. A lazy loader is
    not safe among threads; this process has one.
    """
    spec = importlib.util.find_spec("scipy.stats")
    if spec is not None and spec.loader is not None:
        loader = spec.loader = importlib.util.LazyLoader(spec.loader)
        stats = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        sys.modules["scipy"].stats = stats  # type: ignore[attr-defined]
        loader.exec_module(stats)


def _serve() -> None:
    """Answer until the pipe closes. Whatever a library prints must not get between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.disable()  # nothing that an import makes is garbage
    _put_off_statistics()
    checkpoint.great_expectations()
    gc.enable()
    while True:
        try:
            frame, batches = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _send(checkpoint.run(frame, batches), answers)


if __name__ == "__main__":
    _serve()
