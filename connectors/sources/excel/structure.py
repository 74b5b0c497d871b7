"""What is known of a sheet beside its values, whatever the workbook's format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.sources.layout import MergedCells

CHUNK = 1 << 18
"""Bytes of a sheet's XML that are searched at once."""


@dataclass(frozen=True)
class Structure:
    """What is known of a sheet beside its values."""

    merges: tuple[MergedCells, ...] = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    comments: int = 0
    from_1904: bool = False
    """Days are counted from 1904, as Excel for the Macintosh did."""
    extent: tuple[int, int] = (0, 0)
    """How many rows and columns lie between the corners; (0, 0) if it is not known."""
    uncalculated: tuple[tuple[int, int], ...] = ()
    """Rows and columns, from 0, of formulas that were saved without their result."""
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Numbers whose format makes codes of them, as the sheet shows them."""
