"""Data Docs: what every suite found, as pages that open without a network.

Great Expectations' own pages fetch their styles from the web, so these are ours, drawn from the
checkpoint's results; beside them lies the checkpoint's report as JSON, without values.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from guiyi.messages import Language
from validators.gate import GateResult
from validators.results import FAILURE_COLUMNS, ExpectationResult, Outcome, SuiteResult
from validators.sentences import report_words

EXAMPLES = 20
"""How many failing rows a page names for each expectation."""


def write_data_docs(
    results: Sequence[SuiteResult],
    folder: Path,
    language: Language = "en",
    gate: GateResult | None = None,
    show: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows,
) -> Path:
    """Write index.html, a page for each suite and checkpoint.json; return the path of the first.

    `show` is handed the keys of rows that fail, and why, and returns them as readers may see them.
    """
    from jinja2 import Environment  # not needed to run a suite

    folder.mkdir(parents=True, exist_ok=True)
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    facts = {
        "lang": language,
        "words": report_words(language),
        "style": _read("style.css"),
        "when": datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M"),
        "version": version("great-expectations"),
        "Outcome": Outcome,
    }
    pages = _page_names(results)
    index = folder / "index.html"
    page = environment.from_string(_read("index.html.j2"))
    suites = list(zip(results, pages, strict=True))
    index.write_text(page.render(**facts, suites=suites, gate=gate), encoding="utf-8")
    template = environment.from_string(_read("suite.html.j2"))
    for result, name in suites:
        rows = [(one, _examples(result, one, show)) for one in result.results]
        text = template.render(**facts, suite=result, expectations=rows)
        (folder / name).write_text(text, encoding="utf-8")
    report = [{"suite": result.suite, **result.evidence} for result in results]
    text = json.dumps(report, ensure_ascii=False, indent=1, default=str)
    (folder / "checkpoint.json").write_text(text, encoding="utf-8")
    return index


def _read(name: str) -> str:
    return files("validators").joinpath("pages", name).read_text(encoding="utf-8")


def _page_names(results: Sequence[SuiteResult]) -> list[str]:
    """File names that are safe everywhere and never the same twice."""
    return [
        f"{number:02d}-{re.sub(r'[^A-Za-z0-9_-]+', '-', result.suite).strip('-') or 'suite'}.html"
        for number, result in enumerate(results, start=1)
    ]


def _examples(
    result: SuiteResult, one: ExpectationResult, show: Callable[[pl.DataFrame], pl.DataFrame]
) -> dict[str, Any] | None:
    """The keys of the first rows that fail, and why."""
    mine = result.failures.filter(expectation=one.expectation, column=one.column, rule=one.rule)
    if mine.is_empty():
        return None
    keys = [name for name in mine.columns if name not in FAILURE_COLUMNS]
    shown = show(mine.head(EXAMPLES).select(*keys, "reason").cast(pl.String))
    return {
        "keys": keys,
        "rows": shown.rows(),
        "more": mine.height - shown.height,
    }
