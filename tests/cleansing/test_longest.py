"""The longest of many names at either end of a text, looked up or by an expression."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import longest

NAMES = st.lists(st.text("上海市新北", min_size=1, max_size=4), min_size=1, max_size=6)
TEXTS = st.lists(st.text("上海市新北路", max_size=7), min_size=1, max_size=5)


@settings(deadline=None)
@given(TEXTS, NAMES)
def test_few_and_many_values_are_read_alike(texts: list[str], names: list[str]) -> None:
    """What a lookup finds for few values, an expression finds for many; it is the longest."""
    frame, text = pl.DataFrame({"text": texts}), pl.col("text")
    one, few, many = 1, longest.FEW + 1, longest.MANY
    found = frame.select(
        start=longest.at_start(text, names, one),
        start_of_few=longest.at_start(text, names, few),
        start_of_many=longest.at_start(text, names, many),
        end=longest.at_end(text, names, one, before=1),
        end_of_few=longest.at_end(text, names, few, before=1),
        end_of_many=longest.at_end(text, names, many, before=1),
    )
    begins = [max((n for n in names if t.startswith(n)), key=len, default=None) for t in texts]
    ends = [max((n for n in names if t[1:].endswith(n)), key=len, default=None) for t in texts]
    assert all(found[name].to_list() == begins for name in found.columns if "start" in name)
    assert all(found[name].to_list() == ends for name in found.columns if "end" in name)
