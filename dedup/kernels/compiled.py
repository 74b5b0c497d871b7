"""Where compiled kernels are kept: beside their source, in the user's cache, or in a place found.

A container often has neither a home nor a package folder that can be written to; numba would
refuse to compile there. Imported before any kernel, because numba asks when it meets the first.
"""

# numba makes the attributes of `config` from its environment variables.
# mypy: disable-error-code="attr-defined"

import os
import stat
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from numba import config


def keep_compiled() -> str:
    """Find numba a folder for what it compiles where it would find none; returns it, or ""."""
    if not (config.CACHE_DIR or _writable(Path(__file__).parent) or _has_home()):
        own = Path(tempfile.gettempdir()) / f"guiyi-kernels-{os.getuid()}"
        safe = _is_ours(own)
        config.CACHE_DIR = str(own) if safe else tempfile.mkdtemp(prefix="guiyi-kernels-")
    return str(config.CACHE_DIR or "")


def _has_home() -> bool:
    """Whether there is a home to keep a cache in; where users have no numbers, there always is."""
    return not hasattr(os, "getuid") or _writable(Path("~/.cache").expanduser())


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


def postpone_algebra() -> None:
    """Let numba look for linear algebra when a kernel asks for some, not at the first kernel.

    To see that SciPy has it, `numba.np.arraymath` imports scipy.linalg, a quarter of a second; no
    kernel here multiplies matrices. Whoever does still has it: numba looks again at that point.
    """
    if "numba.np.arraymath" in sys.modules:
        return
    from numba.np import linalg

    look = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = look


postpone_algebra()
PLACE = keep_compiled()
