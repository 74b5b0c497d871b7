"""What CI systems and people read: JUnit XML, JSON, Markdown."""

import json
from collections.abc import Callable
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from guiyi.spec import GateSpec
from validators import GateCounts, GateResult, Suite, SuiteResult, judge, reports, validate

TABLE = pl.DataFrame({"record_id": ["1", "2"], "name": ["a", None], "code": ["<&>", "b|c"]})
SUITE = """
- not_null: name
- unique: name
- matches: {column: code, regex: '^[<|]'}
  quarantine: false
- not_null: code
  severity: warning
- matches: {column: name, regex: '^b'}
  severity: warning
- not_null: tax
"""


@pytest.fixture
def judged(suite_of: Callable[..., Suite]) -> tuple[GateResult, list[SuiteResult]]:
    results = [validate(TABLE, suite_of(SUITE), ["record_id"])]
    counts = GateCounts(in_scope={"company": 2}, quarantined={"company": 1})
    return judge(results, counts, GateSpec()), results


def test_junit_says_what_the_gate_says(judged: tuple[GateResult, list[SuiteResult]]) -> None:
    """A case fails where the gate fails, errors where it could not run; the rest are passed."""
    root = ET.fromstring(reports.junit(*judged))
    suite, gate = root
    seen = {case.get("name"): [child.tag for child in case] for case in suite.iter("testcase")}
    assert seen == {
        "name is given": ["system-out"],
        "name is different in every row": [],
        "code matches ^[<|]": ["failure"],
        "code is given": [],
        "name matches ^b": ["system-out"],
        "tax is given": ["error"],
    }
    assert [case[0].tag if len(case) else "" for case in gate] == ["failure", "error", "failure"]
    assert "file" in next(suite.iter("testcase")).attrib


def test_junit_counts_add_up(judged: tuple[GateResult, list[SuiteResult]]) -> None:
    """The attributes GitLab and GitHub read are there, on every level, and sum to the root's."""
    root = ET.fromstring(reports.junit(*judged))
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in root)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("9", "3", "2")
    assert all(float(element.attrib["time"]) >= 0 for element in root.iter() if element.get("time"))


def test_junit_holds_no_character_xml_cannot_say(suite_of: Callable[..., Suite]) -> None:
    """A control character in a suite's sentence does not break the file."""
    suite = suite_of("- not_null: name\n  quarantine: false\n  where: \"code != '\\u0001'\"")
    results = [validate(TABLE, suite, ["record_id"])]
    root = ET.fromstring(reports.junit(judge(results, GateCounts(), GateSpec()), results))
    assert root.get("failures") == "2"


def test_json_carries_the_exit_code_and_every_expectation(
    judged: tuple[GateResult, list[SuiteResult]],
) -> None:
    """A program finds the outcome, the checks and each expectation with its counts."""
    told = json.loads(reports.as_json(*judged))
    assert (told["outcome"], told["exit_code"], told["passed"]) == ("errored", 2, False)
    assert [one["standing"] for one in told["suites"][0]["expectations"]] == [
        *("held", "passed", "failed", "passed", "warning", "errored")
    ]
    assert told["checks"][2]["found"] == 0.5


def test_markdown_is_a_table_whatever_the_suite_says(
    judged: tuple[GateResult, list[SuiteResult]],
) -> None:
    """A bar or a tag in a rule does not break the table; both languages are spoken."""
    text = reports.markdown(*judged)
    assert "could not run" in text
    row = next(line for line in text.splitlines() if "code matches" in line)
    assert row == "| ❌ | code matches ^[&lt;\\|] | 1 of 2 rows fail |  |"
    assert "无法执行" in reports.markdown(*judged, "zh")
