"""Work that outlasts a request: a command of guiyi in a process of its own, with its lines kept.

Each has a folder under `.guiyi/jobs`: what was started, by whom and why (job.json), what it has
printed (log.txt), and how it ended (ended.json). A job goes on when the console is stopped; two at
once that need the ledger's lock are refused by it, and the lines say so.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from guiyi.own_process import run_python, start_module
from guiyi.private_folder import private_folder

LINES = 400
"""Lines shown, the last ones."""
_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")


@dataclass(frozen=True)
class Job:
    """A command that was started in the console."""

    name: str
    kind: str
    """load or rollback."""
    subject: str
    """The run, or the batch."""
    arguments: tuple[str, ...]
    """Of `guiyi`."""
    who: str
    why: str
    began: str
    language: str
    status: str = "running"
    """running, passed, failed, or broken off: its process is gone and has said nothing."""
    code: int | None = None
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def command(self) -> str:
        """As a person would type it."""
        return " ".join(["guiyi", *self.arguments])


class Jobs:
    """The jobs of one project."""

    def __init__(self, project: Path) -> None:
        self._folder = project / ".guiyi" / "jobs"

    def start(
        self,
        kind: str,
        subject: str,
        arguments: Sequence[str],
        *,
        who: str,
        why: str,
        language: str,
    ) -> Job:
        """Start a command in the background."""
        began = datetime.now(UTC)
        name = f"{began:%Y%m%d-%H%M%S}-{os.urandom(2).hex()}"
        folder = self._folder / name
        private_folder(self._folder.parent)
        folder.mkdir(parents=True)
        job = Job(name, kind, subject, tuple(arguments), who, why, began.isoformat(), language)
        about = {key: value for key, value in asdict(job).items() if key not in _FOUND}
        (folder / "job.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        process = start_module(
            "console.jobs",
            str(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        (folder / "pid").write_text(str(process.pid), encoding="utf-8")
        Thread(target=process.wait, daemon=True).start()  # or it would stay a zombie
        return job

    def every(self) -> list[Job]:
        """The jobs, the latest first, without their lines."""
        names = sorted((path.name for path in self._folder.glob("*/")), reverse=True)
        return [job for name in names if (job := self._read(name, lines=False)) is not None]

    def named(self, name: str) -> Job | None:
        """One job, with the last of its lines; None where there is none."""
        return self._read(name, lines=True)

    def of(self, subject: str) -> list[Job]:
        """The jobs about a run or batch, the latest first."""
        return [job for job in self.every() if job.subject == subject]

    def _read(self, name: str, *, lines: bool) -> Job | None:
        folder = self._folder / name
        if not _NAME.fullmatch(name) or not (folder / "job.json").is_file():
            return None
        about = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        shown = _lines(folder / "log.txt") if lines else ()
        status, code = _ended(folder)
        about["arguments"] = tuple(about["arguments"])
        return Job(**about, status=status, code=code, lines=shown)


_FOUND = {"status", "code", "lines"}
"""What is found out of a job when it is read."""


def _ended(folder: Path) -> tuple[str, int | None]:
    ended = folder / "ended.json"
    if ended.is_file():
        code = int(json.loads(ended.read_text(encoding="utf-8"))["code"])
        return ("passed" if code == 0 else "failed"), code
    pid = folder / "pid"
    if not pid.is_file():
        return "running", None
    try:
        os.kill(int(pid.read_text(encoding="utf-8")), 0)
    except ProcessLookupError:
        return ("broken off", None) if not ended.is_file() else _ended(folder)
    except PermissionError:  # somebody else's, of several who serve this folder
        return "running", None
    return "running", None


def _lines(log: Path) -> tuple[str, ...]:
    if not log.is_file():
        return ()
    return tuple(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES:])


def work(folder: Path) -> int:
    """Do what a job's folder says, in the process that was started for it."""
    about: dict[str, Any] = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    with (folder / "log.txt").open("wb") as log:
        code = run_python(
            "from pipelines.cli import main; main()",
            *about["arguments"],
            setting={"GUIYI_LANG": about["language"], "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    made = folder / "ended.part"
    made.write_text(json.dumps({"code": code}), encoding="utf-8")
    made.rename(folder / "ended.json")
    return code


if __name__ == "__main__":
    sys.exit(work(Path(sys.argv[1])))
