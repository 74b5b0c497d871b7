"""Roles that a user gives the fields: known by name, heard, and kept by a saved model."""

import numpy as np
import polars as pl
import pytest

from benchmarks import persons
from cleansing import clean_table
from dedup import Resolution, resolve
from dedup.fields.chosen import compare_fields
from dedup.fields.roles import Role, Roles
from dedup.model.saved_model import read_model
from dedup.run import MatchingRun
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

KINDS = {
    "first_name": Kind.PERSON_NAME,
    "last_name": Kind.PERSON_NAME,
    "phone": Kind.PHONE,
    "city": Kind.REGION,
    "by": Kind.CODE,
    "bm": Kind.CODE,
    "bd": Kind.CODE,
}


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """Persons with their births in three columns."""
    born = pl.col("birth_date").str.split("-").list
    parts = {name: born.get(n, null_on_oob=True) for n, name in enumerate(("by", "bm", "bd"))}
    return clean_table(persons.register(400, 3).with_columns(**parts).select(*KINDS), KINDS)


@pytest.fixture(scope="module")
def fitted(people: pl.DataFrame) -> Resolution:
    """The persons resolved, with a telephone that identifies."""
    return resolve(people, KINDS, MatchSpec(roles={"phone": "identifies"}))


def test_a_role_of_no_field_is_a_mistake(people: pl.DataFrame) -> None:
    """The name that was probably meant is offered."""
    with pytest.raises(SpecError, match="no field `phon` to give a role to") as caught:
        resolve(people, KINDS, MatchSpec(roles={"phon": "shared"}))
    assert caught.value.place == "match.roles"
    assert "did you mean `phone`?" in (caught.value.hint or "")


@pytest.mark.parametrize("part", ["by", "bm", "bd"])
def test_one_column_of_a_split_date_gives_the_role_of_the_date(
    people: pl.DataFrame, part: str
) -> None:
    """The columns are compared as one date, and any of them may be named."""
    comparisons, _ = compare_fields(people, KINDS)
    at = [c.name for c in comparisons].index("by+bm+bd")
    assert Roles.by_group(comparisons, "person", {}).of[at] is Role.IDENTIFIES
    assert Roles.by_group(comparisons, "person", {part: "describes"}).of[at] is Role.DESCRIBES
    MatchingRun(people, KINDS, MatchSpec(roles={part: "describes"}))


def test_a_role_that_can_have_no_effect_is_told(people: pl.DataFrame) -> None:
    """A column that fills the gaps of another is not compared by itself."""
    every = pl.int_range(pl.len())
    table = people.select(
        *(c for c in people.columns if not c.startswith("phone")),
        phone=pl.when(every % 2 == 0).then("phone"),
        mobile=pl.when(every % 2 == 1).then("phone"),
    )
    run = MatchingRun(
        table, KINDS | {"mobile": Kind.PHONE}, MatchSpec(roles={"mobile": "identifies"})
    )
    assert "mobile: its role has no effect, because it is not compared by itself" in run.notes


@pytest.mark.parametrize("roles", [{}, {"phone": "identifies"}, {"city": "shared"}])
def test_a_saved_model_goes_with_its_own_roles(
    people: pl.DataFrame, fitted: Resolution, roles: dict[str, str]
) -> None:
    """Naming again what a model knows is no mistake."""
    spec = MatchSpec.model_validate({"roles": roles})
    again = resolve(people, KINDS, spec, model=read_model(fitted.model))
    assert np.array_equal(again.clusters["cluster_id"], fitted.clusters["cluster_id"])


def test_a_role_that_a_saved_model_does_not_have_is_refused(
    people: pl.DataFrame, fitted: Resolution
) -> None:
    """A model keeps its roles, so another one would be silently ignored."""
    with pytest.raises(SpecError, match="`phone` is given as `shared`, and the saved model keeps"):
        resolve(people, KINDS, MatchSpec(roles={"phone": "shared"}), model=read_model(fitted.model))
