"""Texts and names are compared without case, accents, punctuation or titles."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.forms.folding import fold, folded, spell, spelled
from tests.examples import examples


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("O'Neill-Smith, Anna", "o neill smith anna"),
        ("  ÅGÅRD & Søn ", "agard søn"),
        ("İzmir Straße", "izmir straße"),
        ("王小明２", "王小明2"),
        ("각 ガ", "각 カ"),
        ("ΟΔΟΣ", "οδος"),
        ("𲎯\U0002ebf0", "𲎯\U0002ebf0"),
        ("-_.", None),
    ],
)
def test_a_text_is_folded(text: str, plain: str | None) -> None:
    """Marks and punctuation go, letters and numbers of all scripts stay; nothing is missing."""
    assert fold(text) == plain


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Dr. Ann Smith", "ann smith"),
        ("Дмитрий Иванов", "dmitry ivanov"),
        ("Γιώργος", "giorgos"),
        ("Mr", "mr"),
        ("**", None),
    ],
)
def test_a_name_is_spelled_in_latin_letters_without_its_title(name: str, plain: str | None) -> None:
    """Other alphabets are spelled in Latin letters; a form of address is no part of a name."""
    assert spell(name) == plain


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.none() | st.text("aÉñ İß１2-. Дмω王", max_size=9), max_size=12))
def test_a_column_is_folded_text_by_text(texts: list[str | None]) -> None:
    """Whatever else stands in a column, missing values among it."""
    column = pl.Series(texts, dtype=pl.String)
    assert folded(column).to_list() == [None if t is None else fold(t) for t in texts]
    assert spelled(column).to_list() == [None if t is None else spell(t) for t in texts]
