"""Where compiled kernels are kept when neither the package nor a home can be written to."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from numba import config

from dedup.kernels import compiled


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which only the temporary folder can be written to."""
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setattr(compiled, "_writable", lambda folder: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_writable_package_needs_no_other_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels stay beside their source where that can be written to."""
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setattr(compiled, "_writable", lambda folder: True)
    assert compiled.keep_compiled() == ""


def test_a_folder_of_our_own_is_made_and_found_again(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies in the temporary folder, and nobody else may read or write it."""
    place = Path(compiled.keep_compiled())
    assert place.parent == nowhere
    assert place.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(config, "CACHE_DIR", "")
    assert Path(compiled.keep_compiled()) == place


def test_a_folder_others_can_write_to_is_not_trusted(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled code is run as found, so a folder somebody else may have filled is left alone."""
    place = Path(compiled.keep_compiled())
    place.chmod(0o777)
    monkeypatch.setattr(config, "CACHE_DIR", "")
    other = Path(compiled.keep_compiled())
    assert other != place
    assert other.parent == nowhere
    assert other.stat().st_mode & 0o077 == 0


ALGEBRA = """
import sys
import numpy as np
from numba import njit
from dedup import kernels
kernels.bigram_bits(np.zeros(3, np.int32), np.array([0, 3]))
assert "scipy.linalg" not in sys.modules, "looked for"
print(njit(lambda a: np.dot(a, a))(np.eye(2))[0, 0])
"""


def test_linear_algebra_is_looked_for_when_it_is_needed() -> None:
    """A kernel starts without it; a function that multiplies matrices finds it all the same."""
    ran = subprocess.run([sys.executable, "-c", ALGEBRA], capture_output=True, text=True)
    assert ran.stdout == "1.0\n", ran.stderr
