"""What a spreadsheet would run is kept from it, and comes back as it was."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyi.formulas import is_formula, neutral_text, neutralised, restored, restored_text
from tests.examples import examples

RUNS = (
    "=1+1", "=cmd|' /C calc'!A0", "+cmd|x", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1",
    "+A1", "-A1", "-2+3+cmd|x", "+86 call me", "-无", "=", "@", "'=1", "''@x", "-1/2", "＠x",
)  # fmt: skip
RUNS_NOT = (
    "+8613800138000", "+86 138-0013-8000", "+86 (755) 2671 2345 ext. 12", "+1 212.555.0100",
    "+8613800138000; +8613900139000", "-12.5", "-1,234.50", "- 3", "+5", "-1e-5", "-5%", "-", "--",
    "1=1", "a@b.cn", "'quoted'", "O'Brien", "", " =1", "1-2", "＋８６１３８００１３８０００",
)  # fmt: skip


@pytest.mark.parametrize("text", RUNS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    """One, and it is taken away again."""
    assert neutral_text(text) == f"'{text}"
    assert restored_text(neutral_text(text)) == text


@pytest.mark.parametrize("text", RUNS_NOT)
def test_numbers_telephones_and_words_stay_as_they_are(text: str) -> None:
    """They run nothing."""
    assert neutral_text(text) == text
    assert restored_text(text) == text


texts = st.text(st.sampled_from("'=+-@\t\r1, a.%e()＝"), max_size=6) | st.text(max_size=6)


@given(st.lists(st.none() | texts, max_size=8))
@settings(max_examples=examples(100))
def test_whatever_is_written_comes_back(cells: list[str | None]) -> None:
    """A table is neutralised cell by cell, and no two cells become one."""
    table = pl.DataFrame({"=a": pl.Series(cells, dtype=pl.String), "n": range(len(cells))})
    safe, count = neutralised(table)
    told = [cell for cell in cells if cell is not None]
    assert count == sum(map(is_formula, told))
    assert safe.columns == ["'=a", "n"]
    assert safe["'=a"].to_list() == [cell and neutral_text(cell) for cell in cells]
    assert restored(safe)["'=a"].to_list() == cells
    assert not any(is_formula(cell) and not cell.startswith("'") for cell in safe["'=a"] if cell)
