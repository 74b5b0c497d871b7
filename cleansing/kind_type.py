"""What a kind of field is: all that Guiyi asks of one, in one object.

A facet that another room defines is named by its place, `module:NAME`, and imported when it is
needed: the kind itself knows nothing of matching or masking.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import polars as pl

from cleansing.column_sample import Sample

Sign = tuple[float, str]
"""A score from 0 (no sign) to 1 (nothing else looks like this), and a short sentence."""
Clean = Callable[[pl.Series], pl.DataFrame]
Place = str
"""Where an object stands: `module:NAME`."""


class Cleaner(Protocol):
    """What the module that cleans a kind has.

    It may also have `cleaner_for(column)`, where the whole column is witness to what one value
    does not show: a function that cleans slices of the column's distinct values.
    """

    PARTS: Mapping[str, pl.DataType]
    """The parts a value is taken into; `key`, by which values are compared, comes first."""

    def clean(self, values: pl.Series) -> pl.DataFrame:
        """Clean distinct raw values: `value`, `reason`, then exactly the columns of PARTS."""
        ...


@dataclass(frozen=True)
class KindType:
    """A kind of field, found by its name in the entry points `guiyi.kinds`."""

    cleaner: str
    """The module that cleans it (see `Cleaner`)."""
    sign: Place | Callable[[Sample], Sign] | None = None
    """How a column of the kind is recognised by its values; without it, only by the spec."""
    header: str = ""
    """The headers that name the kind, as a regular expression against the folded header."""
    group: Literal[
        "given", "surname", "birth", "place", "contact", "mail", "identifier", "organisation",
        "other",
    ] = "other"  # fmt: skip
    """What it is evidence of when records are compared; fields of a group agree together. Its
    role follows from it: an `identifier` is its owner's alone, a `place` is shared."""
    comparison: str | Place | type[Any] = "text"
    """How two values are compared: `text`, `words`, `digits`, `identifier` (a number that proves
    itself), `code`, `contact`, `date`, `company`; or a class derived from one of those in
    `dedup.comparison.kinds`, or its place."""
    similarity: Literal["qgram", "jarowinkler", "levenshtein", "damerau_levenshtein"] | None = None
    """How `engine: recordlinkage` compares two values: by what its `Compare.string` calls this;
    without it they are equal or different."""
    exact: bool = False
    """Whether a refused value is compared without its spaces and marks, as numbers are."""
    judge: Place | Callable[..., Any] = "dedup.value_pairs.keys:judge_keys"
    """Weighs two values on their own (`guiyi compare`)."""
    mask: Place | tuple[int, int] | Callable[[pl.Expr], pl.Expr] | None = None
    """How a value is hidden where the spec masks the kind: how many characters stay at its
    beginning and end, or a function of the column; without it all of it is hidden."""
    personal: bool = False
    """Whether it identifies a natural person (PIPL art. 4, GDPR art. 4)."""
    separator: str = " "
    """What stands between the values of several columns that are one field."""
    label: Mapping[str, str] | None = None
    """What a report calls the kind, by language (`en`, `zh`); else by its name. Ours are in
    guiyi/locale."""
    field: str | None = None
    """What `guiyi init` calls the first field of the kind; else it is named after its column."""
