"""Where compiled kernels are kept: one folder for each state of their sources.

A kernel's machine code holds the kernels it calls, from other files too; numba compares a cached
kernel with its own file alone. The folder is therefore named after a digest of all kernel sources
and of numba's version: changed kernels are compiled anew without anyone touching files, and
branches do not disturb each other.
"""

# numba makes the attributes of `config` from its environment variables.
# mypy: disable-error-code="attr-defined"

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
from numba import config

SOURCES = Path(__file__).parent
PREFIX = "kernels-"
KEPT = 4
"""States of the sources whose compiled kernels are kept, about 5 MB each."""


@contextmanager
def cached_by_source() -> Iterator[Path]:
    """Within it, numba finds and keeps compiled kernels in the folder for these sources."""
    root = cache_root()
    place = root / f"{PREFIX}{source_digest(SOURCES)}"
    if not place.is_dir():
        discard_oldest(root)
    usual = config.CACHE_DIR
    config.CACHE_DIR = str(place)
    try:
        yield place
    finally:
        config.CACHE_DIR = usual


def source_digest(folder: Path) -> str:
    """A digest of all sources in a folder and of the compiler that translates them."""
    digest = hashlib.sha256(numba.__version__.encode())
    for file in sorted(folder.glob("*.py")):
        digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def discard_oldest(root: Path) -> None:
    """Make room for one more state of the sources."""
    there = sorted(root.glob(f"{PREFIX}*"), key=_changed, reverse=True)
    for old in there[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def cache_root() -> Path:
    """NUMBA_CACHE_DIR, or else beside the source, in the user's cache, or in a temporary folder.

    A container often has neither a home nor a package folder that can be written to.
    """
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR)
    beside = SOURCES / "__pycache__"
    if _writable(beside):
        return beside
    if _has_home():
        return _home() / "guiyi"
    own = Path(tempfile.gettempdir()) / f"guiyi-kernels-{os.getuid()}"
    return own if _is_ours(own) else Path(tempfile.mkdtemp(prefix="guiyi-kernels-"))


def _home() -> Path:
    """Where a user's programs keep what they can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()


def _has_home() -> bool:
    """Whether there is a home to keep a cache in; where users have no numbers, there always is."""
    return not hasattr(os, "getuid") or _writable(_home())


def _is_ours(folder: Path) -> bool:
    """Make a folder; compiled code is run as it is found, so nobody else may write there."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    alone = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    return alone and found.st_uid == os.getuid()


def _writable(folder: Path) -> bool:
    """Whether a folder can be written to, or made if it is not there."""
    if folder.exists():
        return os.access(folder, os.W_OK | os.X_OK)
    return folder.parent != folder and _writable(folder.parent)


def _changed(folder: Path) -> float:
    """When a folder was last changed; 0 where another process has just removed it."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
