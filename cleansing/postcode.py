"""A postcode is short, strict in its own country, and the first thing a spreadsheet damages."""

import re
from collections.abc import Mapping

import polars as pl

from cleansing.column import when, why
from cleansing.text import tidy, where_untidy

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_FORM = r"^[A-Z0-9](?:[A-Z0-9 -]{1,10})[A-Z0-9]$"
"""Letters and digits, three to ten of them (UPU S42): wide enough for every country."""

_ZIP4 = r"^(\d{5})-?\d{4}$"
_UK = r"^([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})$"
_CANADA = r"^([A-Z]\d[A-Z])[ -]?(\d[A-Z]\d)$"
_LABEL = (
    r"(?i)^(?:〒|邮编|邮政编码|郵遞區號|郵便番号|post(?:al)? ?code|zip(?: ?code)?|p\.?c\.?)"
    r"\s*[:.]?\s*"
)


def clean(values: pl.Series) -> pl.DataFrame:
    """Write each postcode as its country does; leading zeros come back where the column shows them.

    The key has neither spaces nor hyphens, and of a ZIP+4 only the five digits.
    """
    raw, tidied, bare = pl.col("raw"), pl.col("tidied"), pl.col("bare")
    frame = pl.DataFrame({"raw": values, "tidied": where_untidy(values, tidy).str.to_uppercase()})
    frame = frame.with_columns(
        bare=tidied.str.replace(_LABEL, "")
        .str.replace(r"^(?:CN|CHN|P\.?R\.?CHINA)[- ]*(\d{6})$", "${1}")
        .str.replace(r"^(\d{2,9})\.0+$", "${1}")
        .str.replace(r"^(\d{3}) (\d{3})$", "${1}${2}")
        .str.replace(_UK, "${1} ${2}")
        .str.replace(_CANADA, "${1} ${2}")
        .str.replace(r"^(\d{5})(\d{4})$", "${1}-${2}")
    )
    width = _usual_width(frame["bare"])
    short = bare.str.contains(rf"^\d{{{width - 1}}}$") if width else pl.lit(value=False)
    damaged = tidied.str.contains(r"^\d\.\d+E\+\d+$")
    wrong = ~bare.str.contains(_FORM) | ~bare.str.contains(r"\d") | bare.str.contains(r"^0+$")
    value = pl.when(~damaged & ~wrong).then(
        pl.when(short).then(bare.str.zfill(width)).otherwise(bare)
    )
    frame = frame.with_columns(value=value)
    compact = pl.col("value").str.replace(_ZIP4, "${1}").str.replace_all(r"[ -]", "")
    return frame.select(
        "value",
        why(
            when(damaged, "damaged: digits lost to scientific notation"),
            when(wrong & ~damaged, "invalid: not the form of a postcode"),
            when(~wrong & short, "leading zero restored"),
            when(~wrong & ~damaged & ~short & (pl.col("value") != raw), "tidied"),
        ).alias("reason"),
        compact.alias("key"),
    )


def _usual_width(codes: pl.Series) -> int:
    """Five or six when most of the column's all-digit codes have that many digits, else nought.

    A spreadsheet that took 02134 for a number left 2134; the company it keeps shows it.
    """
    digits = codes.drop_nulls().str.extract(r"^(\d{3,6})(?:-\d{4})?$", 1).drop_nulls()
    for width in (5, 6):
        usual = int((digits.str.len_bytes() == width).sum())
        shorter = int((digits.str.len_bytes() == width - 1).sum())
        if usual + shorter and usual >= 4 * shorter and (usual + shorter) >= 0.8 * digits.len():
            return width
    return 0


def is_chinese(value: str) -> bool:
    """Six digits whose first two name a province's sorting centre (01–86)."""
    return re.fullmatch(r"(?:0[1-7]|[1-7]\d|8[1-6])\d{4}", value) is not None
