"""A branch is put under its head office by its name, or under none."""

import polars as pl
import pytest

import cleansing
from guiyi.kinds import Kind
from mapping.head_offices import head_offices


def golden(*names: str) -> pl.DataFrame:
    clean = cleansing.clean_values(pl.Series("name", names), Kind.COMPANY_NAME)
    parts = [clean[part].alias(f"name.{part}") for part in ("key", "branch", "form")]
    return pl.DataFrame([pl.Series("golden_id", names), *parts])


CMB = "招商银行股份有限公司"


@pytest.mark.parametrize(
    ("names", "above"),
    [
        ((CMB, "招商银行杭州分行"), {"招商银行杭州分行": CMB}),
        (
            ("招商銀行", "招商银行股份有限公司杭州分行"),
            {"招商银行股份有限公司杭州分行": "招商銀行"},
        ),
        (
            (CMB, "招商银行杭州分行", "招商银行杭州分行西湖支行", "招商银行宁波北仑支行"),
            {
                "招商银行杭州分行": CMB,
                "招商银行杭州分行西湖支行": "招商银行杭州分行",
                "招商银行宁波北仑支行": CMB,
            },
        ),
        (
            ("杭州西湖茶叶有限公司", "杭州西湖茶叶有限公司上海分公司", "杭州西溪茶叶有限公司"),
            {"杭州西湖茶叶有限公司上海分公司": "杭州西湖茶叶有限公司"},
        ),
        (("工行杭州西湖支行", "中国工商银行"), {"工行杭州西湖支行": "中国工商银行"}),
        (("ACME Ltd", "ACME Ltd, Hong Kong Branch"), {"ACME Ltd, Hong Kong Branch": "ACME Ltd"}),
    ],
)
def test_a_branch_belongs_to_the_nearest_above_it(
    names: tuple[str, ...], above: dict[str, str]
) -> None:
    """The 分行 above a 支行 where it is there, else the head office, in whatever spelling."""
    assert dict(head_offices(golden(*names), "name").select("golden_id", "head_office").rows()) == (
        above
    )


@pytest.mark.parametrize(
    "names",
    [
        ("招商银行杭州分行", "招商证券股份有限公司"),  # another firm of the group
        ("杭州西湖茶叶有限公司上海分公司", "杭州西溪茶叶有限公司"),  # one character apart
        ("蓝天机械有限公司苏州分公司", "蓝天机械股份有限公司"),  # another legal person
        ("蓝天集团苏州机械有限公司", "蓝天集团有限公司"),  # a subsidiary is no branch
        ("招商银行杭州分行", "招商银行宁波分行"),  # both below a head office that is not there
        ("平安银行", "银行"),
    ],
)
def test_nothing_is_put_under_another_firm(names: tuple[str, ...]) -> None:
    """Where the head office is not among the customers, a branch stands alone."""
    assert head_offices(golden(*names), "name").is_empty()


def test_of_two_that_bear_the_name_none_is_chosen() -> None:
    """Two head offices of one name are a doubt, which is counted."""
    found = head_offices(golden(CMB, "招商银行", "招商银行杭州分行"), "name")
    assert found.rows() == [("招商银行杭州分行", None, 2)]


def test_firms_without_branches_have_nothing_above_them() -> None:
    """No branch, no row."""
    assert head_offices(golden("甲有限公司"), "name").is_empty()
    assert head_offices(golden("甲有限公司").clear(), "name").is_empty()
