"""Kingdee as a target, on a stand-in that checks every signature."""

import base64
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import pytest

from connectors.targets import EXTERNAL_ID, Rejection
from connectors.targets.conformance import check_target
from connectors.targets.http import OutcomeUnknown
from connectors.targets.kingdee import KingdeeTargetSpec
from connectors.targets.kingdee.proof import gateway_key, signature
from guiyi.errors import ConnectionLost, TargetError
from tests.connectors.targets.kingdee.bench import (
    ENTITIES,
    KingdeeBench,
    kingdee_bench,
    login,
    reads,
    saves,
)
from tests.connectors.targets.sql_database import table


@pytest.fixture(params=["signed", "session"])
def kd(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[KingdeeBench]:
    with kingdee_bench(monkeypatch, request.param) as made:
        yield made


def accounts(count: int, **more: list[str | None]) -> Any:
    ids: list[str | None] = [f"G{n:03}" for n in range(count)]
    names: list[str | None] = [f"公司{n}" for n in range(count)]
    return table(external_id=ids, FName=names, **more)


def again(target: Any, rows: Any) -> Any:
    """As a load does: the same call until it ends."""
    for _ in range(9):
        try:
            return target.upsert("account", rows)
        except ConnectionLost:
            continue
    raise AssertionError("it never ended")


def test_the_promises_of_a_target_are_kept(kd: KingdeeBench) -> None:
    check_target(kd.open, unfit="长" * 301, makes=False)


@pytest.mark.parametrize("kind", ["429", "500", "500 after", "cut before", "cut after", "late",
                                  "shuffled", "truncated", "duplicated", "cut inside"])  # fmt: skip
@pytest.mark.parametrize("match", [saves, reads], ids=["write", "read"])
def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    kind: str, match: Any, kd: KingdeeBench
) -> None:
    """The golden id is not unique: a creation without an answer is asked for before it is sent."""
    rows, target = accounts(120), kd.open()
    target.prepare("account", ["FName"])
    kd.service.fault(kind, match)
    assert again(target, rows) == []
    assert len(kd.site.by_golden("BD_Customer")) == 120
    kd.service.fault(kind, match)
    assert target.fetch("account", ["FName"]).sort(EXTERNAL_ID).equals(rows)
    kd.service.fault(kind, match)
    found = target.fetch("account", ["FName"], rows[EXTERNAL_ID].to_list())
    assert found.sort(EXTERNAL_ID).equals(rows)


@pytest.mark.parametrize("places", [True, False])
def test_a_refused_row_is_refused_alone(places: bool, kd: KingdeeBench) -> None:
    """By the place of its row, or, where none is named, by halving."""
    kd.site.places = places
    kd.site.rule = lambda row: "Geheim 已存在" if row["FName"] == "Geheim" else None
    rows = table(
        external_id=["A1", "A2", "A3", "A4"], FName=["甲", "Geheim", "丙", "丁"],
        FGroup=["VIP", None, "NONE", None],
    )  # fmt: skip
    refused = kd.open().upsert("account", rows)
    assert {(one.external_id, one.column, str(one.reason)) for one in refused} == {
        ("A2", None, "another row already has this value"),
        ("A3", "FGroup", "the row it points to is not in the target"),
    }
    assert not any("Geheim" in str(part) for one in refused for part in astuple(one))
    assert set(kd.site.by_golden("BD_Customer")) == {"A1", "A4"}


def test_values_are_compared_as_kingdee_keeps_them(kd: KingdeeBench) -> None:
    target = kd.open()
    rows = table(
        external_id=["G1", "G2", "G3", "G4"], FName=["甲", " 乙 ", None, "丁"],
        FTEL=[None, None, None, "1" * 41], F_LIMIT=["12.50", "viel", None, None],
        F_VIP=["是", None, None, None], F_SINCE=["2020-01-02", None, None, None],
        F_SEEN=["2020-01-02T00:00:00Z", "gestern", None, None], FGroup=["VIP", None, None, None],
    )  # fmt: skip
    foretold = target.unfit("account", rows)
    assert {(one.external_id, one.column): str(one.reason) for one in foretold} == {
        ("G2", "F_LIMIT"): "not a number",
        ("G3", "FName"): "a value is required",
        ("G4", "FTEL"): "too long: the column takes 40 characters",
    }
    assert target.upsert("account", rows) == foretold
    held = target.fetch("account", rows.columns[1:])
    assert held.rows() == [
        ("G1", "甲", None, "12.5", "true", "2020-01-02", "2020-01-02T08:00:00", "VIP")
    ]
    assert held.equals(target.canonical("account", rows[:1]))
    assert kd.site.by_golden("BD_Customer")["G1"]["FCreateOrgId"] == "100"


def test_a_required_field_that_nothing_is_mapped_to_is_foretold(kd: KingdeeBench) -> None:
    rows = table(external_id=["G9"], FTEL=["2"])
    lacking = [Rejection("G9", "FName", "a value is required, and nothing is mapped to the column")]
    assert kd.open().unfit("account", rows) == lacking


def test_a_contact_belongs_to_its_customer(kd: KingdeeBench) -> None:
    """By the number of the customer, which Kingdee gives."""
    target = kd.open()
    target.upsert("account", accounts(2))
    people = table(
        external_id=["C1", "C2", "C3"], FName=["张", "王", "李"], FCompany=["G001", None, "G009"]
    )
    assert target.upsert("contact", people) == [
        Rejection("C3", "FCompany", "the row it points to is not in the target")
    ]
    assert target.fetch("contact", ["FName", "FCompany"]).equals(people[:2])
    theirs = kd.site.add("BD_Customer", FName="手工录入", FNumber="KH0001")
    assert theirs
    kd.site.by_golden("BD_CommonContact")["C1"]["FCompany"] = "KH0001"
    by_hand = target.fetch("contact", ["FName", "FCompany"], ["C1"])
    assert by_hand["FCompany"].to_list() == ["key:KH0001"]
    assert target.upsert("contact", people[:2]) == []
    assert target.upsert("contact", by_hand) == []
    assert kd.site.by_golden("BD_CommonContact")["C1"]["FCompany"] == "KH0001"
    target.fetch("contact", ["FCompany"], ["C1"])
    assert target.upsert("contact", table(external_id=["C1"], FCompany=[None])) == []
    assert kd.site.by_golden("BD_CommonContact")["C1"]["FCompany"].strip() == ""


def test_only_what_changes_is_sent(kd: KingdeeBench) -> None:
    target = kd.open()
    target.upsert("account", accounts(2, FTEL=["1", "2"]))
    kd.site.by_golden("BD_Customer")["G001"]["FName"] = "同事改"
    kd.service.asked.clear()
    assert target.upsert("account", table(external_id=["G000", "G001"], FTEL=["1", None])) == []
    row = kd.site.by_golden("BD_Customer")["G001"]
    assert (row["FName"], row["FTEL"].strip()) == ("同事改", "")
    assert len([one for one in kd.service.asked if saves(one)]) == 1


def test_what_others_change_after_it_was_asked_for_is_not_written_over(kd: KingdeeBench) -> None:
    target = kd.open()
    target.upsert("account", accounts(2))
    target.fetch("account", ["FName"], ["G000", "G001"])
    kd.site.by_golden("BD_Customer")["G001"]["FName"] = "同事改"
    refused = target.upsert("account", table(external_id=["G000", "G001"], FName=["新甲", "新乙"]))
    assert [one.external_id for one in refused] == ["G001"]
    names = {row["FName"] for row in kd.site.by_golden("BD_Customer").values()}
    assert names == {"新甲", "同事改"}


def test_rows_are_audited_where_the_spec_says_so(kd: KingdeeBench) -> None:
    """Saved, submitted, audited; opened before they change or go."""
    target = kd.open(submit=True)
    assert target.upsert("account", accounts(3)) == []
    states = {row["FDocumentStatus"] for row in kd.site.by_golden("BD_Customer").values()}
    assert states == {"C"}
    plain = kd.open()
    assert [one.external_id for one in plain.upsert("account", accounts(1, FTEL=["9"]))] == ["G000"]
    assert target.upsert("account", accounts(1, FTEL=["9"])) == []
    row = kd.site.by_golden("BD_Customer")["G000"]
    assert (row["FTEL"], row["FDocumentStatus"]) == ("9", "C")
    target.delete("account", ["G000", "G001"])
    assert set(kd.site.by_golden("BD_Customer")) == {"G002"}
    kd.site.audits = False
    with pytest.raises(OutcomeUnknown, match="Submit refused 1 rows of `BD_Customer`"):
        target.upsert("account", table(external_id=["G7"], FName=["庚"]))


@pytest.mark.parametrize(
    ("entity", "columns", "what"),
    [
        ("account", ["Nmae", "FName"], "the form `BD_Customer` has no field `Nmae` — create it"),
        ("deal", ["FName"], "nothing is said of the form of `deal`"),
        ("lost", ["FName"], "there is no form `BD_Lost` with the field `FID`"),
    ],
)
def test_what_is_missing_is_named(
    entity: str, columns: list[str], what: str, kd: KingdeeBench
) -> None:
    entities = {**ENTITIES, "lost": {"form": "BD_Lost", "id": "FID"}}
    with pytest.raises(TargetError, match=what):
        kd.open(entities=entities).check(entity, columns)


def test_a_field_that_goes_between_test_and_full_stops_the_load(kd: KingdeeBench) -> None:
    target = kd.open()
    target.upsert("account", accounts(3, FTEL=["1", "2", "3"]))
    del kd.site.forms["BD_Customer"].fields["FTEL"]
    with pytest.raises(TargetError, match="refused to read `BD_Customer`"):
        target.upsert("account", accounts(6, FTEL=["1"] * 6))
    assert len(kd.site.by_golden("BD_Customer")) == 3


def test_a_session_that_has_ended_is_renewed(kd: KingdeeBench) -> None:
    """`MsgCode` 1 under a status of 200."""
    target = kd.open()
    target.upsert("account", accounts(2))
    kd.site.session = "session-2"
    assert target.upsert("account", accounts(60)) == []
    assert len(kd.site.by_golden("BD_Customer")) == 60


def test_a_refused_login_is_said_without_a_secret(kd: KingdeeBench) -> None:
    kd.site.secret = "another"
    with pytest.raises(TargetError, match="the login was refused") as caught:
        kd.open().check("account", ["FName"])
    assert "Geheim" not in str(caught.value)


def test_a_signature_is_the_base64_of_hexadecimal_digits() -> None:
    """As the vendor's SDK makes it; the second half of an AppID is the gateway's key, disguised."""
    assert base64.b64decode(signature("text", "key")) == (
        b"6afa9046a9579cad143a384c1b564b9a250d27d6f6a63f9f20bf3a7594c9e2c6"
    )
    assert gateway_key("Xedp77lt6Jm+waUtS61C3cVv5Mx94BlL") == "bddc299e0a7d95cef5515adf3a8c1314"
    assert gateway_key("short") == ""


def test_rows_of_others_are_left_alone(kd: KingdeeBench) -> None:
    target = kd.open()
    target.upsert("account", accounts(40))
    kd.site.add("BD_Customer", FName="手工录入")
    kd.site.held.add(kd.site.by_golden("BD_Customer")["G007"]["FCUSTID"])
    with pytest.raises(TargetError, match=r"1 row was not deleted \(G007"):
        target.delete("account", [f"G{n:03}" for n in range(39)])
    names = [row["FName"] for row in kd.site.rows["BD_Customer"].values()]
    assert names == ["公司7", "公司39", "手工录入"]


def test_rows_that_are_there_take_a_golden_id_once(kd: KingdeeBench) -> None:
    own = [str(kd.site.add("BD_Customer", FName=f"甲{n}", FCreateOrgId="100")) for n in range(4)]
    kd.site.rows["BD_Customer"][int(own[2])]["F_GUIYI_ID"] = "G2"
    target = kd.open()
    found = target.unidentified("account", ["FName"])
    assert found.rows() == [(own[n], f"甲{n}") for n in (0, 1, 3)]
    kd.service.fault("cut after", saves)
    left = target.identify("account", {own[0]: "G0", own[1]: "G2", own[2]: "G9", "77": "G7"})
    assert left == [own[1], own[2], "77"]
    assert target.identify("account", {own[1]: "G5", own[3]: "G5"}) == [own[3]]
    target.unidentify("account", ["G0", "G5", "none"])
    assert set(kd.site.by_golden("BD_Customer")) == {"G2"}
    assert kd.site.rows["BD_Customer"][int(own[0])]["FName"] == "甲0"


def test_the_number_itself_can_hold_the_golden_id(kd: KingdeeBench) -> None:
    """编码: every row has one, so none lacks a golden id."""
    target = kd.open(external_id="FNumber")
    assert target.upsert("account", accounts(3)) == []
    assert set(kd.site.by_golden("BD_Customer", "FNumber")) == {"G000", "G001", "G002"}
    assert target.unidentified("account", ["FName"]).is_empty()
    people = table(external_id=["C1"], FName=["张"], FCompany=["G001"])
    assert target.upsert("contact", people) == []
    assert target.fetch("contact", ["FName", "FCompany"]).equals(people)


@pytest.mark.parametrize(
    ("change", "what"),
    [({"auth": {"method": "bearer", "token": "x"}}, "Kingdee logs in by `login`"),
     ({"tables": {"account": "BD_Customer"}}, "take out `tables`")],
)  # fmt: skip
def test_what_cannot_work_is_refused(change: dict[str, Any], what: str) -> None:
    given = {"kind": "kingdee", "url": "https://x.example/k3cloud/", "login": login("signed")}
    with pytest.raises(ValueError, match=what):
        KingdeeTargetSpec.model_validate({**given, "entities": ENTITIES, **change})
