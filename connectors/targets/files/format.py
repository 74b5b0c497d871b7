"""What a format of files can do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import polars as pl

from connectors.targets.contract import EXTERNAL_ID, Rejection
from guiyi.messages import Message

Text = str


class FileFormat(Protocol):
    """Rows of text in and out of a file, its headings first."""

    suffix: str
    """How its files are called."""

    def write(self, rows: pl.DataFrame, file: Path) -> None:
        """Write a file."""

    def read(self, file: Path) -> pl.DataFrame:
        """Read a file as text. Raises TargetError where it cannot be read."""

    def canonical(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Spell rows the way `read` finds them."""

    def unfit(self, rows: pl.DataFrame) -> Iterator[Rejection]:
        """Rows that a file cannot hold."""


def bad_values(
    rows: pl.DataFrame, is_bad: Callable[[Text], bool], why: Message
) -> Iterator[Rejection]:
    """A rejection for every row that has a bad value; each distinct value is judged once."""
    for column in rows.columns:
        texts = rows[column].drop_nulls().unique()
        bad = texts.filter(pl.Series(map(is_bad, texts), dtype=pl.Boolean))
        if bad.len():
            held = rows.filter(pl.col(column).is_in(bad.implode()))[EXTERNAL_ID]
            yield from (Rejection(external_id, column, why) for external_id in held)
