"""Letters of other alphabets among Latin ones."""

import polars as pl
import pytest

from cleansing import clean_values
from cleansing.lookalikes import fold
from guiyi.kinds import Kind


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("раураl", "paypal"),
        ("Аpple Inc", "Apple Inc"),
        ("ООО Ромашка", "ООО Ромашка"),  # a word wholly Cyrillic is Russian
        ("Москва City", "Москва City"),
        ("ΑBC", "ABC"),
        ("Windows Жук", "Windows Жук"),
    ],
)
def test_only_words_of_two_alphabets_are_folded(typed: str, folded: str) -> None:
    """A word mixes alphabets by mistake or to deceive, never on purpose."""
    assert fold(typed) == folded


def test_the_change_has_its_reason() -> None:
    """A company's name says that letters were replaced."""
    row = clean_values(pl.Series(["Аpple Inc"]), Kind.COMPANY_NAME).row(0, named=True)
    assert (row["value"], row["reason"]) == ("Apple Inc", "look-alike letters")
