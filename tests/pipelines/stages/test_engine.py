"""A project may have its candidates judged by recordlinkage."""

from collections.abc import Callable
from pathlib import Path

from pipelines.driving.driver import run_project


def test_a_run_judged_by_recordlinkage_comes_to_its_end(
    small_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    """`match.engine` reaches the matcher; what is merged is loaded, and the laws hold."""
    edit("customers.csv", "有限责任公司,0755-26712345", "有限责任公司,0755-26712346")
    edit("guiyi.yaml", "  order:\n", "    match: {engine: recordlinkage}\n  order:\n")
    outcome = run_project(small_project)
    assert outcome.exit_code == 0
    model = next((small_project / ".guiyi" / "runs").glob("*/models/company.json"))
    assert "recordlinkage" in model.read_text(encoding="utf-8")
