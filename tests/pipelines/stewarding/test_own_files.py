"""The files that belong to a project."""

from pathlib import Path

from guiyi.spec import load_project
from pipelines.stewarding.own_files import own_files

SPEC = """\
project: files
sources: {list: {kind: delimited, path: list.csv, tables: [{table: list, entity: person,
  columns: {name: name}}]}}
entities: {person: {fields: {name: person_name}}}
mapping: {contact: {entity: person, fields: {name: name}}}
target: {url: "sqlite:///crm.db"}
"""


def test_pinned_models_are_a_projects_own(tmp_path: Path) -> None:
    """A backup has them, so that a restored project scores as it did; sources stay outside."""
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "list.csv").write_text("name\nAnna Quist\n", encoding="utf-8")
    pinned = tmp_path / ".guiyi" / "models" / "person.parquet"
    pinned.parent.mkdir(parents=True)
    pinned.write_bytes(b"model")
    inside, outside = own_files(load_project(tmp_path))
    assert set(inside) == {"guiyi.yaml", ".guiyi/models/person.parquet"}
    assert outside == []
