"""Jobs of Bulk API 2.0: cut off at any request, ended in any state, left by an earlier run."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.targets import EXTERNAL_ID
from connectors.targets.salesforce import jobs
from guiyi.errors import OutcomeUnknown
from tests.connectors.targets.salesforce.bench import SalesforceBench, salesforce_bench
from tests.connectors.targets.salesforce.ingest import IngestJob
from tests.connectors.targets.salesforce.test_salesforce import accounts
from tests.connectors.targets.sql_database import table


@pytest.fixture
def sf(monkeypatch: pytest.MonkeyPatch) -> Iterator[SalesforceBench]:
    with salesforce_bench(monkeypatch) as made:
        yield made


REQUESTS = {
    "create": lambda one: one.method == "POST" and one.path.endswith("/jobs/ingest"),
    "upload": lambda one: one.method == "PUT",
    "close": lambda one: one.method == "PATCH" and b"UploadComplete" in one.body,
    "look": lambda one: one.method == "GET" and one.path.rpartition("/")[2].startswith("750"),
    "results": lambda one: "Results" in one.path or "unprocessed" in one.path,
}


@pytest.mark.parametrize("kind", ["429", "500", "500 after", "cut before", "cut after", "late",
                                  "shuffled", "truncated", "duplicated", "cut inside"])  # fmt: skip
@pytest.mark.parametrize("request_of", REQUESTS)
def test_a_job_survives_whatever_goes_wrong(
    kind: str, request_of: str, sf: SalesforceBench
) -> None:
    """Each row is in, once; the refused one is named, whatever the results look like."""
    sf.org.rule = "nicht"
    rows = accounts(30).with_columns(Name=accounts(30)["Name"].replace("公司7", "nicht"))
    target = sf.open(bulk_from=10)
    target.prepare("account", ["Name"])
    sf.service.fault(kind, REQUESTS[request_of])
    refused = target.upsert("account", rows)
    assert [one.external_id for one in refused] == ["G007"]
    assert len(sf.org.by_golden("Account")) == 29


def test_a_small_batch_is_no_job(sf: SalesforceBench) -> None:
    target = sf.open(bulk_from=10)
    target.upsert("account", accounts(9))
    assert sf.org.jobs == {}
    target.upsert("account", accounts(20))
    assert [job.body["object"] for job in sf.org.jobs.values()] == ["Account"]
    assert len(sf.org.jobs["750000000000000"].done["successfulResults"]) == 11


@pytest.mark.parametrize("end", ["Failed", "Aborted"])
def test_a_job_that_fails_is_no_success(end: str, sf: SalesforceBench) -> None:
    """What it did not come to goes another way; what somebody has aborted is not sent again."""
    sf.org.job_ends = end
    target = sf.open(bulk_from=1)
    if end == "Failed":
        assert target.upsert("account", accounts(5)) == []
        assert len(sf.org.by_golden("Account")) == 5
    else:
        with pytest.raises(OutcomeUnknown, match="somebody has aborted the job"):
            target.upsert("account", accounts(5))
        assert sf.org.by_golden("Account") == {}


def test_a_job_that_takes_too_long_is_aborted(
    sf: SalesforceBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sf.org), "_work", lambda _org, _job: None)
    with pytest.raises(OutcomeUnknown, match="the job takes longer than 60 seconds"):
        sf.open(bulk_from=1, job_wait=60).upsert("account", accounts(5))
    assert [job.state for job in sf.org.jobs.values()] == ["Aborted"]


def test_what_a_job_reports_and_has_not_done_is_sent_again(sf: SalesforceBench) -> None:
    """JobComplete, and all rows under successfulResults: the rows themselves say otherwise."""
    real, lied = sf.org._upsert, []

    def upsert(kind: str, record: dict[str, Any]) -> dict[str, Any]:
        if record["Guiyi_Id__c"] == "G003" and not lied:
            lied.append(1)
            return {"id": "001x", "success": True, "errors": [], "created": True}
        return real(kind, record)

    sf.org._upsert = upsert  # type: ignore[method-assign]
    assert sf.open(bulk_from=1).upsert("account", accounts(5)) == []
    assert len(sf.org.by_golden("Account")) == 5


def test_a_job_that_an_earlier_run_left_is_waited_for(sf: SalesforceBench) -> None:
    """Killed after it closed its job: what is still to be written is no gap."""

    def job(name: str, state: str, key: str = "Guiyi_Id__c") -> IngestJob:
        body = {"object": "Account", "externalIdFieldName": key, "operation": "upsert"}
        made = IngestJob(name, body, state, b"Guiyi_Id__c,Name\nG000,alt\n")
        sf.org.jobs[name] = made
        return made

    left, opened = job("750A", "UploadComplete"), job("750B", "Open")
    theirs = job("750C", "Open", "Other__c")
    found = sf.open().fetch("account", ["Name"], ["G000"])
    assert found.rows() == [("G000", "alt")]
    assert (left.state, opened.state, theirs.state) == ("JobComplete", "Aborted", "Open")


def test_a_job_is_as_large_as_it_may_be(
    sf: SalesforceBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 MB, which base64 makes 150; the rest is another job."""
    monkeypatch.setattr(jobs, "MOST_BYTES", 500)
    assert sf.open(bulk_from=1).upsert("account", accounts(60)) == []
    sizes = [len(job.content) for job in sf.org.jobs.values()]
    assert len(sizes) > 1
    assert max(sizes) <= 500
    assert len(sf.org.by_golden("Account")) == 60


def test_many_rows_are_read_by_a_job(sf: SalesforceBench) -> None:
    target = sf.open(bulk_read_from=100)
    rows = accounts(380, Phone=[None, "a\nb", *["1"] * 378], ParentId=[None, "G000", *[None] * 378])
    assert target.upsert("account", rows) == []
    for kind in ("truncated", "duplicated", "cut inside", "500"):
        sf.service.fault(kind, lambda one: "/results" in one.path)
    found = target.fetch("account", ["Name", "Phone", "ParentId"])
    assert found.sort(EXTERNAL_ID).equals(rows)
    assert any("locator=" in one.path for one in sf.service.asked)


def test_no_address_is_too_long(sf: SalesforceBench) -> None:
    """Ids with quotes and of any length: they stand in a body."""
    ids: list[str | None] = [f"G'{n:04}\\{'x' * 25}" for n in range(900)]
    rows = accounts(900).with_columns(**table(external_id=ids).to_dict())
    target = sf.open()
    assert target.upsert("account", rows) == []
    found = target.fetch("account", ["Name"], rows[EXTERNAL_ID].to_list())
    assert found.sort(EXTERNAL_ID).equals(rows)
    longest = max(len(one.path) for one in sf.service.asked)
    assert longest < 2_000
