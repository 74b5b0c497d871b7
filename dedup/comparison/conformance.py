"""What every comparison promises, as checks that a package of another comparison can call.

    from dedup.comparison.conformance import check_comparison
    check_comparison(PlateComparison, ["粤b12345", "粤b12346", "京a00001"])

AssertionError says which promise is broken.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from dedup.comparison.base import EQUAL, Comparison, Group, Unequal
from dedup.comparison.levels import WIDTH
from dedup.forms.columns import Codes, TextColumn


def check_comparison(kind: type[Comparison], values: Sequence[str]) -> None:
    """Hold a class of comparisons to all it promises, on values that differ from each other."""
    distinct = sorted(set(values))
    assert len(distinct) >= 3, "give three different values at least"
    made = kind(
        "field", Group.OTHER, TextColumn.of(pl.Series("field", [*distinct, distinct[0], None]))
    )
    check_levels_are_named(made)
    check_prior(made)
    check_pairs(made)
    check_tokens(made)


def check_levels_are_named(made: Comparison) -> None:
    """There are up to sixteen levels: missing first, the three of equality last."""
    labels = made.labels
    assert len(labels) <= WIDTH, f"{len(labels)} levels; four bits hold {WIDTH}"
    assert labels[0] == "missing", "the first level is not `missing`"
    assert tuple(labels[-3:]) == EQUAL, f"the last three levels are not {EQUAL}"
    for name in ("near", "conflicts", "never", "loose"):
        outside = [level for level in getattr(made, name) if not 0 < level < len(labels)]
        assert not outside, f"`{name}` names levels that are not there: {outside}"


def check_prior(made: Comparison) -> None:
    """What is expected before any data is a share for each level, equality as one."""
    wanted = len(made.labels) - 2
    assert len(made.prior) == wanted, f"`prior` has {len(made.prior)} shares, not {wanted}"
    assert made.prior[0] == 0, "a missing value has a share of its own in `prior`"
    assert abs(sum(made.prior) - 1) < 0.02, f"`prior` adds up to {sum(made.prior):g}, not to 1"
    assert abs(float(made.expected().sum()) - 1) < 0.02, "`expected` does not add up to 1"


def check_pairs(made: Comparison) -> None:
    """The level of two values is one that is there, whichever of them is the left one."""
    n = len(made.column.values)
    left, right = (codes.astype(np.int32) for codes in np.triu_indices(n, 1))
    there, back = (made.levels(_pairs(made, *both)) for both in ((left, right), (right, left)))
    outside = [int(level) for level in there if not 0 < level < len(made.labels) - 3]
    assert not outside, f"values that differ get the levels {outside}"
    assert np.array_equal(there, back), "the level of a pair changes when its sides are swapped"
    rows = np.arange(len(made.column.codes) - 1, dtype=np.int64)
    fewer = made.taken(rows)
    assert type(fewer) is type(made), "`taken` gives another comparison"
    assert np.array_equal(fewer.levels(_pairs(fewer, left, right)), there), (
        "over some of the rows two values get another level"
    )


def check_tokens(made: Comparison) -> None:
    """What proposes pairs has a form for each row, or none, and a share of matches it holds for."""
    for token in made.tokens:
        rows = len(made.column.codes)
        assert len(token.codes) == rows, f"the token `{token.name}` has {len(token.codes)} rows"
        assert 0 < token.holds <= 1, f"the token `{token.name}` holds for {token.holds:g}"


def _pairs(made: Comparison, left: Codes, right: Codes) -> Unequal:
    """Pairs of values, each value standing in the first row that holds it."""
    first = np.array(
        [int(np.argmax(made.column.codes == c)) for c in range(len(made.column.values))]
    )
    ends = (first[left].astype(np.uint32), first[right].astype(np.uint32))
    return Unequal(left, right, ends, np.arange(len(left), dtype=np.int32))
