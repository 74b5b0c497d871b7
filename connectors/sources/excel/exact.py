"""The fast reader's text is almost the cell: it cuts decimals after nine places, prints a float's
noise after seventeen digits and gives every date a time. Here cells get the text Excel means.
"""

import re
from collections.abc import Callable
from decimal import Decimal

import polars as pl

from connectors.sources.contract import Damage
from connectors.sources.excel.structure import Structure
from guiyi.messages import Message

LONG = r"^-?\d{16,}$"
"""Excel keeps 15 significant digits (Excel specifications and limits)."""
_CUT = r"^-?\d+\.\d{9}$"
_MIDNIGHT = r"^\d{4,}-\d\d-\d\d 00:00:00$"
_CLOCK = r"^1899-12-3[01] \d\d:\d\d:\d\d"
_SCIENTIFIC = r"^\s*[-+]?\d(?:\.\d+)?[eE]\+?\d{1,2}\s*$"
_DIGITS = r"^\d+$"
_FIXED_LENGTH = (
    r"(?i)邮编|郵遞|邮政编码|电话|電話|手机|手機|传真|post.?code|postal|zip|phone|mobile"
)
"""Headers of columns whose values have one length in one country."""

Retype = Callable[[list[str], str], pl.DataFrame]
"""Reads columns again as another type; null where a cell is not of it."""


def _having(cells: pl.DataFrame, pattern: str) -> list[str]:
    if not cells.width or not cells.height:
        return []
    hits = cells.select(pl.all().str.contains(pattern).any()).row(0)
    return [name for name, hit in zip(cells.columns, hits, strict=True) if hit]


def exact_text(cells: pl.DataFrame, retype: Retype) -> pl.DataFrame:
    """Give every cell the text Excel means: `0.333…` in full, `2024-03-05`, `TRUE`."""
    dated = _having(cells, rf"{_MIDNIGHT}|{_CLOCK}")
    if dated:
        typed = retype(dated, "datetime")
        cells = cells.with_columns(_dates(cells[name], typed[name]) for name in dated)
    truths = _having(cells, r"^(?:true|false)$")
    if truths:
        typed = retype(truths, "boolean")
        cells = cells.with_columns(_truths(cells[name], typed[name]) for name in truths)
    cut = sorted({*_having(cells, LONG), *_having(cells, _CUT), *_tiny(cells)}, key=int)
    if cut:
        number, is_number = retype(cut, "float"), retype(cut, "boolean")
        cells = cells.with_columns(
            _numbers(cells[name], number[name], is_number[name]) for name in cut
        )
    return cells


def _tiny(cells: pl.DataFrame) -> set[str]:
    """Columns of decimals whose zeros may be numbers too small for nine places."""
    return set(_having(cells, r"^-?0$")) & set(_having(cells, r"^-?\d+\.\d"))


def _dates(text: pl.Series, date: pl.Series) -> pl.Series:
    short = (
        pl.when(text.str.contains(_MIDNIGHT))
        .then(text.str.slice(0, 10))
        .when(text.str.contains(_CLOCK))
        .then(text.str.slice(11))
        .otherwise(text)
    )
    return pl.select(pl.when(date.is_not_null()).then(short).otherwise(text).alias(text.name))[
        text.name
    ]


def _truths(text: pl.Series, truth: pl.Series) -> pl.Series:
    boolean = text.is_in(["true", "false"]) & truth.is_not_null()
    upper = pl.when(boolean).then(text.str.to_uppercase()).otherwise(text)
    return pl.select(upper.alias(text.name))[text.name]


def _numbers(text: pl.Series, number: pl.Series, is_number: pl.Series) -> pl.Series:
    off = text.str.contains(rf"{LONG}|{_CUT}|^-?0$") & is_number.is_not_null()
    values = text.to_list()
    for at in off.fill_null(False).arg_true():
        values[at] = plain(number[at])
    return pl.Series(text.name, values, dtype=pl.String())


def plain(number: float) -> str:
    """Write a float with all its digits and no exponent."""
    written = format(Decimal(repr(number)), "f")
    return written.removesuffix(".0") if "." in written else written


def number_damage(
    cells: pl.DataFrame, names: dict[str, str], retype: Retype
) -> list[tuple[int, str, Damage]]:
    """Find cells that lost digits: (row of `cells`, column of `cells`, what is wrong).

    `names` are the header's labels by column of `cells`.
    """
    found: list[tuple[int, str, Damage]] = []
    long, short = _having(cells, LONG), _shortened(cells, names)
    suspects = sorted({*long, *short}, key=int)
    typed = retype(suspects, "boolean") if suspects else pl.DataFrame()
    for name in long:
        hit = cells[name].str.contains(LONG) & typed[name].is_not_null()
        for at in hit.fill_null(False).arg_true():
            length = len((cells[name][at] or "").lstrip("-"))
            detail = Message("a number of {length} digits, of which Excel keeps 15", length=length)
            found.append((at, name, Damage(at, names[name], "digits lost", detail)))
    for name in _having(cells, _SCIENTIFIC):
        for at in cells[name].str.contains(_SCIENTIFIC).fill_null(False).arg_true():
            detail = Message("written in scientific notation, its other digits are gone")
            found.append((at, name, Damage(at, names[name], "scientific notation", detail)))
    for name, length in short.items():
        digits = cells[name].str.contains(_DIGITS) & (cells[name].str.len_chars() < length)
        for at in (digits & typed[name].is_not_null()).fill_null(False).arg_true():
            detail = Message(
                "a number shorter than the column's {length} digits: its leading zeros are lost",
                length=length,
            )
            found.append((at, name, Damage(at, names[name], "leading zeros lost", detail)))
    return found


def _shortened(cells: pl.DataFrame, names: dict[str, str]) -> dict[str, int]:
    """Columns of codes of one length, but for a few that are one to three digits shorter."""
    found: dict[str, int] = {}
    for name, label in names.items():
        zeros = cells[name].str.contains(r"^0\d+$").any()
        if not zeros and not pl.Series([label]).str.contains(_FIXED_LENGTH)[0]:
            continue
        lengths = (
            cells[name]
            .drop_nulls()
            .str.strip_chars()
            .to_frame("v")
            .filter(pl.col("v").str.contains(_DIGITS))
            .select(pl.col("v").str.len_chars().alias("n"))
            .group_by("n")
            .len()
            .sort("len", descending=True)
        )
        if lengths.height < 2:
            continue
        (length, most), total = lengths.row(0), lengths["len"].sum()
        shorter = lengths.filter(pl.col("n").is_between(length - 3, length - 1))["len"].sum()
        longer = lengths.filter(pl.col("n") > length)["len"].sum()
        if 4 <= length <= 15 and most * 10 >= total * 6 and shorter and not longer:
            found[name] = int(length)
    return found


_SERIAL = r"^\d{5}(?:\.\d+)?$"
"""Days since 1899-12-30 of the years 1927 to 2173, since 1904-01-01 of 1931 to 2177."""
_DAY = r"^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?$"
_DATED = r"(?i)日期|时间|時間|生日|日$|date|birth|since|\btime\b|_at$|_on$"
"""Headers of columns that hold dates."""


def date_damage(
    cells: pl.DataFrame, names: dict[str, str], retype: Retype, structure: Structure
) -> list[tuple[int, str, Damage]]:
    """Find dates that are read as numbers, and numbers that Excel made dates of."""
    labelled = [name for name, label in names.items() if re.search(_DATED, label)]
    shares = _shares(cells)
    suspects = [name for name in shares if _meant(*shares[name], name in labelled) is not None]
    if not suspects:
        return []
    # Only now are cells read again: it takes as long as reading them did.
    number, dated = retype(suspects, "boolean"), retype(suspects, "datetime")
    found: list[tuple[int, str, Damage]] = []
    system = "1904-01-01" if structure.from_1904 else "1899-12-30"
    for name in suspects:
        text, label = cells[name], names[name]
        days = text.str.contains(_DAY).fill_null(False) & dated[name].is_not_null()
        serials = text.str.contains(_SERIAL).fill_null(False) & number[name].is_not_null()
        filled = text.len() - text.null_count()
        problem = _meant(filled, int(days.sum()), int(serials.sum()), name in labelled)
        if problem is not None:
            rows = serials if problem == _NUMBER else days
            detail = _DETAILS[problem].format(system)
            found += [(at, name, Damage(at, label, problem, detail)) for at in rows.arg_true()]
    return found


def _shares(cells: pl.DataFrame) -> dict[str, tuple[int, int, int]]:
    """Count, by column, the cells that are filled, look like days and look like serial numbers."""
    if not cells.width or not cells.height:
        return {}
    filled = cells.select(pl.all().is_not_null().sum()).row(0)
    days = cells.select(pl.all().str.contains(_DAY).sum()).row(0)
    serials = cells.select(pl.all().str.contains(_SERIAL).sum()).row(0)
    counts = zip(filled, days, serials, strict=True)
    return {n: c for n, c in zip(cells.columns, counts, strict=True) if c[1] or c[2]}


def _meant(filled: int, days: int, serials: int, labelled: bool) -> str | None:
    """Say which cells of a column are not what the column is of, if any."""
    if serials and days + serials >= 0.6 * filled and (days >= serials or labelled):
        return _NUMBER
    if days and days <= 0.2 * filled and not labelled and filled >= 5:
        return _DATE
    return None


_NUMBER, _DATE = "date as number", "number as date"
_DETAILS = {
    _NUMBER: "a number among dates; Excel counts days since {}",
    _DATE: "a date among other values: Excel reads 3-5 and 10/20 as dates",
}
