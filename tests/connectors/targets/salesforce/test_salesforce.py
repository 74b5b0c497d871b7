"""Salesforce as a target, on a stand-in that takes no request its documentation forbids."""

import base64
import json
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from connectors.targets import EXTERNAL_ID, Rejection
from connectors.targets.conformance import check_target
from connectors.targets.http import OutcomeUnknown
from connectors.targets.salesforce import SalesforceTargetSpec, open_salesforce
from guiyi.errors import ConnectionLost, TargetError
from pipelines.loading.rejection_codes import code_of
from tests.connectors.targets.http.http_server import Answer, Asked
from tests.connectors.targets.salesforce.bench import (
    SalesforceBench,
    reads,
    salesforce_bench,
    upserts,
)
from tests.connectors.targets.salesforce.org import error
from tests.connectors.targets.sql_database import table

BULK: dict[str, Any] = {"bulk_from": 1}


@pytest.fixture
def sf(monkeypatch: pytest.MonkeyPatch) -> Iterator[SalesforceBench]:
    with salesforce_bench(monkeypatch) as made:
        yield made


def accounts(count: int, **more: list[str | None]) -> Any:
    ids: list[str | None] = [f"G{n:03}" for n in range(count)]
    names: list[str | None] = [f"公司{n}" for n in range(count)]
    return table(external_id=ids, Name=names, **more)


@pytest.mark.parametrize("keys", [{}, BULK, {"bulk_read_from": 1}], ids=["rest", "bulk", "job"])
def test_the_promises_of_a_target_are_kept(keys: dict[str, Any], sf: SalesforceBench) -> None:
    check_target(lambda: sf.open(**keys), unfit="长" * 256, makes=False)


@pytest.mark.parametrize("kind", ["429", "500", "500 after", "cut before", "cut after", "late",
                                  "shuffled", "truncated", "duplicated", "cut inside"])  # fmt: skip
@pytest.mark.parametrize("match", [upserts, reads], ids=["write", "read"])
def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    kind: str, match: Any, sf: SalesforceBench
) -> None:
    """One request fails in every way there is; what was sent is what is found, once."""
    rows, target = accounts(430), sf.open()
    target.prepare("account", ["Name"])
    sf.service.fault(kind, match)
    assert target.upsert("account", rows) == []
    assert len(sf.org.by_golden("Account")) == 430
    sf.service.fault(kind, match)
    assert target.fetch("account", ["Name"]).sort(EXTERNAL_ID).equals(rows)
    sf.service.fault(kind, match)
    again = target.fetch("account", ["Name"], rows[EXTERNAL_ID].to_list())
    assert again.sort(EXTERNAL_ID).equals(rows)


REFUSED = {
    ("A2", None, "the row it points to is not in the target", "dangling_reference"),
    ("A3", None, "a validation rule of the CRM refuses it", "check_failed"),
    ("A4", "Phone", "another row already has this value", "duplicate_value"),
}


@pytest.mark.parametrize("keys", [{}, BULK], ids=["rest", "bulk"])
def test_a_refused_row_is_refused_alone(keys: dict[str, Any], sf: SalesforceBench) -> None:
    """In words of ours, with a code, without a value."""
    sf.org.rule = "Geheim"
    sf.org.fields["Account"][2] = {**sf.org.fields["Account"][2], "unique": True}
    sf.org.add("Account", Name="手工录入", Phone="Geheime Nummer")
    rows = table(
        external_id=["A1", "A2", "A3", "A4", "A5"],
        Name=["甲", "乙", "Geheim", "丁", "戊"],
        Phone=[None, None, None, "Geheime Nummer", None],
        ParentId=[None, "nobody", None, None, "A1"],
    )
    refused = sf.open(**keys).upsert("account", rows)
    found = {(r.external_id, r.column, str(r.reason), code_of(r.reason)[0]) for r in refused}
    assert found == {(*one[:1], "ParentId" if one[0] == "A2" else one[1], *one[2:])
                     for one in REFUSED}  # fmt: skip
    assert not any("Geheim" in str(part) for one in refused for part in astuple(one))
    assert set(sf.org.by_golden("Account")) == {"A1", "A5"}


@pytest.mark.parametrize("keys", [{}, BULK], ids=["rest", "bulk"])
def test_a_locked_row_is_sent_again(keys: dict[str, Any], sf: SalesforceBench) -> None:
    """UNABLE_TO_LOCK_ROW passes; where it does not, the row is refused for it."""
    sf.org.locked = {"G001": 2, "G002": 99}
    refused = sf.open(**keys).upsert("account", accounts(4))
    assert [(r.external_id, code_of(r.reason)[0]) for r in refused] == [("G002", "locked")]
    assert set(sf.org.by_golden("Account")) == {"G000", "G001", "G003"}


def test_what_a_field_cannot_hold_is_foretold(sf: SalesforceBench) -> None:
    target = sf.open()
    rows = table(
        external_id=["G1", "G2", "G3", "G4", "G5", "G6"],
        Name=["甲", " 乙 ", "丙", None, "戊", "己"],
        AnnualRevenue=["12.50", "viel", "12345678901234567", None, None, None],
        NumberOfEmployees=["7", "1.5", None, None, None, None],
        Founded__c=["2020-01-02", None, None, None, "2020-13-01", None],
        Vip__c=["yes", None, None, None, None, "vielleicht"],
        Seen__c=["2020-01-02 08:00:00+08:00", None, None, None, None, None],
        Industry=["Banking", "Old", None, None, None, None],
        Tags__c=["b;c", None, None, None, None, None],
    )
    foretold = target.unfit("account", rows)
    assert {(one.external_id, one.column): str(one.reason) for one in foretold} == {
        ("G2", "AnnualRevenue"): "not a number",
        ("G3", "AnnualRevenue"): "outside the range of the column",
        ("G4", "Name"): "a value is required",
        ("G5", "Founded__c"): "not a date",
        ("G6", "Vip__c"): "neither yes nor no",
    }
    assert target.upsert("account", rows) == foretold
    held = target.fetch("account", rows.columns[1:])
    assert held.rows() == [
        ("G1", "甲", "12.5", "7", "2020-01-02", "true", "2020-01-02T00:00:00Z", "Banking", "c;b")
    ]
    assert held.equals(target.canonical("account", rows[:1]))


def test_a_required_field_that_nothing_is_mapped_to_is_foretold(sf: SalesforceBench) -> None:
    """For rows that would be new; one that is there may be changed."""
    target = sf.open()
    target.upsert("account", accounts(1))
    rows = table(external_id=["G000", "G9"], Phone=["1", "2"])
    lacking = [Rejection("G9", "Name", "a value is required, and nothing is mapped to the column")]
    assert target.unfit("account", rows) == lacking
    assert target.upsert("account", rows) == lacking
    assert sf.org.by_golden("Account")["G000"]["Phone"] == "1"


@pytest.mark.parametrize("keys", [{}, BULK], ids=["rest", "bulk"])
def test_a_contact_belongs_to_its_account(keys: dict[str, Any], sf: SalesforceBench) -> None:
    """By the golden id of the account; a parent goes before its child."""
    target = sf.open(**keys)
    assert target.upsert("account", accounts(3, ParentId=["G002", None, None])) == []
    people = table(external_id=["C1", "C2"], LastName=["张", "王"], AccountId=["G000", None])
    assert target.upsert("contact", people) == []
    assert target.fetch("contact", ["LastName", "AccountId"]).equals(people)
    assert dict(target.fetch("account", ["ParentId"]).iter_rows())["G000"] == "G002"
    theirs = sf.org.add("Account", Name="手工录入")
    sf.org.by_golden("Contact")["C1"]["AccountId"] = theirs
    by_hand = target.fetch("contact", ["LastName", "AccountId"], ["C1"])
    assert by_hand["AccountId"].to_list() == [f"key:{theirs}"]
    assert target.upsert("contact", people) == []
    assert target.upsert("contact", by_hand) == []
    assert sf.org.by_golden("Contact")["C1"]["AccountId"] == theirs
    emptied = table(external_id=["C1"], AccountId=[None])
    target.fetch("contact", ["AccountId"], ["C1"])
    assert target.upsert("contact", emptied) == []
    assert sf.org.by_golden("Contact")["C1"]["AccountId"] is None


@pytest.mark.parametrize("keys", [{}, BULK], ids=["rest", "bulk"])
def test_only_what_changes_is_sent(keys: dict[str, Any], sf: SalesforceBench) -> None:
    """An emptied field is emptied, whatever else a row has stays; #N/A itself is a text."""
    target = sf.open(**keys)
    rows = accounts(3, Phone=["1", "2", "3"], Remark__c=['a, "b"\nc', "#N/A", None])
    assert target.upsert("account", rows) == []
    assert target.fetch("account", ["Name", "Phone", "Remark__c"]).sort(EXTERNAL_ID).equals(rows)
    sf.org.by_golden("Account")["G001"]["Name"] = "同事改"
    assert target.upsert("account", table(external_id=["G001"], Phone=[None])) == []
    row = sf.org.by_golden("Account")["G001"]
    assert (row["Name"], row["Phone"], row["Remark__c"]) == ("同事改", None, "#N/A")


def test_what_others_change_after_it_was_asked_for_is_not_written_over(
    sf: SalesforceBench,
) -> None:
    target = sf.open()
    target.upsert("account", accounts(2))
    target.fetch("account", ["Name"], ["G000", "G001"])
    sf.org.by_golden("Account")["G001"]["Name"] = "同事改"
    refused = target.upsert("account", table(external_id=["G000", "G001"], Name=["新甲", "新乙"]))
    assert [one.external_id for one in refused] == ["G001"]
    assert {row["Name"] for row in sf.org.by_golden("Account").values()} == {"新甲", "同事改"}


def test_an_expired_session_is_renewed(sf: SalesforceBench) -> None:
    target = sf.open()
    target.upsert("account", accounts(2))
    sf.org.token = "00D-second"
    assert target.upsert("account", accounts(300)) == []
    assert len(sf.org.by_golden("Account")) == 300


def test_a_login_by_key_is_signed(
    sf: SalesforceBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 7523: the assertion is checked with the public key, as the org does."""
    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "sf.pem").write_bytes(pem)
    seen: list[dict[str, Any]] = []

    def granted(form: dict[str, str]) -> bool:
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        head, claims, signature = form["assertion"].split(".")
        key.public_key().verify(_raw(signature), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
        assert json.loads(_raw(head))["alg"] == "RS256"
        seen.append(json.loads(_raw(claims)))
        return True

    sf.org.grants = granted
    auth = {
        "method": "jwt_bearer", "token_url": sf.url + "/services/oauth2/token",
        "client_id": "3MVG", "user": "guiyi@example.com", "key_file": "sf.pem",
        "audience": "https://login.salesforce.com",
    }  # fmt: skip
    spec = SalesforceTargetSpec.model_validate(sf.spec(auth=auth))
    assert open_salesforce(spec, tmp_path).check("account", ["Name"])
    found = {name: seen[0][name] for name in ("iss", "sub", "aud")}
    assert found == {"iss": "3MVG", "sub": "guiyi@example.com", "aud": auth["audience"]}
    (tmp_path / "sf.pem").write_text("-----BEGIN Geheim-----")
    with pytest.raises(TargetError, match=r"key_file: holds no private key") as caught:
        open_salesforce(spec, tmp_path)
    assert "Geheim" not in str(caught.value)


def test_a_refresh_token_logs_in(sf: SalesforceBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SF_REFRESH", "5Aep-Geheim")
    sf.org.grants = lambda form: (
        form == {"grant_type": "refresh_token", "client_id": "3MVG", "refresh_token": "5Aep-Geheim"}
    )
    auth = {"method": "refresh_token", "token_url": sf.url + "/services/oauth2/token",
            "client_id": "3MVG", "refresh_token": "${SF_REFRESH}"}  # fmt: skip
    assert sf.open(auth=auth).check("account", ["Name"])


def _raw(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


@pytest.mark.parametrize(
    ("message", "waits"),
    [("TotalRequests Limit exceeded.", False), ("ConcurrentRequests limit exceeded.", True)],
)
def test_a_limit_is_waited_for_if_waiting_opens_it(
    message: str, waits: bool, sf: SalesforceBench
) -> None:
    target, real, left = sf.open(), sf.service.service, [2]
    target.prepare("account", ["Name"])

    def limited(asked: Asked) -> Answer:
        if upserts(asked) and left[0]:
            left[0] -= 1
            return error(403, "REQUEST_LIMIT_EXCEEDED", message)
        return real(asked)

    sf.service.service = limited
    if waits:
        assert target.upsert("account", accounts(3)) == []
        assert len(sf.waited) == 2
    else:
        with pytest.raises(ConnectionLost, match="the daily limit of requests is used up"):
            target.upsert("account", accounts(3))
        left[0] = 0
        assert target.upsert("account", accounts(3)) == []


@pytest.mark.parametrize(
    ("entity", "columns", "what"),
    [
        ("account", ["Nmae"], "has no field `Nmae` — create it in Setup"),
        ("account", ["CreatedDate"], "nobody may write `CreatedDate`"),
        ("deal", ["Name"], "there is no object `deal` — name the object of `deal`"),
        ("conformance", ["name"], "External ID and Unique"),
        ("contact", ["AccountId"], "does not lead to `Contact` alone"),
    ],
)
def test_what_is_missing_is_named(
    entity: str, columns: list[str], what: str, sf: SalesforceBench
) -> None:
    sf.org.fields["conformance"][0] = {**sf.org.fields["conformance"][0], "unique": False}
    relations = {"contact": {"AccountId": "contact"}}
    with pytest.raises(TargetError, match=what):
        sf.open(relations=relations).check(entity, columns)


@pytest.mark.parametrize("keys", [{}, BULK], ids=["rest", "bulk"])
def test_a_field_that_goes_between_test_and_full_stops_the_load(
    keys: dict[str, Any], sf: SalesforceBench
) -> None:
    """No row is to blame for it; it is named."""
    target = sf.open(**keys)
    target.upsert("account", accounts(3, Phone=["1", "2", "3"]))
    del sf.org.fields["Account"][2]
    for row in sf.org.rows["Account"].values():
        del row["Phone"]
    with pytest.raises(TargetError, match=r"no field `Phone`|no right to read|refused \(read\)"):
        target.upsert("account", accounts(6, Phone=["1"] * 6))
    assert len(sf.org.by_golden("Account")) == 3


def test_a_golden_id_on_two_rows_stops_the_load(sf: SalesforceBench) -> None:
    target = sf.open()
    target.upsert("account", accounts(2))
    sf.org.add("Account", Guiyi_Id__c="G001")
    with pytest.raises(TargetError, match="`Guiyi_Id__c` is not unique in the table `Account`"):
        target.fetch("account", ["Name"], ["G001"])
    with pytest.raises(TargetError, match="remove the row G001 that stands there twice"):
        target.fetch("account", ["Name"])


def test_rows_of_others_are_left_alone(sf: SalesforceBench) -> None:
    target = sf.open()
    target.upsert("account", accounts(320))
    sf.org.add("Account", Name="手工录入")
    sf.service.fault("cut after", lambda one: one.method == "DELETE")
    target.delete("account", [f"G{n:03}" for n in range(319)])
    names = [row["Name"] for row in sf.org.rows["Account"].values()]
    assert names == ["公司319", "手工录入"]


def test_rows_that_are_there_take_a_golden_id_once(sf: SalesforceBench) -> None:
    """As `guiyi adopt` gives it: one that is gone or has one, or whose golden id another has, is
    named.
    """
    own = [sf.org.add("Account", Name=f"甲{n}") for n in range(4)]
    sf.org.rows["Account"][own[2]]["Guiyi_Id__c"] = "G2"
    target = sf.open()
    found = target.unidentified("account", ["Name"])
    assert found.rows() == [(own[n], f"甲{n}") for n in (0, 1, 3)]
    sf.service.fault("cut after", upserts)
    left = target.identify("account", {own[0]: "G0", own[1]: "G2", own[2]: "G9", "001x": "G7"})
    assert left == [own[1], own[2], "001x"]
    assert target.identify("account", {own[1]: "G5", own[3]: "G5"}) == [own[3]]
    assert set(sf.org.by_golden("Account")) == {"G0", "G2", "G5"}
    target.unidentify("account", ["G0", "G5", "none"])
    assert set(sf.org.by_golden("Account")) == {"G2"}
    assert sf.org.rows["Account"][own[0]]["Name"] == "甲0"


def test_a_login_of_another_sort_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Salesforce wants OAuth 2\.0"):
        SalesforceTargetSpec.model_validate({"kind": "salesforce", "url": "https://x.example"})


def test_an_outage_in_the_middle_is_unknown_and_the_same_call_finishes(
    sf: SalesforceBench,
) -> None:
    target = sf.open()
    target.prepare("account", ["Name"])
    sf.service.fault("cut before", upserts, times=9)
    with pytest.raises(OutcomeUnknown):
        target.upsert("account", accounts(250))
    sf.service.faults.clear()
    assert target.upsert("account", accounts(250)) == []
    assert len(sf.org.by_golden("Account")) == 250
