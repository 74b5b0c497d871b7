"""Which given names are in use."""

import polars as pl
import pytest

from dedup.comparison.names_in_use import IN_USE, in_use
from dedup.forms.columns import TextColumn


@pytest.mark.parametrize(
    ("name", "once", "often"),
    [
        ("anna", 2, 2),
        ("ann marie", 2, 2),
        ("wei", 0, 1),
        ("小明", 1, 1),
        ("tufiq", 0, 1),
        ("x", 0, 0),
    ],
)
def test_a_name_is_in_use_by_itself_or_by_its_bearers(name: str, once: int, often: int) -> None:
    """A known Western name (2), a Chinese one, or any that several bear; a letter is no name."""
    none = pl.Series([], dtype=pl.String)
    for bearers, use in ((1, once), (IN_USE, often)):
        assert in_use(TextColumn.of(pl.Series([name] * bearers)), none).tolist() == [use]
