"""The project spec: what it refuses, and how well it says so."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from guiyi import SpecError, load_project
from guiyi.kinds import Kind
from guiyi.spec import FieldSpec, expand_secrets, json_schema, parse_yaml

GOOD = """\
project: demo
sources:
  sheet:
    kind: excel
    path: customers.xlsx
    tables:
      - entity: company
        key: 编号
        columns:
          name: 公司名称
          phone: [手机, 电话]
entities:
  company:
    fields:
      name: company_name
      phone: {kind: phone, match: false}
mapping:
  account:
    entity: company
    fields: {Name: name}
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "guiyi.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_shorthands(tmp_path: Path) -> None:
    """A column, a kind and a field may each be given alone."""
    project = load_project(write(tmp_path, GOOD))
    table = project.sources["sheet"].tables[0]
    assert table.key == ("编号",)
    assert table.columns == {"name": ("公司名称",), "phone": ("手机", "电话")}
    assert project.entities["company"].matched_kinds == {"name": "company_name"}
    assert project.mapping["account"].fields["Name"].field == "name"
    assert project.folder == tmp_path


def test_folder_is_enough(tmp_path: Path) -> None:
    """The folder of a project stands for its guiyi.yaml."""
    write(tmp_path, GOOD)
    assert load_project(tmp_path).project == "demo"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("columns:", "colums:", 9, "sources.sheet.tables.0.colums: unknown key"),
        ("kind: excel", "kind: exel", 4, "sources.sheet.kind"),
        (
            "entity: company\n        key",
            "entity: compny\n        key",
            7,
            "unknown entity `compny`",
        ),
        ("name: 公司名称", "nmae: 公司名称", 9, "unknown field `nmae`"),
        ("{Name: name}", "{Name: nme}", 20, "unknown field `nme`"),
        ("    path: customers.xlsx\n", "", 3, "sources.sheet.path: required, but not given"),
        ("project: demo\n", "", 1, "project: required, but not given"),
        (
            "  company:\n    fields:",
            "  company:\n    match: {roles: {nmae: shared}}\n    fields:",
            14,
            "unknown field `nmae`; did you mean `name`?",
        ),
        (
            "  company:\n    fields:",
            "  company:\n    match: {roles: {phone: shared}}\n    fields:",
            14,
            "`phone` is not compared (`match: false`), so it cannot have a role",
        ),
        (
            "  company:\n    fields:",
            "  company:\n    match: {incremental: true}\n    fields:",
            14,
            "take `incremental` out: every run compares only what has changed",
        ),
        ("project: demo", "project: demo\nproject: twice", 2, "given twice"),
        ("project: demo", "project: [demo", 2, "not YAML"),
    ],
)
def test_mistakes_name_their_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    """Each mistake is one line naming file, line and path."""
    assert old in GOOD
    file = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SpecError) as caught:
        load_project(file)
    message = str(caught.value)
    assert said in message
    assert f"guiyi.yaml:{line}" in message
    assert "\n" not in message


def test_a_typo_gets_a_suggestion(tmp_path: Path) -> None:
    """An unknown key close to a known one is answered with that."""
    file = write(tmp_path, GOOD.replace("columns:", "colums:"))
    with pytest.raises(SpecError, match="did you mean `columns`"):
        load_project(file)


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """A project that is not there is answered with how to make one."""
    with pytest.raises(SpecError, match="guiyi init"):
        load_project(tmp_path)


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret is filled in when set, and named when not; its value is never in the message."""
    monkeypatch.setenv("CRM_PASSWORD", "s3cret")
    assert expand_secrets("pg://u:${CRM_PASSWORD}@h/d", "target.url") == "pg://u:s3cret@h/d"
    with pytest.raises(SpecError, match="NOT_SET is not set"):
        expand_secrets("pg://u:${NOT_SET}@h/d", "target.url")


def test_json_schema_describes_every_key() -> None:
    """An editor can show a sentence for every key of the spec."""
    schema = json_schema()
    json.dumps(schema)
    for name, part in {"Project": schema, **schema["$defs"]}.items():
        for key, value in part.get("properties", {}).items():
            described = value.get("description") or "$ref" in value
            assert described, f"{name}.{key} has no docstring"


def test_on_and_off_are_words(tmp_path: Path) -> None:
    """`on`, `no` and the like need no quotes, as in YAML 1.2."""
    file = tmp_path / "words.yaml"
    file.write_text("on: no\nflag: true\n", encoding="utf-8")
    data, lines = parse_yaml(file)
    assert data == {"on": "no", "flag": True}
    assert lines[("on",)] == 1


def test_only_a_phone_has_a_country() -> None:
    """`country: NL` on a phone is where its national numbers lie; on anything else it is a slip."""
    assert FieldSpec(kind=Kind.PHONE, country="NL").country == "NL"
    for wrong in (
        {"kind": "code", "country": "NL"},
        {"kind": "phone", "country": "Holland"},
        {"kind": "phone", "country": "UK"},
    ):
        with pytest.raises(ValidationError):
            FieldSpec.model_validate(wrong)
