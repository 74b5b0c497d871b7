"""What a run leaves in a folder is the older result or the new one, whole."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import pipelines.report
from guiyi.errors import GuiyiError
from pipelines import outputs
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project
from pipelines.outputs import COMPLETE, settle, whole_folder
from pipelines.reporting import attempted, reported

PEOPLE = "name,phone\nAnn Lee,13800138001\nBo Kim,13800138002\nAnn Lee,13800138001\n"
DATA = {
    "clusters.csv",
    "pairs.parquet",
    "model.json",
    "golden.csv",
    "provenance.parquet",
    "alternates.csv",
    "members.csv",
}


def write_result(out: Path, text: str, *names: str) -> None:
    with whole_folder(out, ("a", "b", "c")) as folder:
        for name in names:
            (folder / name).write_text(text)


def contents(out: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in out.iterdir() if file.is_file()}


def test_a_new_result_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    """What the new one does without goes with the older; what is somebody else's stays."""
    (tmp_path / "mine.txt").write_text("mine")
    write_result(tmp_path, "old", "a", "b")
    write_result(tmp_path, "new", "b", "c")
    assert contents(tmp_path) == {"mine.txt": "mine", "b": "new", "c": "new"}


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_move_that_was_cut_off_is_ended(
    moved: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes next, a command that reads or one that writes, ends the move first."""
    write_result(tmp_path, "old", "a", "b")
    replace, done = os.replace, []

    def killed(source: Path, place: Path) -> None:
        if Path(place).name != COMPLETE:
            if len(done) == moved:
                raise KeyboardInterrupt
            done.append(place)
        replace(source, place)

    monkeypatch.setattr(outputs.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_result(tmp_path, "new", "a", "b", "c")
    monkeypatch.undo()
    settle(tmp_path)
    assert contents(tmp_path) == {"a": "new", "b": "new", "c": "new"}
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_result_cut_off_before_it_was_complete_changes_nothing(tmp_path: Path) -> None:
    """The older result stays whole."""
    write_result(tmp_path, "old", "a", "b")

    def stop_halfway() -> None:
        with whole_folder(tmp_path, ("a", "b")) as folder:
            (folder / "a").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_halfway()
    assert contents(tmp_path) == {"a": "old", "b": "old"}


def test_a_folder_with_a_files_name_is_refused_before_anything_moves(tmp_path: Path) -> None:
    """One sentence, and the older result as it was."""
    write_result(tmp_path, "old", "a")
    (tmp_path / "b").mkdir()
    with pytest.raises(GuiyiError, match="cannot be written here"):
        write_result(tmp_path, "new", "a", "b")
    assert contents(tmp_path) == {"a": "old"}


KILLED = """
import os, sys
from pathlib import Path
import polars as pl
from pipelines.cli.main import main

doing, name, stop = sys.argv.pop(1), sys.argv.pop(1), int(sys.argv.pop(1))
replace, write_csv = os.replace, pl.DataFrame.write_csv

def moved(source, place):
    if doing == "move" and Path(place).name == name:
        os.kill(os.getpid(), stop)
    replace(source, place)

def written(table, file, **options):
    if doing == "write" and Path(file).name == name:
        Path(file).write_text("half")
        os.kill(os.getpid(), stop)
    write_csv(table, file, **options)

os.replace, pl.DataFrame.write_csv = moved, written
main()
"""
"""A command that is killed while it writes a file, or when it is about to move one to its place."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of an older result, and of a newer one of the same file, which has changed."""
    folder = tmp_path_factory.mktemp("results")
    outs = folder / "older", folder / "newer"
    for out, people in zip(outs, (PEOPLE, PEOPLE + "Cy Day,13800138009\n"), strict=True):
        (folder / "people.csv").write_text(people)
        arguments = ["dedupe", str(folder / "people.csv"), "--out", str(out), "--quiet"]
        assert CliRunner().invoke(cli, arguments, standalone_mode=False).return_value == 0
    return outs


@pytest.mark.parametrize(
    ("stop", "doing", "name", "left"),
    [
        (signal.SIGKILL, "write", "golden.csv", "older"),
        (signal.SIGTERM, "move", COMPLETE, "older"),
        (signal.SIGKILL, "move", "golden.csv", "newer"),
        (signal.SIGTERM, "move", "report.html", "newer"),
        pytest.param(signal.SIGTERM, "write", "golden.csv", "older", marks=pytest.mark.nightly),
        pytest.param(signal.SIGKILL, "move", COMPLETE, "older", marks=pytest.mark.nightly),
        pytest.param(signal.SIGTERM, "move", "golden.csv", "newer", marks=pytest.mark.nightly),
        pytest.param(signal.SIGKILL, "move", "report.html", "newer", marks=pytest.mark.nightly),
    ],
)
def test_a_killed_dedupe_leaves_a_whole_result(
    stop: signal.Signals,
    doing: str,
    name: str,
    left: str,
    results: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    """Killed at any moment, the data files are those of the older run or those of the new one."""
    older, newer = results
    out = tmp_path / "out"
    shutil.copytree(older, out)
    command = [sys.executable, "-c", KILLED, doing, name, str(int(stop)), "dedupe"]
    file = older.parent / "people.csv"
    run = subprocess.run([*command, str(file), "--out", str(out), "--quiet"], check=False)
    assert run.returncode == -stop
    settle(out)
    there = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    expected = newer if left == "newer" else older
    assert there.keys() - {"report.html"} == DATA
    assert ("report.html" in there) == (left == "older")
    assert {n: there[n] for n in DATA} == {n: (expected / n).read_bytes() for n in DATA}


@pytest.mark.parametrize(
    ("failure", "why"),
    [(ZeroDivisionError("x"), "ZeroDivisionError"), (GuiyiError("no template"), "no template")],
)
def test_a_report_that_fails_costs_a_sentence_and_an_exit_code(
    failure: Exception, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All data are written and told of; the sentence names the report, the exit code is 2."""

    def broken(*_: object) -> None:
        raise failure

    (tmp_path / "people.csv").write_text(PEOPLE)
    monkeypatch.setattr(pipelines.report, "write_report", broken)
    out = tmp_path / "out"
    arguments = ["dedupe", str(tmp_path / "people.csv"), "--out", str(out), "--quiet"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    assert result.return_value == 2
    assert {path.name for path in out.iterdir()} == DATA
    assert f"report.html could not be written ({why}); no data are lost" in result.stderr
    assert "3 rows are" in result.stdout


def test_a_report_that_has_no_place_costs_no_data(tmp_path: Path) -> None:
    """A folder where report.html should be: every table is new, one sentence, exit code 2."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    out = tmp_path / "out"
    (out / "report.html").mkdir(parents=True)
    arguments = ["dedupe", str(tmp_path / "people.csv"), "--out", str(out), "--quiet"]
    for _ in range(2):
        result = CliRunner().invoke(cli, arguments, standalone_mode=False)
        assert result.return_value == 2
        assert {path.name for path in out.iterdir()} == {*DATA, "report.html"}
        assert "report.html could not be written" in result.stderr


def test_an_older_report_does_not_stand_beside_new_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the new report fails, the one of the older result is gone with its data."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    arguments = ["dedupe", str(tmp_path / "people.csv"), "--out", str(tmp_path / "out"), "--quiet"]
    assert CliRunner().invoke(cli, arguments, standalone_mode=False).return_value == 0
    assert (tmp_path / "out" / "report.html").exists()
    monkeypatch.setattr(pipelines.report, "write_report", None)
    assert CliRunner().invoke(cli, arguments, standalone_mode=False).return_value == 2
    assert not (tmp_path / "out" / "report.html").exists()


def test_the_sentence_is_told_in_chinese(tmp_path: Path) -> None:
    """As every message is."""
    from guiyi.messages import localised

    def broken(_: Path) -> None:
        raise ValueError

    sentence = reported(broken, tmp_path / "report.html")
    assert sentence is not None
    assert (
        localised(sentence, "zh")
        == f"{tmp_path / 'report.html'} 未能生成（ValueError）；数据没有因此丢失"
    )


def test_an_interruption_stays_one(tmp_path: Path) -> None:
    """Ctrl-C during a report ends the command."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempted(interrupted, tmp_path)


@pytest.mark.parametrize("page", ["report.html", "data_docs"])
def test_a_page_of_a_run_that_fails_costs_no_load(page: str, small_project: Path) -> None:
    """The run loads and reconciles, says what it could not make, and ends with exit code 2."""
    from pipelines.stages.run import Run

    def block(run: Run) -> None:
        place = run.folder / page
        if page == "report.html":
            place.mkdir(parents=True)
        else:
            run.folder.mkdir(parents=True, exist_ok=True)
            place.write_text("a file where a folder should be")

    before = Run.write_manifest

    def blocking(run: Run, *, ended: bool = False) -> None:
        if not run.folder.exists():
            block(run)
        before(run, ended=ended)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "write_manifest", blocking)
        outcome = run_project(small_project)
    assert outcome.exit_code == 2
    assert outcome.load["account"]["created"] == 7
    assert len(outcome.unreported) == 1
    assert page in outcome.unreported[0]
    assert outcome.stopped is None
