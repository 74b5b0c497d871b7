"""A project is loaded wave by wave: who is due, with whom, and who waits."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyi.errors import SpecError
from guiyi.spec import Project, load_project
from pipelines.driving.driver import run_project
from pipelines.loading.waves import due
from tests.pipelines.conftest import write_small_project

SPEC: dict[str, Any] = {
    "project": "waves",
    "sources": {
        "s": {
            "kind": "delimited",
            "path": "s.csv",
            "tables": [
                {
                    "entity": "company",
                    "table": "c",
                    "columns": {"name": "n", "city": "t"},
                    "refs": {"above": {"entity": "company", "table": "c", "columns": "a"}},
                },
                {
                    "entity": "person",
                    "table": "p",
                    "columns": {"name": "n"},
                    "refs": {"firm": {"entity": "company", "table": "c", "columns": "f"}},
                },
            ],
        }
    },
    "entities": {
        "company": {"fields": {"name": "company_name", "city": "region"}},
        "person": {"fields": {"name": "person_name"}},
    },
    "mapping": {
        "account": {
            "entity": "company",
            "fields": {"name": "name", "city": "city"},
            "relations": {"head_office": "above"},
        },
        "contact": {
            "entity": "person",
            "fields": {"name": "name"},
            "relations": {"account": "firm"},
        },
    },
}
PILOT = {"name": "pilot", "where": {"account": "city = '苏州'"}}


def _project(*waves: dict[str, Any], wave: str | None = None) -> Project:
    load = {"waves": list(waves), "wave": wave or waves[-1]["name"]}
    return Project.model_validate({**SPEC, "load": load})


def _rows(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


ACCOUNTS = _rows(
    external_id=["A1", "A2", "A3", "A4"],
    name=["甲", "乙", "丙", "丁"],
    city=["苏州", "南京", "苏州", None],
    head_office=[None, None, "A2", None],
)
CONTACTS = _rows(
    external_id=["C1", "C2", "C3", "C4", "C5"],
    name=["子", "丑", "寅", "卯", "辰"],
    account=["A1", "A2", "A4", None, "A3"],
)
NONE_THERE = pl.Series([], dtype=pl.String)


def _due(project: Project, *there: str) -> tuple[dict[str, list[str]], dict[str, int]]:
    mapped = {"account": ACCOUNTS, "contact": CONTACTS}
    ids = pl.Series([*there], dtype=pl.String)
    found, waiting = due(mapped, {"account": ids, "contact": ids}, project)
    return {name: rows["external_id"].to_list() for name, rows in found.items()}, waiting


def test_dependants_follow_and_nothing_dangles() -> None:
    """A2 comes along, since the branch A3 points to it; its contact follows. C4 is nobody's."""
    found, waiting = _due(_project(PILOT))
    assert found == {"account": ["A1", "A2", "A3"], "contact": ["C1", "C2", "C5"]}
    assert waiting == {"account": 1, "contact": 2}


def test_what_the_crm_has_already_stays_due() -> None:
    found, _ = _due(_project(PILOT), "A4")
    assert found == {"account": ["A1", "A2", "A3", "A4"], "contact": ["C1", "C2", "C3", "C5"]}


def test_the_last_wave_has_all_the_rest() -> None:
    everything = {"name": "all"}
    assert _due(_project(PILOT, everything))[1] == {}
    assert _due(_project(PILOT, everything, wave="pilot"))[1] == {"account": 1, "contact": 2}


@settings(deadline=None, max_examples=25)
@given(st.floats(0.05, 0.9), st.floats(0.05, 0.9))
def test_a_share_grows_and_leaves_nobody_behind(one: float, other: float) -> None:
    """Of a thousand customers about the share; a greater one has all of a smaller one's; no row
    points to one that waits.
    """
    small, large = sorted((one, other))
    accounts = _rows(
        external_id=[f"A{n}" for n in range(1000)],
        name=["甲"] * 1000,
        city=[None] * 1000,
        head_office=[None] * 1000,
    )
    contacts = _rows(
        external_id=[f"C{n}" for n in range(1000)],
        name=["子"] * 1000,
        account=[f"A{n % 500}" for n in range(1000)],
    )
    mapped = {"account": accounts, "contact": contacts}
    there = dict.fromkeys(mapped, NONE_THERE)
    few, many = (
        due(mapped, there, _project({"name": "part", "share": share}))[0]
        for share in (small, large)
    )
    ids = set(few["account"]["external_id"])
    assert abs(len(ids) - 1000 * small) < 80
    assert ids <= set(many["account"]["external_id"])
    assert set(few["contact"]["account"]) == ids & set(contacts["account"])


@pytest.mark.parametrize(
    ("load", "complaint"),
    [
        ({"waves": [PILOT], "wave": "none"}, "none"),
        ({"waves": [PILOT, PILOT]}, "two waves have one name"),
        ({"waves": [{**PILOT, "share": 0.5}]}, "give either `where` or `share`"),
        ({"waves": [{"name": "x", "where": {"acount": "1 = 1"}}]}, "acount"),
        ({"waves": [{"name": "x", "share": 1.5}]}, "less than or equal to 1"),
    ],
)
def test_wrong_waves_are_refused(load: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Project.model_validate({**SPEC, "load": load})


def _with(project: Path, waves: str) -> None:
    spec = project / "guiyi.yaml"
    text = spec.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("load:"))
    spec.write_text(text.replace(line, waves), "utf-8")


@pytest.mark.slow
def test_a_project_goes_from_wave_to_wave(tmp_path: Path) -> None:
    """The pilot has its own test batch and reconciliation; the next run has the rest."""
    project = write_small_project(tmp_path / "project")
    waves = (
        "load: {test_batch: 2, batch_size: 5, waves: [{name: pilot, where: {account: "
        "\"city = '深圳市'\"}}, {name: all}], wave: %s}"
    )
    _with(project, waves % "pilot")
    first = run_project(project)
    assert first.exit_code == 0, first.notes
    assert (first.load["account"]["created"], first.load["order"]["created"]) == (1, 2)
    assert sum("wait for a later wave" in str(note) for note in first.notes) == 2
    again = run_project(project)
    assert again.load["account"] == {"created": 0, "updated": 0, "unchanged": 1, "rejected": 0}
    _with(project, waves % "all")
    rest = run_project(project)
    assert rest.exit_code == 0, rest.notes
    assert rest.load["account"] == {"created": 6, "updated": 0, "unchanged": 1, "rejected": 0}
    assert not any("wait" in str(note) for note in rest.notes)


@pytest.mark.slow
def test_a_wave_that_is_changed_later_leaves_nobody_behind(tmp_path: Path) -> None:
    """A condition that matches nothing is named; rows that are in stay maintained, whatever the
    wave says by then.
    """
    project = write_small_project(tmp_path / "project")
    waves = "load: {waves: [{name: pilot, where: {account: \"city = '%s'\"}}], wave: pilot}"
    _with(project, waves % "深圳")
    first = run_project(project)
    assert (first.exit_code, first.load["account"]["created"]) == (0, 0)
    assert any("no row is due" in str(note) for note in first.notes)
    _with(project, waves % "深圳市")
    assert run_project(project).load["account"]["created"] == 1
    _with(project, waves % "苏州市")
    moved = run_project(project)
    assert moved.exit_code == 0, moved.notes
    assert moved.load["account"] == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}
    assert not any("no row is due" in str(note) for note in moved.notes)


@pytest.mark.slow
def test_a_condition_over_no_field_stops_before_the_load(tmp_path: Path) -> None:
    project = write_small_project(tmp_path / "project")
    _with(project, "load: {waves: [{name: pilot, where: {account: \"town = 'x'\"}}], wave: pilot}")
    with pytest.raises(SpecError, match="town"):
        run_project(project)
    assert load_project(project).load.wave == "pilot"
