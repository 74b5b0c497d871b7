"""The same stages as a Prefect flow: visible, with artifacts, retried, and on a schedule."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guiyi import ConnectionLost, SourceError
from pipelines.stages import STAGES, Stage, Tally
from pipelines.stages.run import Options, Run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one Prefect server with a home of its own for the tests of this file."""
    home = tmp_path_factory.mktemp("prefect")
    kept = os.environ.get("PREFECT_HOME")
    os.environ["PREFECT_HOME"] = str(home)
    from pipelines.driving.scheduling import a_server

    with a_server(home / "server.log") as url:
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: url}):
            yield url
    if kept is None:
        del os.environ["PREFECT_HOME"]
    else:
        os.environ["PREFECT_HOME"] = kept


@pytest.fixture(scope="module", autouse=True)
def scheduled(shared_project: Path, prefect_server: str) -> Iterator[Path]:
    """A project that `guiyi schedule` serves while the other tests run, for its minute to come."""
    command = [Path(sys.executable).parent / "guiyi", "schedule", str(shared_project)]
    environment = {**os.environ, "PREFECT_API_URL": prefect_server, "GUIYI_LANG": "en"}
    served = subprocess.Popen(command, env=environment)
    yield shared_project
    served.terminate()
    served.wait(timeout=60)


def client() -> Any:
    """Open a client of the server the settings name."""
    from prefect import get_client

    return get_client(sync_client=True)


@pytest.mark.usefixtures("prefect_server")
def test_a_flow_run_shows_every_stage_and_leaves_artifacts(small_project: Path) -> None:
    """Each stage is a task run; the table and the Markdown artifact tell what happened."""
    from pipelines.driving.flow import run_as_flow

    outcome = run_as_flow(small_project, Options())
    assert outcome.exit_code == 0
    assert outcome.load["account"]["created"] == 7
    with client() as api:
        tasks = {run.name.rsplit("-", 1)[0] for run in api.read_task_runs()}
        assert {stage.name for stage in STAGES} <= tasks
        artifacts = api.read_artifacts()
    types = {artifact.type for artifact in artifacts}
    assert types == {"table", "markdown"}
    markdown = next(a.data for a in artifacts if a.type == "markdown")
    assert "report.html" in str(markdown)
    assert "**passed**" in str(markdown)


@pytest.mark.usefixtures("prefect_server")
def test_a_failed_gate_is_a_failed_flow_run(
    small_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    """A gate that does not pass shows red in the UI and ends with 1, like the light driver."""
    from pipelines.driving.flow import run_as_flow

    edit("guiyi.yaml", "load:", "gate: {max_quarantined: 0.01}\nload:")
    outcome = run_as_flow(small_project, Options())
    assert outcome.exit_code == 1
    with client() as api:
        assert "FAILED" in {str(run.state_type.value) for run in api.read_flow_runs()}


@pytest.mark.usefixtures("prefect_server")
def test_a_users_mistake_comes_through_as_itself(
    small_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    """An error inside a task reaches the command line as the error it was."""
    from pipelines.driving.flow import run_as_flow

    edit("guiyi.yaml", "path: customers.csv", "path: gone.csv")
    with pytest.raises(SourceError, match=r"gone\.csv"):
        run_as_flow(small_project, Options(dry_run=True))


@pytest.mark.usefixtures("prefect_server")
def test_a_lost_connection_is_tried_again(
    small_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stage that loses its connection once is run again, and the run goes on."""
    import pipelines.driving.driver
    import pipelines.driving.flow

    lost = iter([True, False])

    def flaky(run: Run) -> Tally:
        if next(lost):
            raise ConnectionLost("the server went away")
        return STAGES[0].act(run)

    stages = (Stage("extract", flaky), *STAGES[1:])
    monkeypatch.setattr(pipelines.driving.driver, "STAGES", stages)
    monkeypatch.setattr(pipelines.driving.flow, "RETRY_DELAYS", [0.1])
    outcome = pipelines.driving.flow.run_as_flow(small_project, Options(until="clean"))
    assert [stage.stage for stage in outcome.stages] == ["extract", "clean"]


@pytest.mark.usefixtures("prefect_server")
def test_a_scheduled_run_happens(scheduled: Path) -> None:
    """`guiyi schedule` serves the cron schedule: within two minutes a run has loaded the CRM."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and not _scheduled_run_completed():
        time.sleep(2)
    assert _scheduled_run_completed()
    assert (scheduled / "crm.db").exists()


@pytest.mark.usefixtures("prefect_server")
def test_a_scheduled_backup_is_a_flow_run(small_project: Path, scheduled: Path) -> None:
    """`guiyi schedule` serves backups beside the runs; one without a ledger has nothing to do."""
    from pipelines.driving.driver import run_project
    from pipelines.driving.flow import guiyi_backup

    assert guiyi_backup(str(small_project), return_state=True).message == "no ledger yet"
    run_project(small_project, Options(until="clean"))
    assert guiyi_backup(str(small_project), incremental=True, return_state=True).is_completed()
    assert list((small_project / ".guiyi" / "backups").glob("*-full/manifest.json"))
    with client() as api:
        flows = {flow.id: flow.name for flow in api.read_flows()}
        served = {flows[one.flow_id]: one for one in api.read_deployments()}
    assert served.keys() == {"guiyi", "guiyi-backup"}
    crons = sorted(one.schedule.cron for one in served["guiyi-backup"].schedules)
    assert crons == ["0 3 * * 0", "0 3 * * 1-6"]


def _scheduled_run_completed() -> bool:
    with client() as api:
        return any(
            run.auto_scheduled
            and run.state_type is not None
            and run.state_type.value == "COMPLETED"
            for run in api.read_flow_runs()
        )
