"""Each stage declares the tables it reads and writes, and the order of stages follows from that."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from governance.run_folder import TABLES, RunFolder, RunTable
from guiyi.spec import load_project
from pipelines.demo import make_demo
from pipelines.driving.driver import opened, perform
from pipelines.stages import STAGES
from pipelines.stages.run import Run


class Watched(RunFolder):
    """A run folder that remembers which tables were asked for and written."""

    asked: set[RunTable]
    written: set[RunTable]

    def begin(self) -> None:
        object.__setattr__(self, "asked", set())
        object.__setattr__(self, "written", set())

    def file(self, table: RunTable, of: str = "") -> Path:
        self.asked.add(table)
        return super().file(table, of)

    def write(
        self,
        table: RunTable,
        rows: pl.DataFrame | pl.LazyFrame,
        of: str = "",
        about: Mapping[str, str] | None = None,
    ) -> None:
        self.written.add(table)
        super().write(table, rows, of, about)


@pytest.mark.slow
def test_stages_read_and_write_what_they_declare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a run of the demo no stage touches another table, and every declared one is touched."""
    make_demo(tmp_path, seed=11, scale=0.25)
    monkeypatch.setattr("pipelines.stages.run.FEW_ROWS", -1)  # nothing is answered from memory
    run = Run(load_project(tmp_path))
    folder = run.__dict__["tables"] = Watched(run.folder)
    read, written = defaultdict(set), defaultdict(set)
    with opened(run):
        for number, stage in enumerate(STAGES, start=1):
            folder.begin()
            assert perform(run, stage, number)
            read[stage.name], written[stage.name] = folder.asked, folder.written
        folder.begin()
    own = {stage.name: set(stage.writes) for stage in STAGES}
    for stage in STAGES:
        assert written[stage.name] <= own[stage.name], stage.name
        assert read[stage.name] <= set(stage.reads) | own[stage.name], stage.name
        assert set(stage.reads) <= read[stage.name], stage.name


def test_the_order_of_stages_follows_from_what_they_read() -> None:
    """Whatever a stage reads was written by one before it, and every table is written by one."""
    ready: set[RunTable] = set()
    for stage in STAGES:
        assert set(stage.reads) <= ready, stage.name
        ready |= set(stage.writes)
    assert ready == set(TABLES)
