from pathlib import Path

import pytest

from pipelines.demo import make_demo, score, score_orders, score_validation
from pipelines.driving.driver import run_project
from pipelines.stages.run import RunOutcome

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, seed=11, scale=0.25)
    return folder


@pytest.fixture(scope="module")
def outcome(demo: Path) -> RunOutcome:
    return run_project(demo)


def test_another_world_runs_to_the_end(outcome: RunOutcome) -> None:
    """A seed nobody tuned for passes the gate and is loaded, with both laws kept."""
    assert outcome.exit_code == 0
    assert outcome.stopped is None
    assert all(law.holds for law in outcome.laws)


def test_who_is_who_is_found_out(demo: Path, outcome: RunOutcome) -> None:
    """Nearly every pair found is right, and most pairs are found."""
    scores = score(demo, outcome.folder)
    assert set(scores) == {"company", "person"}
    for numbers in scores.values():
        assert numbers["precision"] > 0.95
        assert numbers["recall"] > 0.85


def test_what_is_wrong_is_held_back(demo: Path, outcome: RunOutcome) -> None:
    """Every record that must fail is in quarantine, and no other."""
    held = score_validation(demo, outcome.folder)
    assert held["caught"] == held["must_fail"] > 10
    assert held["held_wrongly"] == 0


def test_orders_end_at_the_surviving_customer(demo: Path, outcome: RunOutcome) -> None:
    """Orders entered under any of a firm's customer numbers belong to its one account."""
    placed = score_orders(demo, outcome.folder)
    assert placed["orders"] > 200
    assert placed["right"] / placed["orders"] > 0.98
