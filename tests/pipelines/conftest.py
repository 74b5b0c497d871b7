"""A small project that runs in a moment, for tests of the flow."""

from collections.abc import Callable
from pathlib import Path

import pytest

SPEC = """\
project: small
sources:
  sheet:
    kind: delimited
    path: customers.csv
    tables:
      - entity: company
        key: 编号
        where: "状态 <> '作废'"
        columns: {name: 公司名称, phone: 电话, address: 地址, status: 状态}
  orders:
    kind: delimited
    path: orders.csv
    tables:
      - entity: order
        key: no
        columns: {number: no, amount: amount}
        refs: {company: {entity: company, source: sheet, table: customers, columns: customer}}
entities:
  company:
    fields: {name: company_name, phone: phone, address: address, status: code}
  order:
    fields: {number: key, amount: amount}
    match: {enabled: false}
codes: {status: codes/status.csv}
mapping:
  account:
    entity: company
    fields: {name: name, phone: phone, city: address.city, status: {field: status, codes: status}}
  order:
    entity: order
    fields: {number: number, amount: amount}
    relations: {account: company}
target: {url: "sqlite:///crm.db"}
load: {test_batch: 4, batch_size: 5}
schedule: [{cron: "* * * * *"}]
"""

CUSTOMERS = """\
编号,公司名称,电话,地址,状态
1,深圳市华腾科技有限公司,0755-26712345,广东省深圳市南山区科技路1号,正常
2,深圳华腾科技有限责任公司,0755-26712345,深圳市南山区科技路1号,正常
3,苏州新元机械股份有限公司,0512-65123456,江苏省苏州市吴中区吴中大道88号,正常
4,苏州新元機械股份有限公司,０５１２－６５１２３４５６,苏州吴中区吴中大道88号,正常
5,成都蓝海食品有限公司,028-85551234,四川省成都市武侯区天府大道200号,停用
6,武汉长青建材有限公司,027-87651234,湖北省武汉市洪山区珞喻路10号,正常
7,杭州西溪纺织有限公司,0571-88123456,浙江省杭州市西湖区文三路99号,正常
8,,0571-88120000,浙江省杭州市西湖区文一路3号,正常
9,南京金陵物流有限公司,025-84451234,江苏省南京市玄武区中山路5号,正常
10,测试,,,作废
11,天津渤海化工有限公司,022-23451234,天津市和平区南京路7号,正常
"""

ORDERS = """\
no,customer,amount
A1,1,100.50
A2,2,200
A3,3,50
A4,5,70.10
A5,8,10
"""

SUITE = """\
suite: companies
entity: company
on: records
expectations:
  - not_null: name
    reason: the customer has no name
"""


def write_small_project(folder: Path) -> Path:
    """Write the small project; companies 1 and 2, and 3 and 4, are the same, and 8 has no name."""
    files = {
        "guiyi.yaml": SPEC,
        "customers.csv": CUSTOMERS,
        "orders.csv": ORDERS,
        "suites/company.yaml": SUITE,
        "codes/status.csv": "code,value\n正常,active\n停用,inactive\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """The small project, for one test."""
    return write_small_project(tmp_path / "project")


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, for all the tests of a module."""
    return write_small_project(tmp_path_factory.mktemp("shared") / "project")


@pytest.fixture
def edit(small_project: Path) -> Callable[[str, str, str], None]:
    """Replace a piece of one of the project's files, which must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = small_project / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
