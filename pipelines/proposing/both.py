"""Rows that name a person and a company become two records with a relation between them.

A list of contacts names a company in many rows: its company is one record, known by its name (or by
its number, if the table has one). In a list of companies each row is one, and its contact beside.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from cleansing import KindGuess, clean_table
from dedup.fields import Named, Subject, called, coded, named_in, subject_of
from guiyi.kinds import Kind

_NUMBER = re.compile(
    r"(?i)(?:account|company|customer|client|firm|vendor|supplier)[ _-]?(?:id|no|code|number|key)\b"
    r"|(?:客户|公司|企业|单位|供应商)(?:编号|代码|编码|号|ID)"
)
_OF_CONTACT = re.compile(
    r"(?i)联系人|聯絡人|contact ?(?:person|mobile|cell)|contact's|手机|mobile|\bcell"
)
_OF_FIRM = re.compile(
    r"(?i)总机|座机|固话|公司电话|单位电话|公司邮箱|传真|switchboard|landline"
    r"|(?:office|company|main|firm|corporate|general)[ _]?(?:phone|tel|number|e-?mail)"
)
_REACHED = (Kind.PHONE, Kind.EMAIL)
_OF_BOTH = (Kind.COMPANY_NAME, Kind.ADDRESS, Kind.POSTCODE, Kind.REGION)
_FIRMLY = (Kind.USCC, Kind.URL, Kind.INDUSTRY, Kind.AMOUNT)


@dataclass(frozen=True)
class Both:
    """A table whose rows name a person and a company."""

    subject: Subject
    person: Named
    firm: Named
    columns: tuple[str, ...]
    """All columns that may become fields."""

    def names(self, entity: Literal["person", "company"]) -> dict[str, Kind]:
        """The columns that name one of the two, whatever their kind was taken for."""
        if entity == "person":
            return dict.fromkeys(self.person.columns, Kind.PERSON_NAME)
        return dict.fromkeys(self.firm.columns, Kind.COMPANY_NAME)

    def is_about(self, entity: Literal["person", "company"], column: str, kind: Kind) -> bool:
        """Whether a column is a field of one of the two."""
        if column in self.firm.columns:
            return True
        if column in self.person.columns or kind in (Kind.PERSON_NAME, Kind.ID_CARD):
            return entity == "person"
        return self._of_person(column, kind) if entity == "person" else self._of_firm(column, kind)

    def _of_person(self, column: str, kind: Kind) -> bool:
        if kind in _REACHED:
            return not (_OF_FIRM.search(column) and self._has_another(column, _OF_FIRM))
        if kind in _FIRMLY or _says("firmly", column):
            return False
        return self.subject.entity == "person" or _says("personal", column)

    def _of_firm(self, column: str, kind: Kind) -> bool:
        if kind in _REACHED:
            if self.subject.entity == "person":
                return bool(_OF_FIRM.search(column))
            return not (_OF_CONTACT.search(column) and self._has_another(column, _OF_CONTACT))
        if kind in _OF_BOTH or kind in _FIRMLY or _says("firmly", column):
            return True
        return self.subject.entity == "company" and not _says("personal", column)

    def _has_another(self, column: str, words: re.Pattern[str]) -> bool:
        """Whether the other entity would not be left without any column to be reached by."""
        return any(not words.search(other) for other in self.columns if other != column)

    def company_key(self, sample: pl.DataFrame) -> list[str]:
        """What makes rows one company: its number, if each has one name; else the name itself."""
        names = self.firm.columns[0]
        for column in sample.columns:
            if column not in self.firm.columns and _NUMBER.search(column):
                held = sample.select(column, names).drop_nulls().unique()
                distinct = held[column].n_unique()
                if (
                    distinct
                    and held.height <= 1.02 * distinct
                    and distinct < sample[column].count()
                ):
                    return [column]
        return [names]

    def named(self, entity: Literal["person", "company"]) -> str:
        """The condition that a row names one of the two, in SQL."""
        columns = self.person.columns if entity == "person" else self.firm.columns
        return " OR ".join('"{}" IS NOT NULL'.format(c.replace('"', '""')) for c in columns)


def about(sample: pl.DataFrame, guesses: Mapping[str, KindGuess]) -> tuple[Subject, Both | None]:
    """What a table's rows are, and the person and the company of each if it names both."""
    kinds = {column: guess.kind for column, guess in guesses.items() if guess.kind is not Kind.KEY}
    table = coded(clean_table(sample.select(list(kinds)), kinds), kinds)
    subject = subject_of(table, kinds)
    person, firm = named_in(table, kinds)
    if not subject.both or person is None or firm is None or person.says == "staff":
        return subject, None
    return subject, Both(subject, person, firm, tuple(kinds))


def _says(group: str, column: str) -> bool:
    entries: Sequence[str] = _ENTRIES[group]
    return any(called(group, entry, [column]) for entry in entries)


_ENTRIES = {"personal": ("intimate", "work", "reach", "contact's"), "firmly": ("registry", "trait")}
