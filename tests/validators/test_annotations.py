"""What reviewers of a change see: SARIF, GitHub's annotations, GitLab's code quality."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.validators.conftest import SuiteOf
from validators import SuiteResult, validate
from validators.annotations import github, gitlab, sarif


@pytest.fixture
def result(suite_of: SuiteOf) -> SuiteResult:
    table = pl.DataFrame({"source": ["a"], "record_id": ["1"], "name": [None], "note": ["沈凱"]})
    rules = (
        "- not_null: name\n  quarantine: false\n  owner: 客服\n"
        "- matches: {column: note, regex: '^x'}\n  severity: warning\n- rows: {min: 1}"
    )
    return validate(table.cast(pl.String), suite_of(rules), ["source", "record_id"])


def test_sarif_names_rule_level_and_line(result: SuiteResult, tmp_path: Path) -> None:
    log = json.loads(sarif([result], tmp_path))
    found = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    assert [one["level"] for one in found] == ["error", "warning"]
    place = found[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "customers.yaml"
    assert place["region"]["startLine"] == 5
    rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {one["ruleId"] for one in found} == rules
    assert "@客服" in found[0]["message"]["text"]


def test_github_reads_one_line_a_finding(result: SuiteResult, tmp_path: Path) -> None:
    lines = github([result], tmp_path).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=customers.yaml,line=5,title=customers::")
    assert lines[1].startswith("::warning ")


def test_a_text_breaks_out_of_no_command(suite_of: SuiteOf, tmp_path: Path) -> None:
    table = pl.DataFrame({"source": ["a"], "record_id": ["1"], "n": [None]}).cast(pl.String)
    suite = suite_of('- not_null: n\n  owner: "x\\n::set-env name=A::b%"', name="c")
    text = github([validate(table, suite, ["source", "record_id"])], tmp_path)
    assert text.count("\n") == 1
    assert "%0A::set-env name=A::b%25" in text


def test_gitlab_reads_severity_and_place(result: SuiteResult, tmp_path: Path) -> None:
    listed = json.loads(gitlab([result], tmp_path))
    assert [one["severity"] for one in listed] == ["major", "minor"]
    assert listed[0]["location"] == {"path": "customers.yaml", "lines": {"begin": 5}}
    assert len({one["fingerprint"] for one in listed}) == 2


def test_no_value_stands_in_any_of_them(result: SuiteResult, tmp_path: Path) -> None:
    for write in (sarif, github, gitlab):
        assert "沈凱" not in write([result], tmp_path)
