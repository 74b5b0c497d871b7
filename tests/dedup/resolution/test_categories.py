"""Fields that say what kind of entity it is: occupation, gender."""

import polars as pl

from benchmarks.history import directory
from cleansing import clean_table, infer_kinds
from dedup import resolve


def test_categories_are_worth_what_they_tell() -> None:
    """How often an occupation differs within one person is counted, whatever else tells apart."""
    table = directory(1500, 3, 1.5)
    people = table.drop("entity")
    kinds = {column: guess.kind for column, guess in infer_kinds(people).items()}
    model = resolve(clean_table(people, kinds), kinds).model
    (levels,) = (c["levels"] for c in model["comparisons"] if c["name"] == "occupation")
    found = {level["level"]: level for level in levels}
    told = table.select("entity", "occupation").drop_nulls().with_row_index("row")
    pairs = told.join(told, on="entity").filter(pl.col("row") < pl.col("row_right"))
    differing = (pairs["occupation"] != pairs["occupation_right"]).mean()
    believed = found["different"]["m"] + found["one edit"]["m"]
    assert abs(believed - differing) < 0.15  # type: ignore[operator]
    assert found["equal"]["weight"] > 3
    assert found["different"]["weight"] < -1
