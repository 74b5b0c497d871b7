"""A single weak column is no licence to merge: names that merely resemble each other stay apart."""

from pathlib import Path

import polars as pl
import pytest

from dedup import resolve_frame

SUPERSTORE = Path(__file__).parents[4] / "shared" / "data" / "legacy" / "superstore.xls"


@pytest.mark.shared
@pytest.mark.skipif(not SUPERSTORE.exists(), reason="../shared/data is absent")
def test_different_names_alone_are_different_customers() -> None:
    """9,994 order lines name 793 customers, each always spelled alike; nearly all stay apart."""
    orders = pl.read_excel(SUPERSTORE, sheet_name="Orders", infer_schema_length=0)
    found = resolve_frame(orders.select("Customer Name"))
    assert found.clusters["cluster_id"].n_unique() >= 0.97 * 793
