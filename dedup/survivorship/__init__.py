"""Which values of a cluster survive into its golden record, whose they were, what they beat."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.survivorship.golden import Decided, Golden, carried, survive, surviving, told_by_row
    from dedup.survivorship.id_conflicts import conflicting_ids, for_review, identifiers
    from dedup.survivorship.precedence import Standing
    from dedup.survivorship.votes import LEVELS
    from dedup.survivorship.whole_address import address_columns
else:
    __getattr__ = lazily(
        __name__,
        {
            "Decided": "dedup.survivorship.golden",
            "Golden": "dedup.survivorship.golden",
            "LEVELS": "dedup.survivorship.votes",
            "Standing": "dedup.survivorship.precedence",
            "address_columns": "dedup.survivorship.whole_address",
            "carried": "dedup.survivorship.golden",
            "conflicting_ids": "dedup.survivorship.id_conflicts",
            "for_review": "dedup.survivorship.id_conflicts",
            "identifiers": "dedup.survivorship.id_conflicts",
            "survive": "dedup.survivorship.golden",
            "surviving": "dedup.survivorship.golden",
            "told_by_row": "dedup.survivorship.golden",
        },
    )

__all__ = [
    "LEVELS",
    "Decided",
    "Golden",
    "Standing",
    "address_columns",
    "carried",
    "conflicting_ids",
    "for_review",
    "identifiers",
    "survive",
    "surviving",
    "told_by_row",
]
