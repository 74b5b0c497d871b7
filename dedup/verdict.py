"""The judgement on a pair of records."""

from enum import StrEnum


class Verdict(StrEnum):
    """判定: same entity, different ones, or a steward's to decide."""

    MATCH = "match"
    REVIEW = "review"
    NON_MATCH = "non-match"
