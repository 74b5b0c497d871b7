"""A company's short name leads to its full name among thousands of others."""

import polars as pl
import pytest

from benchmarks import short_names

needs_shared = pytest.mark.skipif(not short_names.LISTED.exists(), reason="no shared data here")


@needs_shared
@pytest.mark.shared
def test_a_short_name_finds_its_full_name_among_all_listed() -> None:
    """Without an alias table; 96.4 % of a sample of 1,500, of which these are the first."""
    table = short_names.pairs()
    asked = table.sample(1500, seed=3).head(400)
    found = short_names.resolve(asked, table["full"])
    assert found.accuracy >= 0.95
    assert sum(found.weighed) / len(found.weighed) >= 0.98


@needs_shared
@pytest.mark.shared
def test_an_alias_table_tells_what_characters_cannot() -> None:
    """中核科技 might be several firms'; a table that has it says whose it is."""
    table = short_names.pairs()
    asked = table.sample(1500, seed=3).head(150)
    helped = short_names.resolve(asked, table["full"], asked)
    assert helped.accuracy >= short_names.resolve(asked, table["full"]).accuracy
    assert helped.accuracy >= 0.98


def test_names_of_no_one_are_answered_by_the_likest() -> None:
    """Every short name gets an answer; whether it is right shows in `found` beside `full`."""
    table = pl.DataFrame({"short": ["腾讯控股"], "full": ["腾讯控股有限公司"]})
    found = short_names.resolve(table, pl.Series(["中国石化股份有限公司", "腾讯控股有限公司"]))
    assert (found.found, found.weighed) == (["腾讯控股有限公司"], [True])
