"""Runs a program to its end and says what it cost: seconds, processor seconds, largest memory."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).parent / "launch.py"
QUIET = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "GOLDENMATCH_AUTOCONFIG_MEMORY": "0",
    "PYTHONDONTWRITEBYTECODE": "",
}
"""No tool phones home, none remembers what it learnt in an earlier run, each keeps what Python made
of its modules."""


@dataclass(frozen=True)
class Cost:
    """What one run of a program took, from its start to its end."""

    wall: float
    cpu: float
    """User and system seconds of the process and its children."""
    peak: float
    """Largest resident memory of the process or one of its children, in GB."""
    failure: str | None = None
    """Why there is no result, if there is none."""


def run(command: Sequence[str | Path], log: Path, timeout: float) -> Cost:
    """Run a command; one that takes longer than `timeout` seconds is ended with its children."""
    usage = log.with_suffix(".usage")
    usage.unlink(missing_ok=True)
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCH), str(usage), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **QUIET},
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return Cost(timeout, 0, 0, f"> {timeout:.0f} s")
    wall = time.perf_counter() - began
    failure = "failed: " + _last_line(log) if process.returncode else None
    used = json.loads(usage.read_text(encoding="utf-8"))
    return Cost(wall, used["cpu"], used["peak"], failure)


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:120].replace("|", "¦") if lines else "said nothing"
