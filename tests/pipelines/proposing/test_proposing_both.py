"""Rows that name a person and a company become both, related, in a project that runs."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pipelines.cli.main import cli
from pipelines.proposing import propose

FIRMS = [
    f"{city}{brand}{trade}有限公司"
    for city, brand, trade in (
        ("深圳", "华腾", "科技"), ("苏州", "瑞丰", "机械"), ("成都", "蓝海", "食品"),
        ("武汉", "长青", "建材"), ("杭州", "西溪", "纺织"), ("南京", "金陵", "物流"),
    )
]  # fmt: skip
PEOPLE = [
    surname + given
    for given in ("伟", "秀英", "建国", "敏", "丽华", "磊")
    for surname in "王李张刘陈杨赵黄周吴"
]


def contacts() -> str:
    """Sixty contacts of six companies, some of no company; their address is often left out."""
    lines = ["姓名,公司,职务,手机,邮箱,公司电话,地址"]
    for n, name in enumerate(PEOPLE):
        firm = FIRMS[n % 6] if n % 15 else ""
        address = f"人民路{n % 6 + 1}号" if n % 2 else ""
        reached = f"1380{n * 7919 % 10**7:07d},u{n}@f{n % 6}.cn,0755-2671234{n % 6}"
        lines.append(f"{name},{firm},工程师,{reached},{address}")
    return "\n".join(lines) + "\n"


def customers() -> str:
    """Six customers, the first of them twice, with a contact in nearly each row."""
    lines = ["客户名称,联系人,联系人手机,电话,地址,行业"]
    for n, firm in enumerate([*FIRMS, FIRMS[0]]):
        contact = PEOPLE[n % 6] if n != 3 else ""
        phones = f"1390000111{n % 6},0755-2671234{n % 6}"
        lines.append(f"{firm},{contact},{phones},广东省深圳市南山区科技路{n % 6 + 1}号,制造业")
    return "\n".join(lines) + "\n"


def project(folder: Path, text: str) -> dict[str, Any]:
    """Propose a project for a file of this text, in a folder of its own."""
    file = folder / "kehu.csv"
    file.write_text(text, encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(propose([str(file)], folder / "crm")["guiyi.yaml"])
    return found


def test_contacts_become_companies_and_persons(tmp_path: Path) -> None:
    """A company is known by its name and stands once; the person keeps what is personal."""
    spec = project(tmp_path, contacts())
    company, person = spec["sources"]["kehu"]["tables"]
    assert (company["entity"], company["key"], company["repeats"]) == (
        "company",
        "公司",
        "together",
    )
    assert company["where"] == '"公司" IS NOT NULL'
    assert company["columns"] == {"name": "公司", "phone": "公司电话", "address": "地址"}
    assert person["refs"] == {"company": {"entity": "company"}}
    assert {"手机", "邮箱", "职务", "公司", "姓名", "地址"} == set(person["columns"].values())
    assert spec["entities"]["person"]["match"] == {"entity": "person"}
    assert spec["entities"]["company"]["match"] == {"entity": "company"}
    assert spec["mapping"]["contact"]["relations"] == {"account_id": "company"}


def test_customers_with_a_contact_become_both_row_by_row(tmp_path: Path) -> None:
    """Each row is a company, to be matched; what is told of the contact is the contact's."""
    spec = project(tmp_path, customers())
    company, person = spec["sources"]["kehu"]["tables"]
    assert "repeats" not in company
    assert "key" not in company
    assert company["columns"]["name"] == "客户名称"
    assert company["columns"]["phone"] == "电话"
    assert "联系人手机" not in company["columns"].values()
    assert "联系人手机" in person["columns"]["phone"]
    assert person["columns"]["company_name"] == "客户名称"
    assert person["where"] == '"联系人" IS NOT NULL'


def test_the_head_of_the_spec_says_what_a_row_is(tmp_path: Path) -> None:
    """So that who reads it through can have it otherwise."""
    file = tmp_path / "kehu.csv"
    file.write_text(contacts(), encoding="utf-8")
    head = propose([str(file)], tmp_path)["guiyi.yaml"].partition("project:")[0]
    assert "#   kehu: Each row is taken for a person: " in head


def test_the_head_of_the_spec_speaks_chinese(tmp_path: Path) -> None:
    """Comments are for people: in their language, to the last word."""
    file = tmp_path / "kehu.csv"
    file.write_text(contacts(), encoding="utf-8")
    (tmp_path / "codes.csv").write_text("code,value\nA,1\nB,2\n", encoding="utf-8")
    places = [str(file), str(tmp_path / "codes.csv")]
    head = propose(places, tmp_path, "zh")["guiyi.yaml"].partition("project:")[0]
    assert "#   kehu：每行视为一个人：" in head
    assert "#   codes.codes：未列入" in head
    assert not re.search("[a-z]{2,} [a-z]{2,}", head.replace("guiyi init", "").replace(".yaml", ""))


def test_our_own_salesmen_are_no_contacts(tmp_path: Path) -> None:
    """A column 业务员 makes no second entity."""
    lines = [f"{firm},{PEOPLE[n % 2]},0755-2671234{n}" for n, firm in enumerate(FIRMS)]
    spec = project(tmp_path, "\n".join(["客户名称,业务员,电话", *lines]) + "\n")
    assert list(spec["entities"]) == ["company"]
    assert "业务员" in spec["sources"]["kehu"]["tables"][0]["columns"].values()


def test_a_companys_number_is_its_key(tmp_path: Path) -> None:
    """A list of contacts that numbers its companies keeps the number."""
    lines = [f"{name},{FIRMS[n % 6]},C{n % 6:03d},1380000{n:04d}" for n, name in enumerate(PEOPLE)]
    spec = project(tmp_path, "\n".join(["姓名,公司,客户编号,手机", *lines]) + "\n")
    assert spec["sources"]["kehu"]["tables"][0]["key"] == "客户编号"


@pytest.mark.parametrize("header", ["公司编号", "company no", "客户ID"])
def test_a_company_named_under_a_header_of_numbers_is_known_by_its_name(
    tmp_path: Path, header: str
) -> None:
    """A column 公司编号 that holds names is the company's name, and is not held against itself."""
    spec = project(tmp_path, contacts().replace("公司,", f"{header},", 1))
    company, person = spec["sources"]["kehu"]["tables"]
    assert (company["key"], company["columns"]["name"]) == (header, header)
    assert person["columns"]["company_name"] == header


@pytest.mark.parametrize(("text", "accounts"), [(contacts(), 6), (customers(), 6)])
def test_a_proposed_project_runs_and_runs_again_unchanged(
    tmp_path: Path, text: str, accounts: int
) -> None:
    """init → run → run: accounts and contacts are loaded, related, and nothing changes."""
    file, folder = tmp_path / "kehu.csv", tmp_path / "crm"
    file.write_text(text, encoding="utf-8")
    assert _guiyi("init", folder, "--from", file).exit_code == 0
    first = json.loads(_guiyi("run", folder, "--json", "--quiet").stdout)
    assert first["load"]["account"]["created"] == accounts
    assert first["load"]["contact"]["created"] > 0
    again = json.loads(_guiyi("run", folder, "--json", "--quiet").stdout)
    for entity in ("account", "contact"):
        counts = again["load"][entity]
        assert (counts["created"], counts["updated"]) == (0, 0)
        assert counts["unchanged"] == first["load"][entity]["created"]
    with sqlite3.connect(folder / "crm.db") as crm:
        names = dict(crm.execute("SELECT external_id, name FROM account"))
        held = crm.execute("SELECT company_name, account_id FROM contact").fetchall()
    assert all((own is None) == (account is None) for own, account in held)
    assert all(names[account] == own for own, account in held if own is not None)


def _guiyi(*arguments: object) -> Any:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
