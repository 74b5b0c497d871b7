"""`guiyi survive preview`: what other rules would change, before they are applied."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from governance import open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables:
      - entity: company
        key: no
        columns: {name: name, phone: phone, city: city, seen: seen}
entities:
  company:
    fields: {name: company_name, phone: phone, city: region, seen: date}
    updated: seen
privacy: {mask: [phone]}
mapping:
  account: {entity: company, fields: {Name: name, Phone: phone}}
target: {url: "sqlite:///crm.db"}
"""
FIRMS = """\
no,name,phone,city,seen
1,苏州蓝天机械有限公司,0512-65001234,苏州,2020-05-06
2,苏州蓝天机械有限公司,0512-65001234,苏州,2021-05-06
3,苏州蓝天机械有限公司（已停用）,0512-65009999,苏州,2024-05-06
4,无锡长江贸易有限公司,0510-82001111,无锡,2020-05-06
"""
MERGED = ("sheet:firms/1", "sheet:firms/3")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("survival")
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "firms.csv").write_text(FIRMS, encoding="utf-8")
    run_project(folder)
    with open_ledger("sqlite:///.guiyi/ledger.db", folder) as ledger:
        ledger.decide("company", "must-link", *MERGED)
        ledger.decide("company", "must-link", "sheet:firms/1", "sheet:firms/2")
    run_project(folder)
    return folder


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIYI_LANG", "en")


def preview(project: Path, *arguments: str) -> Result:
    found = ["survive", "preview", str(project), "--entity", "company", *arguments]
    return CliRunner().invoke(cli, found)


def test_what_would_change(project: Path) -> None:
    """Each value that would differ is shown before and after, with why, and masked."""
    before = sorted(p.read_bytes() for p in (project / ".guiyi").rglob("*") if p.is_file())
    found = json.loads(preview(project, "--rule", "phone: most_recent", "--json").output)
    assert found["counts"] == {"phone": 1}
    (change,) = found["changes"]
    assert (change["field"], change["rule"], change["why"]) == ("phone", "most_recent", "later")
    assert change["before"] != change["after"]
    assert "65001234" not in change["before"]
    assert "65009999" not in change["after"]
    assert before == sorted(p.read_bytes() for p in (project / ".guiyi").rglob("*") if p.is_file())


def test_in_words(project: Path) -> None:
    """A person reads values, rule and reason, counts and how much was looked at."""
    shown = preview(project, "--rule", "phone: most_recent").output
    assert "most recent · its record was updated later" in shown
    assert "phone: 1 would change" in shown
    assert "1 values would change in 1 of 1 clusters of several records; 1 shown" in shown


def test_rules_of_a_file(project: Path, tmp_path: Path) -> None:
    """Rules may stand in a file, as they would in guiyi.yaml; --rule comes on top."""
    file = tmp_path / "rules.yaml"
    file.write_text("default: most_recent\nseen: lowest\n", encoding="utf-8")
    found = json.loads(preview(project, "--survivorship", str(file), "--json").output)
    assert found["counts"] == {"phone": 1, "seen": 1}
    found = json.loads(
        preview(
            project, "--survivorship", str(file), "--rule", "phone: most_frequent", "--json"
        ).output
    )
    assert found["counts"] == {"seen": 1}


def test_a_steward_stays_first(project: Path) -> None:
    """What a steward has chosen would not change under any rule."""
    with open_ledger("sqlite:///.guiyi/ledger.db", project) as ledger:
        number = ledger.decide(
            "company", "value", "sheet:firms/1", field="phone", value="0512-65001111"
        )
        found = preview(project, "--rule", "phone: most_recent", "--json")
        assert json.loads(found.output)["counts"] == {}
        ledger.revoke(number)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rule", "phon: longest"), "did you mean `phone`"),
        (("--rule", "phone: longst"), "did you mean `longest`"),
        (("--rule", "phone"), "holds no rule"),
        (("--rule", "[: {"), "holds no rule"),
        (("--rule", "phone: {rule: longest, when: citi = 'x'}"), "no column `citi`"),
        (("--rule", "phone: {rule: source_trust, trust: {shet: 1}}"), "did you mean `sheet`"),
        ((), "give --rule or --survivorship"),
    ],
)
def test_refusals(project: Path, arguments: tuple[str, ...], said: str) -> None:
    """A rule that cannot be is refused with what was meant."""
    found = preview(project, *arguments)
    assert said in f"{found.output}{found.exception}"
    assert found.exit_code != 0
