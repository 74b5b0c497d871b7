"""The compiled levels are those of the same rules in plain Python, value by value."""

from collections.abc import Callable, Iterator
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from rapidfuzz.distance import JaroWinkler

from dedup import kernels
from dedup.comparison.base import Comparison, Group, Unequal
from dedup.comparison.kinds import DateComparison, DigitsComparison, TextComparison, WordsComparison
from dedup.forms.columns import TextColumn
from tests.dedup.comparison import plain_levels as plain

ALPHABETS = {
    "few letters": "ab",
    "latin, one slot shared": "aešéšn",
    "scripts mixed": "аbв-1d",
    "han": "华海天金",
}


def damaged(alphabet: str, longest: int, count: int) -> pl.Series:
    """Random texts, and each again with a slip or two."""
    draw = np.random.default_rng(len(alphabet) + longest)
    made: list[str] = []
    for _ in range(count):
        text = list(draw.choice(list(alphabet), draw.integers(1, longest)))
        made.append("".join(text))
        for _ in range(draw.integers(1, 3)):
            at = int(draw.integers(len(text)))
            match draw.integers(4):
                case 0:
                    text.insert(at, str(draw.choice(list(alphabet))))
                case 1 if len(text) > 1:
                    del text[at]
                case 2:
                    text[at : at + 2] = text[at : at + 2][::-1]
                case _:
                    text[at] = str(draw.choice(list(alphabet)))
            made.append("".join(text))
    return pl.Series(made)


def every_pair(comparison: Comparison) -> Iterator[tuple[str, str, int]]:
    """Each two values of a column and the level the kernel finds."""
    values = comparison.column.values
    left, right = np.array(list(combinations(range(len(values)), 2)), np.int32).T.copy()
    rows = left.astype(np.uint32), right.astype(np.uint32)
    found = comparison.levels(Unequal(left, right, rows, np.arange(len(left), dtype=np.int32)))
    texts = values.to_list()
    for a, b, level in zip(left.tolist(), right.tolist(), found.tolist(), strict=True):
        yield texts[a], texts[b], level


def hopeless(comparison: TextComparison) -> Callable[[str, str], bool]:
    """Whether two long texts share less than a fifth of the bits of the fuller outline."""
    bits = dict(zip(comparison.column.values, comparison._words.tolist(), strict=True))

    def tell(a: str, b: str) -> bool:
        most = max(bits[a].bit_count(), bits[b].bit_count())
        return min(len(a), len(b)) >= 5 and (bits[a] & bits[b]).bit_count() * 5 < most

    return tell


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
@pytest.mark.parametrize("longest", [6, 14, 90])
def test_names(alphabet: str, longest: int) -> None:
    """Typos, likeness and initials, in any script, short and longer than a machine word."""
    values = damaged(alphabet, longest, 14)
    comparison = TextComparison("name", Group.OTHER, TextColumn.of(values))
    unlike = hopeless(comparison)
    seen = set()
    for a, b, level in every_pair(comparison):
        assert level == (1 if unlike(a, b) else plain.text_level(a, b)), (a, b)
        seen.add(level)
    assert len(seen) > 1


def test_codes() -> None:
    """One wrong character or the same ending."""
    codes = damaged("0123", 12, 25)
    comparison = DigitsComparison("code", Group.OTHER, TextColumn.of(codes))
    seen = set()
    for a, b, level in every_pair(comparison):
        assert level == plain.digits_level(a, b), (a, b)
        seen.add(level)
    assert seen == {1, 3, 5}


def test_masked_numbers() -> None:
    """What a shop shows of a number is compared from its end on, with and without a land."""
    told = "134****7507 13412347507 +8613412347507 13412347508 13512347507 134****7508"
    told += " 135****7507 134*****507 ****7507 1341234****"
    numbers = pl.Series(told.split())
    comparison = DigitsComparison("phone", Group.CONTACT, TextColumn.of(numbers))
    seen = set()
    for a, b, level in every_pair(comparison):
        if "*" in a + b:
            assert level == plain.digits_level(a, b), (a, b)
            seen.add(level)
    assert seen == {1, 4}
    assert plain.digits_level("134****7507", "+8613412347507") == 4


def test_dates() -> None:
    """Every way in which dates go wrong, with parts that nobody knows."""
    draw = np.random.default_rng(5)
    years, months, days = (
        draw.choice(n, 150) for n in ([1980, 1981, 1890, 1973], range(13), range(32))
    )
    made = [f"{y}-{m:02}-{d:02}" for y, m, d in zip(years, months, days, strict=True)]
    made += [f"{date[:5]}{date[8:]}-{date[5:7]}" for date in made if date[8:] <= "12"]
    comparison = DateComparison("born", Group.BIRTH, TextColumn.of(pl.Series(made)))
    seen = set()
    for a, b, level in every_pair(comparison):
        assert level == plain.date_level(a, b), (a, b)
        seen.add(level)
    assert seen == set(range(1, 11))


def test_addresses() -> None:
    """Words by their rarity, numbers apart."""
    draw = np.random.default_rng(6)
    streets = ["main street", "maine street", "oak rd", "oka road", "station approach", "s"]
    texts = [
        f"{draw.choice(['', '12 ', '13 ', '12 4 '])}{draw.choice(streets)} {draw.choice(streets)}"
        for _ in range(120)
    ]
    comparison = WordsComparison("address", Group.PLACE, TextColumn.of(pl.Series(texts)))
    words = comparison._words
    codes, offsets = words.chars, words.offsets
    spelled = [
        "".join(map(chr, codes[offsets[n] : offsets[n + 1]])) for n in range(len(offsets) - 1)
    ]
    weight = dict(zip(spelled, words.weights.tolist(), strict=True))
    told = {
        text: [spelled[t] for t in words.tokens[words.starts[n] : words.starts[n + 1]]]
        for n, text in enumerate(comparison.column.values)
    }
    seen = set()
    for a, b, level in every_pair(comparison):
        expected, overlap = plain.words_level(told[a], told[b], weight)
        near_a_quarter = abs(overlap * 4 - round(overlap * 4)) < 1e-9
        assert level == expected or near_a_quarter, (a, b)
        seen.add(level)
    assert len(seen) > 6


def test_texts_of_words_compare_alike_from_either_side() -> None:
    """Gake Lane against Lake Ln: two words near one are one word in common, whoever stands left."""
    draw = np.random.default_rng(3)
    names = ["lake", "lane", "gake", "ln", "oak", "oakes", "main", "maine", "mains", "l", "7", "8"]
    texts = [" ".join(draw.choice(names, draw.integers(1, 5), replace=False)) for _ in range(150)]
    comparison = WordsComparison("address", Group.PLACE, TextColumn.of(pl.Series(texts)))
    left, right = np.array(list(combinations(range(len(comparison.column.values)), 2)), np.int32).T
    levels = []
    for one, other in ((left.copy(), right.copy()), (right.copy(), left.copy())):
        rows = one.astype(np.uint32), other.astype(np.uint32)
        numbered = np.arange(len(one), dtype=np.int32)
        levels.append(comparison.levels(Unequal(one, other, rows, numbered)))
    assert len(set(levels[0].tolist())) > 6
    assert levels[0].tolist() == levels[1].tolist()


def test_swapped_names_are_seen_by_the_counterpart() -> None:
    """A name that is the other record's surname, and the reverse, but for a slip."""
    names = TextColumn.of(pl.Series(["thomas", "martin", "xaver", "martin", "thomsa", "martin"]))
    given, other = TextColumn(names.codes[:3], names.values), names.codes[3:]
    comparison = TextComparison("given", Group.GIVEN, given, other=other)
    rows = np.array([0, 0], np.uint32), np.array([1, 2], np.uint32)
    left, right = (given.codes[side] for side in rows)
    found = comparison.levels(Unequal(left, right, rows, np.arange(2, dtype=np.int32)))
    assert found.tolist() == [8, 1]


@pytest.mark.parametrize("longest", [6, 20, 64, 150])
@pytest.mark.parametrize("alphabet", [*ALPHABETS.values(), "王\U00020000\U0001f600éaĀ "])
def test_jaro_winkler_is_that_of_rapidfuzz(alphabet: str, longest: int) -> None:
    """To the last bit, in either order, empty texts and texts beyond a machine word included."""
    values = pl.concat([pl.Series(["", "\0"]), damaged(alphabet, longest, 20)]).unique()
    chars, offsets = TextColumn.of(values).text
    texts = TextColumn.of(values).values.to_list()
    bench = np.zeros(512, np.uint64)
    for (m, a), (n, b) in product(enumerate(texts), repeat=2):
        found = kernels.jaro_winkler(chars, offsets[m], len(a), offsets[n], len(b), bench)
        assert found == JaroWinkler.similarity(a, b), (a, b)
    assert not bench[:256].any()


def test_one_slot_for_two_letters_does_not_confuse_them() -> None:
    """Letters whose code points end alike are told apart, and the room is left clean."""
    column = TextColumn.of(pl.Series(["aašš", "šaaš", "aaaa", "zzzz"]))
    chars, offsets = column.text
    bench = np.zeros(512, np.uint64)
    places = {text: int(offsets[n]) for n, text in enumerate(column.values)}
    for _ in range(2):
        for a, b in combinations(places, 2):
            found = kernels.jaro_winkler(chars, places[a], 4, places[b], 4, bench)
            assert found == JaroWinkler.similarity(a, b)
    assert not bench[:256].any()
