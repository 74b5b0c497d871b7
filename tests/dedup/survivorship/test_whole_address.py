"""An address moves whole: its columns come from one record."""

from collections.abc import Sequence
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.survivorship import carried, coded_by_row, survive, surviving
from dedup.survivorship.candidate_values import choices
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.whole_address import address_columns
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec import EntitySpec
from tests.dedup.survivorship.test_golden_ties import merged
from tests.examples import examples

US = {"street": "address", "city": "region", "state": "region", "zip": "postcode"}
OLD = ("12 Old Mill Ln", "Toledo", "OH", "43604")
NEW = ("900 New Harbor Blvd Apt 12B", None, "IL", None)


def address(rows: Sequence[tuple[str | None, ...]], rule: str = "most_frequent") -> list[object]:
    """The golden addresses over all orders of the rows."""
    found = []
    for order in permutations(rows):
        golden = merged([dict(zip(US, row, strict=True)) for row in order], US, rule).golden
        found.append(golden.select(list(US)).row(0))
    return sorted(set(found), key=str)


@pytest.mark.parametrize("rule", ["most_frequent", "most_complete", "source_priority"])
@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        pytest.param([OLD, NEW], OLD, id="a full address beats a part of another"),
        pytest.param(
            [("12 Oak St", *OLD[1:]), ("12 Oak St Apt 4", *OLD[1:])],
            ("12 Oak St Apt 4", *OLD[1:]),
            id="with the flat before without",
        ),
        pytest.param(
            [("12 OAK ST", "TOLEDO", "OH", "43604"), ("12 Oak St", *OLD[1:])],
            ("12 Oak St", *OLD[1:]),
            id="mixed case before capitals",
        ),
        pytest.param(
            [("12 OAK ST", None, "OH", "43604"), ("12 Oak St", None, "OH", "43604")],
            ("12 Oak St", None, "OH", "43604"),
            id="mixed case before capitals, though both lack a part",
        ),
        pytest.param(
            [(None, "Chicago", "IL", "60601"), ("12 Oak St", None, None, None)],
            ("12 Oak St", None, None, None),
            id="a street before a town, and nothing of another record beside it",
        ),
        pytest.param(
            [("12 Oak St", "Unknown", "OH", "43604"), ("12 Oak St", "Toledo", "OH", "43604")],
            ("12 Oak St", *OLD[1:]),
            id="a placeholder completes nothing",
        ),
        pytest.param([(None,) * 4, OLD], OLD, id="no address loses"),
        pytest.param([(None,) * 4, (None,) * 4], (None,) * 4, id="no address at all"),
    ],
)
def test_the_best_address_wins_whole(
    rule: str, rows: list[tuple[str | None, ...]], whole: tuple[str | None, ...]
) -> None:
    """Under every rule and in every order of the rows, the columns are those of one record."""
    assert address(rows, rule) == [whole]


def test_the_house_most_records_name_wins() -> None:
    """Two records vote for one house, though one of them leaves the flat out."""
    one, two = ("12 Oak St", *OLD[1:]), ("12 Oak Street Apt 4", "Toledo", "OH", None)
    assert address([NEW, one, two]) == [two]
    moved = ("5 Elm Ave", "Gary", "IN", "46402")
    assert address([moved, moved, one]) == [moved]


def test_three_addresses_never_mix() -> None:
    """Voted column by column, three addresses would make a fourth."""
    rows = [
        ("88 Lakeshore Drive", "Erie", "PA", "16502"),
        ("15 Pine St", "Toledo", "OH", "16502"),
        ("15 Pine St", "Chicago", "PA", "60601"),
    ]
    found = address(rows)
    assert len(found) == 1
    assert found[0] in rows


def test_other_addresses_are_alternates() -> None:
    """What the other records say is kept, a postcode too where the chosen address has none."""
    rows = [dict(zip(US, row, strict=True)) for row in (OLD, OLD, NEW)]
    told = merged(rows, US).provenance
    kept = dict(told.select("field", "alternates").iter_rows())
    assert kept == {"street": [NEW[0]], "city": [], "state": ["IL"], "zip": []}
    rows = [dict(zip(US, row, strict=True)) for row in (OLD, NEW, NEW)]
    told = merged(rows, US).provenance
    assert told.filter(field="zip").select("value", "alternates").row(0) == (None, ["43604"])
    assert set(told.filter(field="street")["record_id"]) <= set(
        told.filter(field="state")["record_id"]
    )


WITH_GUESSES = {"street": "address", "city": "region", "zip": "postcode"}


def guessed(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Records of addresses whose town or postcode may be imputed: a value in a list is."""
    told: list[dict[str, object]] = []
    for number, row in enumerate(rows):
        told.append({SOURCE: "a.csv", RECORD_ID: str(number), "cluster": row[0]})
        for name, value in zip(WITH_GUESSES, row[1:], strict=True):
            imputed = isinstance(value, list)
            told[-1] |= {name: value[0] if imputed else value, f"{name}.imputed": imputed}
    typed = {f"{name}.imputed": pl.Boolean() for name in WITH_GUESSES}
    typed |= dict.fromkeys((SOURCE, RECORD_ID, *WITH_GUESSES), pl.String())
    return pl.DataFrame(told, schema_overrides=typed, infer_schema_length=None)


def both_ways(
    rows: Sequence[tuple[object, ...]], rule: str = "most_frequent"
) -> list[list[tuple[object, ...]]]:
    """Cluster, field, value, record, rule, and what was beaten; merged whole and by the field."""
    spec = EntitySpec.model_validate({"fields": WITH_GUESSES, "survivorship": {"default": rule}})
    table = guessed(rows)
    clusters = table.select(pl.int_range(pl.len()).alias("row"), cluster_id="cluster")
    whole = survive(table, clusters, spec, ()).provenance.drop(SOURCE)
    standing = RankedMembers.of(table, clusters, None, ())
    fields = coded_by_row(table, WITH_GUESSES)
    chosen = carried(fields, lambda _: standing, spec)
    alone = []
    for name in WITH_GUESSES:
        one = fields[name]
        column = next(column for column in choices(one.cells, spec) if column.name == name)
        told = surviving(one.cells, standing, column, one.codes, chosen[name]).chosen
        places, row = told["cluster"], told["row"].cast(pl.String)
        found = told.select(cluster_id=standing.cluster_ids.gather(places), field=pl.lit(name))
        more = told.select("rule", pl.col("alternates").fill_null([]))
        alone.append(found.hstack([told["value"], row.alias(RECORD_ID), *more.get_columns()]))
    return [sorted(t.rows(), key=str) for t in (whole.select(alone[0].columns), pl.concat(alone))]


PLACES = st.sampled_from([None, "Toledo", ["Toledo"], "Erie", ["Erie"]])


@settings(deadline=None, max_examples=examples(60))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from([None, "1 Oak St", "2 Elm Ave"]),
            PLACES,
            st.sampled_from([None, "43604", ["43604"], ["16502"]]),
        ),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(["most_frequent", "most_complete", "source_priority"]),
)
def test_addresses_merge_whole_as_column_by_column(
    rows: list[tuple[object, ...]], rule: str
) -> None:
    """Value, record, rule and what was beaten are the same, with imputed parts, too."""
    whole, alone = both_ways(rows, rule)
    assert whole == alone


@pytest.mark.parametrize(
    ("rows", "city"),
    [
        pytest.param(
            [("1 Oak St", ["Erie"], "43604"), ("1 Oak St", "Toledo", None)],
            ("Toledo", "1", "most_frequent", []),
            id="told at the same house",
        ),
        pytest.param(
            [("1 Oak St", ["Toledo"], "43604"), ("1 Oak St", "Toledo", "43604")],
            ("Toledo", "1", "most_frequent", []),
            id="the same, told and imputed",
        ),
        pytest.param(
            [("1 Oak St", ["Erie"], "43604"), (None, "Toledo", None)],
            ("Erie", "0", "imputed", ["Toledo"]),
            id="told of another address",
        ),
        pytest.param(
            [("1 Oak St", ["Erie"], "43604"), ("1 Oak St", None, None)],
            ("Erie", "0", "imputed", []),
            id="told nowhere",
        ),
        pytest.param(
            [("1 Oak St", None, "43604"), ("1 Oak St", ["Erie"], "43604")],
            ("Erie", "1", "imputed", []),
            id="imputed before nothing",
        ),
    ],
)
def test_an_imputed_part_of_an_address(
    rows: list[tuple[object, ...]], city: tuple[object, ...]
) -> None:
    """A told value beats it unless that is of another address; else it stays, and is marked."""
    for told in both_ways([(0, *row) for row in rows]):
        assert [row[2:] for row in told if row[1] == "city"] == [city]


def columns_of(fields: dict[str, str], **survivorship: str) -> list[tuple[str, ...]]:
    spec = EntitySpec.model_validate({"fields": fields, "survivorship": survivorship})
    return [group.columns for group in address_columns(spec, fields)]


@pytest.mark.parametrize(
    ("fields", "groups"),
    [
        (US, [tuple(US)]),
        (
            {
                "billing_street": "address",
                "billing_city": "region",
                "shipping_street": "address",
                "shipping_city": "region",
            },
            [("billing_street", "billing_city"), ("shipping_street", "shipping_city")],
        ),
        (
            {"address_1": "address", "address_2": "address", "city": "region"},
            [("city", "address_1", "address_2")],
        ),
        (
            {"HomeAddress": "address", "HomeCity": "region", "WorkCity": "region"},
            [("HomeAddress", "HomeCity")],
        ),
        (
            {"省份": "region", "城市": "region", "详细地址": "address", "邮编": "postcode"},
            [("省份", "城市", "详细地址", "邮编")],
        ),
        ({"address": "address", "phone": "phone"}, []),
        ({"address": "address", "birthplace": "region"}, []),
        (
            {"city": "text", "street": "text", "state": "text"},
            [("city", "street", "state")],
        ),
        ({"city": "text", "zip": "code", "state": "text"}, [("city", "zip")]),
        (
            {"home_street": "address", "home_state": "code", "state": "code"},
            [("home_street", "home_state")],
        ),
        ({"status": "text", "unit": "text", "address": "address"}, []),
        ({"country_of_birth": "region", "address": "address"}, []),
    ],
)
def test_columns_of_one_address(fields: dict[str, str], groups: list[tuple[str, ...]]) -> None:
    """Kind and header say which columns belong together; another address is another group."""
    assert columns_of(fields) == groups


def test_a_rule_of_its_own_sets_a_column_free() -> None:
    """A user who wants the most recent postcode gets it; a union of streets is no address."""
    assert columns_of(US, zip="most_recent") == [("street", "city", "state")]
    assert columns_of(US, default="union") == []
