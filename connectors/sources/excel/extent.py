"""How far the rows and cells of a sheet's XML reach.

Every row and cell says its place (`<row r="7">`, `<c r="AB7">`), millions of times in a sheet, so
all of a block's places are read at once as columns of bytes.
"""

import numpy as np
import numpy.typing as npt

_DIGITS, _LETTERS = 8, 3
"""A row's number and a column's name are read up to this length; Excel's have seven and three."""
_WIDEST = 3 + _LETTERS + _DIGITS
"""Bytes of the longest place, from its `r="` on."""
Bytes = npt.NDArray[np.uint8]


def reach(xml: bytes) -> tuple[int, int]:
    """The last row and the last column named by this XML; (0, 0) where it names none."""
    text = np.frombuffer(xml + bytes(_WIDEST), np.uint8)
    at = np.flatnonzero((text[:-_WIDEST] == ord("r")) & (text[1 : 1 - _WIDEST] == ord("="))) + 3
    # The number of a cell in the first 26 columns is that of its row.
    at = at[_is_digit(text[at]) | _is_letter(text[at + 1])]
    at = at[_is_quote(text[at - 1]) & (text[at - 4] <= ord(" "))]
    columns = np.zeros(at.size, np.int64)
    for _ in range(_LETTERS):
        letter = _is_letter(text[at])
        columns = np.where(letter, columns * 26 + text[at] - (ord("A") - 1), columns)
        at = at + letter
    rows, open_still = np.zeros(at.size, np.int64), np.ones(at.size, np.bool_)
    for place in range(_DIGITS):
        open_still &= _is_digit(text[at + place])
        rows = np.where(open_still, rows * 10 + text[at + place] - ord("0"), rows)
    placed = rows > 0
    return int(rows.max(initial=0)), int(columns[placed].max(initial=0))


def _is_quote(codes: Bytes) -> npt.NDArray[np.bool_]:
    quotes: npt.NDArray[np.bool_] = (codes == ord('"')) | (codes == ord("'"))
    return quotes


def _is_letter(codes: Bytes) -> npt.NDArray[np.bool_]:
    return (codes >= ord("A")) & (codes <= ord("Z"))


def _is_digit(codes: Bytes) -> npt.NDArray[np.bool_]:
    return (codes >= ord("0")) & (codes <= ord("9"))
