"""Notes in brackets beside a name, and brackets that belong to it."""

import polars as pl
import pytest

from dedup.forms.name_notes import has_note
from guiyi.kinds import Kind


def noted(name: str, kind: Kind = Kind.COMPANY_NAME) -> bool:
    return bool(pl.DataFrame({"value": [name]}).select(has_note(kind)).item())


@pytest.mark.parametrize(
    "name",
    [
        "苏州阿里（中国）有限公司",
        "苏州（中国）",
        "杭州茶叶（集团）有限公司",
        "杭州茶叶有限公司（集团）",
        "深圳投资企业（有限合伙）",
        "立信会计师事务所（特殊普通合伙）",
        "杭州茶叶有限公司（苏州分公司）",
        "海尔集团（青岛）",
        "腾讯（香港）有限公司",
        "西门子（臺灣）有限公司",
        "杭州茶叶有限公司（第二工厂）",
        "肯德基（人民路店）",
        "上海浦东（外高桥）物流有限公司",
        "（株）三星",
        "Acme (UK) Ltd",
        "Acme Ltd (Shanghai)",
        "Siemens (China) Co., Ltd.",
        "Acme (Holdings) Ltd",
        "杭州茶叶有限公司",
    ],
)
def test_brackets_of_the_name(name: str) -> None:
    """A place, a group, a partnership and a branch belong to a firm's name."""
    assert not noted(name)


@pytest.mark.parametrize(
    "name",
    [
        "杭州茶叶有限公司（已停用）",
        "杭州茶叶有限公司（老客户）",
        "杭州茶叶有限公司（张总介绍）",
        "杭州茶叶有限公司（欠款三千）",
        "杭州茶叶有限公司（勿联系）",
        "杭州茶叶有限公司（原厦门旧名贸易有限公司）",
        "杭州茶叶（2024年迁址）有限公司",
        "杭州茶叶有限公司【停用】",
        "（重复）杭州茶叶有限公司",
        "杭州茶叶有限公司(新)",
        "Acme Ltd (old)",
        "Acme Ltd (do not call)",
        "Acme Ltd (Formerly Old Inc)",
        "Acme Ltd (VIP)",
        "Acme Ltd [duplicate]",
    ],
)
def test_notes(name: str) -> None:
    """What somebody wrote beside a firm's name is a note."""
    assert noted(name)


def test_of_a_person_any_bracket_is_a_note() -> None:
    """A person's name holds no brackets."""
    assert noted("John Smith (old)", Kind.PERSON_NAME)
    assert not noted("John Smith", Kind.PERSON_NAME)
