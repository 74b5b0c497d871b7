"""Texts are laid out in as few bytes as their characters need, and read the same either way."""

from itertools import pairwise

import numpy as np
import polars as pl

from dedup import kernels
from dedup.forms.columns import TextColumn, code_points

BENCH = 512


def test_two_bytes_a_character_where_none_needs_more() -> None:
    """A character beyond the first 65,536 makes all of a column four bytes wide, halves none."""
    plain, rare = pl.Series(["吉田", "żółw", ""]), pl.Series(["𠮷田", "吉田", "a"])
    for values, width in ((plain, np.uint16), (rare, np.int32)):
        chars, offsets = code_points(values, narrow=True)
        assert chars.dtype == width
        ends = pairwise(offsets.tolist())
        assert ["".join(map(chr, chars[a:b])) for a, b in ends] == values.to_list()


def test_similarity_is_the_same_in_two_bytes_and_in_four() -> None:
    """What kernels see of a text does not hang on its neighbours in the column."""
    names = pl.Series(["Zoë Müller", "Zoe Muller", "李明华", "李明"])
    narrow, wide = code_points(names, narrow=True), code_points(names)
    assert (kernels.bigram_bits(*narrow) == kernels.bigram_bits(*wide)).all()
    likes = []
    for chars, offsets in (narrow, wide):
        places = list(zip(offsets.tolist(), np.diff(offsets).tolist(), strict=False))
        bench = np.zeros(BENCH, np.uint64)
        likes.append([kernels.jaro_winkler(chars, *a, *b, bench) for a in places for b in places])
    assert likes[0] == likes[1]


def test_forgotten_text_is_laid_out_again() -> None:
    """Forgetting frees memory and loses nothing."""
    column = TextColumn.of(pl.Series(["b", "a", None]))
    before = column.text[0].tolist()
    column.forget_text()
    assert "text" not in vars(column)
    assert column.text[0].tolist() == before
