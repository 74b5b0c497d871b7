"""A helper that keeps Great Expectations loaded between runs, for a day with many of them.

`keep` leaves it behind; `call` is how a run reaches it; `cool` ends it, and so do some hours
without a run. It forks for each run, so no run sees another's leavings. Only its own user can
reach it: the socket lies in a folder that is theirs alone. It is of use only to the very
installation it was started from, by whose files the socket is named.
"""

import gc
import hashlib
import importlib.util
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from guiyi.errors import GuiyiError
from guiyi.own_process import start_module

_WORK, _STOP = b"w", b"s"
_START = 30.0
"""Seconds a helper may take to listen; it listens before it loads anything."""


def call() -> tuple[IO[bytes], IO[bytes]] | None:
    """Reach the helper, for one run: where to write, and to read. None if there is none."""
    line = _reach(_WORK)
    return (line.makefile("wb"), line.makefile("rb")) if line is not None else None


def keep(hours: float) -> bool:
    """Start the helper; give whether it was not there already. It ends after idle hours.

    Raises GuiyiError where the system cannot fork, or the helper does not come up.
    """
    if not hasattr(os, "fork"):
        raise GuiyiError("this system cannot keep a background process", hint="on Windows, use WSL")
    if _running():
        return False
    start_module(
        "validators.warm",
        str(hours),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + _START
    while not _running():
        if time.monotonic() > until:
            raise GuiyiError(
                "the background process did not start", place=str(_address()), hint="try again"
            )
        time.sleep(0.05)
    return True


def cool() -> bool:
    """End the helper; give whether there was one."""
    line = _reach(_STOP)
    if line is None:
        return False
    line.recv(1)  # it closes the line when its socket is gone
    return True


def _running() -> bool:
    return _reach(b"") is not None


def _reach(word: bytes) -> socket.socket | None:
    if not hasattr(socket, "AF_UNIX") or not _is_ours(_address().parent):
        return None
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(str(_address()))
        line.sendall(word)
    except OSError:
        line.close()
        return None
    return line


def _address() -> Path:
    """Where the helper of this very installation listens."""
    digest = hashlib.sha256(sys.executable.encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{file} {file.stat().st_mtime_ns}".encode())
    for package in ("great_expectations", "polars"):
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            digest.update(f"{found.origin} {Path(found.origin).stat().st_mtime_ns}".encode())
    return _folder() / f"{digest.hexdigest()[:16]}.sock"


def _folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "guiyi" if runtime else Path(tempfile.gettempdir()) / f"guiyi-{_user()}"


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can have put anything there."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    private = stat.S_IMODE(found.st_mode) & 0o077 == 0
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and private


def _listen() -> socket.socket:
    address = _address()
    address.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(address.parent):
        raise GuiyiError("the folder is open to others", place=str(address.parent))
    address.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen()
    return listener


def _serve(hours: float) -> None:
    """Load, then fork for each run that calls."""
    from validators import serving

    if _running():  # two were started at once
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    listener = _listen()
    serving.load()
    gc.freeze()
    listener.settimeout(hours * 3600)
    while True:
        try:
            line, _ = listener.accept()
        except TimeoutError:
            break
        line.settimeout(1)
        try:
            word = line.recv(1)
        except OSError:
            word = b""
        if word == _STOP:
            break
        if word == _WORK and os.fork() == 0:
            try:
                listener.close()
                line.settimeout(None)
                serving.answer(line.makefile("rb"), line.makefile("wb"))
            finally:
                os._exit(0)
        line.close()
    _address().unlink(missing_ok=True)


if __name__ == "__main__":
    _serve(float(sys.argv[1]))
