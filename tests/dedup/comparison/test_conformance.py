"""Our own comparisons keep the promises that other packages' comparisons are held to."""

from dataclasses import dataclass

import pytest

from dedup.comparison.base import Comparison
from dedup.comparison.conformance import check_comparison
from dedup.comparison.kinds import (
    DateComparison,
    DigitsComparison,
    GivenComparison,
    MailComparison,
    SerialComparison,
    TextComparison,
    WordsComparison,
)

VALUES = ["13800138000", "13800138001", "13800183000", "jon smith", "john smith", "smith", "a@b.cn"]
DAYS = ["2024-03-05", "2024-05-03", "2024-03-06", "2023-03-05", "2024-00-00"]
WORDS = ["12 high street leeds", "high street 12 leeds", "21 high street leeds", "1 low road"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (TextComparison, VALUES),
        (GivenComparison, VALUES),
        (MailComparison, VALUES),
        (DigitsComparison, VALUES),
        (SerialComparison, VALUES),
        (DateComparison, DAYS),
        (WordsComparison, WORDS),
    ],
)
def test_a_comparison_keeps_its_promises(kind: type[Comparison], values: list[str]) -> None:
    """Levels that are named, a prior that adds up, the same level from either side."""
    check_comparison(kind, values)


def test_a_prior_that_does_not_add_up_is_said() -> None:
    """A comparison whose expectations are no shares fails with a sentence."""

    @dataclass(frozen=True)
    class Odd(TextComparison):
        prior: tuple[float, ...] = (0, 0.5, 0.5, 0.5)

    with pytest.raises(AssertionError, match="`prior` has 4 shares, not"):
        check_comparison(Odd, VALUES)
