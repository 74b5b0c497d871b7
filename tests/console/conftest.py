"""A small project, run once, and its console: people of every role, signed in."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import make_app
from console.desk import Desk
from guiyi.spec import load_project
from pipelines.driving.driver import run_project

SPEC = """\
project: 客户治理
sources:
  erp:
    kind: delimited
    path: erp.csv
    tables:
      - {table: erp, entity: company, key: no,
         columns: {name: name, phone: phone, address: address, owner: owner}}
  fair:
    kind: delimited
    path: fair.csv
    tables:
      - {table: fair, entity: company, key: no,
         columns: {name: name, phone: phone, address: address, owner: owner}}
  people:
    kind: delimited
    path: people.csv
    tables:
      - table: people
        entity: person
        key: no
        columns: {name: name, mobile: mobile}
        refs: {firm: {source: erp, table: erp, entity: company, columns: [firm]}}
entities:
  company:
    fields: {name: company_name, phone: {kind: phone, country: CN}, address: address, owner: text}
    owner: [owner]
    match: {match_at: 0.999999, review_at: 0.2}
  person:
    fields: {name: person_name, mobile: {kind: phone, country: CN}}
suites: [rules.yaml]
mapping:
  account: {entity: company, fields: {name: name, phone: phone}}
gate: {max_missing: 1.0, max_quarantined: 1}
"""
RULES = """\
suite: companies
entity: company
on: records
expectations:
  - not_null: name
    reason: the firm has no name
  - valid: phone
    reason: the telephone number is wrong
"""
BRANDS = (
    "宏达", "金牛", "紫金", "华信", "东方", "恒通", "天元", "博远", "正泰", "海纳", "新宇", "瑞丰",
)  # fmt: skip
TRADES = ("机械", "贸易", "化工", "软件", "电子")
CITIES = ("南京", "杭州", "宁波", "合肥", "济南")
STRANGE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>有限公司"
"""What somebody could write into a form of ours, or of a source."""
ROLES = ("steward", "manager", "sales", "auditor", "analyst")
TYPED = "02588886666"
"""What somebody types in the CRM (`edited_project`)."""
PASSWORD = "correct horse battery"


def _write_sources(folder: Path) -> None:
    erp, fair, people = ["no,name,phone,address,owner"], ["no,name,phone,address,owner"], []
    number = 0
    for city in CITIES:
        for brand in BRANDS:
            trade = TRADES[number % len(TRADES)]
            name, phone = f"{city}{brand}{trade}有限公司", f"138{number + 1:04d}{number * 7:04d}"
            place = f"{city}市人民路{number + 1}号"
            erp.append(f"A{number},{name},{phone},{place},王伟")
            if number % 3 == 0:  # alike, by its name alone: a person must say
                fair.append(f"F{number},{city}{brand}{trade}公司,,{city}市中山路{number + 2}号,")
            people.append(f"P{number},王{brand[0]},139{number:04d}{number * 3:04d},A{number}")
            number += 1
    quoted = STRANGE.replace('"', '""')
    erp += [f'A900,"{quoted}",13800009000,南京市北京路1号,王伟', "A901,,13800009001,,李娜"]
    erp.append("A902,上海无号贸易有限公司,12,上海市南京路2号,李娜")
    write = (("erp", erp), ("fair", fair), ("people", ["no,name,mobile,firm", *people]))
    for table, lines in write:
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def run_project_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("console") / "project"
    folder.mkdir()
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    _write_sources(folder)
    run_project(folder)
    return folder


@pytest.fixture(scope="session")
def edited_project(run_project_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A telephone was changed in the CRM, a source has lost a record, and the project ran again."""
    folder = tmp_path_factory.mktemp("edited") / "project"
    shutil.copytree(run_project_once, folder)
    with sqlite3.connect(folder / "crm.db") as crm:
        change = "update account set phone = ? where name = '南京宏达机械有限公司'"
        done = crm.execute(change, (TYPED,))
        assert done.rowcount == 1
        gone = crm.execute("delete from account where name like '杭州宏达%有限公司'")
        assert gone.rowcount == 1
    lines = (folder / "fair.csv").read_text(encoding="utf-8").splitlines()
    (folder / "fair.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    run_project(folder)
    return folder


@pytest.fixture
def project(run_project_once: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(run_project_once, folder)
    return folder


@pytest.fixture
def desk(project: Path) -> Iterator[Desk]:
    opened = Desk(load_project(project))
    for role in ROLES:
        opened.persons.add(role, role)
    opened.persons.add("admin", "auditor", administers=True)
    yield opened
    opened.close()


Browser = Callable[[str], TestClient]


@pytest.fixture
def browser(desk: Desk) -> Iterator[Browser]:
    """A browser in which somebody is signed in; `""` for one in which nobody is."""
    app = make_app(desk, ("testserver",))

    def opened(name: str) -> TestClient:
        client = TestClient(app, follow_redirects=False, headers={"accept-language": "en"})
        if name:
            answer = client.post("/sign-in/link", data={"link": desk.persons.link(name)})
            assert answer.status_code == 303
        return client

    return opened


def csrf_of(client: TestClient, path: str = "/me") -> str:
    """The token that forms of this session must bring."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]
