"""By a pinned model a pair's score follows from the two records alone."""

import json
from dataclasses import replace

import polars as pl
import pytest

from benchmarks.companies import customers
from benchmarks.persons import register
from cleansing import clean_table
from dedup import Resolution, resolve
from dedup.model import PinnedTable, SavedModel, read_model
from guiyi.kinds import Kind

PERSONS = {
    "first_name": Kind.PERSON_NAME,
    "last_name": Kind.PERSON_NAME,
    "birth_date": Kind.DATE,
    "address": Kind.ADDRESS,
    "city": Kind.REGION,
    "phone": Kind.PHONE,
    "email": Kind.EMAIL,
}
FIRMS = {"公司名称": Kind.COMPANY_NAME, "电话": Kind.PHONE, "地址": Kind.ADDRESS}


def _persons() -> pl.DataFrame:
    return clean_table(register(1200, 5).select(*PERSONS), PERSONS)


def _whole_names() -> tuple[pl.DataFrame, dict[str, Kind]]:
    kinds = {"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "address": Kind.ADDRESS}
    table = register(1200, 6).select(
        pl.concat_str("first_name", "last_name", separator=" ").alias("name"), "phone", "address"
    )
    return clean_table(table, kinds), kinds


def _firms() -> pl.DataFrame:
    return clean_table(customers(800, 3).select(*FIRMS), FIRMS)


@pytest.fixture(scope="module")
def tables() -> dict[str, tuple[pl.DataFrame, dict[str, Kind], Resolution]]:
    found = {"persons": (_persons(), PERSONS), "names": _whole_names(), "firms": (_firms(), FIRMS)}
    return {n: (t, kinds, resolve(t, kinds, pin=True)) for n, (t, kinds) in found.items()}


def _pinned(fitted: Resolution) -> SavedModel:
    """The model as it comes back from what was written."""
    kept = fitted.pinnable
    assert kept is not None
    about = json.loads(json.dumps(kept.about()))
    model = read_model(json.loads(json.dumps(fitted.model)))
    return replace(model, pinned=PinnedTable.read(kept.terms.table, about))


@pytest.mark.parametrize("of", ["persons", "names", "firms"])
def test_the_table_a_model_was_fitted_on_is_matched_as_before(tables, of: str) -> None:
    table, kinds, fitted = tables[of]
    again = resolve(table, kinds, model=_pinned(fitted))
    assert again.clusters.equals(fitted.clusters)
    assert again.pairs.equals(fitted.pairs)


@pytest.mark.parametrize("of", ["persons", "names", "firms"])
def test_pairs_keep_exactly_their_score_whatever_other_rows_there_are(tables, of: str) -> None:
    """Common values, rare words, switchboards and names in use are those of the fitted table."""
    table, kinds, fitted = tables[of]
    part = resolve(table.head(table.height // 2), kinds, model=_pinned(fitted))
    both = part.pairs.join(fitted.pairs, on=["row_l", "row_r"], suffix="_before")
    assert both.height > 100
    assert both["match_weight"].equals(both["match_weight_before"], check_names=False)


def test_a_model_is_pinned_only_where_that_is_asked_for(tables) -> None:
    table, kinds, _ = tables["persons"]
    assert resolve(table.head(100), kinds).pinnable is None


def test_what_is_kept_of_values_names_none_of_them(tables) -> None:
    """Hashes, classes and weights: no name, number or address stands in what is pinned."""
    _, _, fitted = tables["persons"]
    assert fitted.pinnable is not None
    kept = fitted.pinnable.terms.table
    assert kept.schema == {
        "field": pl.String, "what": pl.String, "term": pl.UInt64, "value": pl.Float64
    }  # fmt: skip
    assert set(kept["field"]) <= set(PERSONS)
