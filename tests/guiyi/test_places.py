"""A mistake in a spec is named by file, line and path."""

from pathlib import Path

import pytest

from guiyi.spec import SpecPlace

TEXT = """\
project: p
sources:
  sheet:
    tables:
      - entity: company
        columns: {name: 公司}
      - entity: order
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("project", 1),
        ("sources.sheet.tables.0", 5),
        ("sources.sheet.tables.0.columns.name", 6),
        ("sources.sheet.tables.1.entity", 7),
        ("sources.sheet.tables.1.where", 7),
        ("nothing.of.it", 1),
    ],
)
def test_a_place_knows_its_line(tmp_path: Path, path: str, line: int) -> None:
    """The line is that of the path, or of the nearest thing around it that is there."""
    file = tmp_path / "guiyi.yaml"
    file.write_text(TEXT, encoding="utf-8")
    said = str(SpecPlace(file, path).mistake("wrong", "mend it"))
    assert said == f"{file}:{line}: {path}: wrong — mend it"


def test_places_inside_a_place(tmp_path: Path) -> None:
    """Steps are added one by one; a file that is not there has no lines."""
    place = SpecPlace(tmp_path / "gone.yaml", "mapping.account").at("fields", "city")
    assert (
        str(place.mistake("wrong")) == f"{tmp_path}/gone.yaml: mapping.account.fields.city: wrong"
    )
