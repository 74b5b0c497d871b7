"""HubSpot as a target, on a stand-in that holds every request against the documented schemas."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from connectors.targets import EXTERNAL_ID, Rejection, Target
from connectors.targets.conformance import check_target
from connectors.targets.http import OutcomeUnknown, Waiting
from connectors.targets.hubspot import HubspotTargetSpec, open_hubspot
from guiyi.errors import ConnectionLost, TargetError
from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.hubspot.account import GOLDEN, TOKEN, HubspotAccount, choice, text
from tests.connectors.targets.misbehaving import Misbehaving
from tests.connectors.targets.sql_database import table

COMPANY = [
    GOLDEN, text("name"), text("domain"),
    {"name": "annualrevenue", "type": "number", "fieldType": "number"},
    {"name": "founded", "type": "date", "fieldType": "date"},
    {"name": "vip", "type": "bool", "fieldType": "booleancheckbox"},
    choice("industry", "BANKING", "RETAIL"), choice("tags", "a", "b", "c", many=True),
    text("hs_score", modificationMetadata={"readOnlyValue": True}),
]  # fmt: skip
CONTACT = [
    GOLDEN, text("lastname"), text("email", hubspotDefined=True, hasUniqueValue=True)
]  # fmt: skip
RELATIONS = {"contact": {"company": {"to": "account"}}, "account": {"parent": {"to": "account"}}}


class Bench:
    """An account, what goes wrong with it, and a target into it."""

    def __init__(self, url: str, account: HubspotAccount, service: Misbehaving) -> None:
        self.url, self.account, self.service = url, account, service
        self.waited: list[float] = []

    def open(self, **keys: Any) -> Target:
        """Open the target anew."""
        auth = {"method": "bearer", "token": "${HUBSPOT_TOKEN}"}
        given = {"kind": "hubspot", "url": self.url, "auth": auth, "timeout": 1.0, **keys}
        spec = HubspotTargetSpec.model_validate({"relations": RELATIONS, **given})
        return open_hubspot(spec, Path(), Waiting(sleep=self.waited.append, chance=lambda: 0.0))


@contextmanager
def bench(monkeypatch: pytest.MonkeyPatch, **account: Any) -> Iterator[Bench]:
    monkeypatch.setenv("HUBSPOT_TOKEN", TOKEN)
    conformance = [GOLDEN, text("name"), text("note")]
    objects = {"companies": COMPANY, "contacts": CONTACT, "conformance": conformance}
    made = HubspotAccount({name: [*found] for name, found in objects.items()}, **account)
    service = Misbehaving(made)
    with serving(service) as url:
        yield Bench(url, made, service)
    assert not made.violations


@pytest.fixture
def hubspot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench(monkeypatch) as made:
        yield made


def upsert(asked: Asked) -> bool:
    return asked.path.endswith("batch/upsert")


def read(asked: Asked) -> bool:
    return "batch/read" in asked.path


def companies(count: int, **more: list[str | None]) -> Any:
    ids: list[str | None] = [f"G{n:03}" for n in range(count)]
    names: list[str | None] = [f"公司{n}" for n in range(count)]
    return table(external_id=ids, name=names, **more)


def test_the_promises_of_a_target_are_kept(hubspot: Bench) -> None:
    hubspot.account.properties["conformance"][1] = choice("name", "x")
    with pytest.raises(AssertionError):
        check_target(hubspot.open, makes=False)
    hubspot.account.properties["conformance"][1] = text("name")
    hubspot.account.records.clear()
    check_target(hubspot.open, unfit="长" * 65_537, makes=False)


@pytest.mark.parametrize("kind", ["429", "500", "500 after", "cut before", "cut after", "late",
                                  "shuffled", "truncated", "duplicated", "cut inside"])  # fmt: skip
@pytest.mark.parametrize("match", [upsert, read], ids=["write", "read"])
def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    kind: str, match: Any, hubspot: Bench
) -> None:
    """One request fails in every way there is; what was sent is what is found, once."""
    rows = companies(130)
    target = hubspot.open()
    target.prepare("account", ["name"])
    hubspot.service.fault(kind, match)
    assert target.upsert("account", rows) == []
    assert len(hubspot.account.by_golden("companies")) == 130
    hubspot.service.fault(kind, match)
    found = target.fetch("account", ["name"])
    assert found.sort(EXTERNAL_ID).equals(rows)
    again = target.fetch("account", ["name"], rows[EXTERNAL_ID].to_list())
    assert again.sort(EXTERNAL_ID).equals(rows)
    if kind == "429":
        assert set(hubspot.waited) == {1.0}


@pytest.mark.parametrize("multi", [True, False])
@pytest.mark.parametrize("blame", [True, False])
def test_a_refused_row_is_refused_alone(
    multi: bool, blame: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether HubSpot lists the errors or refuses the batch, names the input or not."""
    with bench(monkeypatch, multi_status=multi, blame=blame) as hubspot:
        target = hubspot.open()
        hubspot.account.add("contacts", email="taken@example.com")
        rows = table(
            external_id=["C1", "C2", "C3", "C4"],
            lastname=["张", "王", "李", "赵"],
            email=["a@example.com", "geheim", "TAKEN@example.com", "D@example.com"],
        )
        refused = target.upsert("contact", rows)
        assert {(one.external_id, one.column, str(one.reason)) for one in refused} == {
            ("C2", "email", "the service refused it (INVALID_EMAIL)"),
            ("C3", "email", "another row already has this value"),
        }
        assert not any("geheim" in str(part) for one in refused for part in astuple(one))
        found = hubspot.account.by_golden("contacts")
        assert {i: row["email"] for i, row in found.items()} == {
            "C1": "a@example.com", "C4": "d@example.com"
        }  # fmt: skip
        held = target.fetch("contact", ["email"], ["C4"])
        assert held.equals(target.canonical("contact", rows.select(EXTERNAL_ID, "email")[3:]))


def test_what_a_property_cannot_hold_is_foretold(hubspot: Bench) -> None:
    target = hubspot.open()
    rows = table(
        external_id=["G1", "G2", "G3", "G4", "G5"],
        annualrevenue=["12.50", "viel", None, "1", "2"],
        founded=["2020-01-02", None, "2020-13-01", None, None],
        vip=["yes", None, None, "vielleicht", None],
        industry=["BANKING", None, None, None, "FISHING"],
        tags=["c;a", None, None, None, None],
    )
    foretold = target.unfit("account", rows)
    reasons = {(one.external_id, one.column): str(one.reason) for one in foretold}
    assert reasons == {
        ("G2", "annualrevenue"): "not a number",
        ("G3", "founded"): "not a date",
        ("G4", "vip"): "neither yes nor no",
        ("G5", "industry"): "not one of the values the column takes",
    }
    assert target.upsert("account", rows) == foretold
    held = target.fetch("account", rows.columns[1:])
    assert held.rows() == [("G1", "12.5", "2020-01-02", "true", "BANKING", "a;c")]


def test_a_contact_belongs_to_its_company(hubspot: Bench) -> None:
    """Associations are made, turned and taken away; those that colleagues have made stay."""
    target = hubspot.open()
    target.upsert("account", companies(3, parent=["G002", None, None]))
    columns = ["lastname", "company"]
    people = table(
        external_id=["C1", "C2", "C3"], lastname=["张", "王", "李"], company=["G000", None, "G009"]
    )
    assert target.upsert("contact", people) == [
        Rejection("C3", "company", "the row it points to is not in the target")
    ]
    assert set(hubspot.account.by_golden("contacts")) == {"C1", "C2"}
    assert target.fetch("contact", columns, ["C1", "C2"]).equals(people[:2])
    assert hubspot.account.linked("contacts", "companies", "C1") == [("G000", {1, 279})]
    assert dict(target.fetch("account", ["parent"]).iter_rows())["G000"] == "G002"
    theirs = hubspot.account.add("companies", name="同事的公司")
    own = next(
        i for i, row in hubspot.account.records["contacts"].items() if row.get("golden_id") == "C1"
    )
    hubspot.account.links["contacts", "companies"][own, theirs] = {279}
    turned = people[:2].with_columns(
        company=people["lastname"][:2].replace({"张": "G001", "王": "G002"})
    )
    assert target.upsert("contact", turned) == []
    assert hubspot.account.linked("contacts", "companies", "C1") == [
        (None, {279}), ("G001", {1, 279})
    ]  # fmt: skip
    assert target.fetch("contact", columns).equals(turned)
    hubspot.account.links["contacts", "companies"] = {(own, theirs): {1, 279}}
    by_hand = target.fetch("contact", columns, ["C1"])
    assert by_hand["company"].to_list() == [f"key:{theirs}"]
    assert target.upsert("contact", turned) == []
    assert target.upsert("contact", by_hand) == []
    assert hubspot.account.linked("contacts", "companies", "C1") == [(None, {1, 279})]


def test_what_others_change_after_it_was_asked_for_is_not_written_over(hubspot: Bench) -> None:
    target = hubspot.open()
    target.upsert("account", companies(2))
    target.fetch("account", ["name"], ["G000", "G001"])
    hubspot.account.by_golden("companies")["G001"]["name"] = "同事改"
    rows = table(external_id=["G000", "G001"], name=["新甲", "新乙"])
    refused = target.upsert("account", rows)
    assert [(one.external_id, str(one.reason)[:18]) for one in refused] == [
        ("G001", "changed in the CRM")
    ]
    assert {row["name"] for row in hubspot.account.by_golden("companies").values()} == {
        "新甲", "同事改"
    }  # fmt: skip


def test_only_what_changes_is_sent(hubspot: Bench) -> None:
    """What a colleague writes into another property in the same moment stays."""
    target = hubspot.open()
    rows = companies(2, domain=["a.example", "b.example"])
    target.upsert("account", rows)
    hubspot.service.asked.clear()
    target.upsert("account", rows.with_columns(domain=rows["domain"].replace("b.example", None)))
    sent = [one.body.decode() for one in hubspot.service.asked if upsert(one)]
    assert len(sent) == 1
    assert '"properties": {"domain": ""}' in sent[0]
    assert "G000" not in sent[0]


def test_a_row_that_keeps_failing_is_named_and_never_called_a_success(hubspot: Bench) -> None:
    """Every answer is 200, but nothing is done."""
    target = hubspot.open()
    target.prepare("account", ["name"])
    real = hubspot.account._upsert
    hubspot.account._upsert = lambda body, object: (  # type: ignore[method-assign]  # noqa: A006
        200, real({"inputs": [one for one in body["inputs"] if one["id"] != "G001"]}, object)[1]
    )  # fmt: skip
    refused = target.upsert("account", companies(3))
    assert [one.external_id for one in refused] == ["G001"]
    assert "not there" in str(refused[0].reason)


def test_an_outage_in_the_middle_is_unknown_and_the_same_call_finishes(hubspot: Bench) -> None:
    target = hubspot.open()
    rows = companies(150)
    target.prepare("account", ["name"])
    hubspot.service.fault("cut before", upsert, times=9)
    with pytest.raises(OutcomeUnknown):
        target.upsert("account", rows.reverse())
    hubspot.service.faults.clear()
    hubspot.service.fault("401", lambda one: len(hubspot.service.asked) > 12, times=99)
    with pytest.raises((TargetError, ConnectionLost)):
        hubspot.open().upsert("account", companies(400))
    hubspot.service.faults.clear()
    assert target.upsert("account", rows) == []
    assert len(hubspot.account.by_golden("companies")) >= 150


@pytest.mark.parametrize(
    ("entity", "columns", "what"),
    [
        ("account", ["nmae"], "has no property `nmae` — create it in HubSpot"),
        ("account", ["hs_score"], "nobody may write `hs_score`"),
        ("deal", ["name"], "there is no object `deal` — name the object of `deal`"),
    ],
)
def test_what_is_missing_is_named(
    entity: str, columns: list[str], what: str, hubspot: Bench
) -> None:
    with pytest.raises(TargetError, match=what):
        hubspot.open().check(entity, columns)
    assert not any(one.method != "GET" for one in hubspot.service.asked)


def test_the_golden_id_needs_a_property_with_unique_values(hubspot: Bench) -> None:
    hubspot.account.properties["companies"][0] = text("golden_id")
    with pytest.raises(TargetError, match="need not be unique — create a property with unique"):
        hubspot.open().check("account", ["name"])
    del hubspot.account.properties["companies"][0]
    with pytest.raises(TargetError, match="no property `golden_id`"):
        hubspot.open().check("account", ["name"])


def test_a_property_that_goes_between_test_and_full_stops_the_load(hubspot: Bench) -> None:
    """No row is to blame for it; it is named."""
    target = hubspot.open()
    target.upsert("account", companies(3, domain=["a", "b", "c"]))
    del hubspot.account.properties["companies"][2]
    rows = companies(6, domain=["a", "b", "x", "y", "z", "w"])
    with pytest.raises(OutcomeUnknown, match="has no property `domain`"):
        target.upsert("account", rows)


def test_rows_are_archived_and_rows_of_others_are_left_alone(hubspot: Bench) -> None:
    target = hubspot.open()
    target.upsert("account", companies(120))
    hubspot.account.add("companies", name="手工录入")
    hubspot.service.fault("cut after", lambda one: one.path.endswith("batch/archive"))
    target.delete("account", [f"G{n:03}" for n in range(119)])
    assert {row["name"] for row in hubspot.account.records["companies"].values()} == {
        "公司119", "手工录入"
    }  # fmt: skip


def test_a_refused_token_is_said_without_showing_it(hubspot: Bench) -> None:
    hubspot.service.fault("401", lambda _: True, times=9)
    with pytest.raises(TargetError, match="the login was refused") as caught:
        hubspot.open().check("account", ["name"])
    assert TOKEN not in str(caught.value)


def test_a_private_app_is_asked_for() -> None:
    with pytest.raises(ValueError, match="HubSpot wants the token of a private app"):
        HubspotTargetSpec.model_validate({"kind": "hubspot"})


def test_a_daily_limit_is_not_waited_for(hubspot: Bench) -> None:
    """It opens at midnight: the load ends and is resumed."""
    target = hubspot.open()
    target.prepare("account", ["name"])
    hubspot.service.fault("429 daily", upsert, times=9)
    with pytest.raises(ConnectionLost, match="the daily limit of requests is used up"):
        target.upsert("account", companies(3))
    assert hubspot.waited == []
    hubspot.service.faults.clear()
    assert target.upsert("account", companies(3)) == []
