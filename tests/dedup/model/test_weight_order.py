"""Likeness is worth no more than equality, and numbers that conflict are worth nothing."""

import numpy as np
import polars as pl

from benchmarks import persons
from cleansing import clean_table, infer_kinds
from dedup.comparison.levels import CONTEXTS, WIDTH
from dedup.fields.chosen import compare_fields
from dedup.fields.roles import Roles
from dedup.model.initial_mixture import start
from dedup.model.weight_order import put_in_order
from dedup.run import MatchingRun
from dedup.scoring.scorer import Scorer
from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec


def test_next_door_is_no_agreement() -> None:
    """Whatever a fit has made of it: no level of conflicting numbers is likelier of a match."""
    kinds = {"name": Kind.PERSON_NAME, "address": Kind.ADDRESS}
    rows = [("Ann Lee", "12 Oak Road"), ("Ann Lee", "14 Oak Road"), ("Bob Ray", "3 Elm Street")]
    table = clean_table(pl.DataFrame(rows, schema=list(kinds), orient="row"), kinds)
    comparisons, _ = compare_fields(table, kinds)
    model = start(comparisons, Scorer(comparisons, 3).chances(), 3, 3,
                  Roles.by_group(comparisons, "person", {}))  # fmt: skip
    f = next(n for n, c in enumerate(comparisons) if c.name == "address")
    levels = list(comparisons[f].conflicts)
    m, u = (x[f].reshape(CONTEXTS, WIDTH) for x in (model.m, model.u))
    m[:, levels] = 2 * u[:, levels]
    put_in_order(model, comparisons)
    assert np.array_equal(m[:, levels], u[:, levels])


def test_likeness_is_worth_no_more_than_equality() -> None:
    """In every field and context of a fitted model, of noisy people as they come."""
    table = persons.register(1500, 8).drop("entity")
    kinds = {name: guess.kind for name, guess in infer_kinds(table).items()}
    run = MatchingRun(clean_table(table, kinds), kinds, MatchSpec())
    run.resolution()
    for f, comparison in enumerate(run.comparisons):
        m, u = (x[f].reshape(CONTEXTS, WIDTH) for x in (run.mixture.m, run.mixture.u))
        worth = np.log2(m / u)
        last = len(comparison.labels) - 3
        assert (worth[:, 2:last] <= worth[:, [last + 1]] + 1e-9).all(), comparison.name
