"""What is still read of one value otherwise than of a column is the same, text by text."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.comparison.company_names import in_full, standings
from dedup.comparison.names_in_use import IN_USE, in_use
from dedup.forms import person_names
from dedup.forms.columns import TextColumn
from dedup.index import name_places, reading

TEXTS = st.lists(
    st.text("aéßİñŁ Øx1２3-_.,'’王小明々〇㐀𠀀ーカñд\u0301\u200d ", min_size=1, max_size=14),
    min_size=1,
    max_size=20,
)
NAMES = ["anna", "bob", "王", "小明", "li", "x", "ann marie", "tufiq", "xq", "sophia", "wei"]


@settings(deadline=None)
@given(TEXTS)
def test_texts_and_names_are_folded_alike(texts: list[str]) -> None:
    """Lower case without accents or punctuation; names of people in Latin letters."""
    series = pl.Series(texts)
    assert person_names.folded(series).to_list() == [reading.folded(text) for text in texts]
    assert person_names.spelled(series).to_list() == [reading.spelled(text) for text in texts]


def test_names_in_use_are_found_alike() -> None:
    """By what they are and how many bear them, where no table shows a name to be a slip."""
    for bearers in (1, IN_USE):
        column = TextColumn.of(pl.Series(sorted(NAMES) * bearers))
        found = in_use(column, pl.Series([], dtype=pl.String))
        assert found.tolist() == [name_places.in_use(name, bearers) for name in column.values]


def test_names_are_written_in_full_alike() -> None:
    """A Chinese name of five characters and more, whatever else it has."""
    names = pl.Series(["深圳腾讯科技", "腾讯", "Acme", "华腾科技a", "〇一二三四五"])
    none = np.full(len(names), -1, np.int32)
    assert standings(names, none, none, registered=False).tolist() == in_full(names).tolist()
