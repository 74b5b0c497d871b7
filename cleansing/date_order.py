"""In which order a column writes day, month and year is a fact about the column, not a value.

03/05/24 can be read in three ways; 31/05/24, 98/05/03 or 2024/05/03 beside it rules some of them
out. What nothing rules out stays unsure.
"""

import re
from dataclasses import dataclass

import polars as pl

from cleansing.column_sample import fold_header
from cleansing.date_day import birth_pivot, century

BIRTH = (
    r"birth|\bdob\b|\bborn\b|geburt|\bgeb\b|naissance|nacimiento|nascimento|nascita|urodz|rozhden|рожд"
    r"|ngày sinh|出生|生日|诞生|생년월일|생일"
)
"""Words of headers that are about births."""
_BIRTH = re.compile(BIRTH)
_NO_BIRTH = re.compile(r"birth ?(?:place|weight|order|country)")

YEAR_LAST = r"^(?P<a>\d{1,2})\s*(?P<mark>[-/.])\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4}|\d{2})$"
_FULL_FIRST = r"^(?P<y>[12]\d{3})\s*(?P<mark>[-/.]?)\s*(?P<a>\d{1,2})\s*[-/.]?\s*(?P<b>\d{1,2})$"
_SIX = r"^(?P<a>\d{2})(?P<b>\d{2})(?P<y>\d{2})$"
_MONTH = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])$"
_NAMED = (
    r"^[^\W\d_]{3,}\.?[-\s/]?(?:3[2-9]|[4-9]\d|00)$|^(?:3[2-9]|[4-9]\d|00)[-\s/][^\W\d_]{3,}\.?$"
)
"""A month by name and a number that is no day."""
_AROUND_NAME = r"^(?P<a>\d{2})[-\s/.]?[^\W\d_]{3,}[-\s/.]?(?P<y>\d{2})$"
_FEW = 3
_A_TIME = r"\d:\d\d|[点點时時]|^\d{8}[T\s_-]?\d{4}|^\d{5}\.0*[1-9]|\d\.\d\d\.\d\d(?:\.\d|\s|$)"
_MIDNIGHT = (
    r"(?:^|[T\s])0?0:00(?::00(?:[.,:]0+)?)?\s*(?:[Aa]\.?[Mm]\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$"
    r"|\s12:00(?::00)?\s*[Aa]\.?[Mm]\.?$|^\d{8}[T\s_-]?0{4,9}Z?$"
)
_EPOCH = r"^1\d{9}(?:\d{3})?$"

_NARROW, _WIDE, _ENOUGH = 9, 15, 20
"""Years of a column lie close together and days do not: at most so far apart, at least so many
different ones, among at least so many values."""

_BESIDE = 5
"""Two-digit years are at most so far from those written in full."""


@dataclass(frozen=True)
class DateOrder:
    """The order in which a column writes day and month, as far as its own values prove it."""

    day_first: bool = False
    month_first: bool = False
    year_first: bool = False
    """Two-digit years come first: 98/05/03."""
    year_last: bool = False
    """Two-digit years come last: 03/05/98."""
    short_month: bool = True
    """Six digits are year and month (202403) rather than two-digit year, month, day (240305)."""
    month_proved: bool = False
    """One of them can be nothing else."""
    named_years: bool = False
    """A month by name and two digits are month and year: Mar-85."""
    named_doubt: bool = False
    """A month by name stands between numbers of which the first look like years: 24-MAR-05."""
    timed: bool = False
    """Some value has a time of day other than midnight."""
    birth: bool = False
    """The header says that somebody was born on these days."""

    @property
    def proved(self) -> bool:
        """Whether the column shows one order of day and month, and never the other."""
        return self.day_first != self.month_first

    def year_of(self, short: str) -> str:
        """A two-digit year with four; nobody is born in years to come."""
        return century(short, birth_pivot()) if self.birth else century(short)


def order_shown(header: str, tidied: pl.Series, days: pl.Series) -> DateOrder:
    """What a column shows: its header, its values, and the same without their time of day."""
    long = _pieces(days, YEAR_LAST)
    short = long.filter(long["y"].str.len_bytes() == 2)
    long = long.filter(long["y"].str.len_bytes() == 4)
    six = days.filter(days.str.contains(r"^\d{6}$").fill_null(value=False))
    months = six.str.contains(_MONTH)
    short_month = bool(months.all()) if six.len() else True
    if not short_month:
        apart = _pieces(six, _SIX).with_columns(mark=pl.lit(""))
        short = pl.concat([short, apart.select(short.columns)])
    first, last = _place_of_year(short, days)
    dated = pl.concat([long, short]) if last else long
    a, b = (dated[name].cast(pl.Int16) for name in "ab")
    return DateOrder(
        day_first=bool(((a > 12) & (a <= 31) & (b <= 12)).any()),
        month_first=bool(((b > 12) & (b <= 31) & (a <= 12)).any()),
        year_first=first,
        year_last=last,
        short_month=short_month,
        month_proved=short_month and bool((~_fits(_pieces(six, _SIX))["first"]).any()),
        named_years=bool(days.str.contains(_NAMED).any()),
        named_doubt=_first_may_be_years(days),
        timed=_has_times(tidied),
        birth=is_birth(header),
    )


def _first_may_be_years(days: pl.Series) -> bool:
    """Whether numbers before named months lie close together, as years, and those behind do not."""
    found = _pieces(days, _AROUND_NAME).unique()
    if len(found) < _FEW:
        return False
    a, b = (found[name].cast(pl.Int16) for name in "ay")
    if int(b.max()) > 31:  # type: ignore[arg-type]
        return False
    near, far = (int(n.max()) - int(n.min()) for n in (a, b))  # type: ignore[arg-type]
    return near <= _NARROW < far


def is_birth(header: str) -> bool:
    """Whether a header says that somebody was born on these days."""
    folded = fold_header(header)
    return _BIRTH.search(folded) is not None and _NO_BIRTH.search(folded) is None


def orders_of(a: int, b: int, c: int) -> set[str]:
    """The orders in which three numbers of two digits can be a day."""
    found = {"year first"} if b <= 12 and c <= 31 else set()
    if 1 <= a <= 31 and 1 <= b <= 12:
        found.add("day first")
    if 1 <= a <= 12 and 1 <= b <= 31:
        found.add("month first")
    return found


def _pieces(days: pl.Series, pattern: str) -> pl.DataFrame:
    found = days.alias("day").to_frame().filter(pl.col("day").str.contains(pattern))
    groups = found.select(pl.col("day").str.extract_groups(pattern).struct.unnest())
    return (
        groups
        if groups.width
        else pl.DataFrame(schema=dict.fromkeys(["a", "b", "y", "mark"], pl.String))
    )


def _fits(short: pl.DataFrame) -> pl.DataFrame:
    """Row by row: whether the year can stand first, and whether it can stand last."""
    a, b, c = (pl.col(name).cast(pl.Int16) for name in "aby")
    day_first = a.is_between(1, 31) & b.is_between(1, 12)
    month_first = a.is_between(1, 12) & b.is_between(1, 31)
    return short.select(
        ((b <= 12) & (c <= 31)).alias("first"), (day_first | month_first).alias("last")
    )


def _place_of_year(short: pl.DataFrame, days: pl.Series) -> tuple[bool, bool]:
    """Whether two-digit years are proved to come first, or last, in this column."""
    if short.is_empty():
        return False, False
    fits = _fits(short)
    only_first = bool((fits["first"] & ~fits["last"]).any())
    only_last = bool((fits["last"] & ~fits["first"]).any())
    if only_first or only_last:
        return only_first and not only_last, only_last and not only_first
    a, c = (short[name].cast(pl.Int16) for name in "ay")
    near_first = _are_years_of(a, _full_years(days, _FULL_FIRST, short["mark"]))
    near_last = _are_years_of(c, _full_years(days, YEAR_LAST, short["mark"]))
    if near_first or near_last:
        return near_first and not near_last, near_last and not near_first
    return _is_year_beside(a, c), _is_year_beside(c, a)


def _full_years(days: pl.Series, pattern: str, marks: pl.Series) -> pl.Series:
    """The years of four digits in values of this order that have the same marks."""
    found = _pieces(days, pattern).filter(pl.col("y").str.len_bytes() == 4)
    mark = pl.col("mark").fill_null("")
    return found.filter(mark.is_in(marks.unique().to_list()))["y"].cast(pl.Int16) % 100


def _are_years_of(short: pl.Series, full: pl.Series) -> bool:
    """Whether two-digit numbers lie among the years that the column writes in full."""
    if full.is_empty():
        return False
    least, most = int(full.min()) - _BESIDE, int(full.max()) + _BESIDE  # type: ignore[arg-type]
    return bool(short.is_between(least, most).all())


def _is_year_beside(year: pl.Series, day: pl.Series) -> bool:
    if len(year) < _ENOUGH:
        return False
    near = int(year.max()) - int(year.min()) <= _NARROW  # type: ignore[arg-type]
    return near and day.n_unique() >= _WIDE


def _has_times(tidied: pl.Series) -> bool:
    clock = tidied.str.contains(_A_TIME) & ~tidied.str.contains(_MIDNIGHT)
    if bool(clock.any()):
        return True
    seconds = tidied.filter(tidied.str.contains(_EPOCH).fill_null(value=False)).str.head(10)
    return bool((seconds.cast(pl.Int64) % 86400 != 0).any())
