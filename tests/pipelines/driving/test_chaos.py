"""A run that is killed at a random moment loses nothing (`make chaos` tries many)."""

from pathlib import Path

import pytest

from benchmarks.chaos import trial


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
def test_a_killed_run_loses_nothing(seed: int, tmp_path: Path) -> None:
    """Run again, CRM, ids and decisions are those of a twin project that nobody killed."""
    assert trial(seed, tmp_path)
