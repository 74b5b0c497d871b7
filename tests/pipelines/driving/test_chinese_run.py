"""A user of Chinese reads Chinese: on the terminal, in report.html and in what Prefect shows."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.cells import cell_len

from pipelines.driving.artifacts import as_markdown
from pipelines.driving.driver import run_project
from pipelines.driving.summary import print_outcome
from pipelines.progress import Console
from pipelines.stages import STAGES
from pipelines.stages.run import Options, RunOutcome

Edit = Callable[[str, str, str], None]

NAMES = {"Data Docs", "Great Expectations"}
"""Products, which keep their names."""
PLACES = re.compile(r"\S*[/\\]\S*|`[^`]*`|guiyi( [\w./-]+)+")
"""Paths, code and commands."""


class ReadText(HTMLParser):
    """What a page shows, its hints too; neither styles nor scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script"}
        self.pieces += [v for name, v in attrs if name in {"title", "aria-label"} and v]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def english(text: str) -> set[str]:
    """Words of English that stand beside each other: a sentence of ours, not an identifier."""
    sentence = r"\b[A-Za-z][a-z]+(?:[:,]? [a-z]{2,})+|\b(?:row|line) \d+"
    found = re.findall(sentence, PLACES.sub("", text))
    return set(found) - NAMES


@pytest.fixture
def ours(small_project: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project of a user of Chinese: a reason in Chinese, a damaged number in a merger."""
    monkeypatch.setenv("GUIYI_LANG", "zh")
    edit("customers.csv", "任公司,0755-26712345", "任公司,1.38E+10")
    edit("suites/company.yaml", "the customer has no name", "客户没有名称")
    return small_project


def shown(outcome: RunOutcome, capsys: pytest.CaptureFixture[str]) -> str:
    """All that a run has shown on the terminal."""
    print_outcome(outcome)
    said = capsys.readouterr()
    return said.out + said.err


def test_a_run_speaks_chinese(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No sentence of a run, its report or its artifacts is English."""
    outcome = run_project(ours, Options(), Console())
    terminal = shown(outcome, capsys)
    page = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert english(terminal) == set()
    assert english(as_markdown(outcome, "zh")) == set()
    assert {found for piece in ReadText(page).pieces for found in english(piece)} == set()


def test_every_stage_has_its_chinese_name(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A stage is named as `--until` takes it, and in Chinese; its numbers stand in columns."""
    terminal = shown(run_project(ours, Options(), Console()), capsys)
    named = re.findall(r"^\[\d+/\d+\] (\w+) ([\u4e00-\u9fff]+)", terminal, re.MULTILINE)
    assert [stage for stage, _ in named] == [stage.name for stage in STAGES]
    arrows = {cell_len(line.partition("→")[0]) for line in terminal.splitlines() if "→" in line}
    assert len(arrows) == 1


def test_a_refused_row_says_why_in_chinese(
    ours: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason a target gives is Chinese, though it was kept in a table."""
    engine = sa.create_engine(f"sqlite:///{ours / 'crm.db'}")
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE account (external_id VARCHAR(64) PRIMARY KEY, name VARCHAR(200),"
                " phone VARCHAR(40), city VARCHAR(2), status VARCHAR(20))"
            )
        )
    outcome = run_project(ours, Options(), Console())
    assert outcome.stopped is not None
    terminal = shown(outcome, capsys)
    assert english(terminal) == set()
    assert "city" in terminal
