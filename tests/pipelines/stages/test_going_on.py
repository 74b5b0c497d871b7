"""A run compares what is new since the last published one, and ends where comparing all ends."""

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from governance import open_ledger
from governance.run_folder import CLUSTERS, CONTENTS, PAIRS, RunFolder
from pipelines.cli.main import cli
from pipelines.stages.run import RunOutcome
from tests.pipelines.stages.test_pinned_models import SPEC, _run, persons

__all__ = ["persons"]
pytestmark = pytest.mark.slow


def _notes(outcome: RunOutcome) -> str:
    return "\n".join(str(note) for note in outcome.notes)


def _found(outcome: RunOutcome) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Golden ids by record, and the pairs that are likely."""
    folder = RunFolder(outcome.folder)
    pairs = folder.read(PAIRS, "person").filter(pl.col("match_probability") >= 0.1)
    return folder.read(CLUSTERS, "person"), pairs.drop("row_l", "row_r").sort("left", "right")


def _same_as_all(folder: Path, table: pl.DataFrame, outcome: RunOutcome) -> bool:
    """Whether a run that compares all records again finds the same."""
    whole = _run(folder, table, match_all=True)
    assert "pairs compared for them" not in _notes(whole)
    assert "matched anew: the run was started with --match-all" in _notes(whole)
    return all(a.equals(b) for a, b in zip(_found(outcome), _found(whole), strict=True))


def test_changed_new_moved_and_deleted_records_are_told_apart_by_content(
    persons, tmp_path: Path
) -> None:
    """Shuffled rows are not new; a row under another number has moved; the rest is counted."""
    _run(tmp_path, persons.head(600))
    moved = persons.head(600).with_columns(
        number=pl.when(pl.col("number") == 5).then(9005).otherwise("number"),
        last_name=pl.when(pl.col("number").is_in([7, 8]))
        .then(pl.lit("Zorn"))
        .otherwise("last_name"),
    )
    now = pl.concat([moved.filter(pl.col("number") != 11), persons.slice(600, 3)])
    now = now.sample(fraction=1, shuffle=True, seed=1)
    second = _run(tmp_path, now)
    assert "3 new, 2 changed, 1 moved, 1 gone" in _notes(second)
    assert _same_as_all(tmp_path, now, second)


def test_a_stewards_decision_is_heeded_in_clusters_that_have_not_changed(
    persons, tmp_path: Path
) -> None:
    first = _run(tmp_path, persons)
    clusters = RunFolder(first.folder).read(CLUSTERS, "person")
    of_two = clusters.filter(pl.len().over("golden_id") == 2).sort("golden_id", "record_id")
    keys = [f"{s}:{r}" for s, r in of_two.select("source", "record_id").head(2).iter_rows()]
    with open_ledger("sqlite:///.guiyi/ledger.db", tmp_path) as ledger:
        ledger.decide("person", "cannot-link", *keys, why="twins")
    second = _run(tmp_path, persons)
    after = RunFolder(second.folder).read(CLUSTERS, "person")
    own = after.filter((pl.col("source") + ":" + pl.col("record_id")).is_in(keys))
    assert own["golden_id"].n_unique() == 2
    assert ": 0 new, 0 changed" in _notes(second)
    assert _same_as_all(tmp_path, persons, second)


def test_another_model_or_alias_table_has_all_records_compared(persons, tmp_path: Path) -> None:
    """A note says why; so it does where a run has kept nothing of what it compared."""
    few = persons.head(300)
    first = _run(tmp_path, few)
    (tmp_path / "names.csv").write_text("full,short\nInternational Business Machines,IBM\n")
    second = _run(
        tmp_path, few, SPEC.replace("project: pinned", "project: pinned\naliases: names.csv")
    )
    assert "matched anew: no earlier run has kept" in _notes(second)
    for run in (first, second):
        RunFolder(run.folder).forget(CONTENTS)
    assert "matched anew: no earlier run has kept" in _notes(_run(tmp_path, few))


def test_runs_that_are_purged_leave_the_next_one_what_it_takes_over(
    persons, tmp_path: Path
) -> None:
    """With `keep: 1` each run takes over from the one before, and those behind it go."""
    spec = SPEC + "retention: {keep: 1}\n"
    runs = [_run(tmp_path, persons.head(500 + 2 * number), spec) for number in range(4)]
    for before, run in pairwise(runs):
        assert f"since run {before.run_id}: 2 new, 0 changed" in _notes(run)
    assert [path.name for path in runs[-1].folder.parent.iterdir()] == [runs[-1].run_id]
    assert _found(runs[-1])[0].equals(
        _found(_run(tmp_path, persons.head(506), spec, match_all=True))[0]
    )


def test_after_an_erasure_all_records_are_compared_and_a_note_says_so(
    persons, tmp_path: Path
) -> None:
    """The note names the erasure, once; the run after it goes on from there."""
    few = persons.head(300)
    first = _run(tmp_path, few)
    someone = RunFolder(first.folder).read(CLUSTERS, "person")["golden_id"][0]
    words = ["erase", str(tmp_path), someone, "--yes"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert "matched anew: an erasure has removed" in _notes(_run(tmp_path, few))
    assert "matched anew" not in _notes(_run(tmp_path, few))
