"""Which values of a cluster survive into its golden record, whose they were, what they beat."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.survivorship.candidate_values import LEVELS, line_of
    from dedup.survivorship.clean_fields import CleanFields
    from dedup.survivorship.golden import GoldenField, carried, coded_by_row, surviving
    from dedup.survivorship.id_conflicts import conflicting_ids, for_review, identifiers
    from dedup.survivorship.merging import (
        Golden,
        MergedField,
        Merging,
        identities,
        named_provenance,
        no_provenance,
        standing,
        survive,
        whole_fields,
    )
    from dedup.survivorship.ranked_members import RankedMembers
    from dedup.survivorship.rules import REASONS
    from dedup.survivorship.whole_address import address_columns
else:
    __getattr__ = lazily(
        __name__,
        {
            "CleanFields": "dedup.survivorship.clean_fields",
            "Golden": "dedup.survivorship.merging",
            "MergedField": "dedup.survivorship.merging",
            "Merging": "dedup.survivorship.merging",
            "identities": "dedup.survivorship.merging",
            "named_provenance": "dedup.survivorship.merging",
            "no_provenance": "dedup.survivorship.merging",
            "standing": "dedup.survivorship.merging",
            "survive": "dedup.survivorship.merging",
            "whole_fields": "dedup.survivorship.merging",
            "GoldenField": "dedup.survivorship.golden",
            "line_of": "dedup.survivorship.candidate_values",
            "LEVELS": "dedup.survivorship.candidate_values",
            "REASONS": "dedup.survivorship.rules",
            "RankedMembers": "dedup.survivorship.ranked_members",
            "address_columns": "dedup.survivorship.whole_address",
            "carried": "dedup.survivorship.golden",
            "conflicting_ids": "dedup.survivorship.id_conflicts",
            "for_review": "dedup.survivorship.id_conflicts",
            "identifiers": "dedup.survivorship.id_conflicts",
            "surviving": "dedup.survivorship.golden",
            "coded_by_row": "dedup.survivorship.golden",
        },
    )

__all__ = [
    "LEVELS",
    "REASONS",
    "CleanFields",
    "Golden",
    "GoldenField",
    "MergedField",
    "Merging",
    "RankedMembers",
    "address_columns",
    "carried",
    "coded_by_row",
    "conflicting_ids",
    "for_review",
    "identifiers",
    "identities",
    "line_of",
    "named_provenance",
    "no_provenance",
    "standing",
    "survive",
    "surviving",
    "whole_fields",
]
