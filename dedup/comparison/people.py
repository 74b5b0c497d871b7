"""Which comparisons the names of people give: given name, surname, generation, further names.

A table may hold one name several times over: whole, in parts, in another script. What stands twice
counts once: parts are taken from the best column, gaps filled from the others, and of a further
whole name only the words that the parts do not hold are evidence of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce

import numpy as np
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField, CodedTable
from cleansing.distinct import ranked
from dedup.comparison.base import Comparison, Group, NameOrder
from dedup.comparison.kinds import GivenComparison, TextComparison, WordsComparison
from dedup.comparison.name_order import (
    Counts,
    Parts,
    called_by_surname,
    exchanged,
    in_whole_names,
    letters,
    misplaced,
    order_of,
    put_right,
)
from dedup.comparison.name_parts import before_mask, given_of, surname_of
from dedup.comparison.names_in_use import in_use, respelled_in
from dedup.forms.columns import TextColumn
from dedup.forms.distinct import each
from dedup.forms.folding import spelled
from dedup.forms.person_names import (
    GIVEN_HEADER,
    MIDDLE_HEADER,
    SURNAME_HEADER,
    generation_of,
    is_single,
    kin_of,
    known_given,
    sounds,
    without_generation,
)
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message

APART = 0.05
"""Of a further name column, fewer rows than this share beside a name in parts tell nothing more."""
ALIKE = 0.6
"""Of two columns, so many of the known given names of one that the other holds given names, too."""
FEW, STAFF = 0.05, 150
"""A column with fewer distinct names than this share of its rows, and no more than so many, names
those who serve many; a million people have few given names, too, but thousands."""
SAME_PERSON = 0.2
"""Of rows with two full names, so large a share has a part in common if both name one person."""
KEPT_GENERATION = (0.0, 0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.999)
"""Father and son are told apart by nothing else: one Jr. and one Sr. are two people. The share is
that of other marks given for life, as for official numbers in `evidence`."""

Stood = Callable[[str, TextColumn], Counts]
"""How often each value of a column of names, given by its field, was written there."""

_NAMED = (("given", Group.GIVEN), ("surname", Group.SURNAME))


def person_comparisons(
    records: CodedTable,
    fields: Sequence[str],
    notes: list[str],
    order: NameOrder | None = None,
    stood: Stood | None = None,
) -> list[Comparison]:
    """The comparisons of all columns that hold names of people.

    `order`: how whole names are written, if that is known beforehand; `stood`: how often each was
    written in which column.
    """
    plain = {name: records.fields[name].column(name).map(spelled) for name in fields}
    single = [n for n in fields if is_single(plain[n]) or _is_part(n, fields)]
    full = [n for n in fields if n not in single]
    full.sort(key=lambda n: (_staff(plain[n]), -plain[n].filled, n))
    names, rest = _which(single, plain)
    if full and len(names) < len(_NAMED):
        names, rest = {}, single
    columns = {part: plain[name] for part, name in names.items()}
    marks = [plain[n].map(_generation) for n in names.values()]
    made: list[Comparison] = []
    for name in full:
        field = records.fields[name]
        parts = _parts(field, name, plain[name].values)
        if f"{name}.suffix" in field.cells.columns:
            marks.append(field.column(f"{name}.suffix").map(_generation))
        marks.append(plain[name].map(_generation))
        if not columns:
            order = order_of(parts, plain[name]) if order is None else order
            columns, names = parts, {part: f"{name}.{part}" for part in parts}
            if order is NameOrder.SURNAME:
                columns = exchanged(parts, plain[name])
            continue
        if not _of_one(columns, parts):
            made.append(WordsComparison(name, Group.OTHER, TextColumn.of(plain[name])))
            notes.append(
                Message("{field}: names other people, so it does not identify", field=name)
            )
            continue
        columns = {part: own.or_else(parts[part]) for part, own in columns.items()}
        words = _further(columns, parts)
        if words.filled < APART * plain[name].filled:
            notes.append(
                Message(
                    "{field}: repeats the name of another field, and fills its gaps", field=name
                )
            )
        else:
            made.append(WordsComparison(name, Group.OTHER, TextColumn.of(words)))
    made.extend(TextComparison(n, Group.OTHER, TextColumn.of(plain[n])) for n in rest)
    bare = {part: values.map(_without_generation) for part, values in columns.items()}
    respelled = respelled_in(records, fields)
    pair = _pair(names, bare, order or NameOrder.GIVEN, respelled, stood)
    return [*made, *pair, *_marks_of_generation(marks)]


def _generation(names: pl.Series) -> pl.Series:
    return each(names.cast(pl.String), generation_of)


def _without_generation(names: pl.Series) -> pl.Series:
    return each(names, without_generation)


def _is_part(name: str, fields: Sequence[str]) -> bool:
    """Whether a header says that a column holds one part of the name, and another the other.

    Given names come in twos, and surnames with particles.
    """
    own, other = GIVEN_HEADER, SURNAME_HEADER
    if SURNAME_HEADER.search(name):
        own, other = SURNAME_HEADER, GIVEN_HEADER
    parted = own.search(name) is not None and other.search(name) is None
    return parted and any(other.search(n) and n != name for n in fields)


def _staff(values: Coded) -> bool:
    """Whether a column names few people again and again: salesmen, doctors, owners of accounts."""
    return len(values.values) < min(FEW * values.filled, STAFF)


def _which(single: Sequence[str], plain: Mapping[str, Coded]) -> tuple[dict[str, str], list[str]]:
    """Which one-word columns hold given names and surnames: by header, else by what is in them."""
    main = [n for n in single if not MIDDLE_HEADER.search(n)]
    surname = next((n for n in main if SURNAME_HEADER.search(n)), None)
    given = next((n for n in main if GIVEN_HEADER.search(n) and n != surname), None)
    # A large table has few surnames a row: where the header says it, they name no staff.
    left = [n for n in main if n not in (given, surname) and not _staff(plain[n])]
    known = {n: known_given(plain[n]) for n in left}
    left.sort(key=lambda n: (-known[n], n))
    if given is None and left and (surname is not None or len(left) > 1):
        # Of two columns of given names the fuller is the record's, the other a spouse's or child's.
        alike = [n for n in left if known[n] >= ALIKE * known[left[0]]]
        given = max(alike, key=lambda n: plain[n].filled)
        left.remove(given)
    if surname is None and left:
        surname = max(left, key=lambda n: (1 - known[n]) * plain[n].filled)
    names = {part: n for part, n in (("given", given), ("surname", surname)) if n is not None}
    return names, [n for n in single if n not in names.values()]


def _parts(field: CodedField, name: str, plain: pl.Series) -> Parts:
    """The given name and surname of full names.

    Of two words that may both be the surname the first is taken for it, as in Chinese; the
    comparison sees swapped names. Any other name that cannot be parted counts as given.
    """
    shown = each(field.cells[name], before_mask)
    masked = shown.is_not_null()
    if f"{name}.given" not in field.cells.columns:
        first = _or_null(plain.str.replace(r"\s*\S+$", ""))
        parts = {"given": first, "surname": plain.str.extract(r"(\S+)$")}
    else:
        given, surname = (spelled(field.cells[f"{name}.{part}"]) for part in ("given", "surname"))
        parted = given.is_not_null() | surname.is_not_null()
        whole = plain.set(parted, None)
        parts = {
            "given": given.zip_with(parted, each(whole, given_of)),
            "surname": surname.zip_with(parted, each(whole, surname_of)),
        }
    parts["given"] = parts["given"].set(masked, None)
    parts["surname"] = spelled(shown).zip_with(masked, parts["surname"])
    return {part: Coded(values, field.codes) for part, values in parts.items()}


def _or_null(values: pl.Series) -> pl.Series:
    return values.to_frame("v").select(pl.when(pl.col("v") != "").then("v")).to_series()


def _of_one(columns: Parts, parts: Parts) -> bool:
    """Whether two columns name the same people: of rows with both, some share a part of the name.

    A salesman or a doctor stands beside the customer in a column of his own.
    """
    shared = there = np.zeros(0, np.bool_)
    for n, (part, own) in enumerate(columns.items()):
        one, other = TextColumn.shared(own, parts[part])
        both = (one.codes >= 0) & (other.codes >= 0)
        equal = both & (one.codes == other.codes)
        shared, there = (shared | equal, there | both) if n else (equal, both)
    return int(shared.sum()) >= SAME_PERSON * int(there.sum())


def _further(columns: Parts, parts: Parts) -> Coded:
    """The words of a further name that the name in parts does not hold, where there are both."""
    read = [*columns.values(), *parts.values()]
    rows = even_chunks(pl.DataFrame({str(n): column.codes for n, column in enumerate(read)}))
    first, codes = ranked(rows.hash_rows())  # each combination of names once

    def words(of: Parts) -> pl.Series:
        held = [values.values.gather(values.codes[first.to_numpy()]) for values in of.values()]
        heard = [sounds(values).fill_null("").alias(str(n)) for n, values in enumerate(held)]
        return (
            even_chunks(pl.DataFrame(heard))
            .select(pl.concat_str(pl.all(), separator=" "))
            .to_series()
        )

    both = even_chunks(pl.DataFrame({"own": words(columns), "more": words(parts)})).with_columns(
        pl.all().str.strip_chars().str.replace_all(r"\s+", " ").str.split(" ")
    )
    known = both["own"].list.join("") != ""
    left = both.select(pl.col("more").list.set_difference("own").list.sort().list.join(" "))
    return Coded(_or_null(left.to_series().zip_with(known, pl.Series([""]))), codes)


def _pair(
    names: Mapping[str, str],
    columns: Parts,
    order: NameOrder,
    respelled: pl.Series,
    stood: Stood | None,
) -> list[Comparison]:
    """Let a given name and a surname see each other, since people swap them."""
    if len(columns) < 2:
        return [
            _named(group, column, respelled)(names[part], group, column, kin=kin_of(column))
            for part, group in _NAMED
            if part in columns
            for column in (TextColumn.of(columns[part]),)
        ]
    given, surname = TextColumn.shared(columns["given"], columns["surname"])
    parted = names["given"].endswith(".given")
    if parted and order is not NameOrder.GIVEN:
        given, surname = put_right(given, surname)
    if stood is not None:
        stands = stood(names["given"], given), stood(names["surname"], surname)
    elif parted:
        stands = in_whole_names(given, surname)
    else:
        stands = given.counts, surname.counts
    if parted:
        given, surname = called_by_surname(given, surname, *stands)
    wrong = misplaced(*stands, given.codes, surname.codes, letters(given))
    first = TextColumn(np.where(wrong, surname.codes, given.codes), given.values)
    second = TextColumn(np.where(wrong, given.codes, surname.codes), given.values)
    kin = kin_of(first)
    sides = ((first, second), (second, first))
    return [
        _named(group, own, respelled)(
            names[part], group, own, kin=kin, other=other.codes, stands=count, order=order
        )
        for (part, group), (own, other), count in zip(_NAMED, sides, stands, strict=True)
    ]


def _named(group: Group, column: TextColumn, respelled: pl.Series) -> Callable[..., TextComparison]:
    """How a part of the name is compared."""
    if group is not Group.GIVEN:
        return TextComparison
    return partial(GivenComparison, used=in_use(column, respelled))


def _marks_of_generation(marks: Sequence[Coded]) -> list[Comparison]:
    """The comparison of what distinguishes father from son, wherever it was written."""
    filled = [mark for mark in marks if mark.filled]
    if not filled:
        return []
    column = TextColumn.of(reduce(Coded.or_else, filled))
    return [TextComparison("generation", Group.OTHER, column, prior=KEPT_GENERATION, given=True)]
