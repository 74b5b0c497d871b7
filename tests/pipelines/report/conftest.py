"""A finished run to report on."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def _builder() -> Callable[[Path], Path]:
    # Test folders are no packages, so the builder beside this file is loaded by its path.
    file = Path(__file__).parent / "run_folder.py"
    spec = importlib.util.spec_from_file_location("run_folder", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_folder"] = module
    spec.loader.exec_module(module)
    builder: Callable[[Path], Path] = module.build_run
    return builder


build_run = _builder()


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run folder; tests only read it."""
    return build_run(tmp_path_factory.mktemp("run"))


@pytest.fixture
def run_folder(finished: Path, tmp_path: Path) -> Path:
    """A run folder of the test's own, to take things away from."""
    return shutil.copytree(finished, tmp_path / "run")
