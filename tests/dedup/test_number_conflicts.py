"""Texts whose numbers conflict say nothing for a match."""

import numpy as np
import polars as pl

from cleansing import clean_table
from dedup.evidence import compare_fields
from dedup.first_belief import start
from dedup.level_shares import CONTEXTS, WIDTH
from dedup.number_conflicts import silence_conflicts
from dedup.roles import Roles
from dedup.scorer import Scorer
from guiyi.kinds import Kind


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
    silence_conflicts(model, comparisons)
    assert np.array_equal(m[:, levels], u[:, levels])
