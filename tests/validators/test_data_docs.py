"""Data Docs: pages that open offline and give nothing away."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from guiyi.spec import GateSpec
from validators import GateCounts, Suite, SuiteResult, judge, validate_all, write_data_docs
from validators.sentences import Language

TABLE = pl.DataFrame(
    {"record_id": [str(n) for n in range(60)], "name": ["S3CRET"] * 60, "<b>": [None] * 60}
)


class Page(HTMLParser):
    """What a page links to, loads and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "srcset", "data", "action"):
                (self.links if tag == "a" else self.loaded).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def results(suite_of: Callable[..., Suite]) -> list[SuiteResult]:
    suites = [
        suite_of("- unique: name\n- not_null: <b>\n- not_null: tax\n- rows: {max: 1}", "客户"),
        suite_of("- not_null: name", "../escape"),
    ]
    return validate_all(TABLE, suites, ["record_id"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_load_nothing_from_anywhere(
    results: list[SuiteResult], tmp_path: Path, language: Language
) -> None:
    """No style, script, font or picture is fetched; links lead to pages that are there."""
    gate = judge(results, GateCounts(), GateSpec(), language)
    index = write_data_docs(results, tmp_path / "docs", language, gate)
    pages = sorted(index.parent.glob("*.html"))
    assert len(pages) == 3
    for page in pages:
        text = page.read_text(encoding="utf-8")
        parsed = Page(text)
        assert "http://" not in text
        assert "https://" not in text
        assert "url(" not in text
        assert "@import" not in text
        assert parsed.loaded == []
        assert all((index.parent / link).is_file() for link in parsed.links)
    assert len(Page(index.read_text(encoding="utf-8")).links) == 2


def test_pages_say_what_failed_and_name_the_rows(
    results: list[SuiteResult], tmp_path: Path
) -> None:
    """The suite's page has each rule, its finding, and the keys of the first failing rows."""
    write_data_docs(results, tmp_path, "en")
    page = Page((tmp_path / "01-suite.html").read_text(encoding="utf-8"))
    for sentence in (
        "name is different in every row",
        "60 of 60 rows fail",
        "there is no column tax",
        "and 40 more",
        "found 60",
        "客户",
    ):
        assert sentence in page.text


def test_pages_show_no_value_and_run_no_markup_of_the_data(
    results: list[SuiteResult], tmp_path: Path
) -> None:
    """A customer's value is nowhere in the folder, and a column's name is text, not markup."""
    write_data_docs(results, tmp_path, "en")
    files = [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]
    assert not any("S3CRET" in text for text in files)
    page = Page((tmp_path / "01-suite.html").read_text(encoding="utf-8"))
    assert "<b> is given" in page.text
    assert json.loads((tmp_path / "checkpoint.json").read_text())[0]["suite"] == "客户"


def test_no_suites_is_a_page_too(tmp_path: Path) -> None:
    """A project without suites still has a page that says so."""
    index = write_data_docs([], tmp_path, "en")
    assert "No suite was run." in Page(index.read_text(encoding="utf-8")).text
