"""A date may stand in columns of its own for year, month and day; together they are one date.

    find_date_parts({"yob": …, "mob": …, "dob": …})   # [DateParts("yob", "mob", "dob", birth=True)]

A group of columns is recognised by what its headers have in common and by its values. A year alone
is none. Where headers say nothing, only values that nothing else looks like are believed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import polars as pl

from cleansing.calendar_words import month_named
from cleansing.coded import Coded
from cleansing.column_sample import fold_header
from cleansing.date_order import BIRTH
from cleansing.date_words import arabic, century

EARLIEST, LATEST = 1800, 2100
"""Years of four digits outside of these are no years."""
PLAUSIBLE = 0.8
"""The share of a column's filled rows that must hold a year, a month or a day under its header."""
CERTAIN = 0.97
"""The same where the headers say nothing."""
FEWEST = 50
"""Rows from which values alone can show what a column holds."""
MANY_YEARS, ALL_MONTHS, MOST_DAYS = 20, 12, 28
"""Different values of each part that columns without a header must show."""

MOST_DIFFERENT = 2_000
"""Spellings of a part of a date: a column with more different values holds something else."""

YEAR, MONTH, DAY = "year", "month", "day"
_WORDS: Mapping[str, str] = {
    YEAR: "year yr yyyy yy y 年份 年 jahr annee année anno ano año год",
    MONTH: "month mon mth mm m 月份 月 monat mois mes mese mês месяц",
    DAY: "day dd d 日 tag jour dia día giorno день",
}
_WHOLE: Mapping[str, tuple[str, str]] = {
    "yob": (YEAR, "birth"), "mob": (MONTH, "birth"), "dob": (DAY, "birth"),
    "by": (YEAR, "birth"), "bm": (MONTH, "birth"), "bd": (DAY, "birth"),
    "b y": (YEAR, "birth"), "b m": (MONTH, "birth"), "b d": (DAY, "birth"),
    "birthday": (DAY, "birth"), "生日": (DAY, "birth"),
}  # fmt: skip
"""Headers that are one word for a part and what it is a part of."""
_BIRTH = re.compile(rf"{BIRTH}|^b$|^生$")
_NEUTRAL = re.compile(r"^(?:date|日期|datum|fecha)?$")
_SAYS_NOTHING = re.compile(
    r"^(?:column|col|field|unnamed|var|spalte|feld|colonne|champ|columna|campo|coluna|kolumna|[fcvx]"
    r"|字段|列|栏|欄)? ?:? ?\d*$"
)


@dataclass(frozen=True)
class DateParts:
    """The columns in which one date stands."""

    year: str
    month: str
    day: str | None
    birth: bool | None
    """Whether it is a birth date, as far as the headers say; None where they say nothing."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns: year, month and, if there is one, day."""
        return (self.year, self.month) if self.day is None else (self.year, self.month, self.day)


def year_of(text: str) -> int:
    """The year a cell names, 0 if none; of two digits the century is that of dates in one cell."""
    found = _number(re.sub(r"年$|^'", "", text))
    if found is None:
        return 0
    if len(found) == 2:
        return int(century(found))
    return int(found) if len(found) == 4 and EARLIEST <= int(found) <= LATEST else 0


def month_of(text: str) -> int:
    """The month a cell names by number or name, 0 if none.

    Up to 31 it may be a day in the wrong column.
    """
    bare = text.strip().lower().rstrip(".")
    if re.fullmatch(r"[^\W\d_]{3,}", bare) and not re.search("[月]", bare):
        begun = (n for n, name in enumerate(_FULL_MONTHS, 1) if name.startswith(bare))
        return month_named(bare) or next(begun, 0)
    return _up_to_31(re.sub(r"月份?$", "", text))


def day_of(text: str) -> int:
    """The day of the month a cell names, 0 if none."""
    return _up_to_31(re.sub(r"[日号號]$|(?<=\d)(?:st|nd|rd|th)$", "", text.strip(), flags=re.I))


READERS: Mapping[str, Callable[[str], int]] = {YEAR: year_of, MONTH: month_of, DAY: day_of}
_FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


def _up_to_31(text: str) -> int:
    found = _number(text)
    return int(found) if found is not None and int(found) <= 31 else 0


def _number(text: str) -> str | None:
    """The digits of a whole number as typed, as a spreadsheet stored it, or in Chinese."""
    found = re.fullmatch(r"(\d{1,4})(?:\.0+)?", arabic(text.strip()))
    return found[1] if found else None


def find_date_parts(columns: Mapping[str, Coded]) -> list[DateParts]:
    """Find the dates whose parts are columns of a table, given as distinct values by name."""
    found: list[DateParts] = []
    by_stem: dict[str, dict[str, list[str]]] = {}
    for name in columns:
        read = _read_header(name)
        if read is not None:
            part, stem = read
            by_stem.setdefault(stem, {}).setdefault(part, []).append(name)
    if "birth" in by_stem and "" in by_stem:  # YOB, Month, Day: what says nothing is of the birth
        for part, names in by_stem[""].items():
            if part not in by_stem["birth"]:
                by_stem["birth"][part] = names
    for stem, parts in by_stem.items():
        made = _under_headers(stem, parts, columns)
        if made is not None:
            found.append(made)
    taken = {name for made in found for name in made.columns}
    found.extend(_without_headers([n for n in columns if n not in taken], columns))
    return found


def may_be_part(header: str) -> bool:
    """Whether a column of this header can be a part of a date: it names one, or says nothing."""
    return _read_header(header) is not None or _is_uninformative(header)


def _is_uninformative(header: str) -> bool:
    return _SAYS_NOTHING.match(fold_header(header)) is not None


def _read_header(header: str) -> tuple[str, str] | None:
    """The part of a date that a header names, and what is left of it: (year, birth)."""
    folded = fold_header(header)
    if folded in _WHOLE:
        return _WHOLE[folded]
    for part, words in _WORDS.items():
        for word in words.split():
            rest = _without(folded, word)
            if rest is not None:
                stem = " ".join(re.sub(r"\b(?:of|de|di|da|the)\b", " ", rest).split())
                return part, "birth" if _BIRTH.fullmatch(stem) else stem
    return None


def _without(header: str, word: str) -> str | None:
    """The header without a word that stands apart or ends it: birth year, birthyear, 出生年."""
    apart = re.sub(rf"(?:^|\s){word}(?:\s|$)", " ", header, count=1)
    if apart != header:
        return apart.strip()
    stem = header.removesuffix(word)
    glued = len(word) >= 3 or not word.isascii() or _BIRTH.fullmatch(stem)
    return stem if stem != header and glued else None


def _under_headers(
    stem: str, parts: Mapping[str, list[str]], columns: Mapping[str, Coded]
) -> DateParts | None:
    """The date of columns whose headers name its parts, if their values are such parts."""

    def fitting(part: str, of: str) -> list[str]:
        return [n for n in parts.get(of, ()) if _share(columns[n], part) >= PLAUSIBLE]

    years, months, days = fitting(YEAR, YEAR), fitting(MONTH, MONTH), fitting(DAY, DAY)
    if not months:  # a header may lie: months that go to 31 are days if the days end at 12
        months, days = fitting(MONTH, DAY), fitting(DAY, MONTH)
        if not days:
            return None
    if not years or not months:
        return None
    birth = bool(_BIRTH.search(stem)) or (None if _NEUTRAL.match(stem) else False)
    return DateParts(years[0], months[0], days[0] if days else None, birth)


def _without_headers(names: Sequence[str], columns: Mapping[str, Coded]) -> Iterator[DateParts]:
    """Dates of three neighbours whose headers say nothing and whose values say all."""
    start = 0
    while start + 3 <= len(names):
        three = names[start : start + 3]
        made = None
        if all(map(_is_uninformative, three)):
            orders = (_certain(order, columns) for order in permutations(three))
            made = next(filter(None, orders), None)
        if made is not None:
            yield made
        start += 3 if made is not None else 1


def _certain(order: Sequence[str], columns: Mapping[str, Coded]) -> DateParts | None:
    year, month, day = order
    if columns[year].filled < FEWEST:
        return None
    for name, part, least in (
        (month, MONTH, ALL_MONTHS), (day, DAY, MOST_DAYS), (year, YEAR, MANY_YEARS),
    ):  # fmt: skip
        column = columns[name]
        if len(column.values) > 1000 or _share(column, part) < CERTAIN:
            return None
        read = [READERS[part](v) for v in column.values.drop_nulls().to_list()]
        if len({n for n in read if n}) < least:
            return None
    plain = columns[year].values.str.contains(r"^\d{4}(?:\.0+)?$")
    return DateParts(year, month, day, None) if columns[year].share(plain) >= CERTAIN else None


def _share(column: Coded, part: str) -> float:
    """The share of a column's filled rows that can be this part of a date."""
    texts = column.values.cast(pl.String)
    if len(texts) > MOST_DIFFERENT or not column.filled:
        return 0.0
    read = READERS[part]
    most = 12 if part == MONTH else 9999
    fits = [text is not None and 0 < read(text) <= most for text in texts.to_list()]
    blank = texts.str.contains(r"^\s*0*\s*$").fill_null(value=True)
    filled = int(column.present[~blank.to_numpy()].sum())
    rows = int(column.present[pl.Series(fits, dtype=pl.Boolean).to_numpy()].sum())
    return rows / filled if filled else 0.0
