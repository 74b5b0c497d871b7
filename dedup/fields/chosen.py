"""Which comparisons a table's fields give: by kind, by fill, and by what the values look like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedTable
from cleansing.registry import kind_type
from cleansing.side_by_side import side_by_side
from dedup.comparison.base import Comparison, Group
from dedup.comparison.company_names import company_comparison
from dedup.comparison.kinds import (
    DateComparison,
    DigitsComparison,
    MailComparison,
    SerialComparison,
    TextComparison,
    WordsComparison,
)
from dedup.comparison.people import person_comparisons
from dedup.comparison.places import is_of_place
from dedup.comparison.split_dates import join_dates
from dedup.fields.birth_dates import group_of_dates
from dedup.fields.cell_texts import comparable, day_in
from dedup.fields.compared_columns import coded
from dedup.fields.own_comparison import comparison_of
from dedup.fields.saved_fields import KnownFields
from dedup.fields.subject_columns import says
from dedup.forms.columns import TextColumn
from dedup.forms.contact_cells import MOST, all_parted, joined
from dedup.forms.distinct import each
from dedup.forms.folding import folded
from dedup.knowledge.aliases import alias_groups
from guiyi.kinds import Kind
from guiyi.messages import Message

MOST_COMPARISONS = 16
"""Levels of so many comparisons fit one machine word, four bits each."""
WORDS = 2.2
"""From this many words a value on average, a text is compared word by word."""
ALIKE = 0.95
"""Two columns that agree in this share of the rows are one piece of evidence, not two."""
NOTHING_KNOWN = KnownFields()
KEPT_APART = (Kind.ADDRESS, Kind.PHONE, Kind.EMAIL)
APART = 0.05
"""Two columns of a kind that share fewer rows than this are one column kept in two places."""
OFFICIAL = (0.0, 0.01, 0.0, 0.005, 0.0, 0.05, 0.0, 0.005, 0.0, 0.93)
"""What is expected of numbers issued by the state: two valid ones that differ are two owners'."""
OFFICIAL_CHANGED = 0.05
"""Two numbers on one owner, an old and a new one, a wrong one: never so common that a conflict of
valid numbers stops speaking against a match (4 bits at least)."""
DENSE = 0.1
"""A tenth of all numbers between the least and the largest are in use: they are running numbers."""


@dataclass
class TableComparisons:
    """The comparisons of a table, as they are gathered."""

    records: CodedTable
    kinds: dict[str, Kind]
    aliases: Mapping[str, int]
    made: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    types: Mapping[str, str] = field(default_factory=dict)
    """By field, the comparison that a model knows it by; none if the table decides."""

    def add(self, found: "Comparison | str") -> None:
        """Keep a comparison, or the note that says why it distinguishes no records."""
        if isinstance(found, str):
            self.notes.append(found)
        elif found.name in self.types or len(found.column.values) >= 2:
            self.made.append(found)
        elif found.name != "generation":
            self.notes.append(
                Message("{field}: all values are the same, so it is not compared", field=found.name)
            )

    def fields(self, kind: Kind) -> list[str]:
        """The fields of one kind that are in the table and hold anything."""
        return [
            name
            for name, own in self.kinds.items()
            if own is kind and name in self.records.fields and self.values(name).filled
        ]

    def values(self, name: str) -> Coded:
        """The values of one field."""
        return self.records.fields[name].column(name)


def compare_fields(
    records: pl.DataFrame | CodedTable,
    kinds: Mapping[str, Kind],
    aliases: pl.DataFrame | None = None,
    known: KnownFields = NOTHING_KNOWN,
) -> tuple[list[Comparison], list[str]]:
    """Choose the comparisons; the notes say which fields were left out and why."""
    matched = {name: Kind(kind) for name, kind in kinds.items() if Kind(kind) is not Kind.KEY}
    table = coded(records, kinds)
    dates = join_dates(table, matched)
    evidence = TableComparisons(
        table, dates.kinds, alias_groups(aliases), notes=dates.notes, types=known.types
    )
    people = partial(_people, evidence, known)
    made: list[Callable[[], list[Comparison | str]]] = [people]
    others = sorted({kind for kind in dates.kinds.values() if kind not in list(Kind)})
    for kind in (*Kind, *others):
        if kind not in (Kind.PERSON_NAME, Kind.KEY):
            for name, values in _merged(evidence, kind):
                made.append(partial(_compare, evidence, name, kind, values))
    made.append(lambda: list(dates.comparisons))
    for found in side_by_side(lambda make: make(), made):
        for one in found:
            evidence.add(one)
    if known.types:
        return [c for c in evidence.made if c.name in known.types], evidence.notes
    return _most_informative(_without_echoes(evidence), evidence.notes), evidence.notes


def _people(evidence: TableComparisons, known: KnownFields) -> list[Comparison | str]:
    notes: list[str] = []
    fields = evidence.fields(Kind.PERSON_NAME)
    made = person_comparisons(evidence.records, fields, notes, known.order, known.stood)
    return [*made, *notes]


def _merged(evidence: TableComparisons, kind: Kind) -> list[tuple[str, Coded]]:
    """The comparable columns of a kind; columns that fill each other's gaps become one."""
    out: list[tuple[str, Coded]] = []
    for name in evidence.fields(kind):
        values = comparable(evidence.records.fields[name], name, kind)
        for n, (other, kept) in enumerate(out if kind in KEPT_APART else ()):
            both = (values.there & kept.there).sum()
            if both < APART * min(values.filled, kept.filled):
                out[n] = (other, kept.or_else(values))
                evidence.notes.append(
                    Message("{field}: fills the gaps of {other}", field=name, other=other)
                )
                break
        else:
            out.append((name, values))
    return out


def _compare(
    evidence: TableComparisons, name: str, kind: Kind, values: Coded
) -> list[Comparison | str]:
    """The comparison of a field, or the note that says why there is none."""
    own = kind_type(kind)
    of_place = is_of_place(name, kind, evidence.values(name))
    group = Group.PLACE if of_place else Group(own.group)
    if own.comparison in _MADE:
        return [_MADE[str(own.comparison)](evidence, Compared(name, kind, group, values))]
    return [comparison_of(kind)(name, group, TextColumn.of(values))]


class Compared(NamedTuple):
    """A field about to be compared."""

    name: str
    kind: Kind
    group: Group
    values: Coded


def _company(evidence: TableComparisons, it: Compared) -> Comparison:
    field = evidence.records.fields[it.name]
    return company_comparison(it.name, _firm_group(evidence, it.name), field, evidence.aliases)


def _date(evidence: TableComparisons, it: Compared) -> Comparison:
    alone = bool(evidence.fields(Kind.PERSON_NAME)) and len(evidence.fields(Kind.DATE)) == 1
    group = group_of_dates(it.name, evidence.values(it.name), alone)
    return DateComparison(it.name, group, TextColumn.of(it.values.map(_days)))


def _code(evidence: TableComparisons, it: Compared) -> Comparison | str:
    column = TextColumn.of(it.values)
    known = evidence.types.get(it.name)
    if known is None and len(column.values) == int((column.codes >= 0).sum()):
        return Message("{field}: no value repeats, so it is not compared", field=it.name)
    serial = _running(column.values) if known is None else known == SerialComparison.__name__
    made = SerialComparison if serial else DigitsComparison
    return made(it.name, it.group, column)


def _digits(evidence: TableComparisons, it: Compared) -> Comparison:
    return DigitsComparison(it.name, it.group, TextColumn.of(it.values))


def _identifier(evidence: TableComparisons, it: Compared) -> Comparison:
    column = TextColumn.of(it.values)
    return DigitsComparison(
        it.name, it.group, column, prior=OFFICIAL, most_changed=OFFICIAL_CHANGED
    )


def _words(evidence: TableComparisons, it: Compared) -> Comparison:
    return WordsComparison(it.name, it.group, TextColumn.of(it.values))


def _text(evidence: TableComparisons, it: Compared) -> Comparison:
    known = evidence.types.get(it.name)
    if _wordy(it.values) if known is None else known == WordsComparison.__name__:
        return _words(evidence, it)
    return TextComparison(it.name, it.group, TextColumn.of(it.values.map(folded)))


def _contacts(evidence: TableComparisons, it: Compared) -> Comparison:
    return _contact(evidence.records.fields[it.name].cells, it.name, it.kind, it.values)


_MADE: Mapping[str, Callable[[TableComparisons, Compared], Comparison | str]] = {
    "company": _company,
    "date": _date,
    "contact": _contacts,
    "code": _code,
    "digits": _digits,
    "identifier": _identifier,
    "words": _words,
    "text": _text,
}
"""What `KindType.comparison` may name."""


FEW_FIRMS = 0.2
"""Of two columns of firms the one that repeats itself five times as much lists those who serve."""


def _firm_group(evidence: TableComparisons, name: str) -> Group:
    """Whether a column holds the record's firm, or only one that serves it: its bank, an agency."""
    others = [n for n in evidence.fields(Kind.COMPANY_NAME) if n != name]
    if says("firm", name) in ("bank", "provenance"):
        return Group.OTHER
    most = max((_various(evidence.values(n)) for n in others), default=0.0)
    return Group.OTHER if _various(evidence.values(name)) < FEW_FIRMS * most else Group.ORGANISATION


def _various(values: Coded) -> float:
    """How many of the rows that say something say something else, as a share."""
    return int((values.present > 0).sum()) / max(1, values.filled)


def _running(values: pl.Series) -> bool:
    """Whether numbers lie so dense that many have a neighbour, as those do that are counted up."""
    numbers = values.cast(pl.Int64, strict=False).drop_nulls()
    if len(numbers) < DENSE * len(values) or len(numbers) < 2:
        return False
    low, high = int(numbers.min()), int(numbers.max())  # type: ignore[arg-type]
    return numbers.n_unique() >= DENSE * (high - low + 1)


def _wordy(values: Coded) -> bool:
    if not values.filled:
        return False
    words = values.values.str.count_matches(r"\s+").fill_null(0).to_numpy()
    return float((words * values.present).sum() / values.filled) + 1 > WORDS


def _days(values: pl.Series) -> pl.Series:
    return each(values, day_in)


def _contact(cells: pl.DataFrame, name: str, kind: Kind, values: Coded) -> TextComparison:
    """Phones and mails: a cell may hold several, and one in common is agreement."""
    several = f"{name}.all"
    kin = None
    if several in cells.columns and bool((cells[several].list.len() > 1).any()):
        lists = [None if held is None else joined(held) for held in cells[several].to_list()]
        whole = pl.Series("c", lists, pl.String)
        own = values.values.head(len(whole))  # what fills the gaps from another field stands behind
        whole = whole.zip_with(whole.is_not_null(), own)
        values = Coded(pl.concat([whole, values.values.slice(len(whole)).alias("c")]), values.codes)
        column = TextColumn.of(values)
        kin = TextColumn.of(all_parted(column.values)).codes.reshape(-1, MOST)
    else:
        column = TextColumn.of(values)
    if kind is Kind.PHONE:
        return DigitsComparison(name, Group.CONTACT, column, kin=kin)
    return MailComparison(name, Group.MAIL, column, kin=kin)


def _without_echoes(evidence: TableComparisons) -> list[Comparison]:
    """Leave out a column that only repeats another one."""
    kept: list[Comparison] = []
    for comparison in sorted(evidence.made, key=lambda c: int((c.column.codes < 0).sum())):
        echo = next((k for k in kept if _echoes(k.column, comparison.column)), None)
        if echo is None:
            kept.append(comparison)
        else:
            evidence.notes.append(
                Message("{field}: repeats {other}", field=comparison.name, other=echo.name)
            )
    return [c for c in evidence.made if any(c is k for k in kept)]


def _echoes(one: TextColumn, other: TextColumn) -> bool:
    """Whether two columns are alike in nearly all rows of both, by the first of them."""
    if abs(len(one.values) - len(other.values)) > 0.2 * len(one.values):
        return False
    rows = np.flatnonzero((one.codes >= 0) & (other.codes >= 0))[:5000]
    same = one.values.gather(one.codes[rows]) == other.values.gather(other.codes[rows])
    return len(rows) >= 20 and float(same.to_numpy().mean()) >= ALIKE


def _most_informative(made: list[Comparison], notes: list[str]) -> list[Comparison]:
    """Keep the comparisons with most information where filled, but none that is hardly ever filled.

    The information of a field counts by the root of its fill: a passport number in one row of ten
    decides more than a state in all.
    """

    def telling(c: Comparison) -> float:
        filled = float((c.column.codes >= 0).mean())
        if c.name == "generation":
            return float("inf")
        return float(np.sqrt(filled) * -np.log2(max(c.column.chance, 1e-9)))

    ranked = sorted(made, key=lambda c: (-telling(c), c.name))
    if len(made) > MOST_COMPARISONS:
        left = ", ".join(sorted(c.name for c in ranked[MOST_COMPARISONS:]))
        notes.append(
            Message(
                "{field}: not compared; only the {count} most informative fields are",
                field=left,
                count=MOST_COMPARISONS,
            )
        )
    return [c for c in made if any(c is k for k in ranked[:MOST_COMPARISONS])]
