"""Cells as people type them, of every kind: each letter and digit stands somewhere."""

import random

import pytest

from benchmarks.cells import VALUES, cell
from benchmarks.conservation import losses
from guiyi.kinds import Kind


def test_cells_of_every_kind_are_drawn() -> None:
    """A kind that is added gets cells of its own."""
    assert set(VALUES) == set(Kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_letter_or_digit_of_a_cell_is_lost(kind: Kind) -> None:
    """It is in the clean value, in a part, or named in the reason."""
    draw = random.Random(f"cells of {kind}")
    assert list(losses(kind, [cell(kind, draw) for _ in range(1500)])) == []
