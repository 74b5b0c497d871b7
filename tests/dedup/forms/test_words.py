"""Which words a text has, and how much each weighs."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from dedup.forms.columns import TextColumn
from dedup.forms.words import MOST_WORDS, Words


def words_of(texts: list[str]) -> list[list[str]]:
    """The words of each text, in the order of the texts' characters."""
    words = Words.of(TextColumn.of(pl.Series(texts)))
    spelled = ["".join(map(chr, words.chars[a:b])) for a, b in pairwise(words.offsets)]
    return [[spelled[t] for t in words.tokens[a:b]] for a, b in pairwise(words.starts)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12b high st. 12b", ["12b", "high", "st"]),
        ("7bis rue x9", ["7b", "is", "rue", "x", "9"]),
        ("snake_case 1_2", ["snake", "case", "1", "2"]),
        ("王小明", ["王小", "小明"]),
        ("王", ["王"]),
        ("王 a", ["a"]),
        ("幸福路12号", ["12", "幸福", "福路"]),
        ("𠀀〇", ["𠀀〇"]),
        ("e\u0301té a\u200db", ["e\u0301té", "a\u200db"]),
        ("２２ ーカ", ["２２", "ーカ"]),
        ("-.,", []),
    ],
)
def test_words_are_runs_of_digits_or_letters_and_pairs_of_han(text: str, words: list[str]) -> None:
    """Digits keep one letter behind them; marks and joiners belong to their word; each is once."""
    assert words_of([text]) == [words]


def test_a_long_text_is_compared_by_its_first_words() -> None:
    """Words beyond the most are left out."""
    assert words_of([" ".join(map(str, range(100)))]) == [[str(n) for n in range(MOST_WORDS)]]


def test_words_of_few_texts_weigh_most() -> None:
    """A word weighs by how few texts have it; a number is known as one."""
    words = Words.of(TextColumn.of(pl.Series(["a st", "b st", "3 st"])))
    known = dict(zip(["3", "a", "b", "st"], words.weights.tolist(), strict=True))
    assert known["a"] == known["3"] == pytest.approx(np.log1p(3))
    assert known["st"] == pytest.approx(np.log1p(1))
    assert words.numeric.tolist() == [True, False, False, False]
