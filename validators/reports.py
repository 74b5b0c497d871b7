"""Says what the gate found to those who were not there: a CI system, a program, a reader."""

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from guiyi.messages import Language
from validators.gate import GateResult
from validators.results import ExpectationResult, Outcome, Standing, SuiteResult
from validators.sentences import report_words

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 has no way to say (section 2.2)."""


def junit(gate: GateResult, results: Sequence[SuiteResult], name: str = "guiyi") -> str:
    """Write JUnit XML, as GitHub's and GitLab's test reports read it.

    A case fails if it fails the gate. A warning, or an expectation whose failing rows are held
    back, is a passed case with its finding in `system-out`, as JUnit knows nothing in between.
    """
    root = ET.Element("testsuites", name=name)
    for result in results:
        _suite_element(root, result)
    checks = _element(root, "testsuite", name="gate", time="0.000")
    for check in gate.checks:
        case = _element(checks, "testcase", name=check.name, classname="gate", time="0.000")
        message = f"found {check.found:.6g}, at most {check.limit:.6g}"
        _verdict(case, check.outcome, message, "gate")
    for suite in root:
        _count(suite)
    _count(root)
    seconds = sum(result.seconds for result in results)
    root.set("time", f"{seconds:.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite_element(root: ET.Element, result: SuiteResult) -> None:
    suite = _element(root, "testsuite", name=result.suite, time=f"{result.seconds:.3f}")
    share = result.seconds / max(len(result.results), 1)
    for one in result.results:
        case = _element(
            suite,
            "testcase",
            name=one.rule,
            classname=f"{result.suite}.{one.expectation}",
            time=f"{share:.3f}",
        )
        place = one.place.rpartition(":")
        if place[0]:
            case.set("file", _clean(place[0]))
            case.set("line", place[2])
        message = f"{one.rule}: {one.detail}"
        if one.standing in (Standing.EXCUSED, Standing.WARNING, Standing.HELD):
            _element(case, "system-out").text = _clean(f"{one.standing.value}: {message}")
        else:
            _verdict(case, one.outcome, message, one.expectation)


def _verdict(case: ET.Element, outcome: Outcome, message: str, kind: str) -> None:
    tag = {Outcome.FAILED: "failure", Outcome.ERRORED: "error"}.get(outcome)
    if tag is not None:
        _element(case, tag, message=message, type=kind).text = _clean(message)


def _count(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))


def _element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    clean = {key: _clean(value) for key, value in attributes.items()}
    return ET.SubElement(parent, tag, clean)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def as_json(gate: GateResult, results: Sequence[SuiteResult]) -> str:
    """Write what a program needs to know."""
    return json.dumps(summary(gate, results), ensure_ascii=False, indent=2) + "\n"


def summary(gate: GateResult, results: Sequence[SuiteResult]) -> dict[str, Any]:
    """Gather the gate and the suites as plain data."""
    return {
        "outcome": gate.outcome.value,
        "passed": gate.passed,
        "exit_code": gate.exit_code,
        "checks": gate.table.to_dicts(),
        "suites": [_suite_summary(result) for result in results],
    }


def _suite_summary(result: SuiteResult) -> dict[str, Any]:
    return {
        "suite": result.suite,
        "entity": result.entity,
        "on": result.stage.value,
        "outcome": result.outcome.value,
        "rows": result.rows,
        "seconds": round(result.seconds, 3),
        "expectations": [_expectation_summary(one) for one in result.results],
    }


def _expectation_summary(one: ExpectationResult) -> dict[str, Any]:
    return {
        "expectation": one.expectation,
        "column": one.column,
        "outcome": one.outcome.value,
        "standing": one.standing.value,
        "severity": one.severity.value,
        "quarantine": one.quarantine,
        "rule": one.rule,
        "detail": one.detail,
        "rows": one.rows,
        "failing": one.failing,
        "place": one.place,
        "rule_id": one.rule_id,
        "owner": one.owner,
        "excused": one.excused,
        "excuse": one.excuse,
    }


_MARKS = {
    Standing.PASSED: "✅",
    Standing.EXCUSED: "⚪",
    Standing.WARNING: "🟡",
    Standing.HELD: "🔶",
    Standing.FAILED: "❌",
    Standing.ERRORED: "⚠️",
}


def _mark(outcome: Outcome) -> str:
    return _MARKS[Standing(outcome.value)]


def markdown(gate: GateResult, results: Sequence[SuiteResult], language: Language = "en") -> str:
    """Write a summary for a pull request or a job's page."""
    words = report_words(language)
    lines = [
        f"## {_mark(gate.outcome)} {words['gate']}: {words[gate.outcome.value]}",
        "",
        f"| | {words['check']} | {words['found']} | {words['limit']} |",
        "|---|---|--:|--:|",
    ]
    lines += [
        f"| {_mark(check.outcome)} | {_cell(check.name)} | {check.found:.4g} | {check.limit:.4g} |"
        for check in gate.checks
    ]
    for result in results:
        lines += _suite_lines(result, words)
    return "\n".join(lines) + "\n"


def _suite_lines(result: SuiteResult, words: dict[str, str]) -> list[str]:
    passed = result.count(Outcome.PASSED)
    lines = [
        "",
        f"### {_MARKS[result.standing]} {_cell(result.suite)} "
        f"({result.entity}, {result.rows:,} {words['rows']}, {passed}/{len(result.results)})",
        "",
        f"| | {words['rule']} | {words['finding']} | |",
        "|---|---|---|---|",
    ]
    for one in result.results:
        noted = one.standing in (Standing.EXCUSED, Standing.WARNING, Standing.HELD)
        notes = [words[one.standing.value] if noted else "", _excuse(one, words), one.owner or ""]
        note = _cell(" · ".join(filter(None, notes)))
        lines.append(
            f"| {_MARKS[one.standing]} | {_cell(one.rule)} | {_cell(one.detail)} | {note} |"
        )
    return lines


def _excuse(one: ExpectationResult, words: dict[str, str]) -> str:
    """What is excused of a failure, and why."""
    if one.excuse is None:
        return ""
    return one.excuse if one.is_excused else f"{one.excused:,} {words['rows']}: {one.excuse}"


def _cell(text: str) -> str:
    """Keep a table's columns apart."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
