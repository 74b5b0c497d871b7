"""What a project remembers of people is for its owner's eyes."""

import os
import stat
from pathlib import Path

import pytest

from guiyi.private_folder import private_folder
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_nobody_else_can_look_into_the_folder_of_a_project(small_project: Path) -> None:
    """Runs, ledger and before-images lie behind a folder that is closed to others."""
    (small_project / ".guiyi").mkdir(mode=0o755)
    run_project(small_project, Options(until="clean"))
    assert stat.S_IMODE((small_project / ".guiyi").stat().st_mode) == 0o700


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    """It may be asked for again."""
    for _ in range(2):
        private_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
