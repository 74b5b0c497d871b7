"""Tables are masked in fields, parts, raw values, record keys, relations and texts."""

from pathlib import Path

import polars as pl
import pytest

from governance import Masking
from governance.masked_tables import kinds_of_keys
from guiyi.kinds import Kind
from guiyi.spec import Project, load_project

SPEC = """\
project: people
sources:
  crm:
    kind: delimited
    path: people.csv
    tables:
      - {entity: person, key: tel, columns: {name: name, phone: [tel, fax]}}
  shop:
    kind: database
    url: sqlite:///shop.db
    tables:
      - {table: buyer, entity: person, key: [mail, day], columns: {name: name, email: mail}}
      - {table: T_ORD, namespace: orders, entity: order, key: no, columns: {number: no},
         refs: {person: {entity: person, source: crm, table: people, columns: tel}}}
entities:
  person: {fields: {name: person_name, phone: phone, email: email}}
  order: {fields: {number: key}, match: {enabled: false}}
"""
KINDS = {"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "email": Kind.EMAIL, "note": Kind.TEXT}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    return load_project(tmp_path)


def test_keys_repeat_the_fields_of_their_columns(project: Project) -> None:
    """By source and table, under its namespace where it has one; a plain key repeats nothing."""
    assert kinds_of_keys(project) == {
        "crm:*/": (Kind.PHONE,),
        "shop:buyer/": (Kind.EMAIL, Kind.KEY),
        "shop:orders/": (Kind.KEY,),
    }


def test_a_table_is_masked_throughout(project: Project) -> None:
    """Values, raw values and parts by kind; keys by what they repeat; texts by what they hold."""
    rows = pl.DataFrame(
        {
            "source": ["crm", "shop", "shop", None],
            "record_id": ["people/65001234", "buyer/anna@b.cn-3", "orders/17", None],
            "golden_id": ["G13812345678", "GB", "GC", None],
            "phone": ["13812345678", None, None, None],
            "phone.raw": ["138 1234 5678", None, None, None],
            "phone.reason": ["13812345678 was repaired", None, None, None],
            "note": ["call 13912345678", "nothing", None, None],
            "ref.person": ["crm:people/65001234", None, None, None],
            "records": ["crm:people/65001234; shop:orders/17", None, "", None],
            "members": [["crm:people/65001234"], [], None, ["shop:orders/17"]],
            "n": [1, 2, 3, 4],
        }
    )
    shown = Masking.usual(project).table(rows, KINDS)
    assert shown.columns == rows.columns
    assert shown.to_dict(as_series=False) == {
        "source": ["crm", "shop", "shop", None],
        "record_id": ["people/65****34", "buyer/****", "orders/17", None],
        "golden_id": ["G13812345678", "GB", "GC", None],
        "phone": ["138****5678", None, None, None],
        "phone.raw": ["138****5678", None, None, None],
        "phone.reason": ["138****5678 was repaired", None, None, None],
        "note": ["call 139****5678", "nothing", None, None],
        "ref.person": ["crm:people/65****34", None, None, None],
        "records": ["crm:people/65****34; shop:orders/17", None, "", None],
        "members": [["crm:people/65****34"], [], None, ["shop:orders/17"]],
        "n": [1, 2, 3, 4],
    }
    assert Masking(frozenset()).table(rows, KINDS).equals(rows)
    assert Masking.usual(project).table(rows.clear(), KINDS).equals(rows.clear())


@pytest.mark.parametrize("rows", [3, 300])
def test_few_and_many_texts_are_masked_alike(project: Project, rows: int) -> None:
    """A short column is looked at one by one, a long one by its distinct values."""
    texts = pl.Series("note", ["crm:people/65001234 is gone", None, "fine"] * (rows // 3))
    shown = Masking.usual(project).texts(texts)
    assert shown.to_list() == ["crm:people/65****34 is gone", None, "fine"] * (rows // 3)
    assert shown.name == "note"


def test_a_key_that_several_rows_have_is_masked_too(project: Project) -> None:
    """The fingerprint behind it goes with it."""
    masking = Masking.usual(project)
    key = "crm:people/13812345678~9f86d081884c7d659a2f"
    assert masking.text(f"{key}, and more") == "crm:people/138****5678, and more"
    assert masking.record_keys(pl.Series([key])).to_list() == ["crm:people/138****5678"]


def test_values_by_the_field_named_beside_them(project: Project) -> None:
    """A list of changes, a line a field: each is masked as its field."""
    changes = pl.DataFrame(
        {
            "field": ["phone", "name", "note"],
            "before": ["65001234", "张三丰", "或 13812345678"],
            "after": [None, "张三", None],
        }
    )
    shown = Masking.usual(project).by_field(changes, "field", KINDS, ("before", "after"))
    assert shown["before"].to_list() == ["65****34", "张三丰", "或 138****5678"]
    assert shown["after"].to_list() == [None, "张三", None]


def test_a_run_says_what_it_masks(project: Project) -> None:
    """A manifest is enough, as notebooks and reports have it; an older one masks by kind alone."""
    usual = Masking.usual(project)
    manifest = {"privacy": {"mask": ["phone", "email", "id_card"], "keys": usual.keys}}
    assert Masking.of_run(manifest).text("crm:people/65001234") == "crm:people/65****34"
    assert Masking.of_run({"privacy": {"mask": ["phone"]}}).hidden == {Kind.PHONE}
    assert Masking.of_run({}).hidden == frozenset()
