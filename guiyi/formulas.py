"""Text that a spreadsheet would run, kept from it in files of text, and read back as it was.

Excel, Calc and Sheets take a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return
for a formula, whoever typed it (OWASP, CSV Injection). An apostrophe before it says that it is
text. Numbers and telephone numbers begin like formulas and run nothing: they stay as they are.
"""

import re

import polars as pl

_BEGINS = r"^'*[=+\-@\t\r\n＝＋－＠]"
"""The apostrophes count, so that one more can always be taken away again."""
_NUMBER = r"[+\-＋－]?[ ]?\d[\d ,]*(?:\.\d+)?(?:[eE][+\-]?\d+)?%?"
_PHONE = r"[+＋]\(?\d(?:[\d\s().,;/+\-]|ext\.)*"
_SIGNS = r"[+\-＋－]+"
_HARMLESS = rf"^(?:{_NUMBER}|{_PHONE}|{_SIGNS})$"


def neutralised(table: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """A table as a file of text is to have it, its headers too, and how many cells that changed."""
    count, marked = 0, []
    for column in table:
        runs = _runs(column) if column.dtype == pl.String else None
        if runs is not None and runs.any():
            count += int(runs.sum())
            name = column.name
            marked.append(pl.when(runs).then("'" + pl.col(name)).otherwise(name).alias(name))
    safe = table.with_columns(marked)
    return safe.rename({name: neutral_text(name) for name in table.columns}), count


def restored(table: pl.DataFrame) -> pl.DataFrame:
    """The cells of a table that was read from a file of text, as they were before."""
    bare = []
    for column in table:
        if column.dtype == pl.String and column.str.starts_with("'").any():
            name, without = column.name, column.str.slice(1)
            was = column.str.starts_with("'") & _runs(without)
            bare.append(pl.when(was).then(without).otherwise(name).alias(name))
    return table.with_columns(bare)


def neutral_text(text: str) -> str:
    """One cell as a file of text is to have it."""
    return f"'{text}" if is_formula(text) else text


def restored_text(text: str) -> str:
    """One cell as it was before."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return bool(re.search(_BEGINS, text)) and not re.search(_HARMLESS, text)


def _runs(texts: pl.Series) -> pl.Series:
    begins = texts.str.contains(_BEGINS)
    return begins & ~texts.str.contains(_HARMLESS) if begins.any() else begins
