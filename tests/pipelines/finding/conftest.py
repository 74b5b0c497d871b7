"""A project of firms and their contacts, run once; each test gets a copy of its own."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: reporting
sources:
  erp:
    kind: delimited
    path: erp.csv
    tables:
      - {table: erp, entity: company, key: no,
         columns: {name: name, phone: phone, address: address, uscc: uscc}}
  fair:
    kind: delimited
    path: fair.csv
    tables:
      - {table: fair, entity: company, key: no,
         columns: {name: name, phone: phone, address: address, uscc: uscc}}
  people:
    kind: delimited
    path: people.csv
    tables:
      - {table: people, entity: person, key: no,
         columns: {name: name, mobile: mobile, firm: firm, email: email}}
entities:
  company:
    fields: {name: company_name, phone: {kind: phone, country: CN}, address: address, uscc: uscc}
    protection: {days: 30}
  person:
    fields:
      {name: person_name, mobile: {kind: phone, country: CN}, firm: company_name, email: email}
gate: {max_missing: 1.0}
"""
OWN = """\
E1,苏州蓝天机械有限公司,0512-65001234,江苏省苏州市吴中区木渎镇金山路18号,
E2,苏州蓝天机械有限公司昆山分公司,0512-57001111,江苏省苏州市昆山市前进中路200号,
E3,苏州蓝海机械有限公司,0512-65887766,江苏省苏州市相城区元和街道嘉元路99号,
E4,无锡長江貿易有限公司,0510-82001111,江苏省无锡市梁溪区中山路1号,
"""
OWN_FAIR = """\
F1,苏州蓝天机械有限责任公司,13861237742,苏州吴中区金山路18号,
"""
CITIES = ("南京", "杭州", "宁波", "合肥", "济南", "青岛", "武汉", "长沙", "成都", "西安")
BRANDS = (
    "宏达", "金牛", "紫金", "华信", "東方", "恒通", "天元", "博远", "正泰", "海纳", "新宇", "瑞丰",
    "永盛", "嘉禾", "中汇",
)  # fmt: skip
TRADES = ("机械", "贸易", "化工", "软件", "电子", "食品", "物流", "建材")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def firms(number: int, seed: int = 7) -> list[tuple[str, str, str]]:
    """Name, phone and address of firms, every name another."""
    draw = random.Random(seed)
    names = [f"{c}{b}{t}有限公司" for c in CITIES for b in BRANDS for t in TRADES]
    return [
        (
            name,
            f"1{draw.choice('35789')}{draw.randrange(10**9):09d}",
            f"{name[:2]}市人民路{draw.randrange(1, 999)}号",
        )
        for name in draw.sample(names, number)
    ]


def write_sources(folder: Path) -> None:
    """Write what the project reads: a third of the firms is in both sources."""
    head = "no,name,phone,address,uscc\n"
    made = firms(300)
    erp = [f"A{n},{name},{phone},{place}," for n, (name, phone, place) in enumerate(made)]
    fair = [f"B{n},{name},{phone},," for n, (name, phone, _) in enumerate(made[:100])]
    (folder / "erp.csv").write_text(head + OWN + "\n".join(erp) + "\n", encoding="utf-8")
    (folder / "fair.csv").write_text(head + OWN_FAIR + "\n".join(fair) + "\n", encoding="utf-8")
    draw = random.Random(5)
    people = [
        f"P{n},{draw.choice(SURNAMES)}{draw.choice(GIVEN)}{draw.choice(GIVEN)},"
        f"1{draw.choice('35789')}{draw.randrange(10**9):09d},{made[n][0]},p{n}@firm{n}.example"
        for n in range(200)
    ]
    own = "Q1,王小明,13861237742,苏州蓝天机械有限公司,xm.wang@lantian.example"
    text = "\n".join(["no,name,mobile,firm,email", own, *people])
    (folder / "people.csv").write_text(text + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reporting")
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    write_sources(folder)
    assert run_project(folder).exit_code == 0
    return folder


@pytest.fixture
def project(run_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    return Path(shutil.copytree(run_once, tmp_path / "project"))


@pytest.fixture
def guiyi() -> Callable[..., Result]:
    def call(*words: object) -> Result:
        return CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)

    return call
