"""Which names are registered ones, whatever else they have."""

import numpy as np
import polars as pl

from dedup.comparison.company_names import in_full, standings


def test_a_name_in_full_is_no_rare_one() -> None:
    """A Chinese name of five characters and more, whatever else it has."""
    names = pl.Series(["深圳腾讯科技", "腾讯", "Acme", "华腾科技a", "〇一二三四五"])
    none = np.full(len(names), -1, np.int32)
    assert standings(names, none, none, registered=False).tolist() == in_full(names).tolist()
