"""Rows are brought together by key, pairs drawn evenly, and patterns numbered, all exactly."""

import re
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import kernels
from dedup.blocking.cuts import Cut, evenly
from dedup.blocking.random_pairs import any_pairs
from dedup.comparison.patterns import numbered
from dedup.forms.columns import TextColumn
from dedup.forms.tokens import Form, Token, first, last, number, sound
from dedup.forms.words import Words

KEYS = st.lists(st.sampled_from([0, 1, 2, 2047, 2048, 1 << 22, (1 << 32) - 1]), max_size=60)
NAMES = st.lists(st.text("aehlmnrstzéß 王-'07", min_size=1, max_size=9), min_size=1, max_size=20)


@settings(deadline=None)
@given(KEYS)
def test_blocks_are_the_rows_that_share_a_key(keys: list[int]) -> None:
    """Every key of two rows or more is one block, its rows in order; 0 is no key."""
    column = np.array(keys, np.uint32)
    expected = defaultdict(list)
    for row, key in enumerate(keys):
        if key:
            expected[key].append(row)
    members, starts = kernels.gathered(column, np.flatnonzero(column).astype(np.uint32))
    blocks = [members[a:b].tolist() for a, b in pairwise(starts)]
    assert blocks == [rows for _, rows in sorted(expected.items()) if len(rows) > 1]


def _cut(members: list[int], *ends: int) -> Cut:
    """Blocks that end where they are said to."""
    starts = [0, *ends] if members else [0]
    return Cut(np.array(members, np.uint32), np.array(starts, np.uint32))


def test_few_pairs_are_all_drawn_and_many_evenly() -> None:
    """Where there is room each pair of each block comes once; else a part of every large block."""
    three, two, none = _cut([5, 7, 9], 3), _cut([1, 2], 2), _cut([], 1)
    for cuts in ([_cut([5, 7, 9, 1, 2], 3, 5)], [three, none, two]):
        left, right = evenly(cuts, 10)
        drawn = set(zip(left.tolist(), right.tolist(), strict=True))
        assert drawn == {(5, 7), (5, 9), (7, 9), (1, 2)}
        assert len(left) == 4
    some, _ = evenly([_cut(list(range(200)), 100, 200)], 50)
    assert len(some) == 50
    assert 20 <= int((some < 100).sum()) <= 30


def test_random_pairs_are_of_different_rows_each_once() -> None:
    """No row is paired with itself, and no pair counts twice, in a small table or a large one."""
    for rows in (2, 40, 900, 30_000):
        left, right = any_pairs(rows)
        assert (left != right).all()
        both = np.stack([np.minimum(left, right), np.maximum(left, right)])
        assert len(np.unique(both, axis=1).T) == len(left)


def test_patterns_are_numbered_in_order_however_many_there_are() -> None:
    """As numpy finds them, also where there are more than was expected at first."""
    draw = np.random.default_rng(1)
    chunks = [draw.integers(0, 150_000, 200_000).astype(np.uint64) for _ in range(2)]
    distinct, which, counts = numbered(chunks)
    expected, inverse, times = np.unique(
        np.concatenate(chunks), return_inverse=True, return_counts=True
    )
    assert (distinct == expected).all()
    assert (which == inverse).all()
    assert (counts == times).all()
    assert len(numbered([])[0]) == 0


CONSONANTS = {
    c: d for d, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for c in letters
}


def soundex(name: str) -> str | None:
    """The first letter and the next three classes of consonants (Russell 1918), in plain Python."""
    letters = [c for c in name if c.isalpha() or ord(c) > 127]
    heard = [str(CONSONANTS.get(c, c)) for c in letters[1:]]
    merged = [c for n, c in enumerate(heard) if n == 0 or not c.isdigit() or heard[n - 1] != c]
    return "".join([*letters[:1], *[c for c in merged if c not in "aeiouyhw"][:3]]) or None


def first_number(text: str) -> str | None:
    """The first run of digits."""
    found = re.search("[0-9]+", text)
    return found[0] if found else None


@settings(deadline=None)
@given(NAMES)
def test_forms_part_values_by_what_they_are(names: list[str]) -> None:
    """Two values share a form where the texts it stands for are the same; one alone has it, too."""
    column = TextColumn.of(pl.Series(names))
    values = column.values.to_list()
    forms: dict[str, tuple[Form, Callable[[str], str | None]]] = {
        "first 3": (first(column, 3), lambda text: text[:3]),
        "last 4": (last(column, 4), lambda text: text[-4:]),
        "number": (number(column), first_number),
        "sound": (sound(column), soundex),
    }
    for name, (form, plain) in forms.items():
        token = Token(name, column.codes, 1.0, len(values), form)
        words = token.forms.tolist()
        texts = [plain(value) for value in values]
        assert [word == 0 for word in words] == [text is None for text in texts]
        assert len(set(zip(words, texts, strict=True))) == len(set(words)) == len(set(texts))
        assert [token.word(code) for code in range(len(values))] == words
        assert token.word(-1) == 0


@settings(deadline=None)
@given(st.lists(st.text("ab c1d", min_size=1, max_size=30), min_size=1, max_size=12))
def test_the_rarest_words_are_those_of_the_greatest_weight(texts: list[str]) -> None:
    """The heaviest word first, of two as heavy the earlier in order; a text has no more of them."""
    words = Words.of(TextColumn.of(pl.Series(texts)))
    for text in range(len(words.starts) - 1):
        own = words.tokens[words.starts[text] : words.starts[text + 1]].tolist()
        expected = [*sorted(own, key=lambda t: (-words.weights[t], t)), -1, -1, -1][:3]
        assert [int(words.rarest(np.array([text], np.int32), n)[0]) for n in range(3)] == expected
