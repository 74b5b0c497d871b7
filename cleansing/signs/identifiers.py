"""Signs of proved identifiers: organisation numbers and identity numbers of persons."""

import polars as pl

from cleansing.column_sample import Sample
from cleansing.kind_type import Sign
from cleansing.signs.evidence import NO_SIGN, TOKEN_WITH_DIGITS, header_says, percent
from guiyi.kinds import Kind
from guiyi.messages import Message

_RESIDENT = (
    r"[1-9]\d{5}(?:(?:18|19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX]"
    r"|\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3})"
)


def uscc(sample: Sample) -> Sign:
    """Organisation numbers prove themselves by a check character."""
    shaped = sample.share(
        r"[1-9ANY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}|\d{15}|[0-9A-Z]{8}-[0-9X]|[A-Z0-9]{18}\d\d"
    )
    eight = sample.share(r"\d{8}|[0-9A-Z]{8}[0-9X]|[A-Z]{2}[0-9A-Z]{8,12}")
    if shaped < 0.5 and eight < 0.9:
        return NO_SIGN
    from cleansing.uscc import clean

    cleaned = clean(pl.Series(sample.values, dtype=pl.String))
    person = int(cleaned["reason"].str.contains("of a person").fill_null(value=False).sum())
    proved = (cleaned["value"].count() - person) / len(sample.values)
    if shaped >= 0.5:
        score = 0.55 * shaped + 0.45 * proved - (0.6 if sample.share(_RESIDENT) > proved else 0.0)
        return max(0.0, score), Message(
            "{percent} pass a check character of organisation numbers", percent=percent(proved)
        )
    return (0.9 * proved if proved >= 0.9 else 0.0), Message(
        "{percent} pass the check digit", percent=percent(proved)
    )


def id_card(sample: Sample) -> Sign:
    """Identity numbers of persons hold a birth date, or have the shape of their country."""
    resident = sample.share(_RESIDENT)
    american = sample.share(r"\d{3}-\d{2}-\d{4}|XXX-XX-\d{4}")
    other = sample.share(r"[A-Z][1289A-D]\d{8}|[A-Z]{1,2}\d{6}\([\dA]\)")
    share = max(resident, american, other)
    tokens = sample.share(TOKEN_WITH_DIGITS)
    if header_says(Kind.ID_CARD, sample) and share < 0.75 <= tokens and sample.mean_length >= 5:
        return 0.75, Message("{percent} are one-word codes", percent=percent(tokens))
    return share * 0.97, Message(
        "{percent} have the form of a personal identity number", percent=percent(share)
    )
