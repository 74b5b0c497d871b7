"""The gate for CI judges without loading, and reports in the project's language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from guiyi import SpecError
from pipelines.driving.checking import check_project
from pipelines.progress import Silent


def test_the_reports_a_ci_system_reads(
    small_project: Path, edit: Callable[[str, str, str], None], tmp_path: Path
) -> None:
    """JUnit, a summary and JSON are written; the summary speaks the project's language."""
    edit("guiyi.yaml", "project: small", "project: small\nlanguage: zh")
    checked = check_project(small_project, [], Silent())
    checked.write(tmp_path / "out")
    assert checked.exit_code == 0
    summary = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("## ✅ 门禁")
    assert "<testsuite" in (tmp_path / "out" / "junit.xml").read_text(encoding="utf-8")
    assert not (small_project / "crm.db").exists()


def test_only_the_suites_asked_for_are_judged(small_project: Path) -> None:
    """One suite can be judged alone; a misspelt name is answered with those there are."""
    other = "suite: strict\nentity: company\nexpectations:\n  - rows: {min: 100}\n"
    (small_project / "suites/strict.yaml").write_text(other, encoding="utf-8")
    assert check_project(small_project, ["companies"], Silent()).exit_code == 0
    assert check_project(small_project, [], Silent()).exit_code == 1
    with pytest.raises(SpecError, match="did you mean `companies`"):
        check_project(small_project, ["compnies"], Silent())


def test_a_reference_to_nobody_is_found(
    small_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    """An order whose customer no source has fails; one whose customer is held back does not."""
    suite = "suite: orders\nentity: order\nexpectations:\n  - ref: company\n    quarantine: false\n"
    (small_project / "suites/orders.yaml").write_text(suite, encoding="utf-8")
    assert check_project(small_project, ["orders"], Silent()).exit_code == 0
    edit("orders.csv", "A3,3,50", "A3,33,50")
    checked = check_project(small_project, ["orders"], Silent())
    assert checked.exit_code == 1
    assert "1 of 5" in checked.reports["summary.md"]
