"""One drawn register: the table as a user would hand it over, and who each row is about."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

Headers = dict[str, tuple[str, str, str]]
"""Per column the clear headers, those of another language, and misleading ones, split by |."""


@dataclass(frozen=True)
class Family:
    """A table as it would be exported, all columns text, empty cells null."""

    table: pl.DataFrame
    """What the tool sees: no column of it gives the truth away."""
    truth: pl.Series
    """The entity of each row (Int64 or String), as long as the table."""
    entity: Literal["person", "company"]
    """What a row of this table is about, and so what the truth counts."""
    same_name: tuple[str, ...]
    """Columns that together are the name, for the simplest rule: same name and one more key."""
    keys: tuple[str, ...]
    """Columns each of which is the "one more key" of the simplest rule: phone, e-mail, company."""
    drawn: dict[str, float | int | str]
    """The parameters this seed drew, for the report of the worst decile."""
