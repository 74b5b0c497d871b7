"""A date in three columns is one piece of evidence: it is compared as one date.

    join_dates(records, kinds)      # birth_year, birth_month, birth_day → one DateComparison

Three numbers of one or two digits say nothing each, and equal days of the month are no agreement;
together they are a birth date. The comparison is named after its columns, year first:
`birth_year+birth_month+birth_day`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedTable
from cleansing.date_parts import DAY, MONTH, READERS, YEAR, DateParts, find_date_parts
from dedup.comparison.base import Comparison, Group
from dedup.comparison.kinds import DateComparison
from dedup.forms.columns import TextColumn
from dedup.forms.value_quality import NO_DAY
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import raw

JOINED = "+"
"""Between the names of the columns in the name of their comparison."""
LIVES = 20
"""Years between the 5th and the 95th percentile from which years can be those of births."""
NEVER_A_PART = frozenset(
    {Kind.KEY, Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.ADDRESS, Kind.EMAIL, Kind.URL, Kind.PHONE}
)
"""Kinds of columns that no header makes a part of a date."""
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class SplitDate:
    """A date whose parts stand in columns of their own."""

    parts: DateParts
    days: Coded
    """Dates as yyyy-mm-dd, with 00 for a month or day nobody knows; without a year none."""

    @property
    def name(self) -> str:
        """The name of its comparison."""
        return JOINED.join(self.parts.columns)


@dataclass(frozen=True)
class Joined:
    """What becomes of a table's fields where dates stand in several columns."""

    kinds: dict[str, Kind]
    """The fields that are still compared by themselves."""
    comparisons: list[Comparison]
    notes: list[str]


def split_dates(columns: Mapping[str, Coded]) -> list[SplitDate]:
    """Find the dates that stand in several columns, given as distinct texts by name."""
    return [
        SplitDate(parts, _days([columns[n] for n in parts.columns]))
        for parts in find_date_parts(columns)
    ]


def join_dates(records: CodedTable, kinds: Mapping[str, Kind]) -> Joined:
    """Replace the columns of each split date by one comparison of dates, with a note.

    A birth date is one by its headers or, like a date in one column, as a person's only date.
    """
    columns = {
        name: _as_typed(records, name)
        for name, kind in kinds.items()
        if kind not in NEVER_A_PART and name in records.fields
    }
    found = split_dates(columns)
    parts = {name for date in found for name in date.parts.columns}
    left = {name: kind for name, kind in kinds.items() if name not in parts}
    alone = len(found) == 1 and Kind.DATE not in left.values()
    persons = Kind.PERSON_NAME in left.values()
    made: list[Comparison] = []
    notes: list[str] = []
    for date in found:
        birth = date.parts.birth
        if birth is None:
            birth = alone and persons and _are_lives(date.days)
        group = Group.BIRTH if birth else Group.OTHER
        made.append(DateComparison(date.name, group, TextColumn.of(date.days)))
        notes.append(
            Message(
                "{field}: one date in {count} columns",
                field=date.name,
                count=len(date.parts.columns),
            )
        )
    return Joined(left, made, notes)


def parts_of(name: str, fields: Sequence[str]) -> tuple[str, ...]:
    """The columns after which the comparison of a split date is named; none if it is none."""
    return next(_parts_of(name, fields), ())


def _parts_of(name: str, fields: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for field in fields:
        if name == field:
            yield (field,)
        elif name.startswith(field + JOINED):
            for rest in _parts_of(name.removeprefix(field + JOINED), fields):
                yield (field, *rest)


def day_of(texts: Sequence[str | None]) -> str | None:
    """The date that one record's year, month and, if there is one, day make."""
    numbers = [
        np.array([0 if text is None else read(text)], np.int32)
        for text, read in zip(texts, _readers(len(texts)), strict=True)
    ]
    return _spelled(int(_packed(numbers)[0]))


def _as_typed(records: CodedTable, name: str) -> Coded:
    """The texts of a field as they were typed, as far as the table still has them."""
    field = records.fields[name]
    own = raw(name) if raw(name) in field.cells.columns else name
    return field.column(own)


def _days(columns: Sequence[Coded]) -> Coded:
    numbers = []
    for column, read in zip(columns, _readers(len(columns)), strict=True):
        texts = column.values.cast(pl.String).to_list()
        by_value = np.array([0 if text is None else read(text) for text in texts], np.int32)
        numbers.append(by_value[column.codes])
    packed, codes = np.unique(_packed(numbers), return_inverse=True)
    spelled = pl.Series([_spelled(int(day)) for day in packed], dtype=pl.String)
    return Coded(spelled, codes.astype(np.int32))


def _readers(columns: int) -> list[Callable[[str], int]]:
    return [READERS[part] for part in (YEAR, MONTH, DAY)[:columns]]


def _packed(numbers: Sequence[Numbers]) -> Numbers:
    """Dates as the number yyyymmdd; 0 without a year, 00 for a part that is not known.

    A month above twelve beside a day that could be one is a day in the wrong column.
    """
    year, month = numbers[0], numbers[1]
    day = numbers[2] if len(numbers) > 2 else np.zeros_like(month)
    swapped = (month > 12) & (day >= 1) & (day <= 12)
    month, day = np.where(swapped, day, month), np.where(swapped, month, day)
    month = np.where(month > 12, 0, month)
    day = np.where(month == 0, 0, day)
    packed = np.where(year == 0, 0, year * 10_000 + month * 100 + day)
    return packed.astype(np.int32)


def _spelled(packed: int) -> str | None:
    if packed == 0:
        return None
    day = f"{packed // 10_000:04d}-{packed // 100 % 100:02d}-{packed % 100:02d}"
    return None if day in NO_DAY else day


def _are_lives(days: Coded) -> bool:
    """Whether the years are spread as those are in which people were born."""
    years = days.values.str.slice(0, 4).cast(pl.Int32).fill_null(0).to_numpy()
    present = np.repeat(years, days.present)
    if not len(present):
        return False
    low, high = np.quantile(present, [0.05, 0.95])
    return bool(high - low >= LIVES)
