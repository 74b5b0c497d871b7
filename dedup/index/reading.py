"""What a comparison sees of one clean record; `dedup.fields.chosen` sees whole columns so.

A record is a mapping with the columns of a clean table. Which fields a comparison reads was decided
on the whole table; `readings_of` finds it out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleansing.empty_words import NOTHING as TYPED_NOTHING
from cleansing.registry import kind_type
from dedup.comparison.base import Comparison, Group, NameOrder
from dedup.comparison.company_names import CompanyComparison, squeezed
from dedup.comparison.kinds import DateComparison, TextComparison, WordsComparison
from dedup.comparison.name_parts import before_mask, given_of, surname_of
from dedup.comparison.split_dates import day_of, parts_of
from dedup.fields.cell_texts import column_compared, day_in, refused_text
from dedup.forms.contact_cells import joined
from dedup.forms.folding import fold, spell
from dedup.forms.person_names import generation_of, without_generation
from dedup.knowledge.company_words import key_written_out
from guiyi.kinds import Kind

Record = Mapping[str, object]
_TYPED_NOTHING = re.compile(TYPED_NOTHING)


@dataclass(frozen=True)
class FieldReading:
    """How the text of one comparison is read off a record."""

    fields: tuple[str, ...]
    """The first of these that holds anything is read."""
    kind: Kind
    form: str
    """plain, folded, day, several, company, the part of a name: given or surname; generation;
    split date, of which the fields are the parts; or nothing, where what the batch compares hangs
    on other columns of the record."""
    wholes: tuple[str, ...] = ()
    """The full names out of which a missing part is taken, the first that has it."""
    surname_first: bool = False
    """Whether the first of these has the surname first throughout."""

    def text(self, record: Record) -> str | None:
        """The text that is compared; None where the record says nothing."""
        if self.form in ("given", "surname"):
            return self._name(record)
        if self.form == "generation":
            return self._generation(record)
        if self.form == "nothing":
            return None
        if self.form == "split date":
            return day_of([_typed(record, field) for field in self.fields])
        if self.form == "company":
            return _company_key(record, self.fields[0])
        if self.form == "several":
            held = record.get(f"{self.fields[0]}.all")
            cell = joined(held) if isinstance(held, list | tuple) else None
            if cell is not None:
                return cell
        for field in self.fields:
            found = _comparable(record, field, self.kind)
            if found is not None:
                return self._formed(found)
        return None

    def _formed(self, text: str) -> str | None:
        if self.form == "folded":
            return spell(text) if self.kind is Kind.PERSON_NAME else fold(text)
        if self.form == "day":
            return day_in(text)
        return text

    def _name(self, record: Record) -> str | None:
        for field in self.fields:
            found = _spelled(record.get(field))
            if found is not None:
                return without_generation(found) or None
        for whole in self.wholes:
            surname_first = self.surname_first and whole == self.wholes[0]
            found = _part(record, whole, self.form, surname_first=surname_first)
            if found is not None:
                return without_generation(found) or None
        return None

    def _generation(self, record: Record) -> str | None:
        for field in self.fields:
            mark = generation_of(_spelled(record.get(field)) or "")
            if mark is not None:
                return mark
        return None


def readings_of(
    comparison: Comparison,
    kinds: Mapping[str, Kind],
    taken: Sequence[str],
    notes: Sequence[str],
) -> list[FieldReading]:
    """The ways a comparison may have been read, the likeliest first; `taken` are all their names.

    Which columns fill another's gaps is said in the notes of the run.
    """
    name = comparison.name
    people = [n for n, kind in kinds.items() if kind is Kind.PERSON_NAME]
    if comparison.group in (Group.GIVEN, Group.SURNAME):
        part = str(comparison.group)
        own = (name,) if name in kinds else ()
        whole = () if own else (name.removesuffix(f".{part}"),)
        others = [n for n in people if n not in (*taken, *whole)]
        ways = [(), *((other,) for other in others), tuple(others)]
        turned = isinstance(comparison, TextComparison) and comparison.order is NameOrder.SURNAME
        found = [FieldReading(own, Kind.PERSON_NAME, part, (*whole, *way), turned) for way in ways]
        return list(dict.fromkeys(found))
    if comparison.given:
        first = [n for n in people if n in taken]
        marks = [f"{n}{form}" for n in [*first, *people] for form in (".suffix", "")]
        ways = [tuple(marks), tuple(people)]
        return [FieldReading(way, Kind.PERSON_NAME, "generation") for way in ways]
    if name not in kinds:
        return [FieldReading(parts_of(name, list(kinds)), Kind.DATE, "split date")]
    kind = kinds[name]
    if kind is Kind.PERSON_NAME and isinstance(comparison, WordsComparison):
        return [FieldReading((name,), kind, form) for form in ("folded", "nothing")]
    filling = [n for n in kinds if f"{n}: fills the gaps of {name}" in notes]
    return [FieldReading((name, *filling), kind, _form(comparison, kind))]


def _form(comparison: Comparison, kind: Kind) -> str:
    if isinstance(comparison, CompanyComparison):
        return "company"
    if isinstance(comparison, DateComparison):
        return "day"
    if kind is Kind.PERSON_NAME:
        return "folded"
    if kind in (Kind.PHONE, Kind.EMAIL):
        several = isinstance(comparison, TextComparison) and comparison.kin is not None
        return "several" if several else "plain"
    if kind_type(kind).exact or kind is Kind.ADDRESS or isinstance(comparison, WordsComparison):
        return "plain"
    return "folded"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _spelled(name: object) -> str | None:
    return spell(name) if isinstance(name, str) else None


def _typed(record: Record, name: str) -> str | None:
    """A field as it was typed."""
    return _text(record.get(f"{name}.raw")) or _text(record.get(name))


def _comparable(record: Record, name: str, kind: Kind) -> str | None:
    """The form of a field that is compared; an invalid value is still evidence, as it stands."""
    if kind is Kind.PERSON_NAME:
        return _text(record.get(name))
    if kind in (Kind.CODE, Kind.TEXT) and _TYPED_NOTHING.match(_text(record.get(name)) or " "):
        return None
    found = _text(record.get(column_compared(name, kind, record)))
    written = _text(record.get(f"{name}.raw"))
    if found is None and written is not None:
        found = refused_text(written, _text(record.get(f"{name}.reason")), kind)
    return None if found is None else found.lower().strip() or None


def _part(record: Record, whole: str, part: str, *, surname_first: bool) -> str | None:
    """A part of a full name; see `people` for one that cannot be parted."""
    written = _text(record.get(whole))
    shown = None if written is None else before_mask(written)
    if shown is not None:
        return spell(shown) if part == "surname" else None
    given = _spelled(record.get(f"{whole}.given"))
    surname = _spelled(record.get(f"{whole}.surname"))
    plain = _spelled(written)
    if given is None and surname is None and plain is not None:
        given, surname = given_of(plain), surname_of(plain)
    if surname_first and None not in (given, surname) and f"{given} {surname}" == plain:
        given, surname = surname, given
    return surname if part == "surname" else given


def _company_key(record: Record, name: str) -> str | None:
    value, key = _text(record.get(name)), _text(record.get(f"{name}.key"))
    brand = _text(record.get(f"{name}.brand")) or value
    whole = None if brand is None else key_written_out(brand.lower())
    if whole is not None:
        return whole or None
    if key is None:
        key = None if value is None else squeezed(value.lower())
    return key or None
