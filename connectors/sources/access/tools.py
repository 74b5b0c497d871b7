"""The programs of mdbtools, which this machine may or may not have."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from guiyi.errors import SourceError

PROGRAMS = ("mdb-tables", "mdb-schema", "mdb-count", "mdb-export")
SECONDS = 120
"""A list of tables takes moments; a damaged file may keep a program busy for ever."""


def available() -> bool:
    """Tell whether the programs are installed."""
    return all(shutil.which(program) for program in PROGRAMS)


@dataclass(frozen=True)
class Tools:
    """The programs, at work on one file."""

    path: Path
    encoding: str | None = None
    """Of Access 97 and older, which kept text in the code page of their machine."""

    def __post_init__(self) -> None:
        if not available():
            raise SourceError(
                "an Access database needs mdbtools, which is not installed",
                place=str(self.path),
                hint="apt install mdbtools (macOS: brew install mdbtools), "
                "or save its tables as .xlsx or .csv",
            )

    def run(self, program: str, *arguments: str) -> str:
        """Run a program to its end. Raises SourceError if it fails."""
        try:
            done = subprocess.run(
                [program, *arguments],
                capture_output=True,
                check=False,
                timeout=SECONDS,
                env=self._environment(),
            )
        except subprocess.TimeoutExpired:
            raise damaged(self.path) from None
        if done.returncode != 0:
            raise damaged(self.path)
        return done.stdout.decode("utf-8", "replace")

    @contextmanager
    def stream(self, program: str, *arguments: str) -> Iterator[TextIOWrapper]:
        """Run a program and hand out what it writes, as it writes it."""
        process = subprocess.Popen(
            [program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment(),
        )
        if process.stdout is None:
            raise damaged(self.path)
        try:
            with TextIOWrapper(process.stdout, "utf-8", "replace", newline="") as text:
                yield text
        finally:
            process.kill()
            process.wait()

    def _environment(self) -> dict[str, str]:
        encoding = {"MDB_JET3_CHARSET": self.encoding} if self.encoding else {}
        return {**os.environ, "LC_ALL": "C.UTF-8", **encoding}


def damaged(path: Path, table: str | None = None) -> SourceError:
    """Say that a database, or a table of it, cannot be read."""
    return SourceError(
        "not an Access database, or one that is damaged or has a password",
        place=f"{path}!{table}" if table else str(path),
        hint="open it in Access, remove the password, compact and repair it, and copy it again",
    )
