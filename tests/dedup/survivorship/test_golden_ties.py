"""Between values that equally many records hold, the better one wins, wherever it stands."""

from collections.abc import Mapping, Sequence
from itertools import permutations

import polars as pl
import pytest

from cleansing import clean_table
from dedup.survivorship import Golden, survive
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec import EntitySpec

Row = Mapping[str, str | None]


def merged(
    rows: Sequence[Row], kinds: Mapping[str, str], rule: str = "most_frequent", **more: object
) -> Golden:
    """The rows as one cluster; record ids are their places, as in a file."""
    spec = EntitySpec.model_validate(
        {"fields": dict(kinds), "survivorship": {"default": rule}, **more}
    )
    schema = dict.fromkeys(kinds, pl.String)
    table = pl.DataFrame(list(rows), schema=schema).with_columns(
        pl.lit("file.csv").alias(SOURCE),
        pl.int_range(pl.len()).cast(pl.String).alias(RECORD_ID),
    )
    clusters = pl.DataFrame({"row": range(len(rows)), "cluster_id": [0] * len(rows)})
    return survive(clean_table(table, spec.kinds), clusters, spec, ())


def winner(kind: str, values: Sequence[str | None], rule: str = "most_frequent") -> object:
    """What wins in every order of the values; a list if that is not one and the same."""
    found = {
        merged([{"v": value} for value in order], {"v": kind}, rule).golden["v"].item()
        for order in permutations(values)
    }
    return found.pop() if len(found) == 1 else sorted(found, key=str)


@pytest.mark.parametrize(
    ("kind", "values", "best"),
    [
        ("person_name", ["T.", "Temitope"], "Temitope"),
        ("person_name", ["T", "T", "Temitope"], "Temitope"),
        ("person_name", ["T. Okafor", "Temitope Okafor"], "Temitope Okafor"),
        ("person_name", ["MARGARET", "Margaret"], "Margaret"),
        ("person_name", ["margaret", "Margaret"], "Margaret"),
        ("person_name", ["MARGARET", "MARGARET", "Margaret"], "Margaret"),
        ("person_name", ["MARGARET", "Margaret", "Peggy"], "Margaret"),
        ("person_name", ["Jose", "José"], "José"),
        ("person_name", ["Unknown", "Lucinda"], "Lucinda"),
        ("person_name", ["Mar?a", "Marta"], "Marta"),
        ("person_name", ["王小伟", "王小偉"], "王小伟"),
        ("address", ["12 Oak", "12 Oak Apt 4"], "12 Oak Apt 4"),
        ("address", ["12 Oak St", "12 Oak St", "12 Oak St Apt 4"], "12 Oak St Apt 4"),
        ("address", ["77 KING STREET", "77 King St"], "77 King St"),
        ("date", ["1900-01-01", "1964-08-30"], "1964-08-30"),
        ("date", ["1900-01-01", "1900-01-01", "1964-08-30"], "1964-08-30"),
        ("date", ["1970-01-01", "2001-09-09"], "2001-09-09"),
        ("date", ["9999-12-31", "1964-08-30"], "1964-08-30"),
        ("date", ["1964", "1964-08-30"], "1964-08-30"),
        ("date", ["1964-01-01", "1964-08-30"], "1964-08-30"),
        ("date", ["1900-01-01", None], "1900-01-01"),
        ("postcode", ["43604", "43604-1234"], "43604-1234"),
        ("email", ["noreply@acme.com", "peg@acme.com"], "peg@acme.com"),
        ("company_name", ["IBM", "IBM", "Ibm"], "IBM"),
        ("company_name", ["ACME TRADING LTD", "Acme Trading Ltd"], "Acme Trading Ltd"),
        ("region", ["OH", "OH", "oh"], "OH"),
        ("region", ["TOLEDO", "Toledo"], "Toledo"),
        ("text", ["TEST", "met in May"], "met in May"),
        ("text", ["b", "a"], "a"),
        ("text", ["暂缺", "暂缺", "红色"], "红色"),
        ("text", ["(blank)", "(blank)", "blue"], "blue"),
        ("text", ["no name", "no name", "blue"], "blue"),
        ("person_name", ["Na", "Na", "Ana"], "Na"),
    ],
)
def test_the_better_value_wins_in_every_order(
    kind: str, values: list[str | None], best: str
) -> None:
    """Whole before initial and placeholder, mixed case before capitals, then by the value."""
    assert winner(kind, values) == best


@pytest.mark.parametrize("rule", ["most_recent", "most_complete", "source_priority", "union"])
@pytest.mark.parametrize(
    ("kind", "values", "best"),
    [
        ("person_name", ["T", "Temitope"], "Temitope"),
        ("date", ["1900-01-01", "1964-08-30"], "1964-08-30"),
        ("person_name", ["MARGARET", "Margaret"], "Margaret"),
    ],
)
def test_every_rule_breaks_ties_by_the_value(
    rule: str, kind: str, values: list[str | None], best: str
) -> None:
    """No rule falls back on where a record stands; a union leaves out what says nothing."""
    if rule == "union" and values[0] == "T":
        best = "Temitope; T"
    assert winner(kind, values, rule) == best


def test_more_records_outvote_a_better_written_value() -> None:
    """Form breaks ties; it does not outvote."""
    assert winner("text", ["blue van", "blue van", "Red van"]) == "blue van"


def test_trust_and_date_come_before_form() -> None:
    """What a user has said of sources and dates decides before how a value is written."""
    rows = [{"v": "aa", "d": "2024-05-01"}, {"v": "Bb", "d": "2024-01-01"}]
    recent = merged(rows, {"v": "text", "d": "date"}, "most_recent", updated="d")
    assert recent.golden["v"].item() == "aa"


def test_what_was_beaten_is_kept() -> None:
    """Every other valid value is an alternate, a placeholder too."""
    told = merged([{"v": "1900-01-01"}, {"v": "1964-08-30"}], {"v": "date"}).provenance
    assert told["alternates"].to_list() == [["1900-01-01"]]
