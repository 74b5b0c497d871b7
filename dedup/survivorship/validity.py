"""How far a clean value can be relied on, by what cleaning says of it."""

import polars as pl

_FORM_ONLY = (
    "tidied|formatted|width folded|invisible removed|text guard removed|entities decoded"
    "|label removed: [^;]*|spaces squeezed|spaces removed|spaces or brackets|(?:host )?lower-cased"
    "|standard name|title peeled|scheme added|places completed"
)
"""Codes of changes that leave a value what it was."""
_DOUBT = (
    r"unsure|unverified|disagrees|several|another is|\?|characters lost|unknown|dissolved"
    "|first of several|only$|only;"
)
"""In a reason: the value is kept though something speaks against it."""

SURE, REPAIRED, DOUBTFUL = 0, 1, 2


def doubt(reason: pl.Expr) -> pl.Expr:
    """0 for a value that was right as it stood, 1 for a repaired one, 2 for a doubtful one."""
    formal = reason.str.contains(rf"^(?:{_FORM_ONLY})(?:; (?:{_FORM_ONLY}))*$")
    return (
        pl.when(reason.is_null() | formal)
        .then(pl.lit(SURE, pl.UInt8))
        .when(reason.str.contains(_DOUBT))
        .then(pl.lit(DOUBTFUL, pl.UInt8))
        .otherwise(pl.lit(REPAIRED, pl.UInt8))
    )
