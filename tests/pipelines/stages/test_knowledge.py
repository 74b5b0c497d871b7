"""What a project gets wrong is said before anything is read."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from guiyi import GuiyiError, load_project
from guiyi.records import IDENTITY
from pipelines.driving.driver import run_project
from pipelines.stages.knowledge import golden_columns, record_columns, refuse_mistakes
from pipelines.stages.run import Options


def test_the_columns_foretold_are_those_there_are(small_project: Path) -> None:
    """Records and golden records have the columns a spec is held against, and no others."""
    project = load_project(small_project)
    outcome = run_project(small_project, Options(dry_run=True, until="merge"))
    for entity in project.entities:
        clean = pl.read_parquet(outcome.folder / "clean" / f"{entity}.parquet")
        golden = pl.read_parquet(outcome.folder / "golden" / f"{entity}.parquet")
        assert set(clean.columns) == {*IDENTITY, *record_columns(project, entity)}
        assert set(golden.columns) == set(golden_columns(project, entity))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("guiyi.yaml", "address.city", "address.ctiy", "did you mean `address.city`"),
        ("guiyi.yaml", "city: address.city", "city: {expr: UPPER(adress.city)}", "city.expr"),
        ("guiyi.yaml", "city: address.city", "city: {expr: UPPER(}", "not an SQL expression"),
        ("guiyi.yaml", "relations: {", "where: amuont > '1'\n    relations: {",
         "mapping.order.where: no column `amuont`"),
        ("guiyi.yaml", "status: code}", "status: code}\n    survivorship: {phone: {rule: longest,"
         " when: \"statuz = 'x'\"}}", "survivorship.phone.when: no column `statuz`"),
        ("codes/status.csv", "code,value", "kode,value", "did you mean `kode`"),
        ("guiyi.yaml", "codes:", "aliases: gone.csv\ncodes:", "aliases: no such file"),
        ("suites/company.yaml", "not_null: name", "not_null: nmae", "did you mean `name`"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_before_a_source_is_read(
    small_project: Path,
    edit: Callable[[str, str, str], None],
    file: str,
    old: str,
    new: str,
    said: str,
) -> None:
    """Suites, code lists, aliases and mapping are checked by what the spec alone can tell."""
    edit(file, old, new)
    project = load_project(small_project)
    with pytest.raises(GuiyiError) as caught:
        refuse_mistakes(project, list(project.entities))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_project_without_mistakes_passes(small_project: Path) -> None:
    """Nothing is refused that can be done."""
    project = load_project(small_project)
    refuse_mistakes(project, list(project.entities))
