"""Odoo as a target, on a stand-in that takes no call its methods do not take."""

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import pytest

from connectors.targets import EXTERNAL_ID, Rejection
from connectors.targets.conformance import check_target
from connectors.targets.http import OutcomeUnknown
from connectors.targets.odoo import OdooTargetSpec
from guiyi.errors import TargetError
from tests.connectors.targets.odoo.bench import OdooBench, loads, odoo_bench, reads
from tests.connectors.targets.odoo.database import DATA, KEY
from tests.connectors.targets.sql_database import table


@pytest.fixture(params=["json2", "jsonrpc"])
def odoo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[OdooBench]:
    with odoo_bench(monkeypatch, request.param) as made:
        yield made


def accounts(count: int, **more: list[str | None]) -> Any:
    ids: list[str | None] = [f"G{n:03}" for n in range(count)]
    names: list[str | None] = [f"公司{n}" for n in range(count)]
    return table(external_id=ids, name=names, **more)


def test_the_promises_of_a_target_are_kept(odoo: OdooBench) -> None:
    check_target(odoo.open, unfit="长" * 301, makes=False)


@pytest.mark.parametrize("kind", ["429", "500", "500 after", "cut before", "cut after", "late",
                                  "shuffled", "truncated", "duplicated", "cut inside"])  # fmt: skip
@pytest.mark.parametrize("match", [loads, reads], ids=["write", "read"])
def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    kind: str, match: Any, odoo: OdooBench
) -> None:
    """One call fails in every way there is; what was sent is what is found, once."""
    rows, target = accounts(60), odoo.open()
    target.prepare("account", ["name"])
    odoo.service.fault(kind, match)
    assert target.upsert("account", rows) == []
    assert len(odoo.database.by_golden("account")) == 60
    odoo.service.fault(kind, match)
    assert target.fetch("account", ["name"]).sort(EXTERNAL_ID).equals(rows)
    odoo.service.fault(kind, match)
    again = target.fetch("account", ["name"], rows[EXTERNAL_ID].to_list())
    assert again.sort(EXTERNAL_ID).equals(rows)


def test_a_refused_row_is_refused_alone(odoo: OdooBench) -> None:
    """`load` refuses all and blames the first row, too; in the end each is known for itself."""
    odoo.database.unique["res.partner"] = "vat"
    odoo.database.add("res.partner", name="手工录入", vat="Geheim-1")
    odoo.database.rule = lambda row: "Geheim ist verboten" if row["name"] == "Geheim" else None
    rows = table(
        external_id=["A1", "A2", "A3", "A4", "A5"],
        name=["甲", "乙", "Geheim", "丁", "戊"],
        vat=[None, None, None, "Geheim-1", None],
        parent_id=[None, "nobody", None, None, None],
    )
    refused = odoo.open().upsert("account", rows)
    assert {(one.external_id, one.column, str(one.reason)) for one in refused} == {
        ("A2", "parent_id", "the row it points to is not in the target"),
        ("A3", None, "the service refused it"),
        ("A4", None, "another row already has this value"),
    }
    assert not any("Geheim" in str(part) for one in refused for part in astuple(one))
    assert set(odoo.database.by_golden("account")) == {"A1", "A5"}


def test_what_a_field_cannot_hold_is_foretold(odoo: OdooBench) -> None:
    target = odoo.open()
    rows = table(
        external_id=["G1", "G2", "G3", "G4", "G5"],
        name=["甲", "乙", None, "丁", "戊"],
        color=["7", "1.5", None, None, None],
        credit=["12.50", "viel", None, None, None],
        date=["2020-01-02", None, None, "2020-13-01", None],
        seen=["2020-01-02 08:00:00.5+08:00", None, None, None, None],
        type=["other", None, None, None, "dritter"],
        phone=[None, None, None, None, "1" * 41],
    )
    foretold = target.unfit("account", rows)
    assert {(one.external_id, one.column): str(one.reason) for one in foretold} == {
        ("G2", "color"): "not a whole number",
        ("G3", "name"): "a value is required",
        ("G4", "date"): "not a date",
        ("G5", "type"): "not one of the values the column takes",
    }
    assert target.upsert("account", rows) == foretold
    held = target.fetch("account", rows.columns[1:])
    assert held.rows() == [
        ("G1", "甲", "7", "12.5", "2020-01-02", "2020-01-02T00:00:00Z", "other", None)
    ]
    assert odoo.database.by_golden("account")["G1"]["seen"] == "2020-01-02 00:00:00"
    assert held.equals(target.canonical("account", rows[:1]))


def test_a_number_that_is_not_there_is_zero(odoo: OdooBench) -> None:
    """Odoo has no null of numbers and truths: nothing is planned over and over."""
    target = odoo.open()
    rows = table(external_id=["G1"], name=["甲"], color=[None], credit=[None], city=[None])
    assert target.upsert("account", rows) == []
    found = target.fetch("account", ["name", "color", "credit", "city"])
    assert found.rows() == [("G1", "甲", "0", "0", None)]
    assert found.equals(target.canonical("account", rows))


def test_new_rows_get_defaults_and_what_tells_them_from_others(odoo: OdooBench) -> None:
    """Companies and people are of one model."""
    target = odoo.open()
    target.upsert("account", accounts(1, type=[None]))
    target.upsert("contact", table(external_id=["G000"], name=["张"]))
    company, person = (odoo.database.by_golden(name)["G000"] for name in ("account", "contact"))
    assert (company["is_company"], company["type"], person["is_company"]) == (
        True, "contact", False
    )  # fmt: skip
    assert target.fetch("account", ["name"])["name"].to_list() == ["公司0"]
    assert target.fetch("contact", ["name"])["name"].to_list() == ["张"]


def test_a_required_field_that_nothing_is_mapped_to_is_foretold(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(1))
    rows = table(external_id=["G000", "G9"], phone=["1", "2"])
    lacking = [Rejection("G9", "name", "a value is required, and nothing is mapped to the column")]
    assert target.unfit("account", rows) == lacking
    assert target.upsert("account", rows) == lacking
    assert odoo.database.by_golden("account")["G000"]["phone"] == "1"


def test_a_contact_belongs_to_its_company(odoo: OdooBench) -> None:
    target = odoo.open()
    assert target.upsert("account", accounts(3, parent_id=["G002", None, None])) == []
    people = table(external_id=["C1", "C2"], name=["张", "王"], parent_id=["G000", None])
    assert target.upsert("contact", people) == []
    assert target.fetch("contact", ["name", "parent_id"]).equals(people)
    assert dict(target.fetch("account", ["parent_id"]).iter_rows())["G000"] == "G002"
    theirs = odoo.database.add("res.partner", name="手工录入")
    odoo.database.by_golden("contact")["C1"]["parent_id"] = theirs
    by_hand = target.fetch("contact", ["name", "parent_id"], ["C1"])
    assert by_hand["parent_id"].to_list() == [f"key:{theirs}"]
    assert target.upsert("contact", people) == []
    assert target.upsert("contact", by_hand) == []
    assert odoo.database.by_golden("contact")["C1"]["parent_id"] == theirs
    target.fetch("contact", ["parent_id"], ["C1"])
    assert target.upsert("contact", table(external_id=["C1"], parent_id=[None])) == []
    assert odoo.database.by_golden("contact")["C1"]["parent_id"] is False


def test_only_what_changes_is_sent(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(2, phone=["1", "2"]))
    odoo.database.by_golden("account")["G001"]["name"] = "同事改"
    odoo.service.asked.clear()
    assert target.upsert("account", table(external_id=["G000", "G001"], phone=["1", None])) == []
    row = odoo.database.by_golden("account")["G001"]
    assert (row["name"], row["phone"]) == ("同事改", False)
    sent = [one.body.decode() for one in odoo.service.asked if loads(one)]
    assert len(sent) == 1
    assert "G000" not in sent[0]


def test_what_others_change_after_it_was_asked_for_is_not_written_over(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(2))
    target.fetch("account", ["name"], ["G000", "G001"])
    odoo.database.by_golden("account")["G001"]["name"] = "同事改"
    refused = target.upsert("account", table(external_id=["G000", "G001"], name=["新甲", "新乙"]))
    assert [one.external_id for one in refused] == ["G001"]
    names = {row["name"] for row in odoo.database.by_golden("account").values()}
    assert names == {"新甲", "同事改"}


def test_a_row_that_a_colleague_deleted_is_created_anew(odoo: OdooBench) -> None:
    """With SQL, so that its identifier leads nowhere."""
    target = odoo.open()
    target.upsert("account", accounts(2))
    del odoo.database.rows["res.partner"][odoo.database.by_golden("account")["G000"]["id"]]
    assert target.fetch("account", ["name"])[EXTERNAL_ID].to_list() == ["G001"]
    assert target.upsert("account", accounts(2)) == []
    assert len(odoo.database.by_golden("account")) == 2


@pytest.mark.parametrize(
    ("entity", "columns", "what"),
    [
        ("account", ["nmae"], "has no field `nmae` — create it in Odoo"),
        ("account", ["category_id"], r"no row can be given `category_id` \(many2many\)"),
        ("account", ["commercial_company_name"], "no row can be given"),
        ("deal", ["name"], "there is no model `deal` — name the model of `deal`"),
        ("contact", ["parent_id"], "does not lead to `sale.order` alone"),
    ],
)
def test_what_is_missing_is_named(
    entity: str, columns: list[str], what: str, odoo: OdooBench
) -> None:
    relations = {"contact": {"parent_id": "order"}}
    with pytest.raises(TargetError, match=what):
        odoo.open(relations=relations).check(entity, columns)


def test_a_field_that_goes_between_test_and_full_stops_the_load(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(3, phone=["1", "2", "3"]))
    del odoo.database.fields["res.partner"]["phone"]
    with pytest.raises(TargetError, match=r"no field `phone`|refused to read `res.partner`"):
        target.upsert("account", accounts(6, phone=["1"] * 6))
    assert len(odoo.database.by_golden("account")) == 3


def test_a_revoked_key_is_said_without_showing_it(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(2))
    odoo.database.key = "another"
    with pytest.raises(TargetError, match="the login was refused") as caught:
        target.upsert("account", accounts(3))
    assert KEY not in str(caught.value)
    with pytest.raises(TargetError, match="the login was refused"):
        odoo.open().check("account", ["name"])


def test_rows_are_deleted_but_for_those_something_holds(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(40))
    odoo.database.add("res.partner", name="手工录入")
    odoo.database.held.add(odoo.database.by_golden("account")["G007"]["id"])
    with pytest.raises(TargetError, match=r"1 row was not deleted \(G007"):
        target.delete("account", [f"G{n:03}" for n in range(39)])
    names = [row["name"] for row in odoo.database.rows["res.partner"].values()]
    assert names == ["公司7", "公司39", "手工录入"]


def test_rows_that_are_there_take_a_golden_id_once(odoo: OdooBench) -> None:
    """Companies alone: people of the same model are another entity's."""
    own = [str(odoo.database.add("res.partner", name=f"甲{n}", is_company=True)) for n in range(4)]
    odoo.database.add("res.partner", name="张")
    odoo.database.add(DATA, module="guiyi", name="account_G2", model="res.partner",
                      res_id=int(own[2]))  # fmt: skip
    odoo.database.add(DATA, module="base", name="main_partner", model="res.partner",
                      res_id=int(own[1]))  # fmt: skip
    target = odoo.open()
    found = target.unidentified("account", ["name"])
    assert found.rows() == [(own[n], f"甲{n}") for n in (0, 1, 3)]
    odoo.service.fault("cut after", lambda one: b"vals_list" in one.body)
    left = target.identify("account", {own[0]: "G0", own[1]: "G2", own[2]: "G9", "999": "G7"})
    assert left == [own[1], own[2], "999"]
    assert target.identify("account", {own[1]: "G5", own[3]: "G5"}) == [own[3]]
    assert set(odoo.database.by_golden("account")) == {"G0", "G2", "G5"}
    target.unidentify("account", ["G0", "G5", "none"])
    assert set(odoo.database.by_golden("account")) == {"G2"}
    assert odoo.database.rows["res.partner"][int(own[0])]["name"] == "甲0"


def test_a_row_with_two_golden_ids_stops_the_load(odoo: OdooBench) -> None:
    target = odoo.open()
    target.upsert("account", accounts(1))
    own_id = odoo.database.by_golden("account")["G000"]["id"]
    odoo.database.add(DATA, module="guiyi", name="account_G9", model="res.partner", res_id=own_id)
    with pytest.raises(TargetError, match="has two golden ids, G000 and G9"):
        target.fetch("account", ["name"])


def test_an_outage_in_the_middle_is_unknown_and_the_same_call_finishes(odoo: OdooBench) -> None:
    target = odoo.open()
    target.prepare("account", ["name"])
    odoo.service.fault("cut before", loads, times=9)
    with pytest.raises(OutcomeUnknown):
        target.upsert("account", accounts(50))
    odoo.service.faults.clear()
    assert target.upsert("account", accounts(50)) == []
    assert len(odoo.database.by_golden("account")) == 50


@pytest.mark.parametrize(
    ("change", "what"),
    [({"auth": {"method": "none"}}, "Odoo wants an API key"),
     ({"external_id": "ref"}, "take out `external_id`")],
)  # fmt: skip
def test_what_cannot_work_is_refused(change: dict[str, Any], what: str) -> None:
    auth = {"method": "bearer", "token": "x"}
    given = {"kind": "odoo", "url": "https://x.example", "database": "crm", "auth": auth}
    with pytest.raises(ValueError, match=what):
        OdooTargetSpec.model_validate({**given, **change})
