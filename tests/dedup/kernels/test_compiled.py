"""Compiled kernels are kept where that is safe, and made anew when any of their sources changes."""

import shutil
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
    assert compiled.cache_root() == compiled.SOURCES / "__pycache__"


def test_a_place_that_is_asked_for_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NUMBA_CACHE_DIR says where; other packages that use numba keep to it as before."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    with compiled.cached_by_source() as place:
        assert place.parent == tmp_path
        assert str(place) == config.CACHE_DIR
    assert str(tmp_path) == config.CACHE_DIR


def test_a_folder_of_our_own_is_made_and_found_again(nowhere: Path) -> None:
    """It lies in the temporary folder, and nobody else may read or write it."""
    place = compiled.cache_root()
    assert place.parent == nowhere
    assert place.stat().st_mode & 0o077 == 0
    assert compiled.cache_root() == place


def test_a_folder_others_can_write_to_is_not_trusted(nowhere: Path) -> None:
    """Compiled code is run as found, so a folder somebody else may have filled is left alone."""
    place = compiled.cache_root()
    place.chmod(0o777)
    other = compiled.cache_root()
    assert other != place
    assert other.parent == nowhere
    assert other.stat().st_mode & 0o077 == 0


def test_old_states_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few folders are kept, and nothing but them is removed."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    (tmp_path / "another package").mkdir()
    for n in range(compiled.KEPT + 3):
        (tmp_path / f"{compiled.PREFIX}{n}").mkdir()
    with compiled.cached_by_source() as place:
        place.mkdir()
    assert len(list(tmp_path.glob(f"{compiled.PREFIX}*"))) == compiled.KEPT
    assert (tmp_path / "another package").is_dir()


SCATTERED = """
import numpy as np
from dedup import kernels
text = np.frombuffer("华腾".encode("utf-32-le"), np.int32), np.array([0, 2])
print(kernels.end_forms(*text, np.array([0]), 2, False)[0])
print(sum(kernels.end_forms.stats.cache_hits.values()))
"""


def test_a_kernel_is_compiled_anew_when_one_it_calls_has_changed(tmp_path: Path) -> None:
    """`end_forms` stands in one file and calls `scatter` in another; numba looks at the first."""
    copied = tmp_path / "dedup"
    nothing_compiled = shutil.ignore_patterns("__pycache__")
    shutil.copytree(compiled.SOURCES, copied / "kernels", ignore=nothing_compiled)
    (copied / "__init__.py").touch()

    def run() -> list[str]:
        command = [sys.executable, "-c", SCATTERED]
        return subprocess.check_output(command, cwd=tmp_path, text=True).split()

    made, none = run()
    assert (none, run()) == ("0", [made, "1"])
    called = copied / "kernels" / "postings.py"
    source = called.read_text(encoding="utf-8")
    changed = source.replace("0xBF58476D1CE4E5B9", "0xBF58476D1CE4E5BB")
    assert changed != source
    called.write_text(changed, encoding="utf-8")
    other, hits = run()
    assert other != made
    assert hits == "0"
