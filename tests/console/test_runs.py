"""Runs as they go on, two of them compared; and what a project reads and does by itself."""

import json
import shutil
from pathlib import Path

import pytest

from console.desk import Desk
from tests.console.conftest import Browser


@pytest.fixture
def project(edited_project: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(edited_project, folder)
    with (folder / "guiyi.yaml").open("a", encoding="utf-8") as spec:
        spec.write("schedule: [{cron: '30 2 * * *', timezone: Asia/Shanghai, dry_run: true}]\n")
    return folder


def test_two_runs_are_compared(desk: Desk, browser: Browser) -> None:
    client = browser("auditor")
    later, earlier = [run["run_id"] for run in client.get("/api/v1/runs").json()["runs"]]
    content = client.get(f"/api/v1/runs/{later}/compare").json()
    assert (content["earlier"], content["later"]) == (earlier, later)
    assert sum(content["counts"].values()) == 1  # the record that is not delivered any more
    (row,) = [row for row in content["changes"] if row["after"] is None]
    assert row["record"] == "fair:fair/F57"
    assert "records" in content["causes"]
    assert "spec" not in content["causes"]
    assert client.get(f"/runs/{later}/compare?with={earlier}&entity=person").status_code == 200
    assert client.get(f"/runs/{earlier}/compare").status_code == 404
    assert client.get(f"/runs/{later}/compare?with={later}").status_code == 404
    assert client.get(f"/runs/{later}/compare?entity=nothing").status_code == 404


def test_a_run_that_goes_on_is_followed(project: Path, browser: Browser) -> None:
    client = browser("steward")
    ended = client.get("/api/v1/runs").json()["runs"][0]["run_id"]
    assert "hx-get" not in client.get(f"/runs/{ended}").text
    folder = project / ".guiyi" / "runs"
    manifest = json.loads((folder / ended / "manifest.json").read_text(encoding="utf-8"))
    name = "29990101-000000-0000"
    begun = {"run_id": name, "dry_run": True, "finished": None, "gate": None}
    going = {**manifest, **begun, "stages": manifest["stages"][:2], "laws": [], "load": {}}
    (folder / name).mkdir()
    (folder / name / "manifest.json").write_text(json.dumps(going), encoding="utf-8")
    page = client.get(f"/runs/{name}").text
    assert f'hx-get="/runs/{name}/now"' in page
    part = client.get(f"/runs/{name}/now").text
    assert "<html" not in part
    assert part.count("<tr>") == 3  # a heading and two stages


def test_sources_and_schedules_are_listed(browser: Browser) -> None:
    client = browser("admin")
    content = client.get("/api/v1/setup").json()
    rows = {row["table"]: row["rows"] for row in content["sources"]}
    assert rows == {"erp": 63, "fair": 19, "people": 60}
    dry = next(row for row in content["schedules"] if row["what"] == "dry_run")
    assert dry["next"].endswith("T02:30:00+08:00")
    assert {"sales", "anybody"} <= {row["role"] for row in content["roles"]}
    assert client.get("/setup").status_code == 200
