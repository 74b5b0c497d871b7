"""What the fields of a table are: how each is compared, what it identifies, what its rows are."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.fields.chosen import KEPT_APART
    from dedup.fields.compared_columns import coded, coded_field, compared
    from dedup.fields.subject import Subject, subject_of
    from dedup.fields.subject_columns import Named, called, named_in
else:
    __getattr__ = lazily(
        __name__,
        {
            "KEPT_APART": "dedup.fields.chosen",
            "Named": "dedup.fields.subject_columns",
            "Subject": "dedup.fields.subject",
            "called": "dedup.fields.subject_columns",
            "coded": "dedup.fields.compared_columns",
            "coded_field": "dedup.fields.compared_columns",
            "compared": "dedup.fields.compared_columns",
            "named_in": "dedup.fields.subject_columns",
            "subject_of": "dedup.fields.subject",
        },
    )

__all__ = [
    "KEPT_APART",
    "Named",
    "Subject",
    "called",
    "coded",
    "coded_field",
    "compared",
    "named_in",
    "subject_of",
]
