"""No code runs that lies in the folder somebody happens to stand in."""

import re
import subprocess
import sys
from pathlib import Path

from guiyi.own_process import start_module
from tests.pipelines.conftest import write_small_project
from tests.rooms import PROJECT, ROOMS

HOSTILE = ("json.py", "pandas.py", "polars.py", "validators/__init__.py", "great_expectations.py")


def hostile_folder(folder: Path) -> Path:
    """A folder whose modules leave a trace when they are imported."""
    for name in HOSTILE:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"open({str(folder / 'pwned')!r}, 'w')\nraise SystemExit\n")
    return folder


def test_a_run_started_in_a_hostile_folder_runs_none_of_its_code(tmp_path: Path) -> None:
    """The command and the process it starts for Great Expectations take their own modules."""
    project = write_small_project(tmp_path / "project")
    folder = hostile_folder(tmp_path / "hostile")
    guiyi = Path(sys.executable).with_name("guiyi")
    done = subprocess.run(
        [guiyi, "run", project, "--dry-run"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not (folder / "pwned").exists()


def test_a_process_of_ours_does_not_look_into_the_current_folder(tmp_path: Path) -> None:
    """It takes the modules of its Python."""
    folder = hostile_folder(tmp_path)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    told, _ = start_module("json.tool", cwd=folder, **pipes).communicate(b"[1]")
    assert told.split() == [b"[", b"1", b"]"]
    assert not (folder / "pwned").exists()


def test_every_process_is_started_in_one_place() -> None:
    """Who starts Python starts it by `start_module`."""
    starts = re.compile(r"Popen\(|subprocess\.run\(|check_output\(|ProcessPoolExecutor|multiproc")
    found = {
        str(file.relative_to(PROJECT))
        for room in ROOMS
        for file in (PROJECT / room).rglob("*.py")
        if starts.search(file.read_text(encoding="utf-8"))
    }
    others = {"connectors/sources/access/tools.py"}  # programs of mdbtools
    assert found - others == {"guiyi/own_process.py"}
