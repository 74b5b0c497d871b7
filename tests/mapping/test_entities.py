"""Golden records become CRM rows."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyi.errors import SpecError
from guiyi.spec import Project
from mapping import CodeList, Mapped, map_entities

SOURCES = {
    "crm": {
        "kind": "delimited",
        "path": "orders.csv",
        "tables": [
            {
                "entity": "order",
                "columns": {"amount": "amount"},
                "refs": {"customer": {"entity": "company", "columns": "c", "table": "T"}},
            }
        ],
    }
}
ENTITIES = {
    "company": {"fields": {"name": "company_name"}},
    "order": {"fields": {"amount": "amount"}, "match": {"enabled": False}},
}

Make = Callable[..., Project]

COMPANIES = pl.DataFrame(
    {
        "golden_id": ["G1", "G2", "G3"],
        "name": ["甲有限公司", "Acme Inc", None],
        "address": ["浙江省杭州市", None, None],
        "address.city": ["杭州市", None, None],
        "phone": ["+8657188156688", None, None],
        "phone.all": [["+8657188156688", "+8613800138000"], None, []],
        "members": [2, 1, 1],
    },
    schema_overrides={"phone.all": pl.List(pl.String)},
)
ORDERS = pl.DataFrame(
    {
        "golden_id": ["O1", "O2", "O3", "O4"],
        "amount": ["12.50", "100", "7", None],
        "status": ["1", "9", " 2 ", None],
        "ref.customer": ["crm:T/1", "crm:T/2", "crm:T/404", None],
        "members": [1, 1, 1, 1],
    }
)
CROSSWALK = pl.DataFrame(
    {
        "entity": ["company", "company", "company", "order", "order"],
        "source": ["crm"] * 5,
        "record_id": ["T/1", "T/2", "T/3", "T/1", "T/404"],
        "golden_id": ["G1", "G1", "G2", "O1", "O2"],
    }
)
GOLDEN = {"company": COMPANIES, "order": ORDERS}
STATUS = {"status": CodeList("status", {"1": "open", "2": "closed"})}


def run(project: Project, codes: dict[str, CodeList] | None = None) -> Mapped:
    return map_entities(GOLDEN, CROSSWALK, project, codes or {})


@pytest.mark.parametrize(
    ("origin", "values"),
    [
        ("name", ["甲有限公司", "Acme Inc", None]),
        ("address.city", ["杭州市", None, None]),
        ("golden_id", ["G1", "G2", "G3"]),
        ("phone.all", ["+8657188156688; +8613800138000", None, None]),
        ({"field": "name", "default": "?"}, ["甲有限公司", "Acme Inc", "?"]),
        ({"expr": "upper(name)"}, ["甲有限公司", "ACME INC", None]),
        ({"expr": "address.city || '!'"}, ["杭州市!", None, None]),
        ({"expr": "\"address.city\" || 'address.city'"}, ["杭州市address.city", None, None]),
        ({"expr": "COALESCE(address.city, name)"}, ["杭州市", "Acme Inc", None]),
        ({"expr": "'CRM'"}, ["CRM", "CRM", "CRM"]),
        ({"expr": "''", "default": "none"}, ["none", "none", "none"]),
        ({"expr": "members > 1"}, ["true", "false", "false"]),
        ({"expr": "members * 0.1"}, ["0.2", "0.1", "0.1"]),
        ({"expr": "members * 1.0"}, ["2", "1", "1"]),
        ({"expr": "DATE '2024-02-29'"}, ["2024-02-29"] * 3),
        ({"expr": "TRY_CAST(name AS INT)", "default": "0"}, ["0", "0", "0"]),
    ],
)
def test_a_field_comes_from_a_column_a_part_or_an_expression(
    make_project: Make, origin: object, values: list[str | None]
) -> None:
    """Whatever the origin's type, the CRM field is text in one plain spelling."""
    project = make_project({"account": {"entity": "company", "fields": {"x": origin}}})
    account = run(project).entities["account"]
    assert account.schema == {"external_id": pl.String, "x": pl.String}
    assert account["x"].to_list() == values


@pytest.mark.parametrize(
    ("field", "path", "words"),
    [
        ({"expr": "nmae"}, ".expr", ["no column `nmae`", "did you mean `name`?", "address.city"]),
        ({"expr": "address.ctiy"}, ".expr", ["did you mean `address.city`?"]),
        ({"expr": "name ||"}, ".expr", ["not an SQL expression"]),
        ({"expr": "name; drop table x"}, ".expr", ["not an SQL expression"]),
        ({"expr": "frobnicate(name)"}, ".expr", ["unsupported function", "frobnicate"]),
        ({"expr": "name * 2"}, ".expr", ["TRY_CAST"]),
        ({"expr": "CAST(name AS INT)"}, ".expr", ["TRY_CAST"]),
        ({"expr": 'name = "Acme"'}, ".expr", ["text goes in single quotes"]),
        ({"field": "address.ctiy"}, "", ["no column `address.ctiy`", "`address.city`"]),
    ],
)
def test_a_bad_expression_is_named_by_its_place_in_the_spec(
    make_project: Make, field: dict[str, str], path: str, words: list[str]
) -> None:
    """File, line and path, the columns there are, the nearest name; never a customer's value."""
    project = make_project({"account": {"entity": "company", "fields": {"x": field}}})
    with pytest.raises(SpecError) as caught:
        run(project)
    message = str(caught.value)
    line = next(
        number
        for number, text in enumerate(project.file.read_text().splitlines(), 1)
        if text.strip().startswith(("expr:", "field:"))
    )
    assert message.startswith(f"{project.file}:{line if path else line - 1}: ") or not path
    assert f"mapping.account.fields.x{path}:" in message
    assert all(word in message for word in words), message
    assert "甲有限公司" not in message


def test_codes_are_translated_and_strangers_are_reported(make_project: Make) -> None:
    """A code the list does not know becomes the default or null, and is counted."""
    fields = {
        "state": {"field": "status", "codes": "status"},
        "state2": {"field": "status", "codes": "status", "default": "unknown"},
    }
    project = make_project(
        {"order": {"entity": "order", "fields": fields}}, {"status": "code,value\n1,open\n"}
    )
    mapped = run(project, STATUS)
    assert mapped.entities["order"]["state"].to_list() == ["open", None, "closed", None]
    assert mapped.entities["order"]["state2"].to_list() == ["open", "unknown", "closed", "unknown"]
    assert mapped.unmapped.rows() == [
        ("order", "state", "status", "9", 1),
        ("order", "state2", "status", "9", 1),
    ]


def test_an_empty_code_list_translates_nothing(make_project: Make) -> None:
    """Every code is a stranger to it."""
    project = make_project(
        {"order": {"entity": "order", "fields": {"s": {"field": "status", "codes": "status"}}}},
        {"status": "code,value\n"},
    )
    mapped = run(project, {"status": CodeList("status", {})})
    assert mapped.entities["order"]["s"].null_count() == 4
    assert mapped.unmapped["code"].to_list() == ["1", "2", "9"]


def test_an_order_of_a_merged_duplicate_belongs_to_the_surviving_customer(
    make_project: Make,
) -> None:
    """Both T/1 and T/2 became G1; keys are looked up among companies, not orders."""
    project = make_project(
        {
            "account": {"entity": "company", "fields": {"name": "name"}},
            "order": {
                "entity": "order",
                "fields": {"total": "amount"},
                "relations": {"account_id": "customer"},
            },
        }
    )
    mapped = run(project)
    assert mapped.entities["order"]["account_id"].to_list() == ["G1", "G1", None, None]
    assert mapped.orphans.rows() == [
        ("order", "O3", "customer", "crm:T/404", "no record in scope has this key")
    ]


def test_a_relation_to_a_record_held_back_is_an_orphan(make_project: Make) -> None:
    """The CRM never receives a pointer to a row it does not have."""
    project = make_project(
        {
            "account": {"entity": "company", "fields": {"name": "name"}, "where": "name <> '甲'"},
            "order": {
                "entity": "order",
                "fields": {"total": "amount"},
                "relations": {"account_id": "customer"},
            },
        }
    )
    held_back = {**GOLDEN, "company": COMPANIES.filter(pl.col("golden_id") != "G1")}
    mapped = map_entities(held_back, CROSSWALK, project, {})
    assert mapped.entities["account"]["external_id"].to_list() == ["G2"]
    assert mapped.entities["order"]["account_id"].null_count() == 4
    assert (
        mapped.orphans["reason"].to_list()[:2]
        == ["the record it points to is not loaded into the CRM"] * 2
    )
    only_orders = map_entities({"order": ORDERS}, CROSSWALK, project, {})
    assert list(only_orders.entities) == ["order"]
    assert only_orders.entities["order"]["account_id"].to_list() == ["G1", "G1", None, None]


def test_a_record_that_became_nothing_is_known_all_the_same(make_project: Make) -> None:
    """What was held back before merging is told from what never was in scope; so is an entity that
    has no table in the CRM.
    """
    project = make_project(
        {
            "order": {
                "entity": "order",
                "fields": {"total": "amount"},
                "relations": {"account_id": "customer"},
            },
        }
    )
    nothing = pl.lit(None, pl.String)
    held = CROSSWALK.with_columns(
        golden_id=pl.when(pl.col("record_id") == "T/1").then(nothing).otherwise("golden_id")
    )
    mapped = map_entities(GOLDEN, held, project, {})
    assert mapped.entities["order"]["account_id"].to_list() == [None, "G1", None, None]
    assert mapped.orphans["reason"].to_list() == [
        "the record it points to is not loaded into the CRM",
        "no record in scope has this key",
    ]
    later = {**GOLDEN, "company": COMPANIES.filter(pl.col("golden_id") != "G1")}
    mapped = map_entities(later, CROSSWALK, project, {})
    assert mapped.entities["order"]["account_id"].null_count() == 4


def test_a_record_is_never_its_own_parent(make_project: Make) -> None:
    """A branch that was merged with its head office points nowhere; another keeps its head."""
    project = make_project(
        {
            "account": {
                "entity": "company",
                "fields": {"name": "name"},
                "relations": {"parent_id": "head"},
            }
        }
    )
    heads = COMPANIES.with_columns(pl.Series("ref.head", ["crm:T/2", "crm:T/1", None]))
    account = map_entities({"company": heads}, CROSSWALK, project, {}).entities["account"]
    assert account["parent_id"].to_list() == [None, "G1", None]


def test_where_chooses_and_null_does_not_hold(make_project: Make) -> None:
    """A golden record of which the condition is unknown does not become the CRM entity."""
    mapping: dict[str, Any] = {
        "account": {"entity": "company", "fields": {"n": "name"}, "where": "name LIKE 'A%'"}
    }
    account = run(make_project(mapping)).entities["account"]
    assert account.rows() == [("G2", "Acme Inc")]
    mapping["account"]["where"] = "name"
    with pytest.raises(SpecError, match=r"mapping\.account\.where: not a condition"):
        run(make_project(mapping))


@pytest.mark.parametrize(
    ("fields", "relations", "path"),
    [
        ({"external_id": "amount"}, {}, r"fields\.external_id"),
        ({"a": "amount"}, {"External_ID": "customer"}, r"relations\.External_ID"),
        ({"a": "amount"}, {"a": "customer"}, r"relations\.a"),
        ({"a": "amount", "A": "status"}, {}, r"fields\.A: there is a column of this name already"),
        ({}, {}, "mapping.order: it has neither fields nor relations"),
    ],
)
def test_a_mapping_that_cannot_be_a_table_is_refused(
    make_project: Make, fields: dict[str, str], relations: dict[str, str], path: str
) -> None:
    """The golden id's column is not the user's to map, and a relation is not a field."""
    project = make_project({"order": {"entity": "order", "fields": fields, "relations": relations}})
    with pytest.raises(SpecError, match=path):
        run(project)


def test_a_field_no_source_fills_is_null(make_project: Make) -> None:
    """The spec may name a field that this run's golden records lack."""
    project = make_project(
        {
            "account": {"entity": "company", "fields": {"tel": "phone"}},
            "order": {"entity": "order", "fields": {}, "relations": {"account": "customer"}},
        }
    )
    golden = {
        "company": COMPANIES.select("golden_id", "name"),
        "order": ORDERS.select("golden_id", "amount"),
    }
    mapped = map_entities(golden, CROSSWALK, project, {})
    assert mapped.entities["account"]["tel"].null_count() == 3
    assert mapped.entities["order"]["account"].null_count() == 4
    assert mapped.orphans.is_empty()


def test_no_golden_records_make_an_empty_table_of_the_same_shape(make_project: Make) -> None:
    """An empty run still says which columns the CRM entity has."""
    project = make_project(
        {
            "order": {
                "entity": "order",
                "fields": {"a": "amount", "s": {"field": "status", "codes": "status"}},
                "relations": {"account": "customer"},
            }
        },
        {"status": "code,value\n"},
    )
    mapped = map_entities({"order": ORDERS.clear()}, CROSSWALK, project, STATUS)
    assert mapped.entities["order"].schema == dict.fromkeys(
        ["external_id", "a", "s", "account"], pl.String
    )


@given(
    st.lists(st.sampled_from(["crm:T/1", "crm:T/2", "crm:T/3", "crm:T/9", "other:T/1", None])),
    st.sets(st.sampled_from(["G1", "G2", "G3"])),
)
def test_every_relation_leads_to_a_row_or_is_an_orphan(
    refs: list[str | None], there: set[str]
) -> None:
    """No golden record is lost, and none points to a row the CRM will not have."""
    project = Project.model_validate(
        {
            "project": "test",
            "sources": SOURCES,
            "entities": ENTITIES,
            "mapping": {
                "account": {"entity": "company", "fields": {"name": "name"}},
                "order": {
                    "entity": "order",
                    "fields": {},
                    "relations": {"account": "customer"},
                },
            },
        }
    )
    orders = pl.DataFrame(
        {"golden_id": [f"O{n}" for n in range(len(refs))], "ref.customer": refs},
        schema={"golden_id": pl.String, "ref.customer": pl.String},
    )
    companies = COMPANIES.filter(pl.col("golden_id").is_in(list(there)))
    mapped = map_entities({"company": companies, "order": orders}, CROSSWALK, project, {})
    order = mapped.entities["order"]
    assert order["external_id"].equals(orders["golden_id"].alias("external_id"))
    reached = order["account"].drop_nulls()
    assert set(reached) <= there
    assert len(reached) + mapped.orphans.height == sum(ref is not None for ref in refs)
