"""The notebook an analyst opens on a finished run."""

import importlib.util
import json
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
TEXT = ROOT / "notebooks" / "dedup_review.py"
NOTEBOOK = TEXT.with_suffix(".ipynb")


def build_run(folder: Path) -> Path:
    """The finished run that the report's tests use."""
    file = ROOT / "tests" / "pipelines" / "report" / "run_folder.py"
    spec = importlib.util.spec_from_file_location("run_folder", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_folder"] = module
    spec.loader.exec_module(module)
    folder.mkdir(parents=True)
    built: Path = module.build_run(folder)
    return built


def test_in_sync() -> None:
    """The .ipynb is the .py converted, cell by cell, with no outputs kept."""
    text = jupytext.read(TEXT)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    written = [(cell.cell_type, cell.source) for cell in text.cells]
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == written, (
        "run: jupytext --to ipynb notebooks/dedup_review.py"
    )
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.slow
def test_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a finished run every cell executes, charts are drawn and no masked value is shown."""
    build_run(tmp_path / ".guiyi" / "runs" / "20261122-080000-7f3a")
    monkeypatch.setenv("GUIYI_PROJECT", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(ROOT)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    charts = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(charts) == 5
    told = json.dumps(outputs, ensure_ascii=False)
    assert "are one entity: probability" in told
    assert "Before anything is compared" in told
    assert "@" in told
    assert "info@" not in told


def test_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a finished run the notebook says what to do."""
    monkeypatch.setenv("GUIYI_PROJECT", str(tmp_path))
    cells = [cell.source for cell in jupytext.read(TEXT).cells if cell.cell_type == "code"]
    with pytest.raises(FileNotFoundError, match="guiyi run"):
        exec("\n\n".join(cells), {})
