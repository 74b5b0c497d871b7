"""The quality page counts what is there, and each number leads to the records behind it."""

import re
from html import unescape

import pytest

from pipelines.report.charts import ChartLine, line_chart
from tests.console.conftest import CITIES, Browser

FIRMS = 60
"""Records of `erp` made in a loop (tests/console/conftest.py); three more are strange."""
FAIR = FIRMS // 3


def _field(content: dict[str, list[dict[str, dict[str, object]]]], name: str) -> dict[str, object]:
    return next(row["one"] for row in content["fields"] if row["one"]["field"] == name)


def test_fields_are_counted_over_all_records(browser: Browser) -> None:
    content = browser("auditor").get("/api/v1/quality?entity=company").json()
    phone = _field(content, "phone")
    assert phone["records"] == FIRMS + FAIR + 3
    assert phone["filled"] == FIRMS + 3
    assert phone["valid"] == FIRMS + 2  # `12` is no telephone number


def test_fields_are_counted_by_source_and_owner(browser: Browser) -> None:
    client = browser("steward")
    by_source = client.get("/api/v1/quality?entity=company&by=source").json()["fields"]
    fair = next(r["one"] for r in by_source if (r["label"], r["one"]["field"]) == ("fair", "phone"))
    assert (fair["records"], fair["filled"]) == (FAIR, 0)
    by_owner = client.get("/api/v1/quality?entity=company&by=owner").json()["duplicates"]
    assert {row["label"] for row in by_owner} >= {"王伟", "李娜"} - {"李娜"}
    assert client.get("/api/v1/quality?entity=person&by=owner").json()["by"] == "all"


def test_every_number_leads_to_as_many_records(browser: Browser) -> None:
    client = browser("steward")
    seen = 0
    for by in ("all", "source", "owner"):
        page = client.get(f"/quality?entity=company&by={by}").text
        links = re.findall(r'<a href="(/quality/rows\?[^"]+)">([\d,]+)</a>', page)
        assert links
        for href, number in links:
            found = client.get("/api/v1" + unescape(href)).json()
            if "what=duplicates" not in href:  # the first record of a customer is listed with them
                assert found["all"] == int(number), href
            assert client.get(unescape(href)).status_code == 200
            seen += 1
    assert seen > 5


def test_an_analyst_sees_no_owners_name(browser: Browser) -> None:
    page = browser("analyst").get("/quality?entity=company&by=owner").text
    assert "王伟" not in page


def test_the_gate_and_the_months_are_shown(browser: Browser) -> None:
    content = browser("manager").get("/api/v1/quality").json()
    assert all(check["passed"] for check in content["checks"])
    (month,) = content["months"]
    assert month["records"] == FIRMS + FAIR + 3
    assert {one["column"] for one in content["held"]} == {"name", "phone"}
    assert sum(one["records"] for one in content["held"]) >= month["held"] == 2


@pytest.mark.parametrize(
    "query",
    ["what=nothing", "what=missing&field=salary", "what=missing&field=name&by=x&group='--", ""],
)
def test_what_is_not_counted_has_no_rows(query: str, browser: Browser) -> None:
    answer = browser("steward").get(f"/api/v1/quality/rows?entity=company&{query}")
    assert answer.status_code in (200, 400, 404)
    assert answer.json().get("all", 0) in (0, 1)


def test_a_chart_has_no_inline_style_and_quotes_what_it_names() -> None:
    svg = line_chart(["<b>", "2026-02"], [ChartLine("valid", 'x"<i>', [0.5, 1.0])], "course")
    assert "style" not in svg
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert svg.count("<circle") == 2


def test_cities_make_the_records_that_are_counted() -> None:
    assert len(CITIES) * 12 == FIRMS
