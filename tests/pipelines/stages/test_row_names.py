"""Every row of a table has a name that outlives where it stands."""

import polars as pl
import pytest
from pydantic import ValidationError

from governance.continuity import fingerprints, normalised
from guiyi.kinds import Kind
from guiyi.records import RECORD_ID
from guiyi.spec import FileSourceSpec, TableSpec
from pipelines.stages.row_names import RowMemory, fields_of, name_rows, naming_fields

COLUMNS = {"name": ("firm",), "city": ("city",), "phone": ("phone",)}
ROWS = [
    ("1001", "Acme Ltd", "Leeds", "0113 496 0001"),
    ("1002", "Bolt Ltd", "York", "01904 960002"),
    ("1003", "Cord Ltd", "Bath", "01225 960003"),
]


def table(rows: list[tuple[str | None, ...]]) -> pl.DataFrame:
    found = pl.DataFrame(rows, schema=["no", "firm", "city", "phone"], orient="row")
    numbers = pl.int_range(2, 2 + found.height, dtype=pl.Int64, eager=True)
    return found.with_columns(
        numbers.alias("_row"), ("row " + numbers.cast(pl.String)).alias("_place")
    )


class Named:
    """A table as it was named."""

    def __init__(
        self,
        rows: list[tuple[str | None, ...]],
        key: tuple[str, ...] = ("no",),
        before: "Named | None" = None,
    ) -> None:
        spec = TableSpec(entity="firm", key=key, columns=COLUMNS)
        self.rows = normalised(fields_of(table(rows), spec))
        memory = None
        if before is not None:
            memory = RowMemory(before.changed, lambda: before.unkeyed, before.former)
        names = name_rows(table(rows), spec, "firms", naming=["name"], memory=memory)
        self.ids, self.copies, self.repeated = names.ids, names.copies, names.repeated
        self.changed = names.content
        said = pl.DataFrame([names.ids, fingerprints(self.rows)]).drop_nulls()
        keyless = said.filter(pl.col("record_id").str.contains("/~"))
        rest = keyless.join(self.changed, on="record_id", how="anti")
        self.unkeyed = pl.concat([self.changed, rest])

    def former(self, _wanted: pl.Series) -> pl.DataFrame:
        return self.rows.with_columns(fingerprints(self.rows)).drop_nulls("fingerprint")


named = Named


def test_a_row_is_named_by_its_key() -> None:
    """Of several columns joined; nothing else is remembered of it."""
    assert named(ROWS).ids.to_list() == ["firms/1001", "firms/1002", "firms/1003"]
    assert named(ROWS, ("no", "city")).ids[0] == "firms/1001-Leeds"
    assert named(ROWS).changed.is_empty()
    assert not named(ROWS).repeated.any()
    assert named(ROWS).ids.name == RECORD_ID


def test_rows_that_repeat_a_key_and_all_else_are_one() -> None:
    """A row exported twice is one record; the second is a copy."""
    names = named([*ROWS, ROWS[1]])
    assert names.ids.to_list() == ["firms/1001", "firms/1002", "firms/1003", "firms/1002"]
    assert names.copies.to_list() == [False, False, False, True]
    assert not names.repeated.any()


def test_of_two_rows_with_one_key_each_keeps_its_name_wherever_it_stands() -> None:
    """The first one is named by the key alone; the ledger remembers which one that was."""
    other = ("1001", "Ashby Ltd", "Hull", "01482 960009")
    first = named([*ROWS, other])
    assert first.ids[0] == "firms/1001"
    assert first.ids[3].startswith("firms/1001~")
    assert first.repeated.to_list() == [True, False, False, True]
    turned = named([other, *ROWS], before=first)
    assert turned.ids.to_list() == [first.ids[3], *first.ids[:3]]
    assert len(set(named([other, *ROWS]).ids)) == 4


def test_a_row_without_its_key_is_known_by_what_it_says() -> None:
    """Also where it moved, and where a cell of it was corrected."""
    without = (None, "Dale Ltd", "Hull", "01482 960004")
    first = named([*ROWS, without])
    assert first.ids[3].startswith("firms/~")
    moved = named([(None, "Dale Ltd", "Hull", "01482 000000"), *ROWS], before=first)
    assert moved.ids[0] == first.ids[3]


def test_a_table_without_a_key_is_known_by_what_it_says() -> None:
    """Its columns may be called otherwise; the number of a row says nothing."""
    first = named(ROWS, ())
    assert all(name.startswith("firms/~") for name in first.ids)
    turned = named([("9", "New Ltd", "Hull", "01482 960005"), *ROWS[::-1]], (), first)
    assert turned.ids[1:].to_list() == first.ids[::-1].to_list()
    spec = TableSpec(
        entity="firm", columns={"name": ("Name",), "city": ("Town",), "phone": ("Tel",)}
    )
    renamed = table(ROWS).rename({"firm": "Name", "city": "Town", "phone": "Tel"})
    assert name_rows(renamed, spec, "firms", naming=["name"]).ids.to_list() == first.ids.to_list()


def test_rows_that_say_nothing_are_not_remembered() -> None:
    """They have names, all different, and the ledger is not filled with them."""
    names = named([(None, None, None, None)] * 3, ())
    assert names.ids.n_unique() == 3
    assert names.changed.is_empty()


def test_a_torn_row_has_no_key() -> None:
    """A whole line stands in one of its columns, which may be the key; it is no record's name."""
    spec = TableSpec(entity="firm", key=("no",), columns=COLUMNS)
    rows = table([("1001,Acme", None, None, None), *ROWS[1:]])
    names = name_rows(rows, spec, "firms", torn=pl.Series([2]))
    assert names.ids[0].startswith("firms/~")
    assert "Acme" not in names.ids[0]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("auto", ["name", "firm"]), ("company", ["firm"]), ("person", ["name"])],
)
def test_what_a_row_is_about(subject: str, expected: list[str]) -> None:
    """A firm's name alone continues no person: of a table with both, both must be as they were."""
    spec = TableSpec(entity="e", columns={"name": ("n",), "firm": ("f",)})
    kinds = {"name": Kind.PERSON_NAME, "firm": Kind.COMPANY_NAME}
    assert naming_fields(spec, kinds, subject) == expected


def test_a_row_left_alone_with_its_key_does_not_become_the_other() -> None:
    """The row that had the key for its name is gone; the other is not taken for it."""
    other = ("1001", "Ashby Ltd", "Hull", "01482 960009")
    first = named([*ROWS, other])
    left = named([*ROWS[1:], other], before=first)
    assert left.ids[2] == first.ids[3] != "firms/1001"
    moved = ("1001", "Ashby Ltd", "Hull", "01482 777777")
    assert named([*ROWS[1:], moved], before=left).ids[2] == first.ids[3]
    assert named([*ROWS, moved], before=first).ids[0] == "firms/1001"


def test_two_tables_of_one_entity_have_two_names() -> None:
    """Their keys would meet otherwise, as one record in two clusters."""
    table = {"entity": "firm", "key": "no", "columns": {"name": "firm"}, "namespace": "firms"}
    source = {"kind": "delimited", "path": "x.csv", "tables": [table, table]}
    with pytest.raises(ValidationError, match="under the same name `firms`"):
        FileSourceSpec.model_validate(source)
