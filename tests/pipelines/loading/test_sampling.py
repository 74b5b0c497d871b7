"""A test batch shows what the load will meet."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.loading import EntityPlan, LoadPlan, choose_test_batch, choose_test_batches
from pipelines.loading.comparing import differences


def planned(entity: str, rows: pl.DataFrame, **relations: tuple[str, ...]) -> EntityPlan:
    return EntityPlan.of(entity, rows, differences(rows, rows.clear()).lazy(), relations)


ROWS = pl.DataFrame(
    {
        "external_id": [f"G{n:03}" for n in range(500)],
        "status": ["rare" if n == 321 else "open" if n % 2 else "closed" for n in range(500)],
        "name": ["n" * 200 if n == 123 else f"name {n}" for n in range(500)],
        "fax": [None if n != 77 else "1" for n in range(500)],
        "city": [None if n == 99 else f"city {n}" for n in range(500)],
    }
)


def test_every_trait_is_seen() -> None:
    """The rare code, the longest name, the only fax and the missing city are in a batch of 10."""
    chosen = choose_test_batch(ROWS, 10)
    assert {"G321", "G123", "G077", "G099"} <= set(chosen)
    statuses = ROWS.filter(pl.col("external_id").is_in(chosen))["status"]
    assert set(statuses) == {"rare", "open", "closed"}
    assert len(chosen) == len(set(chosen)) == 10


def test_the_batch_does_not_depend_on_the_order_of_rows() -> None:
    """The same rows give the same batch."""
    assert set(choose_test_batch(ROWS.reverse(), 20)) == set(choose_test_batch(ROWS, 20))


def test_what_is_known_besides_counts_as_a_trait() -> None:
    """A record merged of three sources is in, where there is only one."""
    traits = pl.DataFrame(
        {
            "external_id": ROWS["external_id"],
            "sources": ["a+b+c" if n == 250 else "a" for n in range(500)],
        }
    )
    assert "G250" in choose_test_batch(ROWS, 12, traits=traits)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.text(max_size=3)), max_size=30),
    st.integers(1, 10),
)
def test_a_batch_has_the_size_asked_for(rows: list[tuple[str, str | None]], n: int) -> None:
    """As many rows as asked, or all there are; each once; all from the table."""
    table = pl.DataFrame(
        {
            "external_id": [f"G{number}" for number in range(len(rows))],
            "code": [code for code, _ in rows],
            "text": [text for _, text in rows],
        },
        schema=dict.fromkeys(("external_id", "code", "text"), pl.String),
    )
    chosen = choose_test_batch(table, n)
    assert len(chosen) == len(set(chosen)) == min(n, len(rows))
    assert set(chosen) <= set(table["external_id"])


def test_what_a_chosen_row_points_to_is_chosen() -> None:
    """Accounts of the chosen orders, their parents, and a contact that comes later in the load."""
    parents = [None if n < 10 else f"G{n - 10:03}" for n in range(500)]
    account = ROWS.with_columns(parent=pl.Series(parents), main_contact=pl.lit("P1"))
    contact = pl.DataFrame({"external_id": ["P1", "P2"], "name": ["a", "b"]})
    orders = pl.DataFrame(
        {
            "external_id": [f"O{n}" for n in range(100)],
            "account": [f"G{n * 5:03}" for n in range(99)] + ["elsewhere"],
        }
    )
    plan = LoadPlan(
        {
            "account": planned("account", account, parent=("account",), main_contact=("contact",)),
            "contact": planned("contact", contact),
            "order": planned("order", orders, account=("account", "lead")),
        }
    )
    chosen = choose_test_batches(plan, 4)
    assert list(chosen) == ["account", "contact", "order"]
    assert len(chosen["order"]) == 4
    reached = orders.filter(pl.col("external_id").is_in(chosen["order"]))["account"]
    assert set(reached) - {"elsewhere"} <= set(chosen["account"])
    rows = account.filter(pl.col("external_id").is_in(chosen["account"]))
    assert set(rows["parent"].drop_nulls()) <= set(chosen["account"])
    assert "P1" in chosen["contact"]


def test_rows_that_need_no_writing_are_not_tested() -> None:
    """A row the target holds already is not in the batch, nor is a second run's."""
    again = EntityPlan.of("account", ROWS, differences(ROWS, ROWS.head(498)).lazy(), {})
    assert set(choose_test_batches(LoadPlan({"account": again}), 50)["account"]) == {"G498", "G499"}
    same = EntityPlan.of("account", ROWS, differences(ROWS, ROWS).lazy(), {})
    assert choose_test_batches(LoadPlan({"account": same}), 50) == {"account": []}
