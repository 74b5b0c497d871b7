"""A process of its own for Great Expectations, whose import takes seconds nobody should wait for.

`prewarm` finds one: the helper that `guiyi warm` has left (`validators.warm`), or a new one that
starts while other stages work. `run` sends it tables. When this program ends the line closes, and
the process ends by itself. Without one, checkpoints run here.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from guiyi.own_process import start_module
from validators import serving, warm
from validators.checkpoint import Finding, RuleCounts
from validators.rules import BuiltRule

if TYPE_CHECKING:
    import polars as pl


class _Line(NamedTuple):
    """The two ends of a conversation with another process."""

    questions: IO[bytes]
    answers: IO[bytes]


_line: _Line | None = None


def prewarm() -> None:
    """Find or start the process, unless Great Expectations is imported here already."""
    global _line
    if _line is not None or "great_expectations" in sys.modules:
        return
    helper = warm.call()
    if helper is not None:
        _line = _Line(*helper)
        return
    started = start_module(
        "validators.worker",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if started.stdin and started.stdout:
        _line = _Line(started.stdin, started.stdout)


def run(
    frame: "pl.DataFrame", batches: Sequence[tuple[str, Sequence[BuiltRule]]]
) -> list[list[Finding]]:
    """Run suites of rules over one table; see `checkpoint.run`."""
    found: list[list[Finding]] = _ask("run", frame, batches)
    return found


def judge(measured: Sequence[tuple[BuiltRule, RuleCounts]]) -> list[Finding | None]:
    """Judge rules by what was counted for them; see `checkpoint.judge`."""
    found: list[Finding | None] = _ask("judge", measured)
    return found


def _ask(act: str, *given: object) -> Any:
    global _line
    if _line is not None:
        try:
            serving.send((act, given), _line.questions)
            return pickle.load(_line.answers)
        except (EOFError, OSError, pickle.UnpicklingError):  # it died: do its work here
            _line = None
    return serving.ACTS[act](*given)


def _serve() -> None:
    """Answer over this process's own pipes. What a library prints must not get between."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serving.load()
    serving.answer(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _serve()
