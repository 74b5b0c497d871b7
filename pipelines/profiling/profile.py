"""What a table holds: fill rates, kinds, patterns, damage, duplicates, personal data. Pure."""

from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from cleansing import clean_table, infer_kinds
from cleansing.reasons import unquoted
from cleansing.registry import kind_type
from connectors.sources import TableInfo
from guiyi.kinds import Kind
from guiyi.records import raw, reason
from pipelines.files.column_names import safe_names
from pipelines.files.reading import problems
from pipelines.proposing.kinds import guess_kinds

PATTERNS = 5
"""How many of the most frequent patterns of a column are shown."""


@dataclass(frozen=True)
class ColumnProfile:
    """What one column holds. Patterns show shapes (9 a digit, A a letter, 汉 a character), never
    values.
    """

    column: str
    kind: Kind
    confidence: float
    why: str
    filled: float
    """Share of rows with a value."""
    distinct: int
    valid: float | None
    """Share of the values given that are valid of their kind; null where every text is."""
    personal: bool
    patterns: dict[str, int]
    reasons: dict[str, int]
    """What cleaning would change or refuse, by reason."""


@dataclass(frozen=True)
class TableProfile:
    """What one table holds."""

    name: str
    rows: int
    duplicate_rows: int
    columns: list[ColumnProfile]
    damage: dict[str, int] = field(default_factory=dict)
    """Cells or rows that cannot be trusted, by problem."""
    entity: str | None = None
    """What the rows seem to be: company, person or order."""
    entity_why: str = ""
    notes: tuple[str, ...] = ()
    """What the source says of the table: its encoding, hidden rows, a missing key."""

    def as_json(self) -> dict[str, Any]:
        """Describe the profile to a machine."""
        return asdict(self)


def profile_table(
    name: str, rows: pl.DataFrame, damage: pl.DataFrame, info: TableInfo
) -> TableProfile:
    """Profile a table as read by a source."""
    data = rows.select(pl.exclude("_row", "_place"))
    of_reading = [column for column in data.columns if column in info.kinds]
    guesses = {**infer_kinds(data.select(of_reading)), **guess_kinds(info, data)}
    safe = safe_names(data.columns)
    cleaned = clean_table(
        data.rename(safe), {safe[column]: guess.kind for column, guess in guesses.items()}
    )
    columns = [
        _profile_column(
            data[column],
            cleaned.select(value=safe[column], raw=raw(safe[column]), reason=reason(safe[column])),
            guesses[column].kind,
            guesses[column].confidence,
            guesses[column].why,
        )
        for column in data.columns
    ]
    return TableProfile(
        name,
        data.height,
        int(data.is_duplicated().sum() - data.filter(data.is_duplicated()).unique().height)
        if data.width
        else 0,
        columns,
        problems(damage),
    )


def _profile_column(
    values: pl.Series, cleaned: pl.DataFrame, kind: Kind, confidence: float, why: str
) -> ColumnProfile:
    given = values.drop_nulls()
    refused = cleaned.filter(pl.col("value").is_null() & pl.col("raw").is_not_null()).height
    return ColumnProfile(
        column=values.name,
        kind=kind,
        confidence=round(confidence, 3),
        why=why,
        filled=round(given.len() / max(values.len(), 1), 4),
        distinct=given.n_unique(),
        valid=None if kind is Kind.TEXT or not given.len() else round(1 - refused / given.len(), 4),
        personal=kind_type(kind).personal,
        patterns=_patterns(given),
        reasons=_counts(unquoted(cleaned["reason"].drop_nulls()).str.split("; ").explode()),
    )


def _patterns(values: pl.Series) -> dict[str, int]:
    shape = (
        values.str.replace_all(r"\p{Nd}", "9")
        .str.replace_all(r"\p{Han}", "汉")
        .str.replace_all(r"[\p{L}--\p{Han}]\p{M}*", "A")  # of any script: a shape says no name
        .str.replace_all(r"汉{2,}", "汉+")
        .str.replace_all(r"A{2,}", "A+")
        .str.slice(0, 40)
    )
    return _counts(shape)


def _counts(values: pl.Series) -> dict[str, int]:
    named = values.alias("value").to_frame()
    top = named.group_by("value").len().sort("len", "value", descending=[True, False])
    return dict(top.head(PATTERNS).iter_rows())
