"""What a steward decides changes the next run, and every run after it."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from governance import Ledger, open_ledger
from pipelines.driving.driver import run_project
from pipelines.stages.run import RunOutcome

LEDGER = "sqlite:///.guiyi/ledger.db"
CHOSEN = "0755-26719999"


def record(number: int) -> str:
    """Name a record of the customers."""
    return f"sheet:customers/{number}"


def decide(ledger: Ledger) -> None:
    """Decide one thing of each sort."""
    ledger.decide("company", "value", record(1), field="phone", value="0755-11111111")
    ledger.decide("company", "value", record(2), field="phone", value=CHOSEN, why="they called")
    ledger.decide("company", "value", record(7), field="status", value=None)
    ledger.decide("company", "value", record(9), field="status", value="正常")
    ledger.decide("company", "cannot-link", record(3), record(4))
    ledger.decide("company", "must-link", record(5), record(6))
    ledger.correct("company", "sheet", "customers/8", "name", "杭州西湖茶叶有限公司")


@dataclass(frozen=True)
class Runs:
    """A run before the decisions, and two after them."""

    before: RunOutcome
    after: RunOutcome
    again: RunOutcome


@pytest.fixture(scope="module")
def runs(shared_project: Path) -> Runs:
    before = run_project(shared_project)
    with open_ledger(LEDGER, shared_project) as ledger:
        decide(ledger)
    file = shared_project / "customers.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("9,")), encoding="utf-8")
    return Runs(before, run_project(shared_project), run_project(shared_project))


@pytest.fixture(params=["after", "again"])
def decided(runs: Runs, request: pytest.FixtureRequest) -> RunOutcome:
    """The first run after the decisions, and the one after that."""
    outcome: RunOutcome = getattr(runs, request.param)
    return outcome


def table(outcome: RunOutcome, name: str) -> pl.DataFrame:
    return pl.read_parquet(outcome.folder / f"{name}.parquet")


def golden_id(outcome: RunOutcome, number: int) -> str | None:
    """The golden id of a customer; None if it has none."""
    clusters = table(outcome, "clusters/company").filter(record_id=f"customers/{number}")
    return str(clusters["golden_id"].item()) if clusters.height else None


def test_nothing_was_decided_before(runs: Runs) -> None:
    """Without decisions the records tell who is who."""
    assert golden_id(runs.before, 3) == golden_id(runs.before, 4)
    assert golden_id(runs.before, 5) != golden_id(runs.before, 6)
    assert golden_id(runs.before, 8) is None
    assert runs.before.load["account"]["created"] == 7


def test_a_chosen_value_wins(decided: RunOutcome) -> None:
    """The later choice about a golden record is its value, cleaned, with its parts."""
    golden = table(decided, "golden/company").filter(golden_id=golden_id(decided, 1))
    assert golden["phone"].item() == "+8675526719999"
    assert golden["phone.key"].item() == "+8675526719999"
    account = table(decided, "crm/account").filter(external_id=golden_id(decided, 1))
    assert account["phone"].item() == "+8675526719999"


def test_a_chosen_value_says_whose_it_is(decided: RunOutcome) -> None:
    """Its rule is the steward, no record is its origin, and what it beat is an alternate."""
    told = table(decided, "provenance/company").filter(
        golden_id=golden_id(decided, 1), field="phone"
    )
    assert told.select("value", "source", "record_id", "rule").rows() == [
        ("+8675526719999", None, None, "steward")
    ]
    assert told["alternates"].to_list() == [["+8675526712345"]]


def test_a_field_can_be_emptied(decided: RunOutcome) -> None:
    """To choose nothing leaves the field without a value, whatever records say."""
    golden = table(decided, "golden/company").filter(golden_id=golden_id(decided, 7))
    assert golden.select("status", "status.key").row(0) == (None, None)


def test_a_choice_about_a_record_that_is_gone_is_told(decided: RunOutcome) -> None:
    """It changes nothing, and the run says so."""
    assert "company: 1 value choice names a record that is not here" in decided.notes


def test_cannot_link_parts_two_records(decided: RunOutcome) -> None:
    """However alike, they are two customers."""
    assert golden_id(decided, 3) != golden_id(decided, 4)


def test_must_link_joins_two_records(decided: RunOutcome) -> None:
    """However unlike, they are one customer."""
    assert golden_id(decided, 5) == golden_id(decided, 6)


def test_a_corrected_record_leaves_quarantine_with_what_waited_for_it(decided: RunOutcome) -> None:
    """The customer is loaded under the name given, and so is its order; the raw value stays."""
    account = table(decided, "crm/account").filter(external_id=golden_id(decided, 8))
    assert account["name"].item() == "杭州西湖茶叶有限公司"
    orders = table(decided, "crm/order").filter(number="A5")
    assert orders["account"].item() == golden_id(decided, 8)
    assert table(decided, "quarantine").is_empty()
    clean = table(decided, "clean/company").filter(record_id="customers/8")
    assert clean.select("name.raw", "name.reason").row(0) == (None, "corrected by a steward")


def test_decisions_are_carried_out_once(runs: Runs) -> None:
    """The CRM holds what was decided after one run, and the next changes nothing."""
    assert runs.after.exit_code == runs.again.exit_code == 0
    assert runs.again.load["account"] == {
        "created": 0,
        "updated": 0,
        "unchanged": 7,
        "rejected": 0,
    }
    assert golden_id(runs.after, 3) == golden_id(runs.again, 3)
