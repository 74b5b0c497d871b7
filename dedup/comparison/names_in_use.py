"""Which given names are in use, so that two of them are two people's, and which are typos."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedTable
from cleansing.person_name.reference import syllables
from cleansing.transliteration import latin
from dedup.comparison.name_order import Counts
from dedup.forms.columns import TextColumn
from dedup.forms.folding import folded
from dedup.forms.han import HAN
from dedup.forms.person_names import is_known

IN_USE = 3
"""So many rows bear a name that is one; a garbled one is found once, or twice if it is copied."""
TYPO_RATIO = 10
"""Of so many rows with a name one may have it garbled in the same way."""
_CHINESE = re.compile(f"[{HAN}]+")


def in_use(column: TextColumn, respelled: pl.Series) -> npt.NDArray[np.uint8]:
    """Which given names are in use, 2 if Western: known ones, Chinese ones, those several bear."""
    values = column.values
    borne = (column.counts >= IN_USE) & ~values.is_in(respelled.implode()).to_numpy()
    unsure = np.array([not use_of(name, borne=False) for name in values], np.bool_)
    borne &= ~garbled(values, column.counts, borne & unsure)
    return np.array([use_of(*name) for name in zip(values, borne.tolist(), strict=True)], np.uint8)


def use_of(name: str, borne: bool) -> int:
    """Whether a given name is in use, 2 if Western; `borne`: whether several bear it, rightly."""
    known = is_known(name)
    if not _CHINESE.fullmatch(name) and not (len(name) > 1 and (known or borne)):
        return 0
    return 2 if known and name not in syllables() else 1


def respelled_in(records: CodedTable, fields: Sequence[str]) -> pl.Series:
    """Names, and their words, that were spelled in Latin letters for comparison.

    Several bear tufiq, and it is tawfiq all the same.
    """
    columns = [
        records.fields[name].cells[column]
        for name in fields
        for column in (name, f"{name}.given", f"{name}.surname")
        if column in records.fields[name].cells.columns
    ]
    written = pl.concat([pl.Series([], dtype=pl.String), *(c.cast(pl.String) for c in columns)])
    written = written.drop_nulls().unique()
    made = folded(latin(written).filter(latin(written) != written)).drop_nulls()
    return pl.concat([made, made.str.split(" ").explode()]).unique()


def garbled(
    values: pl.Series, counts: Counts, doubted: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the names that are `doubted` are an edit away from one that far more rows bear.

    In 20,000 rows five are Johua, and no five sets of parents called a child so. Names an edit
    apart have a text in common that is either of them less one letter at most (Garbe's SymSpell).
    """
    out = np.zeros(len(values), np.bool_)
    some = np.flatnonzero(doubted)
    if not len(some):
        return out
    least = TYPO_RATIO * int(counts[some].min())
    most: dict[str, int] = {}
    for place in np.flatnonzero(counts >= least).tolist():
        for text in _less_a_letter(values[place]):
            most[text] = max(most.get(text, 0), int(counts[place]))
    for place in some.tolist() if most else ():
        commonest = max(most.get(text, 0) for text in _less_a_letter(values[place]))
        out[place] = commonest >= TYPO_RATIO * counts[place]
    return out


def _less_a_letter(text: str) -> set[str]:
    return {text, *(text[:n] + text[n + 1 :] for n in range(len(text)))}
