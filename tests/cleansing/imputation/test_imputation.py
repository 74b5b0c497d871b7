"""Missing values filled in where the spec asks, each marked with its method and confidence."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cleansing import clean_table
from cleansing.imputation import impute, observed
from guiyi.spec import EntitySpec
from tests.examples import examples

FIRM = "深圳华腾科技有限公司"
OTHER = "厦门海天贸易有限公司"


def entity(**fields: object) -> EntitySpec:
    return EntitySpec.model_validate({"fields": fields})


def filled(spec: EntitySpec, **columns: list[str | None]) -> pl.DataFrame:
    raw = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return impute(clean_table(raw, spec.kinds), spec.kinds, spec.imputations)


def marks(table: pl.DataFrame, field: str) -> list[tuple[object, ...]]:
    return table.select(field, f"{field}.imputed", f"{field}.method").rows()


PEOPLE = entity(company={"kind": "company_name", "impute": "inferred"}, mail="email")


def test_a_company_is_inferred_from_a_mail_domain_seen_elsewhere() -> None:
    """Two records that agree are enough; the value comes with its key and its reason."""
    table = filled(
        PEOPLE, company=[FIRM, FIRM, None], mail=["a@huateng.cn", "b@huateng.cn", "c@huateng.cn"]
    )
    assert marks(table, "company")[2] == (FIRM, True, "inferred")
    assert table["company.key"][2] == table["company.key"][0]
    assert table["company.reason"][2] == "imputed: inferred"
    assert table["company.confidence"][2] == pytest.approx(2 / 3, abs=1e-4)
    assert table["company.raw"][2] is None


@pytest.mark.parametrize(
    ("companies", "mails"),
    [
        ([FIRM, FIRM, None], ["a@qq.com", "b@qq.com", "c@qq.com"]),
        ([FIRM, FIRM, None], ["a@gmail.com", "b@gmail.com", "c@gmail.com"]),
        ([FIRM, OTHER, None], ["a@park.cn", "b@park.cn", "c@park.cn"]),
        ([FIRM, None], ["a@huateng.cn", "c@huateng.cn"]),
    ],
)
def test_a_domain_that_tells_nothing_fills_nothing(
    companies: list[str | None], mails: list[str | None]
) -> None:
    """Free mail is anybody's, a shared domain two firms', and one record alone may be wrong."""
    table = filled(PEOPLE, company=companies, mail=mails)
    assert marks(table, "company")[-1] == (None, False, None)


def test_a_region_is_inferred_from_the_address_then_from_the_area_code() -> None:
    """The address is the surer sign; a mobile tells no place."""
    spec = entity(region={"kind": "region", "impute": "inferred"}, address="address", phone="phone")
    table = filled(
        spec,
        region=[None, None, None],
        address=["深圳市南山区科苑路1号", None, None],
        phone=["0592-2181234", "0592-2181234", "13800138000"],
    )
    assert table["region"].to_list() == ["广东省深圳市南山区", "福建省厦门市", None]
    assert table["region.key"].to_list() == ["440305", "350200", None]


def test_what_a_source_gave_is_never_overwritten() -> None:
    """Neither a value, nor one that is invalid; a typed nothing (无) is a gap."""
    spec = entity(status={"kind": "amount", "impute": "median"})
    table = filled(spec, status=["10", "10", "10", "2024.3.5", "无"])
    assert table["status"].to_list() == ["10", "10", "10", None, "10"]
    assert table["status.imputed"].to_list() == [False, False, False, False, True]
    assert table["status.raw"].to_list() == ["10", "10", "10", "2024.3.5", "无"]


STAFF = {"methods": ["median"], "by": "industry", "least": 0}


def test_a_group_gives_its_median_mean_or_mode() -> None:
    """Software houses tell a software house's staff, farms a farm's."""
    columns: dict[str, list[str | None]] = {
        "industry": ["IT", "IT", "IT", "农业", "农业", "农业"],
        "staff": ["100", "110", None, "8", "10", None],
        "grade": ["A", "A", None, "B", "B", None],
    }
    for method, staff in (("median", ["105", "9"]), ("mean", ["105", "9"])):
        spec = entity(
            industry="code",
            staff={"kind": "amount", "impute": {**STAFF, "methods": [method]}},
            grade={"kind": "code", "impute": {"methods": ["mode"], "by": "industry"}},
        )
        table = filled(spec, **columns)
        assert table.filter("staff.imputed")["staff"].to_list() == staff
        assert table.filter("grade.imputed")["grade"].to_list() == ["A", "B"]
        assert table.filter("grade.imputed")["grade.confidence"].round(2).to_list() == [0.67, 0.67]


def test_the_nearest_records_are_asked_over_several_fields() -> None:
    """Alike in industry and turnover is nearer than alike in one of them."""
    how = {"methods": ["nearest"], "by": ["industry", "turnover"], "neighbours": 2}
    spec = entity(industry="code", turnover="amount", grade={"kind": "code", "impute": how})
    table = filled(
        spec,
        industry=["IT", "IT", "IT", "IT", "IT"],
        turnover=["100", "110", "9000", "9100", "105"],
        grade=["small", "small", "large", "large", None],
    )
    assert marks(table, "grade")[-1] == ("small", True, "nearest")


def test_an_unsure_value_is_not_filled_in() -> None:
    """`least` is how sure a value must be."""
    spec = entity(grade={"kind": "code", "impute": {"methods": ["mode"], "least": 0.9}})
    assert filled(spec, grade=["A", "A", None])["grade"].to_list() == ["A", "A", None]


def test_an_imputed_value_is_no_evidence_for_another() -> None:
    """Methods read the table as it came, whatever was filled in before them."""
    spec = entity(
        grade={"kind": "code", "impute": {"methods": ["mode"], "least": 0.5}},
        class_={"kind": "code", "impute": {"methods": ["mode"], "by": "grade", "least": 0}},
    )
    table = filled(spec, grade=["A", "A", "A", None], class_=["x", "x", "x", None])
    assert table["grade"][3] == "A"
    assert table["class_"][3] is None


def test_observed_gives_back_what_the_sources_said() -> None:
    """Without the imputed values and their parts the table is as it was."""
    raw = pl.DataFrame({"company": [FIRM, FIRM, None], "mail": ["a@ht.cn", "b@ht.cn", "c@ht.cn"]})
    clean = clean_table(raw, PEOPLE.kinds)
    table = impute(clean, PEOPLE.kinds, PEOPLE.imputations)
    names = [name for name in clean.columns if name != "company.reason"]
    assert table["company"][2] == FIRM
    assert observed(table, PEOPLE.kinds).select(names).equals(clean.select(names))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gender": {"kind": "code", "impute": "mode"}}, "gender is never imputed"),
        ({"性别": {"kind": "code", "impute": "mode"}}, "gender is never imputed"),
        ({"p": {"kind": "phone", "impute": "mode"}}, "a `phone` cannot be imputed"),
        ({"n": {"kind": "person_name", "impute": "inferred"}}, "a `person_name`"),
        ({"c": {"kind": "code", "impute": "mean"}}, "a `code` has no `mean`"),
        ({"c": {"kind": "code", "impute": {"by": "x"}}}, "a `code`"),
        (
            {"c": {"kind": "code", "impute": {"methods": "mode", "by": "x"}}},
            "no other field is called x",
        ),
        ({"c": {"kind": "code", "impute": "nearest"}}, "`nearest` needs `by`"),
    ],
)
def test_a_spec_that_asks_for_too_much_is_refused(fields: object, message: str) -> None:
    """Gender never, identifiers never, averages of amounts only."""
    with pytest.raises(ValidationError, match=message):
        EntitySpec.model_validate({"fields": fields})


CELL = st.none() | st.sampled_from(["A", "B", "无", "10", "20.5", "x" * 30])


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=8))
def test_only_gaps_change_and_every_change_is_marked(rows: list[tuple[str | None, ...]]) -> None:
    """Whatever the table, a value that was there stays, and one that was not says so."""
    spec = entity(
        group="code",
        size={"kind": "amount", "impute": {"methods": ["mean", "nearest"], "by": "group"}},
        grade={"kind": "code", "impute": {"methods": ["nearest", "mode"], "by": ["group", "size"]}},
    )
    raw = pl.DataFrame(
        rows, schema=dict.fromkeys(("group", "size", "grade"), pl.String), orient="row"
    )
    clean = clean_table(raw, spec.kinds)
    table = impute(clean, spec.kinds, spec.imputations)
    assert table.height == clean.height
    for field in ("size", "grade"):
        new = table[field].ne_missing(clean[field])
        assert new.to_list() == table[f"{field}.imputed"].to_list()
        assert table[f"{field}.raw"].equals(clean[f"{field}.raw"])
        sure = table[f"{field}.confidence"].filter(new)
        assert sure.is_between(0.6, 1).all()
