"""The file that labels are kept in: a CSV of record keys and answers."""

import csv
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from guiyi.errors import SourceError
from guiyi.formulas import neutral_text, restored_text
from guiyi.messages import Message
from pipelines.outputs import whole_file

ANSWER = "match"
COLUMNS = ("left", "right", "row_l", "row_r", ANSWER, "why", "match_probability", "asked_at")
"""`left` and `right` are record keys (`source:record_id`); the rows are those of clusters.csv and
are empty for a project. `match` is true, false, or empty for a pair that nobody can judge."""
ANSWERS = {
    **dict.fromkeys(("true", "1", "yes", "y", "match"), "true"),
    **dict.fromkeys(("false", "0", "no", "n", "non-match"), "false"),
    **dict.fromkeys(("", "unsure", "?"), ""),
}
"""How answers may be written."""

Row = dict[str, str]


def read_labels(path: Path) -> list[Row]:
    """Read the labels of a file, whose answers may be written in several ways.

    Raises SourceError, naming the line, for a file that does not name its pairs or holds an answer
    that is none.
    """
    place = str(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = [restored_text(name) for name in reader.fieldnames or []]
            reader.fieldnames = header
            _check_header(header, place)
            return [_row(row, f"{place}:{reader.line_num}") for row in reader]
    except FileNotFoundError:
        raise SourceError(
            "no such file", place=place, hint="guiyi label FILE… --out labels.csv writes one"
        ) from None
    except UnicodeDecodeError as error:
        raise SourceError(
            Message("not UTF-8 at byte {byte}", byte=error.start),
            place=place,
            hint="save it as UTF-8",
        ) from None
    except csv.Error as error:
        raise SourceError(
            Message("not a readable CSV: {error}", error=error), place=place
        ) from None


def _check_header(header: Iterable[str], place: str) -> None:
    names = set(header)
    if not ({"left", "right"} <= names or {"row_l", "row_r"} <= names):
        raise SourceError(
            "labels do not name their pairs",
            place=place,
            hint="give the columns left and right (record keys) or row_l and row_r",
        )
    if ANSWER not in names:
        raise SourceError(
            Message("no column `{column}`", column=ANSWER),
            place=place,
            hint="write true, false, or nothing for unsure",
        )


def _row(row: dict[str, str | None], place: str) -> Row:
    cells = {name: restored_text(value or "") for name, value in row.items() if name is not None}
    answer = ANSWERS.get(cells[ANSWER].strip().lower())
    if answer is None:
        raise SourceError(
            Message("`{column}` is neither true nor false", column=ANSWER),
            place=place,
            hint="write true, false, or nothing for unsure",
        )
    for name in ("row_l", "row_r"):
        if cells.get(name, "") and not cells[name].isdecimal():
            raise SourceError(Message("`{column}` is not a row number", column=name), place=place)
    return cells | {ANSWER: answer}


def write_labels(path: Path, rows: list[Row]) -> None:
    """Write all labels anew, so that the file is whole at any moment; other columns are kept."""
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    with whole_file(path) as place, place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for cells in (columns, *([row.get(name, "") for name in columns] for row in rows)):
            writer.writerow([neutral_text(cell) for cell in cells])


def as_table(rows: list[Row], *, by_row: bool = False) -> pl.DataFrame:
    """Labels as the matcher reads them: by record key where they have one, else by row."""
    keyed = not by_row and all(row.get("left") and row.get("right") for row in rows)
    names = ("left", "right") if keyed else ("row_l", "row_r")
    columns = {name: [row.get(name) or None for row in rows] for name in (*names, ANSWER)}
    table = pl.DataFrame(columns, schema=dict.fromkeys((*names, ANSWER), pl.String))
    return table if keyed else table.with_columns(pl.col(names).cast(pl.Int64))
