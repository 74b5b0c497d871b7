"""What a column holds shows in its values; a header is one witness among several, and may lie."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cleansing.coded import Coded
from cleansing.column_sample import Sample, take_sample
from cleansing.date_parts import find_date_parts, may_be_part
from cleansing.distinct import distinct_of
from cleansing.side_by_side import side_by_side
from guiyi.kinds import Kind
from guiyi.messages import Message, as_message


@dataclass(frozen=True)
class KindGuess:
    """The kind a column most likely holds."""

    kind: Kind
    confidence: float
    """From 0 (nothing to go by) to 1 (nothing else looks like this)."""
    why: str
    """A short sentence for the user."""


_HEADER = 0.12
"""What a header that names the kind adds: enough to break a tie, never to overrule the values."""

_LEAST = 0.3
"""A header adds nothing to a kind of which the values show less than this."""

_PART = 0.9
"""How sure a column's kind is whose header and values make it a part of a date."""


def infer_kind(values: pl.Series | Coded, header: str = "") -> KindGuess:
    """Guess what one column holds from its values, and from its header where they leave a doubt.

    A column whose distinct values are known may be given by them (`distinct_of`).
    """
    from cleansing.signs import declared, header_says, signs

    sample = take_sample(values if isinstance(values, Coded) else distinct_of(values), header)
    if not sample.values:
        return KindGuess(Kind.TEXT, 0.0, "no values to judge by")
    scored: list[tuple[float, Kind, str]] = []
    for kind, sign in signs().items():
        score, why = sign(sample)
        if score >= _LEAST and sample.header and header_says(kind, sample):
            score, why = score + _HEADER, Message("{why}; the header agrees", why=as_message(why))
        score, why = max((score, why), declared(kind, sample), key=lambda sign: sign[0])
        scored.append((score, kind, why))
    score, kind, why = max(scored, key=lambda one: one[0])
    return KindGuess(kind, round(_confidence(score, sample), 2), why)


def infer_kinds(table: pl.DataFrame | Mapping[str, Coded]) -> dict[str, KindGuess]:
    """Guess what each column of a table holds."""
    columns = table.to_dict() if isinstance(table, pl.DataFrame) else table
    guesses = side_by_side(lambda name: infer_kind(columns[name], name), columns)
    return {**dict(zip(columns, guesses, strict=True)), **_parts_of_dates(columns)}


def _parts_of_dates(table: Mapping[str, pl.Series | Coded]) -> dict[str, KindGuess]:
    """The kinds of columns that are a date together: years are dates, all else codes."""
    columns = {
        name: column if isinstance(column, Coded) else distinct_of(column)
        for name, column in table.items()
        if may_be_part(name)
    }
    found: dict[str, KindGuess] = {}
    for date in find_date_parts(columns):
        why = Message("a part of the date in {columns}", columns=" + ".join(date.columns))
        found |= {name: KindGuess(Kind.CODE, _PART, why) for name in date.columns}
        years = columns[date.year]
        if years.share(years.values.str.contains(r"^\s*\d{4}(?:\.0+)?\s*$")) == 1:
            found[date.year] = KindGuess(Kind.DATE, _PART, why)
    return found


def _confidence(score: float, sample: Sample) -> float:
    """A guess from few values is worth less than the same from many."""
    return min(1.0, score) * (1 - 0.5 / (1 + len(sample.values)))
