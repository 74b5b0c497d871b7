"""How good a value is beside others of its kind: whole or a placeholder, well or badly written.

The order of two values of one cluster never depends on where they stand in the table. What decides
between values that equally many records hold is, in this order, how much they say (`lesser`,
`detail`), how they are written (`form`), how long they are, and at last the value itself.
"""

from collections.abc import Mapping

import polars as pl

from cleansing.empty_words import PLACEHOLDER as EMPTY
from dedup.forms.name_notes import has_note
from guiyi.kinds import Kind

WHOLE, PARTIAL, PLACEHOLDER = 0, 1, 2
"""How much less than a whole value it is: an initial or a month stands for what others say in full,
a name with somebody's note in brackets for the name, a placeholder for nothing."""

NO_DAY = (
    "0001-01-01",  # .NET's DateTime.MinValue
    "1111-11-11",
    "1753-01-01",  # the earliest date of SQL Server's datetime
    "1800-01-01",
    "1899-12-30",  # day 0 of OLE automation, Access and LibreOffice
    "1899-12-31",
    "1900-01-00",
    "1900-01-01",  # day 1 of Excel
    "1901-01-01",
    "1904-01-01",  # day 0 of Excel on a Macintosh
    "1970-01-01",  # Unix time 0
    "2099-12-31",
    "2999-12-31",
    "9999-12-31",  # DateTime.MaxValue
)
"""Dates that systems write where they know none."""

NO_MAILBOX = (
    r"(?i)^(?:no-?reply|do-?not-?reply|no-?e?mail|none|n/?a|unknown|test|x+|asdf|null|nobody)@"
)
"""Mailboxes nobody reads."""

_NAMED = frozenset({Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.ADDRESS, Kind.REGION, Kind.TEXT})
_CAPITALS = {
    Kind.PERSON_NAME: 2,
    Kind.ADDRESS: 3,
    Kind.REGION: 4,
    Kind.TEXT: 4,
    Kind.COMPANY_NAME: 6,
}
"""From so many capitals on a value without a small letter is shouted: OH, IBM and 12B are not."""
_FULL_WORD = r"\p{L}{2}|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"

VALUE = pl.col("value")


def quality(kind: Kind | None, present: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
    """`lesser`, `detail` and `form` of a `value` with its `key`: low, high and low are better.

    `present` has those parts of the kind whose presence makes a value more complete.
    """
    return {
        "lesser": _lesser(kind, present).cast(pl.UInt8),
        "detail": _detail(kind, present).cast(pl.UInt32),
        "form": _form(kind).cast(pl.UInt8),
    }


def _lesser(kind: Kind | None, present: Mapping[str, pl.Expr]) -> pl.Expr:
    whole = pl.lit(WHOLE)
    if kind is Kind.DATE:
        empty, partial = VALUE.is_in(NO_DAY), VALUE.str.len_chars() < len("2024-03-05")
    elif kind is Kind.PERSON_NAME:
        given = pl.coalesce(present.get("given", VALUE), VALUE)
        initial = ~given.str.contains(_FULL_WORD)
        empty, partial = VALUE.str.contains(EMPTY), initial | has_note(kind)
    elif kind is Kind.COMPANY_NAME:
        empty, partial = VALUE.str.contains(EMPTY), has_note(kind)
    elif kind in _NAMED:
        empty, partial = VALUE.str.contains(EMPTY), pl.lit(False)
    elif kind is Kind.EMAIL:
        empty, partial = VALUE.str.contains(NO_MAILBOX), pl.lit(False)
    elif kind is Kind.POSTCODE:
        empty, partial = VALUE.str.contains(r"^(?:0+|9+)$"), pl.lit(False)
    else:
        return whole
    return (
        pl.when(empty)
        .then(pl.lit(PLACEHOLDER))
        .when(partial)
        .then(pl.lit(PARTIAL))
        .otherwise(whole)
    )


def _detail(kind: Kind | None, present: Mapping[str, pl.Expr]) -> pl.Expr:
    if kind is Kind.POSTCODE:  # 43604-1234 says more than 43604
        return VALUE.str.len_chars()
    levels = [part.is_not_null().cast(pl.UInt32) for part in present.values()]
    if kind is Kind.PERSON_NAME:
        levels.append(VALUE.str.count_matches(r"\p{L}{2,}"))
    return pl.sum_horizontal(levels) if levels else pl.lit(0)


def _form(kind: Kind | None) -> pl.Expr:
    if kind is Kind.DATE:  # the first of January often stands for a year of which no more is known
        return VALUE.str.ends_with("-01-01").cast(pl.UInt8)
    if kind is None or kind not in _NAMED:
        return pl.lit(0)
    capitals, small = VALUE.str.count_matches(r"\p{Lu}"), VALUE.str.contains(r"\p{Ll}")
    form = (
        pl.when(~small & (capitals >= _CAPITALS[kind]))
        .then(pl.lit(2))
        .when(small & (capitals == 0))
        .then(pl.lit(1))
        .otherwise(pl.lit(0))
    )
    spoilt = VALUE.str.contains("[\ufffd?]").cast(pl.UInt8) * 4
    if kind is not Kind.PERSON_NAME:
        return form + spoilt
    digits = VALUE.str.contains(r"\d").cast(pl.UInt8) * 4
    return form + spoilt + digits + _nickname().cast(pl.UInt8)


def _nickname() -> pl.Expr:
    """Whether the comparison key knows the person by another, more formal name."""
    plain = VALUE.str.to_lowercase().str.replace_all(r"[^a-z]", "")
    known = pl.col("key").str.replace_all(r"[^a-z]", "")
    ascii_only = VALUE.str.len_bytes() == VALUE.str.len_chars()
    return (ascii_only & (known != "") & ~plain.str.contains(known, literal=True)).fill_null(False)
