"""A project whose CRM is fed by files: loaded, edited by a person, loaded again, rolled back."""

from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from governance import open_ledger
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import roll_back
from tests.pipelines.conftest import write_small_project

pytestmark = pytest.mark.slow


def _project(folder: Path, form: str) -> Path:
    project = write_small_project(folder / "project")
    spec = project / "guiyi.yaml"
    url, files = 'target: {url: "sqlite:///crm.db"}', f"target: {{kind: files, format: {form}}}"
    text = spec.read_text("utf-8")
    assert url in text
    spec.write_text(text.replace(url, files), "utf-8")
    return project


def _names(project: Path, form: str) -> set[str]:
    file = project / "handover" / f"account.{form}"
    if form == "csv":
        return set(pl.read_csv(file, infer_schema=False)["name"])
    rows = [*load_workbook(file).worksheets[0].values]
    return {row[rows[0].index("name")] for row in rows[1:]}


def _edit(project: Path, form: str, was: str, now: str) -> None:
    file = project / "handover" / f"account.{form}"
    if form == "csv":
        file.write_text(file.read_text("utf-8-sig").replace(was, now), "utf-8-sig")
        return
    book = load_workbook(file)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = now if cell.value == was else cell.value
    book.save(file)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_files_are_loaded_like_any_crm(form: str, tmp_path: Path) -> None:
    project = _project(tmp_path, form)
    first = run_project(project)
    assert first.exit_code == 0, first.notes
    assert first.load["account"]["created"] == 7
    assert len(_names(project, form)) == 7
    _edit(project, form, "成都蓝海食品有限公司", "成都蓝海食品（销售改）")
    customers = project / "customers.csv"
    customers.write_text(
        customers.read_text("utf-8").replace("武汉长青建材有限公司", "武汉常青建材有限公司"),
        "utf-8",
    )
    second = run_project(project)
    assert (second.exit_code, second.load["account"]["updated"]) == (0, 1)
    assert {"成都蓝海食品（销售改）", "武汉常青建材有限公司"} <= _names(project, form)
    with open_ledger(folder=project) as ledger:
        batches = ledger.batches(second.run_id)["batch_id"].to_list()
    for batch in reversed(batches):
        roll_back(project, batch)
    assert {"成都蓝海食品（销售改）", "武汉长青建材有限公司"} <= _names(project, form)
