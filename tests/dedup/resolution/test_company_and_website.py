"""A firm's name and its website, which is made of the name: little, and enough."""

import random

import polars as pl
import pytest

from cleansing import clean_table
from dedup import resolve
from guiyi.kinds import Kind

KINDS = {"company": Kind.COMPANY_NAME, "website": Kind.URL}
FIRST = ("Ashgrove", "Birchall", "Colby", "Denholm", "Everly", "Farrow", "Garnet", "Hollis")
SECOND = ("Quill", "Ridge", "Stroud", "Tarn", "Upton", "Vale", "Wick", "Yarrow", "Zeal")
TRADE = ("Motors", "Packaging", "Roofing", "Foods", "Pharmacy", "Textiles")


@pytest.fixture(scope="module")
def found() -> tuple[pl.DataFrame, list[int], pl.Series]:
    """300 firms, half of them without a website, a fifth in the table twice; truth and clusters."""
    draw = random.Random(5)
    names = [f"{a} {b} {c}" for a in FIRST for b in SECOND for c in TRADE]
    rows, truth = [], []
    for number, name in enumerate(draw.sample(names, 300)):
        site = f"www.{name.replace(' ', '').lower()}.com" if draw.random() < 0.5 else None
        rows.append((f"{name} Inc", site))
        truth.append(number)
        if draw.random() < 0.2:
            rows.append((name, site))
            truth.append(number)
    table = pl.DataFrame(rows, schema=list(KINDS), orient="row")
    clusters = resolve(clean_table(table, KINDS), KINDS).clusters["cluster_id"]
    return table, truth, clusters


def test_the_same_name_and_website_are_one_firm(
    found: tuple[pl.DataFrame, list[int], pl.Series],
) -> None:
    """No chain can be told from a firm without a place, so none is supposed."""
    table, truth, clusters = found
    twice = [n for n in range(1, len(truth)) if truth[n] == truth[n - 1] and table["website"][n]]
    assert len(twice) > 20
    assert sum(clusters[n] == clusters[n - 1] for n in twice) >= 0.95 * len(twice)


def test_a_word_in_common_is_no_firm_in_common(
    found: tuple[pl.DataFrame, list[int], pl.Series],
) -> None:
    """Ashgrove Quill Motors and Ashgrove Quill Foods have websites alike, and are two."""
    _, truth, clusters = found
    pairs = pl.DataFrame({"c": clusters, "t": truth})
    mixed = pairs.group_by("c").agg(pl.col("t").n_unique()).filter(pl.col("t") > 1)
    assert mixed.height <= 3
