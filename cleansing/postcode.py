"""A postcode is short, strict in its own country, and the first thing a spreadsheet damages."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from cleansing.column import Row, when, why
from cleansing.reasons import argued
from cleansing.text import tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_FORM = r"^[A-Z0-9](?:[A-Z0-9 -]{1,10})[A-Z0-9]$"
"""Letters and digits, three to ten of them (UPU S42): wide enough for every country."""

_ZIP4 = r"^(\d{5})-?\d{4}$"
_UK = r"^([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})$"
_CANADA = r"^([A-Z]\d[A-Z])[ -]?(\d[A-Z]\d)$"
_LABEL = (
    r"(?i)^(?:〒|(邮编|邮政编码|郵遞區號|郵便番号|post(?:al)? ?code|zip(?: ?code)?|p\.?c\.?))"
    r"\s*[:.]?\s*"
)
_COUNTRY = r"^(CN|CHN|P\.? ?R\.? ?CHINA)[- ]*(\d{6})$"
"""What stands before a code and is reported: a form's label, a country."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Write each postcode as its country does; leading zeros come back where the column shows them.

    The key has neither spaces nor hyphens, and of a ZIP+4 only the five digits.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look how wide a whole column's codes are; then any part of it can be cleaned by itself."""
    return partial(_clean, width=width_of(column))


def _clean(values: pl.Series, width: int) -> pl.DataFrame:
    raw, tidied, bare = pl.col("raw"), pl.col("tidied"), pl.col("bare")
    frame = _bared(values)
    short = bare.str.contains(rf"^\d{{{width - 1}}}$") if width > 0 else pl.lit(value=False)
    doubtful = bare.str.contains(_doubtful(width))
    damaged = tidied.str.contains(r"^\d\.\d+E\+\d+$")
    wrong = ~bare.str.contains(_FORM) | ~bare.str.contains(r"\d") | bare.str.contains(r"^0+$")
    value = pl.when(~damaged & ~wrong).then(
        pl.when(short).then(bare.str.zfill(max(width, 0))).otherwise(bare)
    )
    before = pl.coalesce(tidied.str.extract(_LABEL, 1), tidied.str.extract(_COUNTRY, 1))
    frame = frame.with_columns(value=value)
    compact = pl.col("value").str.replace(_ZIP4, "${1}").str.replace_all(r"[ -]", "")
    return frame.select(
        "value",
        why(
            when(damaged, "damaged: digits lost to scientific notation"),
            when(wrong & ~damaged, "invalid: not the form of a postcode"),
            when(~wrong & short, "leading zero restored"),
            when(~wrong & ~damaged & ~short & (pl.col("value") != raw), "tidied"),
            when(~wrong & doubtful, LOST),
            pl.when(~wrong).then(pl.lit("label removed: ") + before),
        ).alias("reason"),
        compact.alias("key"),
    )


LOST = "unsure: leading zeros lost?"
"""The column has ZIP codes of five digits, and this one fewer."""


def _doubtful(width: int) -> str:
    """A pattern for codes that may have lost zeros, where nothing proves it."""
    return {5: r"^\d{3}$|^\d{4}-\d{4}$", MIXED: r"^\d{3,4}$|^\d{4}-\d{4}$"}.get(width, "^$")


MIXED = -5
"""Instead of a width: some codes have five digits, too few to distinguish from those with fewer."""


_STEPS = (
    (_LABEL, ""),
    (_COUNTRY, r"\2"),
    (r"^(\d{2,9})\.0+$", r"\1"),
    (r"^(\d{3}) (\d{3})$", r"\1\2"),
    (_UK, r"\1 \2"),
    (_CANADA, r"\1 \2"),
    (r"^(\d{5})(\d{4})$", r"\1-\2"),
)
"""What stands around or inside a code, as patterns and what takes their place."""


def _bared(values: pl.Series) -> pl.DataFrame:
    """The values tidied, and the codes in them."""
    bare = pl.col("tidied")
    for pattern, instead in _STEPS:
        bare = bare.str.replace(pattern, re.sub(r"\\(\d)", r"${\1}", instead))
    frame = even_chunks(
        pl.DataFrame({"raw": values, "tidied": where_untidy(values, tidy).str.to_uppercase()})
    )
    return frame.with_columns(bare=bare)


def width_of(values: pl.Series) -> int:
    """How many digits a column's codes usually have, if some lost zeros; else nought or MIXED."""
    return _usual_width(_bared(values)["bare"])


def clean_one(value: str, tidied: str, width: int) -> Row:
    """Read one postcode, of a column whose codes have this width."""
    bare = tidied
    for pattern, instead in _STEPS:
        bare = re.sub(pattern, instead, bare, count=1)
    if re.search(r"^\d\.\d+E\+\d+$", tidied):
        return (None, "damaged: digits lost to scientific notation", None)
    if not re.search(_FORM, bare) or not re.search(r"\d", bare) or re.search(r"^0+$", bare):
        return (None, "invalid: not the form of a postcode", None)
    short = width > 0 and bare.isdecimal() and len(bare) == width - 1
    shown = bare.zfill(width) if short else bare
    reason = "leading zero restored" if short else "tidied" if shown != value else None
    if re.search(_doubtful(width), bare):
        reason = LOST if reason is None else f"{reason}; {LOST}"
    before = re.match(_LABEL, tidied) or re.match(_COUNTRY, tidied)
    if before is not None and before[1] is not None:
        removed = argued("label removed: {}", before[1])
        reason = removed if reason is None else f"{reason}; {removed}"
    return (shown, reason, re.sub(r"[ -]", "", re.sub(_ZIP4, r"\1", shown)))


def _usual_width(codes: pl.Series) -> int:
    """Five or six when most of the column's all-digit codes have that many digits.

    A spreadsheet that took 02134 for a number left 2134; the company it keeps shows it.
    """
    digits = codes.drop_nulls().str.extract(r"^(\d{3,6})(?:-\d{4})?$", 1).drop_nulls()
    for width in (5, 6):
        usual = int((digits.str.len_bytes() == width).sum())
        shorter = int((digits.str.len_bytes() == width - 1).sum())
        if usual + shorter and usual >= 4 * shorter and (usual + shorter) >= 0.8 * digits.len():
            return width
    whole = digits.str.len_bytes() == 5
    return MIXED if whole.any() and (digits.str.len_bytes() < 5).any() else 0
