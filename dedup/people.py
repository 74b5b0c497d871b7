"""Which comparisons the names of people give: given name, surname, generation, further names.

A table may tell one name several times over: whole, in parts, in another script. What is told twice
counts once: parts are taken from the best column, gaps filled from the others, and of a further
whole name only the words that the parts do not hold are evidence of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField, CodedTable
from cleansing.distinct import ranked
from cleansing.person_name.reference import syllables
from cleansing.transliteration import latin
from dedup.columns import Codes, Column
from dedup.comparison import Comparison, Group, Order
from dedup.comparisons import GivenComparison, TextComparison, WordsComparison
from dedup.names import (
    GIVEN_HEADER,
    MIDDLE_HEADER,
    SURNAME_HEADER,
    folded,
    generation,
    given_names,
    is_single,
    kin_of,
    known_given,
    sounds,
    spelled,
    without_generation,
)
from guiyi.even_chunks import even_chunks

APART = 0.05
"""Of a further name column, fewer rows than this share beside a name in parts tell nothing more."""
TURNED = 0.2
"""Of rows with one known given name, so many have it last where some write the surname first."""
ALWAYS, ENOUGH = 0.9, 20
"""So large a share of them, and so many, where all do."""
ALIKE = 0.6
"""Of two columns, so many of the known given names of one that the other holds given names, too."""
MASKED = r"[*＊]"
"""A shop masks the given name: 李**. What is left is the surname."""
IN_USE = 3
"""So many rows bear a name that is one; a garbled one is found once, or twice if it is copied."""
SLIPS = 10
"""Of so many rows with a name one may have it garbled in the same way."""
FEW, STAFF = 0.05, 150
"""A column with fewer distinct names than this share of its rows, and no more than so many, names
those who serve many; a million people have few given names, too, but thousands."""
SAME_PERSON = 0.2
"""Of rows with two full names, so large a share has a part in common if both name one person."""
MISPLACED = 10.0
"""Names are put in each other's column when that is so many times likelier by their frequencies.
About three records in a hundred have them swapped, so at 33 it is likelier than not; but to put a
pair of names wrongly costs little, for all records with these two names are put alike. Of 3, 10 and
33 tried on five labelled sets, 10 is the best or within .0021 of F1 of it on each."""
KEPT_GENERATION = (0.0, 0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.999)
"""Father and son are told apart by nothing else: one Jr. and one Sr. are two people. The share is
that of other marks given for life, as for official numbers in `evidence`."""

Parts = dict[str, Coded]
Counts = npt.NDArray[np.int64]
_NAMED = (("given", Group.GIVEN), ("surname", Group.SURNAME))


def person_comparisons(
    records: CodedTable,
    fields: Sequence[str],
    notes: list[str],
    order: Order | None = None,
) -> list[Comparison]:
    """The comparisons of all columns that hold names of people.

    `order`: how whole names are written, if that is known beforehand.
    """
    plain = {name: records.fields[name].column(name).map(spelled) for name in fields}
    single = [n for n in fields if is_single(plain[n]) or _is_part(n, fields)]
    full = [n for n in fields if n not in single]
    full.sort(key=lambda n: (_staff(n, plain[n]), -plain[n].filled, n))
    names, rest = _which(single, plain)
    if full and len(names) < len(_NAMED):
        names, rest = {}, single
    columns = {part: plain[name] for part, name in names.items()}
    marks = [plain[n].map(generation) for n in names.values()]
    made: list[Comparison] = []
    for name in full:
        field = records.fields[name]
        parts = _parts(field, name, plain[name].values)
        if f"{name}.suffix" in field.cells.columns:
            marks.append(field.column(f"{name}.suffix").map(generation))
        marks.append(plain[name].map(generation))
        if not columns:
            order = _order_of(parts, plain[name]) if order is None else order
            columns, names = parts, {part: f"{name}.{part}" for part in parts}
            if order is Order.SURNAME:
                columns = _exchanged(parts, plain[name])
            continue
        if not _of_one(columns, parts):
            made.append(WordsComparison(name, Group.OTHER, Column.of(plain[name])))
            notes.append(f"{name}: names other people, so it only describes")
            continue
        columns = {part: own.or_else(parts[part]) for part, own in columns.items()}
        words = _further(columns, parts)
        if words.filled < APART * plain[name].filled:
            notes.append(f"{name}: tells the same name again, and fills its gaps")
        else:
            made.append(WordsComparison(name, Group.OTHER, Column.of(words)))
    made.extend(TextComparison(n, Group.OTHER, Column.of(plain[n])) for n in rest)
    bare = {part: values.map(without_generation) for part, values in columns.items()}
    pair = _pair(names, bare, order or Order.GIVEN, _respelled(records, fields))
    return [*made, *pair, *_told_apart(marks)]


def _is_part(name: str, fields: Sequence[str]) -> bool:
    """Whether a header says that a column holds one part of the name, and another the other.

    Given names come in twos, and surnames with particles.
    """
    own, other = GIVEN_HEADER, SURNAME_HEADER
    if SURNAME_HEADER.search(name):
        own, other = SURNAME_HEADER, GIVEN_HEADER
    parted = own.search(name) is not None and other.search(name) is None
    return parted and any(other.search(n) and n != name for n in fields)


def _staff(name: str, values: Coded) -> bool:
    """Whether a column names few people again and again: salesmen, doctors, owners of accounts."""
    return len(values.values) < min(FEW * values.filled, STAFF)


def _which(single: Sequence[str], plain: Mapping[str, Coded]) -> tuple[dict[str, str], list[str]]:
    """Which one-word columns hold given names and surnames: by header, else by what is in them."""
    main = [n for n in single if not MIDDLE_HEADER.search(n)]
    surname = next((n for n in main if SURNAME_HEADER.search(n)), None)
    given = next((n for n in main if GIVEN_HEADER.search(n) and n != surname), None)
    # A large table has few surnames a row: where the header says it, they name no staff.
    left = [n for n in main if n not in (given, surname) and not _staff(n, plain[n])]
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
    last, first = plain.str.extract(r"(\S+)$"), plain.str.replace(r"\s*\S+$", "")
    masked = field.cells[name].str.contains(MASKED).fill_null(value=False)
    if f"{name}.given" not in field.cells.columns:
        parts = {"given": _or_null(first), "surname": last}
    else:
        given, surname = (spelled(field.cells[f"{name}.{part}"]) for part in ("given", "surname"))
        parted = given.is_not_null() | surname.is_not_null()
        couple = plain.str.contains(r"^\S+ \S+$").fill_null(value=False)
        parts = {
            "given": given.zip_with(parted, last.zip_with(couple, plain)),
            "surname": surname.zip_with(parted | ~couple, first),
        }
    seen = spelled(field.cells[name].str.extract(r"^([^*＊]*)"))
    parts["given"] = parts["given"].set(masked, None)
    parts["surname"] = seen.zip_with(masked, parts["surname"])
    return {part: Coded(values, field.codes) for part, values in parts.items()}


def _order_of(parts: Parts, plain: Coded) -> Order:
    """In which order names without a comma are written, by the known given names among them."""
    open_ = _read_in_order(parts, plain).to_numpy()
    first, last = (_known(parts[part].values) & open_ for part in ("given", "surname"))
    present = plain.present
    one, turned = int(present[first ^ last].sum()), int(present[last & ~first].sum())
    if turned < TURNED * max(1, one):
        return Order.GIVEN
    return Order.SURNAME if turned >= ALWAYS * one and one >= ENOUGH else Order.MIXED


def _read_in_order(parts: Parts, plain: Coded) -> pl.Series:
    """Which names were read given name first, as they stand, for nothing told otherwise."""
    read = parts["given"].values + " " + parts["surname"].values
    return (read == plain.values).fill_null(value=False)


def _exchanged(parts: Parts, plain: Coded) -> Parts:
    """The parts of names of which the first word was taken for the given name, exchanged."""
    given, surname = parts["given"].values, parts["surname"].values
    wrong = _read_in_order(parts, plain)
    return {
        "given": Coded(surname.zip_with(wrong, given), plain.codes),
        "surname": Coded(given.zip_with(wrong, surname), plain.codes),
    }


def _or_null(values: pl.Series) -> pl.Series:
    return values.to_frame("v").select(pl.when(pl.col("v") != "").then("v")).to_series()


def _of_one(columns: Parts, parts: Parts) -> bool:
    """Whether two columns name the same people: of rows with both, some share a part of the name.

    A salesman or a doctor stands beside the customer in a column of his own.
    """
    shared = there = np.zeros(0, np.bool_)
    for n, (part, own) in enumerate(columns.items()):
        one, other = Column.shared(own, parts[part])
        both = (one.codes >= 0) & (other.codes >= 0)
        equal = both & (one.codes == other.codes)
        shared, there = (shared | equal, there | both) if n else (equal, both)
    return int(shared.sum()) >= SAME_PERSON * int(there.sum())


def _further(columns: Parts, parts: Parts) -> Coded:
    """The words of a further name that the name in parts does not hold, where there are both."""
    told = [*columns.values(), *parts.values()]
    rows = even_chunks(pl.DataFrame({str(n): column.codes for n, column in enumerate(told)}))
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
    names: Mapping[str, str], columns: Parts, order: Order, respelled: pl.Series
) -> list[Comparison]:
    """Let a given name and a surname see each other, since people swap them."""
    if len(columns) < 2:
        return [
            _named(group, column, respelled)(names[part], group, column, kin=kin_of(column))
            for part, group in _NAMED
            if part in columns
            for column in (Column.of(columns[part]),)
        ]
    given, surname = Column.shared(columns["given"], columns["surname"])
    parted = names["given"].endswith(".given")
    if parted and order is not Order.GIVEN:
        given, surname = _put_right(given, surname)
    stands = (given.counts, surname.counts)
    if parted:
        given, surname, stands = _called_by_surname(given, surname)
    wrong = misplaced(*stands, given.codes, surname.codes, _letters(given))
    first = Column(np.where(wrong, surname.codes, given.codes), given.values)
    second = Column(np.where(wrong, given.codes, surname.codes), given.values)
    kin = kin_of(first)
    sides = ((first, second), (second, first))
    return [
        _named(group, own, respelled)(
            names[part], group, own, kin=kin, other=other.codes, stands=count, order=order
        )
        for (part, group), (own, other), count in zip(_NAMED, sides, stands, strict=True)
    ]


def _called_by_surname(
    given: Column, surname: Column
) -> tuple[Column, Column, tuple[Counts, Counts]]:
    """Both parts of whole names, a single word put where the whole names have it.

    Also how often each value stands in whole names as a given name, and as a surname.
    """
    both = (given.codes >= 0) & (surname.codes >= 0)
    size = len(given.values)
    first, last = (np.bincount(part.codes[both], minlength=size) for part in (given, surname))
    alone = (given.codes >= 0) & (surname.codes < 0) & is_surname(first, last)[given.codes]
    return (
        Column(np.where(alone, np.int32(-1), given.codes), given.values),
        Column(np.where(alone, given.codes, surname.codes), given.values),
        (first, last),
    )


def is_surname(as_given: Counts, as_surname: Counts) -> npt.NDArray[np.bool_]:
    """Whether a word that stands alone is a surname, by how often whole names have it as which."""
    often: npt.NDArray[np.bool_] = as_surname >= np.maximum(2, MISPLACED * as_given)
    return often


def _named(group: Group, column: Column, respelled: pl.Series) -> Callable[..., TextComparison]:
    """How a part of the name is compared."""
    if group is not Group.GIVEN:
        return TextComparison
    return partial(GivenComparison, used=_in_use(column, respelled))


def _respelled(records: CodedTable, fields: Sequence[str]) -> pl.Series:
    """Names, and their words, that were spelled in Latin letters for comparison.

    Several bear tufiq, and it is tawfiq all the same.
    """
    told = [
        records.fields[name].cells[column]
        for name in fields
        for column in (name, f"{name}.given", f"{name}.surname")
        if column in records.fields[name].cells.columns
    ]
    written = pl.concat([pl.Series([], dtype=pl.String), *(c.cast(pl.String) for c in told)])
    written = written.drop_nulls().unique()
    made = folded(latin(written).filter(latin(written) != written)).drop_nulls()
    return pl.concat([made, made.str.split(" ").explode()]).unique()


def _in_use(column: Column, respelled: pl.Series) -> npt.NDArray[np.uint8]:
    """Which given names are in use, 2 if Western: known ones, Chinese ones, those several bear."""
    values = column.values
    han = values.str.contains(r"^\p{Han}+$").to_numpy()
    borne = (column.counts >= IN_USE) & ~values.is_in(respelled.implode()).to_numpy()
    known = _known(values)
    named = known | (borne & ~garbled(values, column.counts, borne & ~known & ~han))
    used = han | (named & (values.str.len_chars() > 1).to_numpy())
    syllable = values.is_in(pl.Series(sorted(syllables())).implode()).to_numpy()
    return np.where(known & used & ~syllable, 2, used).astype(np.uint8)


def garbled(
    values: pl.Series, counts: Counts, doubted: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the names that are `doubted` are an edit away from one that far more rows bear.

    In 20,000 rows five are Johua, and no five sets of parents called a child so. Names an edit
    apart have a text in common that is either of them less one letter at most (Garbe's SymSpell).
    """
    out = np.zeros(len(values), np.bool_)
    some = np.flatnonzero(doubted)
    if not len(some):
        return out
    least = SLIPS * int(counts[some].min())
    most: dict[str, int] = {}
    for place in np.flatnonzero(counts >= least).tolist():
        for text in _less_a_letter(values[place]):
            most[text] = max(most.get(text, 0), int(counts[place]))
    for place in some.tolist() if most else ():
        commonest = max(most.get(text, 0) for text in _less_a_letter(values[place]))
        out[place] = commonest >= SLIPS * counts[place]
    return out


def _less_a_letter(text: str) -> set[str]:
    return {text, *(text[:n] + text[n + 1 :] for n in range(len(text)))}


def _put_right(given: Column, surname: Column) -> tuple[Column, Column]:
    """Both parts, put right where a known given name stands for a surname.

    Some systems write the surname first, without a comma to show it.
    """
    known = _known(given.values)
    there = (given.codes >= 0) & (surname.codes >= 0)
    first, last = known[given.codes] & there, known[surname.codes] & there
    turned = last & ~first
    return (
        Column(np.where(turned, surname.codes, given.codes), given.values),
        Column(np.where(turned, given.codes, surname.codes), given.values),
    )


def _known(values: pl.Series) -> npt.NDArray[np.bool_]:
    """Which values are known given names, by their first word."""
    names = pl.Series(sorted(given_names()))
    firsts = values.str.split(" ").list.first()
    return firsts.is_in(names.implode()).to_numpy().astype(np.bool_)


def _letters(column: Column) -> npt.NDArray[np.bool_]:
    """Which values are a single letter."""
    return column.values.str.contains(r"^[a-z]$").to_numpy().astype(np.bool_)


def misplaced(
    as_given: Counts,
    as_surname: Counts,
    given: Codes,
    surname: Codes,
    letters: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Which names stand in each other's column, by how often each value was written in which.

    The record itself is left out of the counts. Two records of a person then share their keys in
    whichever order they were typed; the comparison would see the swap, but no key propose the pair.
    A single letter (`letters`, by value) is a given name's.
    """
    there = (given >= 0) & (surname >= 0)
    swapped = (as_given[surname] + 0.5) * (as_surname[given] + 0.5)
    written = np.maximum(as_given[given] - 0.5, 0.5) * np.maximum(as_surname[surname] - 0.5, 0.5)
    wrong: npt.NDArray[np.bool_] = there & (swapped > MISPLACED * written)
    initial_given, initial_surname = letters[given], letters[surname]
    return there & ~initial_given & (wrong | initial_surname)


def _told_apart(marks: Sequence[Coded]) -> list[Comparison]:
    """The comparison of what tells father from son, wherever it was written."""
    told = [mark for mark in marks if mark.filled]
    if not told:
        return []
    column = Column.of(reduce(Coded.or_else, told))
    return [TextComparison("generation", Group.OTHER, column, prior=KEPT_GENERATION, given=True)]
