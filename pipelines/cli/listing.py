"""A table on the command line: headings in the user's language, columns one below another."""

from collections.abc import Sequence

import click

from pipelines.language.messages import say

_GAP = "  "
_EMPTY = "–"


def echo_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their headings; nothing where there is no row."""
    if not rows:
        return
    from pipelines.profiling.lines import width

    lines = [[say(f"column.{name}") for name in columns], *([_cell(c) for c in r] for r in rows)]
    widths = [max(map(width, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        padded = (c + " " * (w - width(c)) for c, w in zip(line, widths, strict=True))
        click.echo(_GAP.join(padded).rstrip())


def _cell(cell: object) -> str:
    """A cell of a list: an empty one keeps its place."""
    if cell is None or cell == "":
        return _EMPTY
    return f"{cell:.1%}" if isinstance(cell, float) else str(cell)
