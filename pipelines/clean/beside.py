"""What a clean value leaves out stands in columns of its own beside it: no file becomes poorer.

电话 holds +8613800138001; 电话 2 the second number of the cell, 电话 备注 the name beside them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import polars as pl

from cleansing.currency import currency_pattern
from cleansing.text import HAN, simplify_text
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason

SEVERAL = (Kind.PHONE, Kind.EMAIL)
"""Kinds of which a cell may hold several; their part `all` lists them."""

_LOOKS = (
    "tidied|formatted|width folded|invisible removed|spaces squeezed|spaces removed"
    "|spaces or brackets|lower-cased|host lower-cased|scheme added|mojibake repaired"
    "|leading zero restored|decimal .0 removed|thousands commas removed|trunk 0 restored"
)
_ONLY_LOOKS = rf"^(?:(?:{_LOOKS})(?:; |$))+$"
"""Reasons that take nothing out: most changed cells have no other."""

_NUMERALS = frozenset(
    "元圆整角分个十百千万亿零〇一二三四五六七八九两廿卅壹贰叁肆伍陆柒捌玖拾佰仟年月日号时km%"
)
"""Letters that a date or an amount says in digits."""


def with_columns_beside(
    cleaned: pl.DataFrame, columns: Mapping[str, str], kinds: Mapping[str, Kind]
) -> pl.DataFrame:
    """The clean table under its own headers, each column followed by what it left out.

    `columns` has the field of `cleaned` for each header. A value that was refused is as it came.
    """
    taken = set(columns)
    found: list[pl.Series] = []
    for header, name in columns.items():
        found.append(cleaned.select(pl.coalesce(name, raw(name)).alias(header)).to_series())
        for title, column in _left_out(cleaned, header, name, kinds[header]):
            own = _free(title, taken)
            taken.add(own)
            found.append(column.alias(own))
    return even_chunks(pl.DataFrame(found))


def _left_out(
    cleaned: pl.DataFrame, header: str, name: str, kind: Kind
) -> Iterator[tuple[str, pl.Series]]:
    more = list(_further(cleaned[part(name, "all")])) if kind in SEVERAL else []
    yield from ((f"{header} {n}", column) for n, column in enumerate(more, start=2))
    if kind is Kind.AMOUNT:
        currency = cleaned[part(name, "currency")]
        more = [currency]
        if currency.null_count() < len(currency):
            yield _in_words(header, "币种", "currency"), currency
    if kind is Kind.PHONE:
        rest, title = cleaned[part(name, "note")], _in_words(header, "备注", "note")
    else:
        rest, title = _as_given(cleaned, name, kind, more), _in_words(header, "原文", "as given")
    if rest.null_count() < len(rest):
        yield title, rest


def _further(every: pl.Series) -> Iterator[pl.Series]:
    """The second of each cell, the third, and so on."""
    most = every.list.len().max()
    for n in range(1, most if isinstance(most, int) else 0):
        yield every.list.get(n, null_on_oob=True)


def _in_words(header: str, chinese: str, english: str) -> str:
    return f"{header} {chinese if re.search(HAN, header) else english}"


def _free(title: str, taken: Collection[str]) -> str:
    """The title, or the next one that no column has: phone 2 may be a column of the file."""
    counted = re.fullmatch(r"(.*) (\d+)", title)
    stem, count = (counted[1], int(counted[2])) if counted else (title, 1)
    while title in taken:
        count += 1
        title = f"{stem} {count}"
    return title


def _as_given(
    cleaned: pl.DataFrame, name: str, kind: Kind, more: Collection[pl.Series]
) -> pl.Series:
    """The raw value where letters or digits of it are neither in the clean one nor beside it."""
    rows = cleaned.select(
        raw=raw(name), reason=pl.col(reason(name)).fill_null(""), kept=pl.col(name)
    ).with_columns(pl.concat_str("kept", *more, ignore_nulls=True).alias("held"))
    changed = pl.col("kept").is_not_null() & (pl.col("kept") != pl.col("raw"))
    odd = rows.select(
        odd=(changed & ~pl.col("reason").str.contains(_ONLY_LOOKS)).fill_null(value=False)
    ).to_series()
    cells = rows.filter(odd).select("raw", "held", "reason").unique(maintain_order=True)
    poorer = [
        typed for typed, held, why in cells.iter_rows() if _lost(typed, held or "", why, kind)
    ]
    return rows.select(
        pl.when(pl.lit(odd) & pl.col("raw").is_in(poorer)).then("raw").alias(name)
    ).to_series()


def _lost(typed: str, held: str, why: str, kind: Kind) -> bool:
    """Whether a letter or digit of what was typed stands nowhere."""
    if kind is Kind.AMOUNT:
        typed = re.sub(currency_pattern(), "", typed, flags=re.I)
    missing = Counter(_letters(typed)) - Counter(_letters(held))
    if kind is Kind.DATE:  # 114/05/01 is 2025-05-01 to whoever takes it for a year of the 民國
        return "midnight removed" not in why and any(c.isdigit() for c in missing)
    if kind is Kind.AMOUNT:
        return any(not c.isdigit() and c not in _NUMERALS for c in missing)
    return bool(missing)


def _letters(text: str) -> str:
    folded = simplify_text(unicodedata.normalize("NFKC", text)).casefold()
    return "".join(c for c in folded if c.isalnum())
