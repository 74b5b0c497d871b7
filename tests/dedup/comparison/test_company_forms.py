"""What is compared of a company name."""

import numpy as np
import pytest

from dedup.comparison.company_names import is_in_full, squeezed, standings


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("深圳腾讯科技", True),
        ("〇一二三四五", True),
        ("华腾科技a", False),
        ("腾讯", False),
        ("Acme Trading", False),
    ],
)
def test_a_name_in_full_is_chinese_and_more_than_a_brand(name: str, full: bool) -> None:
    """It begins with five Chinese characters."""
    assert is_in_full(name) == full


def test_a_registered_name_has_its_region_and_legal_form() -> None:
    """2 with both; 1 in full without them, or any among registered names; 0 by its frequency."""
    full, form = np.array([True, True, False]), np.array([0, -1, 0], np.int32)
    region = np.zeros(3, np.int32)
    assert standings(full, form, region, registered=False).tolist() == [2, 1, 0]
    assert standings(full, form, region, registered=True).tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("brand", "letters"), [("a & b_c-1", "abc1"), ("腾讯（中国）", "腾讯中国"), ("…", None)]
)
def test_a_brand_is_compared_by_its_letters_and_digits(brand: str, letters: str | None) -> None:
    """Spaces and marks say nothing."""
    assert squeezed(brand) == letters
