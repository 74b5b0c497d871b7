"""Whatever goes wrong on the way: nothing is lost, nothing doubled, no success reported that was
none.
"""

import json
import random
from collections.abc import Iterator

import pytest

from connectors.targets.http import AuthSpec
from guiyi.errors import ConnectionLost, OutcomeUnknown, TargetError
from tests.connectors.targets.odata.odata_crm import crm, table
from tests.connectors.targets.odata.odata_server import (
    Misbehaviour,
    ODataService,
    crm_sets,
    odata_service,
)

ALWAYS = 50


@pytest.fixture(params=["alternate key", "search"])
def service(request: pytest.FixtureRequest) -> Iterator[ODataService]:
    sets = crm_sets(alternate=request.param == "alternate key")
    with odata_service(ODataService(sets, forms=("json", "multipart"), page=50)) as made:
        yield made


@pytest.mark.parametrize(
    "wrong",
    [
        "busy",
        "away",
        "cut_before",
        "cut_after",
        "late",
        "truncated",
        "liar",
        "half",
        "members_busy",
        "member_fails",
        "too_large",
    ],
)
def test_one_misbehaviour_is_overcome(service: ODataService, wrong: str) -> None:
    """Within one call: the rows are asked for, and only what is missing is sent again."""
    target = crm(service)
    target.upsert("account", table(ids=["A1", "A2"], name=["old", "old"]))
    service.ahead = [Misbehaviour(wrong)]
    names = ["甲", "乙", "丙", "丁"]
    rows = table(ids=["A1", "A2", "A3", "A4"], name=names)
    assert target.upsert("account", rows) == []
    assert service.ahead == []
    assert service.ids("accounts") == ["A1", "A2", "A3", "A4"]
    assert crm(service).fetch("account", ["name"]).sort("external_id")["name"].to_list() == names


def test_a_success_that_was_none_is_a_rejection(service: ODataService) -> None:
    """201 and 204 for rows of which nothing is there, as often as they are sent."""
    target = crm(service)
    target.upsert("account", table(ids=["A1"], name=["old"]))
    service.ahead = [Misbehaviour("liar", number=4)] * ALWAYS
    rejected = target.upsert("account", table(ids=["A1", "A2"], name=["new", "new"]))
    assert [(r.external_id, str(r.reason).rpartition(", but ")[2]) for r in rejected] == [
        ("A1", "it is as before"),
        ("A2", "it is not there"),
    ]
    service.ahead = []
    assert target.upsert("account", table(ids=["A1", "A2"], name=["new", "new"])) == []


@pytest.mark.parametrize("wrong", ["cut_after", "late", "truncated", "cut_before", "away"])
def test_an_end_that_stays_unknown_is_settled_by_the_next_call(
    service: ODataService, wrong: str
) -> None:
    """The service goes away with the answer; whoever asks again, or resumes, doubles nothing."""
    target = crm(service)
    target.upsert("account", table(ids=["A1"], name=["old"]))
    target.fetch("account", ["name"], ["A1", "A2"])
    service.ahead = [Misbehaviour(wrong), *[Misbehaviour("away", on="GET accounts")] * ALWAYS]
    rows = table(ids=["A1", "A2"], name=["甲", "乙"])
    with pytest.raises(ConnectionLost):
        target.upsert("account", rows)
    service.ahead = []
    for again in (target, crm(service)):
        assert again.upsert("account", rows) == []
        assert service.ids("accounts") == ["A1", "A2"]
        assert service.named("accounts", "A1")["name"] == "甲"


def test_an_edit_after_a_lost_answer_is_not_written_over(service: ODataService) -> None:
    """Ours is in or not; what stands there now is neither ours nor what was there: a person's."""
    target = crm(service)
    target.upsert("account", table(ids=["A1", "A2"], name=["old", "old"]))
    target.fetch("account", ["name"], ["A1", "A2"])
    service.ahead = [
        Misbehaviour("cut_after"),
        *[Misbehaviour("away", on="GET accounts")] * ALWAYS,
    ]
    rows = table(ids=["A1", "A2"], name=["甲", "乙"])
    with pytest.raises(OutcomeUnknown):
        target.upsert("account", rows)
    service.ahead = []
    service.edit("accounts", "A2", name="edited")
    assert [r.external_id for r in target.upsert("account", rows)] == ["A2"]
    assert service.named("accounts", "A2")["name"] == "edited"


def test_a_property_that_is_gone_ends_the_call_and_nothing_of_it_stays(
    service: ODataService,
) -> None:
    """It is no row's fault. What earlier requests of the call have written is taken back."""
    target = crm(service)
    old = table(ids=["A1"], name=["old"], address1_city=["广州"])
    target.upsert("account", old)
    service.ahead = [Misbehaviour("none"), Misbehaviour("gone")]
    ids = [f"A{n}" for n in range(1, 9)]
    rows = table(ids=ids, name=ids, address1_city=ids)
    with pytest.raises(TargetError, match="has no property `address1_city`"):
        target.upsert("account", rows)
    assert service.ids("accounts") == ["A1"]
    assert service.named("accounts", "A1")["name"] == "old"


def test_what_cannot_be_taken_back_is_called_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The login is refused in the middle: the batch stays open, and a resumed load ends it."""
    monkeypatch.setenv("CRM_TOKEN", "valid")
    auth = AuthSpec(method="bearer", token="${CRM_TOKEN}")
    with odata_service(ODataService(crm_sets(), forms=("json",), page=50)) as service:
        service.token = "valid"
        service.ahead = [Misbehaviour("none"), Misbehaviour("expired")]
        ids = [f"A{n}" for n in range(1, 9)]
        target = crm(service, auth=auth)
        for _ in range(3):
            with pytest.raises(OutcomeUnknown, match="the login was refused"):
                target.upsert("account", table(ids=ids, name=ids))
        assert service.ids("accounts") == ids[:4]
        service.token = "valid"
        assert target.upsert("account", table(ids=ids, name=ids)) == []
        assert service.ids("accounts") == ids


def test_a_token_that_ends_in_the_middle_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Client credentials: nobody notices."""
    from tests.connectors.targets.http.http_server import Answer, Asked, serving

    monkeypatch.setenv("CLIENT_SECRET", "s3cret")
    service = ODataService(crm_sets(), page=50)
    service.token = "first"

    def tokens(_: Asked) -> Answer:
        return Answer(body=json.dumps({"access_token": service.token, "expires_in": 99}).encode())

    with serving(tokens) as root, odata_service(service):
        auth = AuthSpec(
            method="client_credentials",
            token_url=f"{root}/token",
            client_id="guiyi",
            client_secret="${CLIENT_SECRET}",
        )
        target = crm(service, auth=auth)
        service.ahead = [Misbehaviour("none"), Misbehaviour("expired")]
        ids = [f"A{n}" for n in range(1, 9)]
        assert target.upsert("account", table(ids=ids, name=ids)) == []
        assert service.token == "renewed"
        assert service.ids("accounts") == ids


def test_deleting_survives_what_goes_wrong(service: ODataService) -> None:
    """A row that is gone is gone, whoever answered what."""
    for wrong in ("cut_before", "cut_after", "half", "liar", "members_busy", "busy"):
        target = crm(service)
        target.upsert("account", table(ids=["A1", "A2", "A3"], name=["a", "b", "c"]))
        service.ahead = [Misbehaviour(wrong)]
        target.delete("account", ["A1", "A3", "none"])
        assert (wrong, service.ids("accounts")) == (wrong, ["A2"])


def test_no_rejection_holds_a_value(service: ODataService) -> None:
    """The service writes the value into its sentence; ours names row, column and code."""
    target = crm(service)
    target.check("account", ["name"])
    model = service.sets["accounts"]
    short = {**model.props, "name": {"Type": "Edm.String", "MaxLength": "3"}}
    service.sets["accounts"] = type(model)(
        "accounts", short, model.primary, model.alternate, model.navs
    )
    (refused,) = target.upsert("account", table(ids=["A1"], name=["Geheimnis GmbH"]))
    assert (refused.external_id, refused.column) == ("A1", "name")
    assert refused.reason == "the service refused it (400 0x80044331)"


MEMBERS = ("liar", "half", "members_busy", "member_fails", "too_large")
KINDS = ("busy", "away", "cut_before", "cut_after", "truncated", *MEMBERS)
ON = ("$batch", "$batch", "GET accounts")


def test_asking_in_between_does_not_make_an_edit_ours(service: ODataService) -> None:
    """A loader reads the rows after a lost answer; what someone changed before that stays, too."""
    target = crm(service)
    target.upsert("account", table(ids=["A1", "A2", "A3"], name=["old"] * 3))
    target.fetch("account", ["name"], ["A1", "A2", "A3"])
    service.ahead = [Misbehaviour("half", number=1)]
    service.ahead += [Misbehaviour("away", on="GET accounts")] * ALWAYS
    rows = table(ids=["A1", "A2", "A3"], name=["甲", "乙", "丙"])
    with pytest.raises(ConnectionLost):
        target.upsert("account", rows)
    service.ahead = []
    service.edit("accounts", "A2", name="edited")
    target.fetch("account", ["name"], ["A1", "A2", "A3"])
    assert [r.external_id for r in target.upsert("account", rows)] == ["A2"]
    found = dict(target.fetch("account", ["name"]).iter_rows())
    assert found == {"A1": "甲", "A2": "edited", "A3": "丙"}
    assert target.upsert("account", table(ids=["A1", "A3"], name=["old", "old"])) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_load_through_chaos_ends_as_it_should(service: ODataService, seed: int) -> None:
    """Any sequence of faults, with colleagues at work, or with a new process for each attempt: the
    call is repeated until it goes through. Then each row is as wanted, or rejected and as it was.
    """
    chance = random.Random(seed)
    ids = [f"A{n:02}" for n in range(16)]
    target = crm(service)
    target.upsert("account", table(ids=ids[:8], name=["old"] * 8))
    target.fetch("account", ["name"], ids)
    is_resumed = seed % 3 == 2
    edited = [] if is_resumed else chance.sample(ids[:8], 2)
    for one in edited:
        service.edit("accounts", one, name="theirs")
    rows = table(ids=ids, name=[f"{one} {seed}" for one in ids])
    kinds = chance.choices(KINDS, k=chance.randint(3, 25))
    service.ahead = [
        Misbehaviour(kind, "$batch" if kind in MEMBERS else chance.choice(ON), chance.randint(1, 4))
        for kind in kinds
    ]
    for _ in range(40):
        try:
            rejected = {r.external_id for r in target.upsert("account", rows)}
            break
        except ConnectionLost:
            target = crm(service) if is_resumed else target
    assert len(set(service.ids("accounts"))) == len(service.rows["accounts"])
    assert rejected >= set(edited)
    found = dict(crm(service).fetch("account", ["name"]).iter_rows())
    for one in ids:
        was = "theirs" if one in edited else "old" if one in ids[:8] else None
        assert found.get(one) == (was if one in rejected else f"{one} {seed}"), one
