"""The far end of a line: judges what is sent until the line closes."""

import gc
import importlib.util
import pickle
import sys
from collections.abc import Callable
from typing import IO, Any

from validators import checkpoint


def load() -> None:
    """Import Great Expectations, for a process that has no other work and no other thread."""
    gc.disable()  # nothing that an import makes is garbage
    _put_off_statistics()
    checkpoint.great_expectations()
    gc.enable()


ACTS: dict[str, Callable[..., Any]] = {"run": checkpoint.run, "judge": checkpoint.judge}
"""What may be asked."""


def answer(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Do what each message asks, and send what was found."""
    while True:
        try:
            act, given = pickle.load(questions)
        except EOFError:
            return
        send(ACTS[act](*given), answers)


def send(message: object, line: IO[bytes]) -> None:
    """Write one message."""
    pickle.dump(message, line, protocol=pickle.HIGHEST_PROTOCOL)
    line.flush()


def _put_off_statistics() -> None:
    """Import scipy.stats when it is first used.

    It is a third of Great Expectations' start, and one expectation needs it. A lazy loader is
    not safe among threads.
    """
    spec = importlib.util.find_spec("scipy.stats")
    if spec is not None and spec.loader is not None:
        loader = spec.loader = importlib.util.LazyLoader(spec.loader)
        stats = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        sys.modules["scipy"].stats = stats  # type: ignore[attr-defined]
        loader.exec_module(stats)
