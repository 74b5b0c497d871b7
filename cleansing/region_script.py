"""Whose names a column of places writes: a file in Latin letters keeps its own.

    script_of(pl.Series(["Canton", "Akron", "Toledo"]))     # LATIN: Canton is not 广州市

Pinyin and English names of Chinese cities are names of other places as well: Canton in Ohio, Peking
in Illinois, Shanghai in Virginia. In a column of Chinese characters they are the Chinese city.
"""

from enum import StrEnum

import polars as pl

FEW = 0.2
"""Up to this share of values in Chinese characters, a column is one in Latin letters."""
NEARLY_ALL = 0.8
"""The share of a column's Latin names that must be of China for it to be a column of these."""
MOST = 0.5
"""The same for countries, which are written in many ways."""


class RegionScript(StrEnum):
    """What the values of a column of places are taken for."""

    CHINESE = "chinese"
    """Names in whatever script are Chinese divisions, if there is one of that name."""
    LATIN_OF_CHINA = "latin of china"
    """Nearly all are Chinese divisions: their spelling stays, the key is a code."""
    COUNTRIES = "countries"
    """Most are countries in Latin letters, written by their English names."""
    LATIN = "latin"
    """Places anywhere: they are what is written."""


def script_of(column: pl.Series) -> RegionScript:
    """Find out how a column of raw places is written; codes and empty cells say nothing."""
    from cleansing.address.countries import STATES
    from cleansing.region_names import names_of

    values = column.cast(pl.String).drop_nulls().unique()
    han = values.str.contains(r"\p{Han}")
    latin = values.filter(~han & values.str.contains(r"\p{Latin}"))
    if not len(latin) or int(han.sum()) > FEW * (int(han.sum()) + len(latin)):
        return RegionScript.CHINESE
    bare = latin.str.contains("^[A-Za-z]{2}$")
    if bare.all():
        states = latin.str.to_uppercase().is_in(STATES.split("|"))
        return (
            RegionScript.LATIN
            if len(latin) > 1 and _share(states) >= MOST
            else RegionScript.LATIN_OF_CHINA
        )
    latin = latin.filter(~bare)
    codes = names_of(latin)["code"]
    territory = codes.is_in(["710000", "810000", "820000"])
    if _share(codes.str.contains(r"^[A-Z]{2}$") | territory) >= MOST:
        return RegionScript.COUNTRIES
    chinese = _share(codes.str.contains(r"^\d{6}$"))
    return RegionScript.LATIN_OF_CHINA if chinese >= NEARLY_ALL else RegionScript.LATIN


def _share(true: pl.Series) -> float:
    return int(true.fill_null(value=False).sum()) / len(true)
