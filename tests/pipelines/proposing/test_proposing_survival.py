"""`guiyi init` proposes survivorship rules, each with its reason."""

from pathlib import Path

import pytest
import yaml

from guiyi.kinds import Kind
from guiyi.spec import load_project
from pipelines.proposing import propose
from pipelines.proposing.survival import proposed_rules, says_updated


@pytest.mark.parametrize(
    "column",
    ["更新时间", "last_updated", "modified", "修改日期", "Updated At", "最后修改时间",
     "UPDATE_TIME", "gengxinshijian", "ModifiedDate", "last modified"],
)  # fmt: skip
def test_columns_that_say_when(column: str) -> None:
    """The names such columns have in English, Chinese and pinyin."""
    assert says_updated(column)


@pytest.mark.parametrize("column", ["创建时间", "created", "birthday", "last_name", "更新人"])
def test_columns_that_do_not(column: str) -> None:
    """A date of birth or creation says nothing of which record is newer."""
    assert not says_updated(column)


def test_rules() -> None:
    """Last days are the highest, first days the lowest; what changes is the most recent."""
    kinds = {"name": Kind.COMPANY_NAME, "phone": Kind.PHONE, "created": Kind.DATE,
             "last_order": Kind.DATE, "updated": Kind.DATE, "birth": Kind.DATE}  # fmt: skip
    assert {name: rule.rule for name, rule in proposed_rules(kinds).items()} == {
        "phone": "most_recent",
        "created": "lowest",
        "last_order": "highest",
        "updated": "highest",
    }
    assert proposed_rules({"phone": Kind.PHONE}) == {}


@pytest.mark.parametrize(("language", "reason"), [("en", "the newest is"), ("zh", "以最新者为准")])
def test_the_reason_is_a_comment(tmp_path: Path, language: str, reason: str) -> None:
    """guiyi.yaml sets `updated`, and says behind each rule why."""
    rows = "".join(f"{n},杭州第{n}茶叶有限公司,0571-8800123{n},2024-03-0{n}\n" for n in range(1, 8))
    (tmp_path / "a.csv").write_text(f"编号,公司名称,电话,更新时间\n{rows}", encoding="utf-8")
    files = propose([str(tmp_path / "a.csv")], tmp_path, language)  # type: ignore[arg-type]
    (tmp_path / "guiyi.yaml").write_text(files["guiyi.yaml"], encoding="utf-8")
    company = load_project(tmp_path).entities["company"]
    assert company.updated == "updated"
    assert {n: str(r.rule) for n, r in company.survivorship.items()} == {
        "phone": "most_recent",
        "updated": "highest",
    }
    assert yaml.safe_load(files["guiyi.yaml"])["entities"]["company"]["updated"] == "updated"
    (line,) = [x for x in files["guiyi.yaml"].splitlines() if "phone: most_recent" in x]
    assert reason in line
