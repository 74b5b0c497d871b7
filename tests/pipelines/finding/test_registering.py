"""Who reports a customer first has it until the protection ends."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from governance import Reader, open_ledger
from pipelines.finding import CustomerFinder, reported

Guiyi = Callable[..., Result]
LANTIAN = {"name": "苏州蓝天机械有限公司"}
NEW = {"name": "常州白云轴承有限公司", "phone": "13761230099"}


def test_a_second_reporter_is_refused_until_the_protection_ends(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first has it for the days of the spec, and may report it again; the second is told until
    when, and not by whom.
    """
    with CustomerFinder.of(project) as finder:
        first = finder.register("company", LANTIAN, who="李雷")
        assert first.number is not None
        assert first.until == reported.today() + timedelta(days=30)
        second = finder.register("company", {"name": "蘇州藍天機械有限責任公司"}, who="韩梅梅")
        assert second.number is None
        assert str(first.until) in str(second.refusal)
        assert "李雷" not in str(second.refusal)
        assert finder.register("company", LANTIAN, who="李雷").number is not None
        told = finder.find("company", LANTIAN, reader=Reader(who="李雷")).customers[0].protection
        assert told is not None
        assert told.own
        later = reported.today() + timedelta(days=31)
        monkeypatch.setattr("pipelines.finding.reported.today", lambda: later)
        assert finder.register("company", LANTIAN, who="韩梅梅").number is not None


def test_who_has_reported_is_told_where_the_spec_says_so(project: Path) -> None:
    """`protection: {tell_who: true}`."""
    file = project / "guiyi.yaml"
    text = file.read_text(encoding="utf-8").replace("{days: 30}", "{tell_who: true}")
    file.write_text(text, encoding="utf-8")
    with CustomerFinder.of(project) as finder:
        finder.register("company", LANTIAN, who="李雷")
        second = finder.register("company", LANTIAN, who="韩梅梅")
    assert "李雷" in str(second.refusal)


def test_a_customer_no_source_knows_is_kept_and_found(project: Path) -> None:
    """By the next who asks, in this process and in another; one that is only alike is told as
    possible and may be registered.
    """
    with CustomerFinder.of(project) as finder, CustomerFinder.of(project) as other:
        assert finder.find("company", NEW).verdict == "none"
        assert other.find("company", NEW).verdict == "none"
        done = finder.register("company", NEW, who="李雷")
        for each in (finder, other):
            found = each.find("company", {"name": NEW["name"]}).customers[0]
            assert (found.verdict, found.registration) == ("match", done.number)
        assert other.register("company", {"phone": "137 6123 0099"}, who="韩梅梅").number is None
    with CustomerFinder.of(project) as third:
        assert third.find("company", NEW).verdict == "match"


def test_protection_is_shown_by_id_too(project: Path) -> None:
    """In a process that has not looked anybody up yet, and as soon as another has reported."""
    with CustomerFinder.of(project) as finder, CustomerFinder.of(project) as other:
        before = other.by_id("erp:erp/E1")
        assert before is not None
        assert before.protection is None
        number = finder.register("company", LANTIAN, who="李雷").number
        after = other.by_id("erp:erp/E1")
        assert after is not None
        assert after.protection is not None
        assert after.protection.number == number


def test_two_who_report_at_once_do_not_both_get_the_customer(project: Path) -> None:
    """Whoever has not seen the last registration looks again."""
    with open_ledger(folder=project) as ledger, CustomerFinder.of(project) as finder:
        seen = ledger.latest_registration("company")
        finder.register("company", NEW, who="李雷")
        day = reported.today()
        assert ledger.register("company", NEW, until=day, who="韩梅梅", latest=seen) is None
        assert ledger.registrations("company").height == 1


def test_registrations_are_listed_masked_and_taken_back(project: Path, guiyi: Guiyi) -> None:
    """A withdrawn one protects nobody and finds nobody; the ledger replays to the same tables."""
    add = ("registration", "add", project, "--entity", "company", "--record", json.dumps(NEW))
    added = guiyi(*add, "--who", "李雷", "--days", 7)
    assert added.return_value == 0, added.output
    refused = guiyi(*add, "--who", "韩梅梅")
    assert refused.return_value == 1
    assert refused.output.startswith("refused: ")
    listed = json.loads(guiyi("registration", "list", project, "--json").output)
    assert listed[0]["fields"]["name"] == NEW["name"]
    assert "13761230099" not in json.dumps(listed)
    guiyi("registration", "withdraw", project, listed[0]["id"], "--who", "韩梅梅")
    find = guiyi("find", project, "--entity", "company", "--record", json.dumps(NEW))
    assert find.return_value == 0
    with open_ledger(folder=project) as ledger:
        actions = ledger.audit_trail()["action"].to_list()
        assert actions[-2:] == ["customer.registered", "registration.withdrawn"]
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact
