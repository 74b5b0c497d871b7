"""A second telephone number that the CRM does not get is told of, as an unmapped column is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.driving.driver import run_project
from pipelines.stages.run import Options

Edit = Callable[[str, str, str], None]
TOLD = (
    "company: 1 record has further values of `phone`, which are not mapped; "
    "`phone.all` has all of them"
)


@pytest.mark.parametrize(
    ("mapped", "told"),
    [
        ("phone: phone", True),
        ("phone: phone, phones: phone.all", False),
        ('phone: phone, second: {expr: "phone.all[2]"}', False),
        ("city: address.city", False),
    ],
)
def test_further_values_that_are_not_mapped_are_told(
    small_project: Path, edit: Edit, mapped: str, told: bool
) -> None:
    """Where the mapping takes the first alone; a field that is not mapped at all was left out."""
    edit("customers.csv", "025-84451234", "025-84451234 / 13800138000")
    edit("guiyi.yaml", "phone: phone, city: address.city", mapped)
    outcome = run_project(small_project, Options(until="map"))
    assert (TOLD in outcome.notes) == told
    assert any("further values" in note for note in outcome.notes) == told
