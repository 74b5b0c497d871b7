"""A target behind OData: rows go in and come back as they are, and only what can be."""

from collections.abc import Iterator

import polars as pl
import pytest

from connectors.targets.conformance import check_target
from guiyi.errors import TargetError
from tests.connectors.targets.odata.odata_crm import LOOKUPS, crm, table
from tests.connectors.targets.odata.odata_server import (
    KEY,
    ODataService,
    crm_sets,
    odata_service,
)


@pytest.fixture
def service() -> Iterator[ODataService]:
    with odata_service(ODataService(crm_sets())) as made:
        yield made


@pytest.mark.parametrize("forms", [("multipart",), ("json", "multipart"), ()])
@pytest.mark.parametrize("alternate", [True, False])
@pytest.mark.parametrize("search", ["or", "in"])
def test_it_keeps_the_promises_of_a_target(
    forms: tuple[str, ...], alternate: bool, search: str
) -> None:
    """By alternate key or by search, in whatever form of batch the service takes."""
    with odata_service(ODataService(crm_sets(alternate=alternate), forms=forms)) as made:
        check_target(lambda: crm(made, search=search), unfit="x" * 51, makes=False)
        batches = [one for one in made.asked if "$batch" in one]
        assert bool(batches) or not forms


VALUES = [
    ("name", ' O\'Brien "x" %20&$甲😀\n', ' O\'Brien "x" %20&$甲😀\n'),
    ("name", "", None),
    ("revenue", "1234567890123.40", "1234567890123.4"),
    ("revenue", "-0.00", "0"),
    ("numberofemployees", "7.0", "7"),
    ("donotemail", "是", "true"),
    ("donotemail", "0", "false"),
    ("openedon", "2001-02-03", "2001-02-03"),
    ("seenon", "2024-01-02T03:04:05.9+08:00", "2024-01-01 19:04:05+00:00"),
]


@pytest.mark.parametrize(("column", "text", "spelled"), VALUES)
def test_a_value_comes_back_as_canonical_text(
    service: ODataService, column: str, text: str, spelled: str | None
) -> None:
    """Numbers, dates, truth values, and that nothing is nothing."""
    target = crm(service)
    rows = table(ids=["A1"], **{column: [text]})
    assert target.upsert("account", rows) == []
    found = crm(service).fetch("account", [column])
    assert found[column].to_list() == [spelled]
    assert target.canonical("account", rows).equals(found)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("name", "甲" * 61, "too long: the column takes 60 characters"),
        ("revenue", "1.234", "more than 2 digits after the decimal point"),
        ("revenue", "12345678901234.5", "more digits than the column's 15"),
        ("numberofemployees", "3000000000", "outside the range of the column"),
        ("donotemail", "perhaps", "neither yes nor no"),
        ("openedon", "2024-03", "not a date"),
        ("openedon", "2024-03-01T10:00:00", "a date with a time of day, for a column of dates"),
    ],
)
def test_what_a_property_cannot_hold_is_foretold(
    service: ODataService, column: str, text: str, reason: str
) -> None:
    """From $metadata, by row and column, without the value; and rejected with its row alone."""
    target = crm(service)
    rows = table(ids=["A1", "A2"], **{column: [text, None]})
    (foretold,) = target.unfit("account", rows)
    assert (foretold.external_id, foretold.column, foretold.reason) == ("A1", column, reason)
    assert target.upsert("account", rows) == [foretold]
    assert service.ids("accounts") == ["A2"]


def test_a_value_that_is_required_is_asked_for(service: ODataService) -> None:
    """Where the column is mapped and empty, and where a new row has no column for it."""
    target = crm(service)
    rows = table(ids=["C1", "C2"], lastname=["张", ""])
    assert [(r.external_id, r.column) for r in target.unfit("contact", rows)] == [
        ("C2", "lastname")
    ]
    assert len(target.upsert("contact", rows)) == 1
    rows = table(ids=["C1", "C3"], fullname=["张三", "李四"])
    (unfit,) = target.unfit("contact", rows)
    assert (unfit.external_id, unfit.column) == ("C3", "lastname")
    assert "nothing is mapped" in unfit.reason
    assert target.upsert("contact", rows) == [unfit]
    assert service.named("contacts", "C1")["fullname"] == "张三"


@pytest.mark.parametrize("alternate", [True, False])
def test_lookups_are_golden_ids(alternate: bool) -> None:
    """Written as links, read back as the golden id of what they lead to; emptied, too."""
    with odata_service(ODataService(crm_sets(alternate=alternate))) as service:
        target = crm(service)
        accounts = table(ids=["A3", "A1", "A2"], name=["丙", "甲", "乙"], parent=["A2", None, "A1"])
        assert target.upsert("account", accounts) == []
        found = crm(service).fetch("account", ["name", "parent"])
        assert found.sort("external_id")["parent"].to_list() == [None, "A1", "A2"]
        contacts = table(ids=["C1", "C2"], lastname=["a", "b"], account=["A1", "A9"])
        (refused,) = target.upsert("contact", contacts)
        assert (refused.external_id, refused.column) == ("C2", "account")
        assert refused.reason == "the row it points to is not in the target"
        assert target.upsert("contact", table(ids=["C1"], lastname=["a"], account=[None])) == []
        assert target.fetch("contact", ["account"]).rows() == [("C1", None)]


def test_a_lookup_to_a_row_of_the_crms_own_is_seen_and_can_be_restored(
    service: ODataService,
) -> None:
    """A colleague has made the account by hand: it has no golden id, but it is not nothing."""
    target = crm(service)
    target.upsert("account", table(ids=["A1"], name=["甲"]))
    target.upsert("contact", table(ids=["C1"], lastname=["a"], account=["A1"]))
    (account,) = service.rows["accounts"].values()
    account.values[KEY] = None
    found = target.fetch("contact", ["lastname", "account"], ["C1"])
    assert found["account"].to_list() == [f"key:{account.values['accountid']}"]
    target.upsert("contact", found.with_columns(account=pl.lit(None, pl.String)))
    assert crm(service).fetch("contact", ["account"])["account"].to_list() == [None]
    assert target.upsert("contact", found) == []
    assert crm(service).fetch("contact", ["lastname", "account"]).equals(found)


def test_a_colleagues_edit_since_it_was_read_stays(service: ODataService) -> None:
    """Each row is written only if it is still of the version that was read."""
    target = crm(service)
    rows = table(ids=["A1", "A2"], name=["甲", "乙"], address1_city=["广州", "深圳"])
    target.upsert("account", rows)
    target.fetch("account", ["name", "address1_city"], ["A1", "A2", "A3"])
    service.edit("accounts", "A1", name="甲公司")
    new = table(ids=["A1", "A2", "A3"], name=["x", "y", "z"], address1_city=["a", "b", "c"])
    (refused,) = target.upsert("account", new)
    assert (refused.external_id, refused.column) == ("A1", None)
    assert "changed in the CRM" in refused.reason
    assert service.named("accounts", "A1")["name"] == "甲公司"
    assert service.named("accounts", "A2")["name"] == "y"


def test_a_row_someone_has_made_meanwhile_is_not_written_over(service: ODataService) -> None:
    """It was not there when it was asked for."""
    target, other = crm(service), crm(service)
    target.fetch("account", ["name"], ["A1"])
    other.upsert("account", table(ids=["A1"], name=["theirs"]))
    assert [r.external_id for r in target.upsert("account", table(ids=["A1"], name=["ours"]))] == [
        "A1"
    ]
    assert service.named("accounts", "A1")["name"] == "theirs"


def test_a_row_is_deleted_only_as_it_was_read(service: ODataService) -> None:
    """One that someone has changed since, and one that others lead to, stay; it says which."""
    target = crm(service)
    target.upsert("account", table(ids=["A1", "A2", "A3"], name=["a", "b", "c"]))
    target.upsert("contact", table(ids=["C1"], lastname=["x"], account=["A2"]))
    target.fetch("account", ["name"], ["A1", "A2", "A3"])
    service.edit("accounts", "A1", name="edited")
    with pytest.raises(TargetError, match=r"2 rows were not deleted \(the first, A1: changed"):
        target.delete("account", ["A1", "A2", "A3", "A4"])
    assert service.ids("accounts") == ["A1", "A2"]


def test_pages_are_followed_and_a_golden_id_stands_once(service: ODataService) -> None:
    """The service gives three rows at a time; rows without a golden id are none of ours."""
    target = crm(service, page_size=2)
    ids = [f"A{n:02}" for n in range(20)]
    target.upsert("account", table(ids=ids, name=list(ids)))
    assert crm(service).fetch("account", ["name"])["name"].to_list() == ids
    assert sum("$skiptoken" in one for one in service.asked) >= 6
    service.edit("accounts", "A07", **{KEY: None})
    assert crm(service).fetch("account", []).height == 19
    service.edit("accounts", "A08", **{KEY: "A09"})
    with pytest.raises(TargetError, match="`guiyi_id` is not unique in the table `accounts`"):
        crm(service).fetch("account", [])


@pytest.mark.parametrize(
    ("entity", "columns", "keys", "what"),
    [
        ("accout", ["name"], {}, "no entity set `accout` — make it.*did you mean `accounts`"),
        ("account", ["nmae"], {}, "the entity set `accounts` has no property `nmae`.*`name`"),
        ("account", [], {"external_id": "extid"}, "no property `extid`.*entities.account.key"),
        ("account", [], {"external_id": "accountid"}, "`accountid` of `accounts` holds a UUID"),
        ("account", ["versionnumber"], {}, "`versionnumber` of `accounts` is computed"),
        (
            "contact",
            ["account"],
            {
                "entities": {
                    "contact": {"lookups": {"account": {"navigation": "x", "to": "account"}}}
                }
            },
            "`contacts` has no navigation property `x` that leads to one row",
        ),
    ],
)
def test_it_makes_nothing_and_says_what_is_missing(
    service: ODataService, entity: str, columns: list[str], keys: dict[str, object], what: str
) -> None:
    """Entity sets and properties are made by whoever looks after the CRM."""
    for act in (crm(service, **keys).check, crm(service, **keys).prepare):
        with pytest.raises(TargetError, match=what):
            act(entity, columns)
    assert {one.split()[1] for one in service.asked} == {"$metadata"}


def test_another_kind_of_service_is_recognised() -> None:
    """What answers, but not with OData, is refused with one sentence."""
    from tests.connectors.targets.http.http_server import Answer, serving

    page = Answer(200, b"<!DOCTYPE html><html></html>", {"Content-Type": "text/html"})
    service = ODataService(crm_sets())
    with serving(lambda _: page) as root:
        service.root = root
        with pytest.raises(TargetError, match=r"there is no \$metadata of an OData V4 service"):
            crm(service).check("account", [])


def test_what_the_crm_alters_is_seen_as_it_is(service: ODataService) -> None:
    """Rows whose values the CRM changes are in; comparing what was sent finds the difference."""

    def upper(_: str, values: dict[str, object]) -> None:
        if values.get("address1_city") is not None:
            values["address1_city"] = f"CN-{values['address1_city']}"

    service.alter = upper
    target = crm(service)
    rows = table(ids=["A1"], address1_city=["广州"])
    assert target.upsert("account", rows) == []
    assert target.fetch("account", ["address1_city"])["address1_city"].to_list() == ["CN-广州"]
    assert LOOKUPS
