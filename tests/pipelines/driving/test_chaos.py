"""A run that is killed, cut off and disturbed loses nothing (`make chaos` tries many)."""

from pathlib import Path

import pytest

from benchmarks.chaos import behind_http, sql


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
def test_a_killed_run_loses_nothing(seed: int, tmp_path: Path) -> None:
    """Run again, CRM, ids and decisions are those of a twin project that nobody killed."""
    assert sql.trial(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "seed"), [("odata", 2), ("directus", 4)])
def test_a_load_that_is_disturbed_in_every_way_loses_nothing(
    target: str, seed: int, tmp_path: Path
) -> None:
    """Killed, cut off, refused and edited meanwhile; resumed, every row is there, once."""
    assert behind_http.trial(seed, target, tmp_path)
