"""A region of China has a code (GB/T 2260) and many names; other regions stay as written."""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

import polars as pl

from cleansing import knowledge, region_chain
from cleansing.column import Row, when, why
from cleansing.reasons import argued
from cleansing.region_names import (
    BETWEEN,
    COUNTRY_BEFORE,
    EMPTY_LEVEL,
    TERRITORIES,
    names_of,
    region_names,
)
from cleansing.region_script import RegionScript, script_of
from cleansing.text import simplify_text

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_HAN = r"[\u3400-\u9fff]"


def clean(values: pl.Series) -> pl.DataFrame:
    """Name each Chinese region in full; the key is its six-digit code where it has one.

    A column in Latin letters keeps its spelling: there, Canton is what is written.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look how a whole column is written; then any part of it can be cleaned by itself."""
    return partial(clean_as, script=script_of(column))


def clean_as(values: pl.Series, script: RegionScript) -> pl.DataFrame:
    """Clean places of a column that is written like this."""
    raw, folded = pl.col("raw"), pl.col("name")
    frame = region_chain.read_on(names_of(values)).with_columns(_as_written(script))
    known, blank = pl.col("code").is_not_null(), folded == ""
    frame = _with_lost(frame.with_columns(shown=pl.coalesce("full", "value")))
    new, today = pl.col("since").is_null(), pl.col("change").is_null() | (pl.col("lost") != "")
    return frame.select(
        pl.when(~blank).then("shown").alias("value"),
        why(
            when(blank, "invalid: no name"),
            when(pl.col("places") > 1, "several places have this name"),
            pl.col("change"),
            pl.when(~new & today).then(pl.lit("renamed") + pl.col("lost")),
            pl.when(~blank & known & (pl.col("shown") != raw) & new & today).then(
                pl.lit("standard name") + pl.col("lost")
            ),
            when(~blank & ~known & (pl.col("value") != raw), "tidied"),
        ).alias("reason"),
        pl.when(~blank).then(pl.coalesce("code", folded)).alias("key"),
    )


def _with_lost(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `lost`: what was written, where value and key do not hold every letter of it."""
    known = pl.col("code").is_not_null() & (pl.col("value") != pl.col("shown"))
    with_lost = pl.col("shown") + pl.col("change").fill_null("")
    named = frame.filter(known).select("value", with_lost, "code").unique()
    lost = {
        value: argued(": {}", value) for value, *shown in named.rows() if _is_lost(value, *shown)
    }
    return frame.with_columns(lost=pl.col("value").replace_strict(lost, default=""))


def _is_lost(value: str, shown: str, code: str) -> bool:
    written = set(filter(str.isalnum, simplify_text(value.lower())))
    return not written <= set(shown.lower() + code.lower())


def _as_written(script: RegionScript) -> list[pl.Expr]:
    """Leave names in Latin letters, and the codes beside them, as far as the column asks for it."""
    if script is RegionScript.CHINESE:
        return []
    own = ~pl.col("value").str.contains(r"\p{Han}").fill_null(value=False)
    english = pl.col("code").replace_strict(_territories(), default=None)
    country = pl.col("code").str.contains("^[A-Z]{2}$").fill_null(value=False)
    code = pl.when(
        ~own | (script is RegionScript.LATIN_OF_CHINA) | (script is RegionScript.COUNTRIES)
    )
    foreign = own & (script is RegionScript.COUNTRIES)
    full = pl.when(foreign).then(pl.coalesce(english, pl.when(country).then("full")))
    return [
        code.then("code"),
        full.otherwise(pl.when(~own).then("full")).alias("full"),
        pl.when(~own).then("places"),
        pl.when(~own).then("since"),
    ]


def clean_one(value: str, tidied: str, script: RegionScript) -> Row | None:
    """Name one region, of a column that is written like this; None if only the column can."""
    name = re.sub(BETWEEN, "", simplify_text(tidied.lower()))
    name = re.sub(COUNTRY_BEFORE[0], r"\1", name)
    name = re.sub(EMPTY_LEVEL[0], r"\1\2", name)
    if name == "":
        return (None, "invalid: no name", None)
    code, full, places, since = _by_name().get(name, (None, None, None, None))
    if places is None and region_chain.may_be_chain(name):
        return None
    if script is not RegionScript.CHINESE and re.search(_HAN, tidied) is None:
        english = _territories().get(code or "")
        full = english or (full if code is not None and code.isalpha() else None)
        full = full if script is RegionScript.COUNTRIES else None
        code = None if script is RegionScript.LATIN else code
        places = since = None
    shown = full or tidied
    return (shown, _reason(value, tidied, shown, code, places, since), code or name)


def _reason(
    value: str, tidied: str, shown: str, code: str | None, places: int | None, since: str | None
) -> str | None:
    several = "several places have this name" if (places or 0) > 1 else None
    lost = argued(": {}", tidied) if code is not None and _is_lost(tidied, shown, code) else ""
    if since is not None:
        change = f"renamed{lost}"
    elif shown == value:
        return several
    else:
        change = f"standard name{lost}" if code is not None else "tidied"
    return change if several is None else f"{several}; {change}"


@cache
def _by_name() -> dict[str, tuple[str | None, str | None, int | None, str | None]]:
    return {name: tuple(row) for name, *row in region_names().rows()}


@cache
def _territories() -> dict[str, str]:
    """GB/T 2260 code → the English name of a place that ISO 3166-1 gives a code of its own."""
    return {
        TERRITORIES[code]: english
        for code, english, *_ in knowledge.rows("countries.tsv")[1:]
        if code in TERRITORIES
    }
