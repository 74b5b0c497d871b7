"""What rows are taken for stands first in what a command says, and can be asked for otherwise."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dedup import Index
from guiyi.errors import SpecError
from pipelines.cli.main import cli

HEAD = "姓名,公司,职务,手机"
NAMES = ("王伟", "李秀英", "张建国", "刘敏", "陈丽华", "杨磊", "赵强", "黄静")
FIRMS = ("深圳市华腾科技有限公司", "苏州瑞丰机械有限公司")
ROWS = [f"{name},{FIRMS[n % 2]},工程师,1380013{n:04d}" for n, name in enumerate(NAMES)]
TAKEN = "Each row is taken for a person: "


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    """Colleagues at two companies."""
    file = tmp_path / "contacts.csv"
    file.write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")
    return file


def run(*arguments: object) -> Result:
    """Run a command in this process; its progress is not looked at."""
    return CliRunner().invoke(cli, [*map(str, arguments), "--quiet"], catch_exceptions=False)


def test_the_first_line_says_what_a_row_is(contacts: Path, tmp_path: Path) -> None:
    """With the reason, and how to have it otherwise; so do report and model."""
    out = tmp_path / "out"
    first = run("dedupe", contacts, "--out", out).output.splitlines()[0]
    assert first.startswith(f"{TAKEN}4.0 different persons per company; ")
    assert first.endswith(" (--entity company takes it for the other)")
    assert TAKEN in (out / "report.html").read_text(encoding="utf-8")
    model = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert model["subject"]["entity"] == "person"
    assert model["explanation"][0].startswith(TAKEN)


def test_the_first_line_is_chinese_for_who_reads_chinese(
    contacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every word of it, in the report too."""
    monkeypatch.setenv("GUIYI_LANG", "zh")
    out = tmp_path / "out"
    first = run("dedupe", contacts, "--out", out).output.splitlines()[0]
    told = "每行视为一个人：每家公司平均有 4.0 个不同的人；"
    assert first.startswith(told)
    assert first.endswith("（如不对，请加 --entity company）")
    assert told in (out / "report.html").read_text(encoding="utf-8")


def test_what_is_asked_for_is_taken(contacts: Path, tmp_path: Path) -> None:
    """By --entity, which comes before the spec, or by the spec."""
    out, spec = tmp_path / "out", tmp_path / "entity.yaml"
    told = run("dedupe", contacts, "--out", out, "--entity", "company", "--json").stdout
    assert json.loads(told)["subject"] == {"entity": "company", "why": "as asked", "both": True}
    spec.write_text(
        "fields: {姓名: person_name, 公司: company_name}\nmatch: {entity: company}\n", "utf-8"
    )
    by_spec = run("dedupe", contacts, "--out", out, "--spec", spec).output
    assert by_spec.startswith("Each row is taken for a company: as asked.")
    both = run("dedupe", contacts, "--out", out, "--spec", spec, "--entity", "person").output
    assert both.startswith(f"{TAKEN}as asked.")


def test_links_say_it_too(contacts: Path, tmp_path: Path) -> None:
    """Of two tables, looked at as one."""
    out = tmp_path / "out"
    assert run("link", contacts, contacts, "--out", out).output.startswith(TAKEN)
    told = run("link", contacts, contacts, "--out", out, "--entity", "company", "--json").stdout
    assert json.loads(told)["subject"]["entity"] == "company"


def test_an_index_is_of_what_was_asked_for(contacts: Path, tmp_path: Path) -> None:
    """A look-up takes --entity as a dedup does, and its model keeps it."""
    index = tmp_path / "index"
    run("lookup", contacts, "--save", index, "--entity", "company")
    assert Index.open(index).model["subject"]["entity"] == "company"


def test_labels_of_a_file_are_of_persons_or_companies(contacts: Path, tmp_path: Path) -> None:
    """Another name is an entity of a project, and a file has none."""
    with pytest.raises(SpecError, match="no entity `firma`"):
        run("label", contacts, "--entity", "firma", "--out", tmp_path / "labels.csv")
