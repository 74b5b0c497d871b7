"""Shows a profile on the terminal: a line for each column, whatever the terminal's width."""

import unicodedata
from collections.abc import Sequence
from shutil import get_terminal_size

import click

from pipelines.language.messages import in_language, say
from pipelines.profiling.profile import ColumnProfile, TableProfile

_HEADINGS = ("column", "kind", "filled", "distinct", "valid", "patterns")
_TO_THE_RIGHT = {2, 3, 4}
_LONGEST_NAME = 24
_LEAST = 8
"""The least that is left for patterns where names are long."""
_GAP = "  "
_INDENT = "  "
PERSONAL = " •"


def print_profile(table: TableProfile, title: str, notes: Sequence[str], *, why: bool) -> None:
    """Print one table's profile; with `why`, the evidence for each kind below its column."""
    headings = [say("profile." + heading) for heading in _HEADINGS]
    rows = [_cells(column) for column in table.columns]
    widths = _widths([headings, *rows], get_terminal_size().columns)
    click.echo(title)
    click.echo(_line(headings, widths))
    for column, row in zip(table.columns, rows, strict=True):
        click.echo(_line(row, widths))
        if why:
            click.echo(f"{_INDENT}{_GAP}{_GAP}{in_language(column.why)}")
    if any(column.personal for column in table.columns):
        click.echo(f"{_INDENT}{PERSONAL.strip()} {say('profile.personal')}")
    for line in notes:
        click.echo(f"{_INDENT}{line}")


def _cells(column: ColumnProfile) -> list[str]:
    return [
        " ".join(column.column.split()),
        f"{column.kind}{PERSONAL if column.personal else ''}",
        f"{column.filled:.0%}",
        f"{column.distinct:,}",
        "" if column.valid is None else f"{column.valid:.0%}",
        "  ".join(" ".join(pattern.split()) for pattern in list(column.patterns)[:2]),
    ]


def _widths(rows: Sequence[Sequence[str]], total: int) -> list[int]:
    """How wide each column is: names and patterns share what the others leave."""
    widths = [max(map(width, cells)) for cells in zip(*rows, strict=True)]
    gaps = len(_INDENT) + len(_GAP) * (len(widths) - 1)
    left = total - gaps - sum(widths[1:-1])
    widths[0] = max(min(widths[0], _LONGEST_NAME, left - _LEAST), _LEAST)
    widths[-1] = max(min(widths[-1], left - widths[0]), _LEAST)
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for at, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
        text = shortened(cell, wide)
        blank = " " * (wide - width(text))
        padded.append(blank + text if at in _TO_THE_RIGHT else text + blank)
    return (_INDENT + _GAP.join(padded)).rstrip()


def width(text: str) -> int:
    """How many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def shortened(text: str, most: int) -> str:
    """Cut a text to so many columns, and mark that it was cut."""
    if width(text) <= most:
        return text
    while text and width(text) > most - 1:
        text = text[:-1]
    return text + "…"
