"""What an index is made of: laid out by `building` or read by `store`, and looked up by `Index`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dedup.index.fields import IndexField
from dedup.index.judgement import Judgement
from dedup.index.postings import Postings
from dedup.index.register import Register
from dedup.index.texts import GrowingArray


@dataclass(frozen=True)
class IndexParts:
    """The parts of an index, before anything is looked up."""

    fields: Sequence[IndexField]
    postings: Postings
    judgement: Judgement
    register: Register
    rows: tuple[GrowingArray, GrowingArray, GrowingArray]
    """Of each row: the codes of its values, their outlines, and what it equals."""
    document: Mapping[str, Any]
    """What can be read about it: kinds, spec, version, model."""
