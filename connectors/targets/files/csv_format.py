"""Rows of text as CSV by RFC 4180, in whichever encoding an import tool asks for."""

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from connectors.targets.contract import Rejection
from connectors.targets.files.format import Text, bad_values
from guiyi import formulas
from guiyi.errors import TargetError
from guiyi.messages import Message

UTF_8 = {"utf-8", "utf8", "utf-8-sig"}


class CsvFormat:
    """CSV files: a line of headings, then a line a row; an empty cell is nothing."""

    suffix = ".csv"

    def __init__(self, encoding: str, delimiter: str, *, exact: bool) -> None:
        self._encoding, self._delimiter, self._exact = encoding, delimiter, exact

    def write(self, rows: pl.DataFrame, file: Path) -> None:
        """Write a file."""
        made = io.BytesIO()
        written = rows if self._exact else formulas.neutralised(rows)[0]
        written.write_csv(made, separator=self._delimiter)
        data = made.getvalue()
        if self._encoding.lower() not in UTF_8:
            data = data.decode().encode(self._encoding)
        elif self._encoding.lower() == "utf-8-sig":
            data = b"\xef\xbb\xbf" + data
        file.write_bytes(data)

    def read(self, file: Path) -> pl.DataFrame:
        """Read a file as text. Raises TargetError where it is not CSV in this encoding."""
        try:
            data = file.read_bytes().decode(self._encoding).removeprefix("\ufeff").encode()
            found = pl.read_csv(
                data, separator=self._delimiter, infer_schema=False, raise_if_empty=False
            )
        except (UnicodeError, pl.exceptions.PolarsError):
            raise TargetError(
                Message("is not CSV in {encoding} any more", encoding=self._encoding),
                place=str(file),
                hint="put back the file as it was written, or remove it to have it made anew",
            ) from None
        if self._exact:
            return found
        return formulas.restored(found).rename(formulas.restored_text)

    def canonical(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Text as it is; an empty one is nothing."""
        return rows.with_columns(pl.when(pl.all() != "").then(pl.all()))

    def unfit(self, rows: pl.DataFrame) -> Iterator[Rejection]:
        """Rows with characters that the encoding does not have."""
        why = Message("the encoding {encoding} lacks a character", encoding=self._encoding)
        yield from bad_values(rows, self._lacks, why)

    def _lacks(self, text: Text) -> bool:
        try:
            text.encode(self._encoding)
        except UnicodeError:
            return True
        return False
