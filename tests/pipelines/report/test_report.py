"""The run's report."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from guiyi.errors import SourceError
from pipelines.report import write_report

SECTIONS = {
    "laws", "journey", "cleaning", "overlap", "weights", "merges", "pairs", "held", "gaps", "load",
    "stages",
}  # fmt: skip


class Page(HTMLParser):
    """What a reader finds on a page: its sections, its text, and what it loads from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sections: set[str] = set()
        self.text = ""
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "section":
            self.sections.add(named["id"] or "")
        if tag in {"script", "link", "img", "iframe", "object"}:
            self.loads.append(tag)
        if tag not in {"meta", "br", "circle", "rect", "line"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"circle", "rect", "line"}:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def report(folder: Path, language: str = "en") -> Page:
    out = folder / "report.html"
    write_report(folder, out, language)
    return Page(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_whole(finished: Path, language: str) -> None:
    """A finished run has every section, in well-formed HTML that loads nothing from elsewhere."""
    page = report(finished, language)
    assert page.sections == SECTIONS
    assert page.open == []
    assert page.loads == []
    html = (finished / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://", html)
    assert "url(" not in html


def test_languages(finished: Path) -> None:
    """The same report speaks Chinese or English, and only that."""
    chinese, english = report(finished, "zh").text, report(finished, "en").text
    assert "一行不丢" in chinese
    assert "Nothing was lost" not in chinese
    assert "Nothing was lost" in english
    assert "守恒" not in english


def test_personal_values_are_masked(finished: Path) -> None:
    """No phone or mail of any record stands in the report in full."""
    write_report(finished, finished / "report.html", "en")
    text = (finished / "report.html").read_text(encoding="utf-8")
    values = [
        value
        for entity in ("company", "person")
        for field in ("phone", "email")
        for value in pl.read_parquet(finished / f"clean/{entity}.parquet")[field].drop_nulls()
    ]
    assert not [value for value in values if value in text]
    assert "w***@example.com" in text, "mail contacts are keyed by their address"
    assert not re.search(r"wang\.\d+@", text)
    assert re.search(r"\+861\d\d\*{4}\d{4}", text)


def test_laws(run_folder: Path) -> None:
    """Both sides of each law are shown, and a broken law says how much is unaccounted for."""
    assert "✗" not in report(run_folder).text
    manifest = json.loads((run_folder / "manifest.json").read_text("utf-8"))
    manifest["laws"][0] |= {"total": manifest["laws"][0]["total"] + 3, "holds": False}
    (run_folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    text = report(run_folder).text
    assert "✗" in text
    assert "3 unaccounted for" in text


@pytest.mark.parametrize(
    ("gone", "sections"),
    [
        ("load", set()),
        ("pairs", {"weights", "pairs"}),
        ("clusters", {"overlap", "merges"}),
        ("golden", {"merges"}),
        ("clean", {"cleaning", "merges", "pairs"}),
        ("provenance", set()),
        ("scope", set()),
        ("models", set()),
        ("quarantine.parquet", set()),
        ("unmapped_codes.parquet", {"gaps"}),
    ],
)
def test_stages_that_did_not_run(run_folder: Path, gone: str, sections: set[str]) -> None:
    """What a run did not get to is left out, and everything else is shown."""
    path = run_folder / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert report(run_folder).sections == SECTIONS - sections


def test_nothing_but_a_manifest(tmp_path: Path) -> None:
    """A run that stopped at once still has a report that says why."""
    manifest = {"run_id": "r", "project": "p", "stopped": "no such file", "dry_run": True}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    page = report(tmp_path)
    assert "Stopped: no such file" in page.text
    assert page.sections == set()


def test_not_a_run(tmp_path: Path) -> None:
    """A folder that is no run's is an error that says so."""
    with pytest.raises(SourceError, match="not a run folder"):
        report(tmp_path)


def test_dry_run(run_folder: Path) -> None:
    """A dry run shows what a load would do, from the difference to the target."""
    manifest = json.loads((run_folder / "manifest.json").read_text("utf-8"))
    expected = manifest["load"]["account"]["created"]
    manifest |= {"dry_run": True, "load": {}}
    (run_folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    text = report(run_folder).text
    assert "What a load would do" in text
    assert str(expected) in text


def test_markup_in_values(run_folder: Path) -> None:
    """A customer called `<script>` is shown by that name and runs nothing."""
    for table in ("clean", "golden"):
        path = run_folder / table / "company.parquet"
        rows = pl.read_parquet(path).with_columns(name=pl.lit("<script>alert(1)</script>"))
        rows.write_parquet(path)
    page = report(run_folder)
    assert page.loads == []
    assert "<script>alert(1)</script>" in page.text


def test_merges_show_where_values_came_from(finished: Path) -> None:
    """A merge shows its members by key, what differs, the rule that won, and why it holds."""
    write_report(finished, finished / "report.html", "en")
    html = (finished / "report.html").read_text(encoding="utf-8")
    merges = html[html.index('<section id="merges">') : html.index('<section id="pairs">')]
    assert "Golden record" in merges
    assert '<mark class="gone"' in merges
    assert "most recent" in merges
    assert 'class="won"' in merges
    assert "records are held together by" in merges
    assert re.search(r"workbook:客户/\d+", merges)


def test_namesakes(run_folder: Path) -> None:
    """Where no scored pair was kept apart, customers of the same name are, with what differs."""
    for entity in ("company", "person"):
        path = run_folder / f"pairs/{entity}.parquet"
        pairs = pl.read_parquet(path)
        pairs.filter(pl.col("verdict") == "match").write_parquet(path)
    clean = pl.read_parquet(run_folder / "clean/company.parquet")
    clean = clean.with_columns(**{"name.key": pl.lit("华远")})
    clean.write_parquet(run_folder / "clean/company.parquet")
    text = report(run_folder).text
    assert "company: look-alikes kept apart" in text
    assert (
        "They have the same name, but no other evidence brings them together. What differs:" in text
    )


def test_elsewhere(finished: Path, tmp_path: Path) -> None:
    """A report written outside its run folder links to nothing beside it."""
    write_report(finished, finished / "report.html", "en")
    assert "data_docs/index.html" in (finished / "report.html").read_text("utf-8")
    write_report(finished, tmp_path / "elsewhere" / "report.html", "en")
    assert "data_docs" not in (tmp_path / "elsewhere" / "report.html").read_text("utf-8")
