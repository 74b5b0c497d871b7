"""Rows of a table that are no records: totals, remarks, section titles, headers printed again."""

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

from connectors.sources import words
from connectors.sources.contract import Damage

NAMED_IN = 3
"""How many columns a total may be named in."""
_AMOUNT = re.compile(r"^[-+(¥￥$€£]*\s*[\d,]*\.?\d+\s*%?\)?\s*[元户个家人笔条]?$")


@cache
def total_pattern() -> str:
    """A cell that names a total, as a pattern."""
    lists = words.load("table_words")
    exact = "|".join(r"\s*".join(map(re.escape, word)) for word in lists["totals"])
    ending = "|".join(map(re.escape, lists["total_endings"]))
    return (
        rf"(?i)^\s*(?:{exact})\s*[:：]?\s*$|(?:{ending})\s*[:：]?\s*$"
        r"|^\s*(?:合计|总计|共计)\s*[:：]"
    )


@cache
def note_pattern() -> str:
    """A cell that starts a remark, as a pattern."""
    starts = "|".join(map(re.escape, words.load("table_words")["notes"]))
    return rf"(?i)^\s*[（(*※]?\s*(?:{starts})\s*\d*\s*(?:[:：、)）]|人|时间|日期)|^\s*[*※]"


def is_total(row: Sequence[str | None]) -> bool:
    """Tell a total row: a total word, and beside it nothing but plain numbers."""
    cells = [cell for cell in row if cell is not None]
    named = [cell for cell in cells if re.search(total_pattern(), cell)]
    others = [cell for cell in cells if not re.search(total_pattern(), cell)]
    return bool(named) and all(_AMOUNT.match(cell.strip()) for cell in others)


def skipped(
    body: pl.DataFrame,
    headers: Sequence[Sequence[str | None]],
    sections: set[int],
    whole: bool = True,
) -> dict[int, Damage]:
    """Find the rows of `body` (indexed from 0) that are no records, and say why.

    `headers` are the header's own rows; `sections` the rows that one merged cell fills;
    `whole` says that the table ends where `body` does.
    """
    if body.width == 0 or body.height == 0:
        return {}
    # Totals and remarks are named in the first columns; looking at all of them is slow.
    named = pl.col(body.columns[:NAMED_IN]).str
    again = [_same(body, row) for row in headers if any(row)]
    marked = body.select(
        filled=pl.sum_horizontal(pl.all().is_not_null()),
        total=pl.any_horizontal(named.contains(total_pattern())).fill_null(False),
        note=pl.any_horizontal(named.contains(note_pattern())).fill_null(False),
        again=pl.any_horizontal(*again).fill_null(False) if again else pl.lit(False),
    ).with_row_index("at")
    found: dict[int, Damage] = {}
    for at, filled, total, note, again in marked.filter(
        (pl.col("filled") <= 1) | pl.col("total") | pl.col("again")
    ).iter_rows():
        problem, detail = "", ""
        if filled == 0:
            problem, detail = "blank row", "no cell is filled"
        elif again:
            problem, detail = "repeated header", "the header is repeated here"
        elif total and is_total(body.row(at)):
            problem, detail = "total row", "a total of other rows, not a record"
        elif filled == 1 and at in sections:
            problem, detail = "section row", "a title across the table, not a record"
        elif body.width > 2 and note and filled == 1:
            problem, detail = "note row", "a remark, not a record"
        if problem:
            found[at] = Damage(at, None, f"skipped: {problem}", detail)
    if whole:
        _closing_remarks(marked, body.width, found)
    return found


def _same(body: pl.DataFrame, row: Sequence[str | None]) -> pl.Expr:
    cells = zip(body.columns, row, strict=True)
    return pl.all_horizontal(pl.col(name).eq_missing(pl.lit(cell)) for name, cell in cells)


def _closing_remarks(marked: pl.DataFrame, width: int, found: dict[int, Damage]) -> None:
    """Lone cells after the last full row and a blank one are remarks, whatever they say."""
    if width < 4:
        return
    lone: list[int] = []
    for at in range(marked.height - 1, -1, -1):
        filled = marked["filled"][at]
        if filled > 1 and at not in found:
            return
        if filled == 1:
            lone.append(at)
        elif filled == 0 and at > 0 and marked["filled"][at - 1] > 1:
            for row in lone:
                found[row] = Damage(row, None, "skipped: note row", "a remark under the table")
            return
