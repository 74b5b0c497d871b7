"""A value that is spelled otherwise is no other value."""

import polars as pl
import pytest

from guiyi.kinds import Kind
from guiyi.spec import CrmEntitySpec, EntitySpec
from pipelines.loading.comparing import differences
from pipelines.loading.forms import kinds_of, same_form
from pipelines.loading.three_way import SAME_FORM, settle

SAME = [
    (Kind.PHONE, "0755-2671 2345", "+8675526712345"),
    (Kind.PHONE, "138 0013 8000", "+8613800138000"),
    (Kind.REGION, "上海", "上海市"),
    (Kind.EMAIL, "Info@Example.COM ", "info@example.com"),
    (Kind.COMPANY_NAME, "ＡＢＣ有限公司 ", "ABC有限公司"),
    (Kind.ADDRESS, "上海浦东新区张江路1号", "上海市浦东新区张江路1号"),
    (Kind.DATE, "2026/1/31", "2026-01-31"),
    (Kind.TEXT, "老  客户 Ａ", "老 客户 a"),
]
OTHER = [
    (Kind.PHONE, "0755-26712345-801", "+8675526712345"),
    (Kind.PHONE, "0755-26712345; 0755-26712346", "+8675526712345"),
    (Kind.REGION, "上海", "北京市"),
    (Kind.COMPANY_NAME, "深圳市华腾科技", "深圳市华腾科技有限公司"),
    (Kind.PERSON_NAME, "王伟", "王玮"),
    (Kind.TEXT, "老客户", "新客户"),
    (Kind.PHONE, "不详", "+8675526712345"),
]


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [(*case, True) for case in SAME] + [(*case, False) for case in OTHER],
)
def test_spellings_of_one_value(kind: Kind, one: str, other: str, same: bool) -> None:
    cells = pl.DataFrame({"column": ["c", "c"], "old": [one, other], "new": [other, one]})
    assert same_form(cells, {"c": kind}).to_list() == [same, same]


def test_nothing_is_no_spelling() -> None:
    cells = pl.DataFrame({"column": ["c", "c"], "old": [None, "a"], "new": ["a", None]})
    assert same_form(cells, {}).to_list() == [False, False]


def test_a_city_of_an_address_is_a_place() -> None:
    entity = EntitySpec(fields={"name": Kind.COMPANY_NAME, "address": Kind.ADDRESS})
    crm = CrmEntitySpec.model_validate(
        {"entity": "company", "fields": {"n": "name", "c": "address.city", "r": "address.road"}}
    )
    assert kinds_of(crm, entity) == {
        "n": Kind.COMPANY_NAME, "c": Kind.REGION, "r": Kind.TEXT
    }  # fmt: skip


@pytest.mark.parametrize("policy", ["review", "theirs", "ours"])
def test_the_spelling_of_the_crm_stays_unless_the_policy_is_ours(policy: str) -> None:
    crm = CrmEntitySpec.model_validate(
        {"entity": "company", "fields": {"phone": {"field": "phone", "policy": policy}}}
    )
    now = pl.DataFrame({"external_id": ["G1"], "phone": ["0755-26712345"]})
    want = pl.DataFrame({"external_id": ["G1"], "phone": ["+8675526712345"]})
    last = pl.DataFrame(schema={"external_id": pl.String, "after": pl.String})
    found = settle(differences(want, now), last, "account", crm, {"phone": Kind.PHONE})
    assert found.conflicts.is_empty()
    assert found.other_forms["reason"].to_list() == ([] if policy == "ours" else [SAME_FORM])
    assert found.diff["action"].to_list() == ["updated" if policy == "ours" else "unchanged"]
