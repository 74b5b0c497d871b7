"""Tryton as a target, against Tryton itself."""

from dataclasses import astuple

import polars as pl
import pytest

from connectors.targets import EXTERNAL_ID, HasOwnIds
from connectors.targets.conformance import check_target
from guiyi.errors import TargetError
from tests.connectors.targets.sql_database import table
from tests.connectors.targets.tryton.tryton_crm import crm, emptied
from tests.connectors.targets.tryton.tryton_server import TrytonServer

pytestmark = pytest.mark.slow

USCC = "91110000600037341L"


@pytest.fixture
def target(tryton: TrytonServer) -> HasOwnIds:
    return emptied(tryton)


def test_it_keeps_the_promises_of_a_target(tryton: TrytonServer, target: HasOwnIds) -> None:
    """A name, and a note that is a row of its own."""
    check_target(lambda: crm(tryton.url), makes=False)


def test_a_party_has_addresses_numbers_and_identifiers(
    tryton: TrytonServer, target: HasOwnIds
) -> None:
    """Each is a row of its own in Tryton, and a column here; set, changed and emptied."""
    columns: dict[str, list[str | None]] = {
        EXTERNAL_ID: ["A1", "A2"],
        "name": ["甲有限公司", "乙有限公司"],
        "phone": ["+86 512 6123 4567", None],
        "mobile": [None, "13800138000"],
        "email": ["Sales@Example.COM", None],
        "website": ["https://example.com/甲", None],
        "identifier.cn_vat": [USCC, None],
        "address.street": ["吴中大道88号\n3楼", None],
        "address.city": ["苏州市", "无锡市"],
        "address.country": ["CN", None],
    }
    rows = table(**columns)
    assert target.upsert("account", rows) == []
    found = target.fetch("account", rows.columns[1:])
    assert found.sort(EXTERNAL_ID).equals(target.canonical("account", rows))
    (first, second) = tryton.rows(
        "party.party", [["id", ">", 1]], "code", "phone", "email", "addresses.city",
        "tax_identifier.code", "identifiers.code", "contact_mechanisms.type",
    )  # fmt: skip
    assert first["tax_identifier."]["code"] == USCC
    assert first["phone"] == "+8651261234567"
    assert [one["city"] for one in first["addresses."]] == ["苏州市"]
    assert {one["code"] for one in first["identifiers."]} == {USCC, "guiyi:account:A1"}
    assert [one["type"] for one in second["contact_mechanisms."]] == ["mobile"]
    changed = rows.with_columns(
        pl.Series("phone", [None, "+86 510 1"]), pl.Series("address.city", ["昆山市", None])
    )
    assert target.upsert("account", changed) == []
    found = target.fetch("account", rows.columns[1:])
    assert found.sort(EXTERNAL_ID).equals(target.canonical("account", changed))
    assert target.upsert("account", changed) == []


def test_values_of_any_model_come_back_as_canonical_text(target: HasOwnIds) -> None:
    """Whole numbers, decimals and texts, by plain field names."""
    rows = table(
        external_id=["M1", "M2"], name=["甲元", "乙元"], code=["XA1", "XA2"],
        digits=["2.0", "3"], rounding=["0.010", "0.001"],
    )  # fmt: skip
    assert target.upsert("money", rows) == []
    found = target.fetch("money", rows.columns[1:], ["M1", "M2"])
    assert found.sort(EXTERNAL_ID).equals(target.canonical("money", rows))
    assert found.sort(EXTERNAL_ID)["rounding"].to_list() == ["0.01", "0.001"]


def test_a_sale_belongs_to_a_party(target: HasOwnIds) -> None:
    """A many2one holds the golden id; dates, and choices by their name too."""
    assert target.upsert("account", table(external_id=["A1", "A2"], name=["甲", "乙"])) == []
    orders = table(
        external_id=["O1", "O2"], account=["A1", "A2"], sale_date=["2026-01-02", None],
        description=["第一单", None], invoice_method=["order", "on fulfillment"],
    )  # fmt: skip
    refused = target.upsert("order", orders)
    assert refused == []
    found = target.fetch("order", orders.columns[1:])
    assert found.sort(EXTERNAL_ID).equals(target.canonical("order", orders))
    assert found.sort(EXTERNAL_ID)["invoice_method"].to_list() == ["order", "fulfillment"]
    (lost,) = target.upsert("order", table(external_id=["O3"], account=["A9"]))
    assert (lost.column, lost.reason) == ("account", "the row it points to is not in the target")
    with pytest.raises(TargetError, match="A1") as error:
        target.delete("account", ["A1", "A2"])
    assert "other records point to it" in str(error.value)
    assert target.fetch("account", []).height == 2


def test_a_contact_works_for_its_account(target: HasOwnIds) -> None:
    """By a relation of the module party_relationship: set, turned and taken away."""
    target.upsert("account", table(external_id=["A1", "A2"], name=["甲", "乙"]))
    for account in ("A1", "A2", None):
        rows = table(external_id=["C1"], name=["张三"], account=[account])
        assert target.upsert("contact", rows) == []
        assert target.fetch("contact", ["account"]).rows() == [("C1", account)]
    assert sorted(target.fetch("account", [])[EXTERNAL_ID]) == ["A1", "A2"]


def test_what_a_field_cannot_hold_is_foretold_and_what_tryton_refuses_is_refused_alone(
    target: HasOwnIds,
) -> None:
    """One call holds them all: the rest of it is in."""
    rows = table(
        external_id=["M1", "M2", "M3", "M4", "M5"], name=["a", "b", None, "d", "e"],
        code=["XA1", "XA22", "XA3", "XA4", "XA1"], digits=["2", "2", "2", "2.5", "2"],
    )  # fmt: skip
    foretold = target.unfit("money", rows)
    assert {(one.external_id, one.column) for one in foretold} == {("M2", "code"), ("M4", "digits")}
    bad = table(
        external_id=["A1", "A2", "A3"], name=["甲", "乙", "丙"],
        **{"identifier.cn_vat": [USCC, "geheim", None], "address.country": [None, None, "XX"]},
    )  # fmt: skip
    refused = target.upsert("account", bad)
    assert {(one.external_id, one.column, str(one.reason)) for one in refused} == {
        ("A2", None, "not valid, by its check digits or its form"),
        ("A3", "address.country", "the row it points to is not in the target"),
    }
    assert not any("geheim" in str(part) for one in refused for part in astuple(one))
    assert target.fetch("account", ["name"]).rows() == [("A1", "甲")]
    refused = target.upsert("money", rows)
    assert {(one.external_id, one.column) for one in refused} >= {("M3", "name")}


def test_a_colleagues_edit_since_it_was_read_stays(tryton: TrytonServer, target: HasOwnIds) -> None:
    """Of the party, and of a row of it; Tryton itself compares the times."""
    rows = table(external_id=["A1", "A2", "A3"], name=["甲", "乙", "丙"], phone=["1", "2", "3"])
    target.upsert("account", rows)
    target.fetch("account", ["name", "phone"], ["A1", "A2", "A3"])
    ids = {row["name"]: row["id"] for row in tryton.rows("party.party", [["id", ">", 1]], "name")}
    tryton.call("model.party.party.write", [ids["甲"]], {"name": "theirs"})
    (number,) = tryton.rows("party.contact_mechanism", [["value", "=", "2"]])
    tryton.call("model.party.contact_mechanism.write", [number["id"]], {"value": "22"})
    ours = rows.with_columns(name=pl.lit("ours"), phone=pl.lit("9"))
    assert [one.external_id for one in target.upsert("account", ours)] == ["A1", "A2"]
    found = {
        i: (name, phone) for i, name, phone in target.fetch("account", ["name", "phone"]).rows()
    }
    assert found == {"A1": ("theirs", "1"), "A2": ("乙", "22"), "A3": ("ours", "9")}


def test_an_edit_in_the_very_moment_of_writing_is_seen_by_tryton(
    tryton: TrytonServer, target: HasOwnIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was read for the last time; only the time of the change can tell."""
    target.upsert("account", table(external_id=["A1", "A2"], name=["甲", "乙"]))
    service = target._service  # type: ignore[attr-defined]
    send = service.send

    def late(*given: object) -> object:
        (row,) = tryton.rows("party.party", [["name", "=", "甲"]])
        tryton.call("model.party.party.write", [row["id"]], {"name": "theirs"})
        return send(*given)

    monkeypatch.setattr(service, "send", late)
    refused = target.upsert("account", table(external_id=["A1", "A2"], name=["ours", "ours"]))
    assert [(one.external_id, str(one.reason)) for one in refused] == [
        ("A1", "changed in the CRM since the load was planned; run again")
    ]
    assert dict(target.fetch("account", ["name"]).rows()) == {"A1": "theirs", "A2": "ours"}


def test_rows_without_a_golden_id_are_adopted(tryton: TrytonServer, target: HasOwnIds) -> None:
    """Read, given one, and given back; what colleagues have archived is left alone."""
    names = ["甲", "乙", "丙", "丁"]
    ids = [str(tryton.make("party.party", name=name)[0]) for name in names]
    tryton.call("model.party.party.write", [int(ids[3])], {"active": False})
    found = dict(target.unidentified("account", ["name"]).rows())
    assert {own: found[own] for own in ids[:3]} == dict(zip(ids, names[:3], strict=False))
    assert ids[3] not in found
    left = target.identify("account", {ids[0]: "G1", ids[1]: "G1", "99999": "G7"})
    assert sorted(left) == sorted([ids[1], "99999"])
    assert target.identify("account", {ids[0]: "G1", ids[2]: "G3"}) == []
    assert target.identify("account", {ids[0]: "G8"}) == [ids[0]]
    assert dict(target.fetch("account", ["name"]).rows()) == {"G1": "甲", "G3": "丙"}
    target.unidentify("account", ["G1", "none"])
    assert target.fetch("account", [])[EXTERNAL_ID].to_list() == ["G3"]
    assert ids[0] in target.unidentified("account", [])["own_id"]


def test_merged_parties_have_one_golden_id(tryton: TrytonServer, target: HasOwnIds) -> None:
    """Tryton archives the identifiers of the party that is merged away: it is no longer there."""
    target.upsert("account", table(external_id=["A1", "A2"], name=["甲", "甲"]))
    (one, other) = [row["id"] for row in tryton.rows("party.party", [["id", ">", 1]])]
    session, *_ = tryton.call("wizard.party.replace.create")
    data = {"ask": {"source": other, "destination": one}}
    tryton.call("wizard.party.replace.execute", session, data, "replace")
    assert target.fetch("account", ["name"]).rows() == [("A1", "甲")]


def test_many_records_are_read_page_by_page(
    target: HasOwnIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And by their number, so that none is read twice or missed while others come and go."""
    monkeypatch.setattr("connectors.targets.tryton.service._PAGE", 25)
    ids = [f"A{n:03}" for n in range(60)]
    assert target.upsert("account", table(external_id=ids, name=ids)) == []
    assert sorted(target.fetch("account", ["name"])["name"]) == ids


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"tables": {"account": "party.nobody"}}, "there is no model `party.nobody`"),
        ({"tables": {"account": "sale.sale"}}, "which field of `sale.sale` holds the golden id"),
        ({"identifier_type": "nope"}, "`type` of `party.identifier` has no value `nope`"),
        ({"entities": {"account": {"columns": {"nam": {"field": "nmae"}}}}}, "no field `nmae`"),
        (
            {"entities": {"account": {"columns": {"nam": {"field": "full_name"}}}}},
            "nobody may write `full_name`",
        ),
        ({"auth": {"method": "basic", "user": "admin", "password": "x"}}, "login was refused"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    tryton: TrytonServer, more: dict[str, object], words: str
) -> None:
    with pytest.raises(TargetError, match=words):
        crm(tryton.url, **more).check("account", ["nam"])


def test_a_database_that_is_not_there_is_named(tryton: TrytonServer) -> None:
    with pytest.raises(TargetError, match="nothing is at this address"):
        crm(f"{tryton.root}/nobody/").check("account", ["name"])
