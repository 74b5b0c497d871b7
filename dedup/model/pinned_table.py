"""What a pinned model keeps of the table it was fitted on, beside its weights.

With it a pair's score follows from the two records alone, whatever other rows the table has: how
common values are, which words are rare, what is enough to tell a record from all others, and under
which keys pairs are proposed. It is a table of numbers, with the rest in the metadata of its file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dedup.blocking.key_plan import PlannedKey
from dedup.fields.pinned_terms import PinnedTerms

TERMS, BLOCKING = "guiyi.terms", "guiyi.blocking"


@dataclass(frozen=True)
class PinnedTable:
    """The table a model was fitted on, as far as scores and candidate pairs hang on it."""

    terms: PinnedTerms
    keys: tuple[PlannedKey, ...]
    recall: float
    """The share of imagined duplicates that the keys find."""

    def about(self) -> dict[str, str]:
        """What the file of `terms.table` says of itself."""
        blocking = {"keys": [key.as_document() for key in self.keys], "recall": self.recall}
        keys = json.dumps(blocking, ensure_ascii=False)
        return {TERMS: self.terms.as_document(), BLOCKING: keys}

    @classmethod
    def read(cls, table: pl.DataFrame, about: Mapping[str, str]) -> "PinnedTable":
        """Take up a table and what its file says."""
        blocking = json.loads(about[BLOCKING])
        keys = tuple(PlannedKey.read(key) for key in blocking["keys"])
        return cls(PinnedTerms.read(table, about[TERMS]), keys, float(blocking["recall"]))
