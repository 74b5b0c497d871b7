"""What the gate found, where reviewers of a change look: SARIF, GitHub's annotations, GitLab's
code quality.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validators.results import ExpectationResult, Standing, SuiteResult

_LEVELS = {
    Standing.EXCUSED: "note",
    Standing.WARNING: "warning",
    Standing.HELD: "warning",
    Standing.FAILED: "error",
    Standing.ERRORED: "error",
}
"""SARIF 2.1.0, section 3.27.10; what is held back fails the gate only with many others."""
_GITHUB = {"note": "notice", "warning": "warning", "error": "error"}
"""Workflow commands for GitHub Actions."""
_GITLAB = {"note": "info", "warning": "minor", "error": "major"}
"""Severities of GitLab's code quality report."""


def found(results: Sequence[SuiteResult]) -> list[ExpectationResult]:
    """What did not simply pass, the gravest first."""
    every = [one for result in results for one in result.results]
    order = list(Standing)
    own = [one for one in every if one.standing is not Standing.PASSED]
    return sorted(own, key=lambda one: -order.index(one.standing))


def sarif(results: Sequence[SuiteResult], folder: Path) -> str:
    """Write SARIF 2.1.0, as GitHub's code scanning reads it; places are relative to `folder`."""
    rules: dict[str, dict[str, Any]] = {}
    listed = []
    for one in found(results):
        rules[one.rule_id] = {
            "id": one.rule_id,
            "name": one.expectation,
            "shortDescription": {"text": one.rule},
        }
        listed.append(_result(one, folder))
    tool = {"driver": {"name": "Guiyi", "rules": list(rules.values())}}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": tool, "results": listed}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _result(one: ExpectationResult, folder: Path) -> dict[str, Any]:
    file, line = _place(one, folder)
    where = {"artifactLocation": {"uri": file}, "region": {"startLine": line}}
    result: dict[str, Any] = {
        "ruleId": one.rule_id,
        "level": _LEVELS[one.standing],
        "message": {"text": _sentence(one)},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"ruleId/v1": one.rule_id},
    }
    if one.excuse is not None and one.is_excused:
        accepted = {"kind": "external", "status": "accepted", "justification": one.excuse}
        result["suppressions"] = [accepted]
    return result


def github(results: Sequence[SuiteResult], folder: Path) -> str:
    """Write workflow commands: GitHub shows them at the lines of the suites."""
    lines = []
    for one in found(results):
        file, line = _place(one, folder)
        level = _GITHUB[_LEVELS[one.standing]]
        title = _escaped(one.suite, ":,")
        place = f"file={_escaped(file, ':,')},line={line},title={title}"
        lines.append(f"::{level} {place}::{_escaped(_sentence(one))}\n")
    return "".join(lines)


def gitlab(results: Sequence[SuiteResult], folder: Path) -> str:
    """Write a code quality report, as GitLab shows it in a merge request."""
    listed = []
    for one in found(results):
        file, line = _place(one, folder)
        print_of = hashlib.sha256(f"{one.rule_id} {one.standing}".encode()).hexdigest()
        listed.append(
            {
                "description": _sentence(one),
                "check_name": one.expectation,
                "fingerprint": print_of,
                "severity": _GITLAB[_LEVELS[one.standing]],
                "location": {"path": file, "lines": {"begin": line}},
            }
        )
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def _sentence(one: ExpectationResult) -> str:
    parts = [f"{one.suite}: {one.rule} — {one.detail}"]
    if one.excuse is not None:
        parts.append(f"({one.excuse})")
    if one.owner is not None:
        parts.append(f"@{one.owner}")
    return " ".join(parts)


def _place(one: ExpectationResult, folder: Path) -> tuple[str, int]:
    """The file of an expectation, as the repository calls it, and its line."""
    name, _, line = one.place.rpartition(":")
    if not line.isdecimal():
        name, line = one.place, "1"
    path = Path(name)
    for root in (folder, folder.absolute()):
        if path.is_relative_to(root):
            path = path.relative_to(root)
    return path.as_posix(), int(line)


def _escaped(text: str, further: str = "") -> str:
    """A text in a workflow command, by the rules of GitHub's toolkit."""
    for character in "%\r\n" + further:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
