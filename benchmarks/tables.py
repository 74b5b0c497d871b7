"""Lays figures out as Markdown."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are figures."""
    lines = [_line(head), "|---|" + "---:|" * (len(head) - 1), *map(_line, rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def machine() -> str:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    for line in _proc("cpuinfo"):
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = next((int(line.split()[1]) for line in _proc("meminfo")), 0)
    python = platform.python_version()
    return f"{os.cpu_count()} × {model}, {memory / 2**20:.0f} GB, Python {python}"


def _proc(name: str) -> list[str]:
    place = Path("/proc") / name
    return place.read_text(encoding="utf-8").splitlines() if place.exists() else []
