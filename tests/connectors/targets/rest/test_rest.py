"""REST targets that are described in guiyi.yaml, on stand-ins of two platforms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from connectors.targets import EXTERNAL_ID, Rejection, Target
from connectors.targets.conformance import check_target
from connectors.targets.http import OutcomeUnknown, Waiting
from connectors.targets.rest import RestTargetSpec, open_rest
from guiyi.errors import TargetError
from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.misbehaving import Misbehaving
from tests.connectors.targets.rest.documented import described
from tests.connectors.targets.rest.stand_ins import PASSWORD, Directus, NocoBase, Platform
from tests.connectors.targets.sql_database import table

PRODUCTS = {"Directus": Directus, "NocoBase": NocoBase}
NAMES = {"Directus": "name", "NocoBase": "客户名称"}
PARENTS = {"Directus": "account", "NocoBase": "account_id"}


class RestBench:
    """A platform, what goes wrong with it, and a target into it."""

    def __init__(self, product: str, url: str, service: Misbehaving, platform: Platform) -> None:
        self.product, self.url, self.service, self.platform = product, url, service, platform
        self.name, self.parent = NAMES[product], PARENTS[product]
        self.waited: list[float] = []

    def open(self, **keys: Any) -> Target:
        """Open the target anew."""
        given = {**described(self.product), "timeout": 1.0, **keys}
        spec = RestTargetSpec.model_validate(given)
        return open_rest(spec, Path(), Waiting(sleep=self.waited.append, chance=lambda: 0.0))


@contextmanager
def standing_in(product: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RestBench]:
    columns: dict[str, dict[str, int | None]] = {
        "accounts": {"golden_id": 64, NAMES[product]: 255, "phone": None},
        "orders": {"golden_id": 64, "number": None, "amount": None, PARENTS[product]: None},
        "conformance": {"golden_id": 64, "name": 255, "note": 255},
    }
    platform = PRODUCTS[product](columns)
    service = Misbehaving(platform)
    with serving(service) as url:
        secrets = {
            "CRM_URL": url,
            "CRM_USER": "crm@example.com",
            "CRM_PASSWORD": PASSWORD,
            "CRM_TOKEN": platform.token,
        }
        for name, value in secrets.items():
            monkeypatch.setenv(name, value)
        yield RestBench(product, url, service, platform)


@pytest.fixture(params=PRODUCTS)
def rest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[RestBench]:
    with standing_in(request.param, monkeypatch) as made:
        yield made


def accounts(count: int) -> Any:
    ids: list[str | None] = [f"G{n:03}" for n in range(count)]
    return table(external_id=ids, name=[f"公司{n}" for n in range(count)])


def write(asked: Asked) -> bool:
    return asked.method in ("POST", "PATCH") and "/auth/" not in asked.path


def read(asked: Asked) -> bool:
    return asked.method == "GET" and "fields" not in asked.path.split("?")[0]


def test_the_promises_of_a_target_are_kept(rest: RestBench) -> None:
    unfit = "长" * 256
    check_target(rest.open, unfit=unfit, makes=False)


@pytest.mark.parametrize("kind", ["429", "500", "500 after", "cut before", "cut after", "late",
                                  "shuffled", "truncated", "duplicated", "cut inside"])  # fmt: skip
@pytest.mark.parametrize("match", [write, read], ids=["write", "read"])
def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    kind: str, match: Any, rest: RestBench
) -> None:
    """One request fails in every way there is; what was sent is what is found, once."""
    rows, target = accounts(60), rest.open()
    target.prepare("account", ["name"])
    rest.service.fault(kind, match)
    assert target.upsert("account", rows) == []
    assert len(rest.platform.by_golden("accounts")) == 60
    rest.service.fault(kind, match)
    assert target.fetch("account", ["name"]).sort(EXTERNAL_ID).equals(rows)
    rest.service.fault(kind, match)
    again = target.fetch("account", ["name"], rows[EXTERNAL_ID].to_list())
    assert again.sort(EXTERNAL_ID).equals(rows)


@pytest.mark.parametrize("kind", ["cut after", "cut before", "late", "500 after"])
def test_without_a_unique_golden_id_nothing_is_sent_again_before_it_was_asked(
    kind: str, rest: RestBench
) -> None:
    """The first call does not know; the next one asks, and sends only what is not there."""
    rest.platform.unique = False
    target = rest.open(unique=False)
    rest.service.fault(kind, write)
    if kind == "cut before" or rest.product == "NocoBase":
        with pytest.raises(OutcomeUnknown):
            target.upsert("account", accounts(30))
    assert target.upsert("account", accounts(30)) == []
    assert len(rest.platform.by_golden("accounts")) == 30


def test_a_refused_row_is_refused_alone(rest: RestBench) -> None:
    """A batch in which one row is refused is halved; what the service writes is not shown."""
    rest.platform.columns["accounts"]["phone"] = 12
    if rest.product == "Directus":
        described = rest.open().unfit("account", table(external_id=["G1"], phone=["1" * 13]))
        assert [(one.column, str(one.reason)[:8]) for one in described] == [("phone", "too long")]
    target = rest.open(describe=None)
    rows = accounts(9).with_columns(
        phone=accounts(9)[EXTERNAL_ID].replace("G004", "Geheime Nummer 1")
    )
    refused = target.upsert("account", rows)
    assert [(one.external_id, one.column) for one in refused] == [("G004", "phone")]
    assert not any("Geheim" in str(part) for part in astuple(refused[0]))
    assert "too long" in str(refused[0].reason)
    assert len(rest.platform.by_golden("accounts")) == 8


def test_a_row_points_to_the_own_id_of_its_parent(rest: RestBench) -> None:
    target = rest.open()
    target.upsert("account", accounts(3))
    orders = table(
        external_id=["O1", "O2", "O3"], amount=["12.50", "7", None], account=["G002", None, "G009"]
    )
    assert target.upsert("order", orders) == [
        Rejection("O3", "account", "the row it points to is not in the target")
    ]
    held = rest.platform.by_golden("orders")
    assert set(held) == {"O1", "O2"}
    assert held["O1"][rest.parent] == rest.platform.by_golden("accounts")["G002"]["id"]
    assert (held["O1"]["amount"], held["O2"]["amount"]) == (12.5, 7)
    found = rest.open().fetch("order", ["amount", "account"])
    assert found.rows() == [("O1", "12.5", "G002"), ("O2", "7", None)]
    theirs = rest.platform.add("accounts", **{rest.name: "手工录入"})
    held["O2"][rest.parent] = theirs
    by_hand = target.fetch("order", ["account"], ["O2"])
    assert by_hand["account"].to_list() == [f"key:{theirs}"]
    target.upsert("order", table(external_id=["O2"], account=["G001"]))
    target.fetch("order", ["account"], ["O2"])
    assert target.upsert("order", by_hand) == []
    assert held["O2"][rest.parent] == theirs


def test_what_others_change_after_it_was_asked_for_is_not_written_over(rest: RestBench) -> None:
    target = rest.open()
    target.upsert("account", accounts(2))
    target.fetch("account", ["name"], ["G000", "G001"])
    rest.platform.by_golden("accounts")["G001"][rest.name] = "同事改"
    refused = target.upsert("account", table(external_id=["G000", "G001"], name=["新甲", "新乙"]))
    assert [one.external_id for one in refused] == ["G001"]
    names = {row[rest.name] for row in rest.platform.by_golden("accounts").values()}
    assert names == {"新甲", "同事改"}


def test_an_expired_token_is_renewed_where_it_can_be(rest: RestBench) -> None:
    target = rest.open()
    target.upsert("account", accounts(2))
    rest.platform.token = "second-token"
    if rest.product == "Directus":
        assert target.upsert("account", accounts(60)) == []
        assert len(rest.platform.by_golden("accounts")) == 60
    else:
        with pytest.raises(TargetError, match="the login was refused") as caught:
            target.upsert("account", accounts(60))
        assert "token" not in str(caught.value)


def test_what_is_missing_is_named(rest: RestBench) -> None:
    target = rest.open()
    with pytest.raises(TargetError, match="the table `deals` cannot be read — create it in the"):
        rest.open(tables={"deal": "deals"}).check("deal", ["name"])
    if rest.product == "NocoBase":
        target.check("account", ["nmae"])  # without rows there is nothing to see it by
        target.upsert("account", accounts(1))
        target = rest.open()
    with pytest.raises(TargetError, match="the table `accounts` has no property `nmae` — create"):
        target.check("account", ["nmae"])
    assert not any(one.method == "PATCH" for one in rest.service.asked)


def test_a_property_that_goes_between_test_and_full_stops_the_load(rest: RestBench) -> None:
    target = rest.open()
    rows = accounts(3).with_columns(phone=accounts(3)[EXTERNAL_ID])
    target.upsert("account", rows)
    del rest.platform.columns["accounts"]["phone"]
    for row in rest.platform.rows["accounts"].values():
        del row["phone"]
    more = accounts(6).with_columns(phone=accounts(6)[EXTERNAL_ID])
    with pytest.raises(TargetError, match=r"no property `phone`|no right to read"):
        target.upsert("account", more)
    assert len(rest.platform.by_golden("accounts")) == 3


def test_a_golden_id_on_two_rows_stops_the_load(rest: RestBench) -> None:
    target = rest.open()
    target.upsert("account", accounts(2))
    rest.platform.add("accounts", golden_id="G001")
    with pytest.raises(TargetError, match="`golden_id` is not unique in the table `accounts`"):
        target.fetch("account", ["name"], ["G001"])
    with pytest.raises(TargetError, match="remove the row G001 that stands there twice"):
        target.fetch("account", ["name"])


def test_rows_of_others_are_neither_read_nor_deleted(rest: RestBench) -> None:
    target = rest.open()
    target.upsert("account", accounts(30))
    rest.platform.add("accounts", **{rest.name: "手工录入"})
    rest.service.fault("cut after", lambda one: one.method == "DELETE" or ":destroy" in one.path)
    target.delete("account", [f"G{n:03}" for n in range(29)])
    names = [row[rest.name] for row in rest.platform.rows["accounts"].values()]
    assert names == ["公司29", "手工录入"]
    assert target.fetch("account", ["name"])[EXTERNAL_ID].to_list() == ["G029"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"read": {"path": "items/{tabel}"}}, r"`\{tabel\}`.*did you mean"),
        ({"read": {"path": "/items"}}, "without a slash in front"),
        ({"read": {"path": "x", "paging": {"by": "page"}}}, r"needs `\{page\}` in `query`"),
        ({"read": {"path": "x", "paging": {"by": "link"}}}, "needs `next`"),
        ({"find": {"query": {"filter": "x"}}}, r"`find` needs `\{ids\}`"),
        ({"update": {"method": "PUT", "path": "x"}}, r"`update` needs `\{id\}`"),
        ({"delete": {"method": "POST", "path": "x/{id}", "many": 5}}, "leave out `many`"),
        ({"entities": {"a": {"delete": {"method": "POST", "path": "x"}}}}, "`entities.a.delete`"),
        ({"reed": {}}, "reed"),
    ],
)
def test_a_description_that_cannot_work_is_refused(change: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        RestTargetSpec.model_validate({**described("NocoBase"), **change})
