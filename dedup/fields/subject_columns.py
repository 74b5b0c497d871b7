"""The columns that show what a table is about: who is named, which firm, and what headers say.

Kinds come from content, so they decide; a header decides where there is no column of the kind, and
between a person's column and a firm's where content may be either.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl
import yaml

from cleansing.coded_table import CodedTable
from dedup.forms.person_names import is_single
from guiyi.kinds import Kind

Rows = npt.NDArray[np.uint64]
NAMELESS = 0.02
"""A column of names that is filled in fewer rows than this names nobody."""
FEW = 0.05
"""So few different names to a row: the table's own salesmen, not whom it lists."""
BRIEF = 0.7
"""From this share of names of one character on a column holds Chinese surnames."""
_LIKE_NAMES = (Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.TEXT)


@dataclass(frozen=True)
class Named:
    """The columns that together name the person, or the firm, of a row."""

    columns: tuple[str, ...]
    says: str
    """What the header says: a group of `subject_headers.yml`, or nothing."""
    values: Rows
    """A number for each different name, row by row; 0 where there is none."""
    place: int
    """Where the first of the columns stands in the table."""
    whole: bool = True
    """Whether they hold whole names, not given names or surnames alone."""

    @property
    def fill(self) -> float:
        """The share of rows with a name."""
        return float((self.values != 0).mean()) if len(self.values) else 0.0


def named_in(table: CodedTable, kinds: Mapping[str, Kind]) -> tuple[Named | None, Named | None]:
    """The columns that name a row's person, and its firm; None where none do.

    Where both would be one column, its kind decides.
    """
    kinds = _of_two_names(table, kinds)
    person, firm = _persons(table, kinds), _firms(table, kinds)
    if person is None or firm is None or not set(firm.columns) & set(person.columns):
        return person, firm
    held = kinds[firm.columns[0]]
    return (None, firm) if held is Kind.COMPANY_NAME else (person, None)


def _of_two_names(table: CodedTable, kinds: Mapping[str, Kind]) -> Mapping[str, Kind]:
    """The kinds, where of two columns taken for companies one is called as a person is."""
    names = [n for n in kinds if n in table.fields]
    firms = [n for n in names if kinds[n] is Kind.COMPANY_NAME]
    persons = [n for n in firms if says("person", n) in ("own", "parts", "contact")]
    others = [
        n for n in firms if n not in persons and says("firm", n) not in ("bank", "provenance")
    ]
    if Kind.PERSON_NAME in kinds.values() or not (persons and others):
        return kinds
    return {**kinds, **dict.fromkeys(persons, Kind.PERSON_NAME)}


def _persons(table: CodedTable, kinds: Mapping[str, Kind]) -> Named | None:
    names = _columns(table, kinds, Kind.PERSON_NAME, "person", "firm")
    names = [n for n in names if not _is_staff(table, n)] or names
    if not names:
        return None
    best = min(names, key=lambda n: (_RANK["person"].index(says("person", n)), names.index(n)))
    parts = [n for n in names if _is_part(table, n)] if _is_part(table, best) else [best]
    role = "parts" if len(parts) > 1 and says("person", best) not in _MERE else says("person", best)
    return _named(table, parts, role)


def _firms(table: CodedTable, kinds: Mapping[str, Kind]) -> Named | None:
    names = _columns(table, kinds, Kind.COMPANY_NAME, "firm", "person")
    names = [n for n in names if says("firm", n) != "provenance"]
    if not names:
        return None
    best = min(names, key=lambda n: (_RANK["firm"].index(says("firm", n)), names.index(n)))
    return _named(table, [best], says("firm", best))


_RANK = {
    "person": ["parts", "own", "", "contact", "holder", "staff"],
    "firm": ["listed", "named", "bare", "plain", "", "employer", "bank"],
}
"""Of several columns of names the one that comes first here is the row's."""
_MERE = ("contact", "holder", "staff")


def _columns(
    table: CodedTable, kinds: Mapping[str, Kind], kind: Kind, group: str, other: str
) -> list[str]:
    """The columns of a kind; else those whose header says so and whose content does not deny it."""
    there = [
        name
        for name in kinds
        if name in table.fields and table.fields[name].column(name).filled > NAMELESS * table.height
    ]
    own = [n for n in there if kinds[n] is kind]
    foreign = [n for n in own if says(other, n) not in ("", "bare") and not says(group, n)]
    if len(own) > len(foreign):
        return [n for n in own if n not in foreign]
    called = [
        n
        for n in there
        if kinds[n] in _LIKE_NAMES
        and not (kind is Kind.COMPANY_NAME and kinds[n] is Kind.PERSON_NAME)
        and says(group, n)
        and not says(other, n)
        and n not in own
    ]
    return called or own


def _is_staff(table: CodedTable, name: str) -> bool:
    """Whether a column names our own people: its header says so, or they are few."""
    role = says("person", name)
    if role == "staff" or role == "own" or _is_part(table, name):
        return role == "staff"
    column = table.fields[name].column(name)
    return int((column.present > 0).sum()) < FEW * column.filled


def _is_part(table: CodedTable, name: str) -> bool:
    return says("person", name) == "parts" or is_single(table.fields[name].column(name))


def _named(table: CodedTable, columns: list[str], role: str) -> Named:
    each = [_numbers(table, name) for name in columns]
    values = each[0].copy()
    for more in each[1:]:
        values = np.where((values == 0) & (more == 0), 0, values * np.uint64(31) + more)
    place = min(list(table.fields).index(name) for name in columns)
    whole = len(columns) > 1 or not (_is_part(table, columns[0]) or _is_brief(table, columns[0]))
    return Named(tuple(columns), role, values, place, whole)


def _is_brief(table: CodedTable, name: str) -> bool:
    """Whether most cells are one character: Chinese surnames alone."""
    column = table.fields[name].column(name)
    return column.share(column.values.cast(pl.String).str.len_chars() < 2) > BRIEF


def _numbers(table: CodedTable, name: str) -> Rows:
    """A number for each different value, by its comparison key where it has one."""
    field = table.fields[name]
    key = f"{name}.key"
    shown = pl.col(name).cast(pl.String).str.to_lowercase().str.strip_chars()
    keyed = pl.coalesce(pl.col(key).cast(pl.String), shown) if key in field.cells.columns else shown
    values = field.cells.select(keyed.alias("v"))
    hashed = values.select(
        pl.when(pl.col("v").is_null()).then(0).otherwise(pl.col("v").hash(7) | 1).alias("h")
    )["h"]
    return hashed.cast(pl.UInt64).to_numpy()[field.codes]


@cache
def says(group: str, header: str) -> str:
    """What a header says of its column, among the entries of a group; nothing if it says none."""
    folded = fold(header)
    return next((name for name, known in _words()[group] if known.search(folded)), "")


def fold(header: str) -> str:
    """Lower case, words apart: FirstName and FIRST_NAME are both `first name`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header)
    return " ".join(re.sub(r"[\W_]+", " ", apart.lower()).split())


def called(group: str, entry: str, headers: Iterable[str]) -> list[str]:
    """The headers of which a group's entry speaks."""
    pattern = dict(_words()[group])[entry]
    return [header for header in headers if pattern.search(fold(header))]


def words(group: str, entry: str) -> str:
    """An entry as a regular expression."""
    return dict(_words()[group])[entry].pattern


@cache
def _words() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    text = (files("dedup") / "data" / "subject_headers.yml").read_text(encoding="utf-8")
    groups: dict[str, dict[str, str]] = yaml.safe_load(text)
    order = {
        "person": ["staff", "contact", "holder", "parts", "own"],
        "firm": ["bank", "provenance", "listed", "named", "bare", "employer", "plain"],
    }
    return {
        group: [
            (name, re.compile(entries[name].replace(" |", "|")))
            for name in order.get(group, entries)
        ]
        for group, entries in groups.items()
    }
