"""User-facing text uses the words of docs/glossary.md, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guiyi.catalogue import CONTEXT_END, catalogue

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
CHINESE_PAGES = [ROOT / "README.zh-CN.md", *PAGES]
CODES = ("pair reason", "comparison level")
"""Contexts whose English is a code that tables of users hold."""

PRIVATE = {
    r"\b(?:is|are|was|were) told(?! (?:apart|from|to)\b)": "reported, given, named",
    r"\bfirst beliefs?\b": "prior",
    r"\bslips?\b": "typo",
    r"\blikeness\b": "similarity",
    r"\bfurniture\b": "rows that are no records",
    r"\b(?:jury|shelf|alone group)\b": "a term of the field",
    r"\bintroduc(?:es?|ing) (?:the )?fields\b": "link",
    r"\bdress(?:es|ed)?\b": "format",
    r"\b(?:by|to|for) who\b": "whoever, those who",
    r"\bin (?:messages|folders) without end\b": "nested too deeply",
    r"\bone's own, no group\b": "not imputed",
    r"\bother(?:wise)? put\b": "in a different order",
    r"\bmillions take\b": "million … take",
}
"""The private dialect, and what to write instead."""

CHINESE = {
    "黄金记录": "金记录",
    "主记录": "金记录",
    "检疫": "隔离区",
    "数据管理员": "数据管家",
    "数据专员": "数据管家",
    "交叉引用": "交叉索引",
    "匹配权值": "匹配权重",
    "门槛": "门禁 / 阈值",
    "聚簇": "簇",
    "幸存": "存活",
}
"""Other words for the terms of the glossary, and the term."""


ROOMS = [
    "guiyi",
    "cleansing",
    "connectors",
    "governance",
    "dedup",
    "mapping",
    "validators",
    "pipelines",
    "console",
]


def docstrings() -> Iterator[tuple[str, str]]:
    """Each line of each docstring of the program, those below a name included, and its place."""
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                for line in str(node.value.value).split("\n"):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", line


def test_docstrings_use_the_words_of_the_field() -> None:
    """What a developer reads speaks no private dialect either."""
    lines = list(docstrings())
    assert len(lines) > 3000
    found = [
        f"{place}: {line.strip()[:90]} (write: {better})"
        for pattern, better in PRIVATE.items()
        for place, line in lines
        if re.search(pattern, line, re.IGNORECASE)
    ]
    assert found == []


NOT_NAMES = {"told", "said", "slip", "slips", "land", "lands", "likeness", "furniture", "jury"}
"""Words that say nothing, or something else, as the name of a variable."""


def test_variables_have_names_of_the_field() -> None:
    """A variable says what it holds: `reasons`, `labelled`, `countries`, and not `told`."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id in NOT_NAMES)
        or (isinstance(node, ast.arg) and node.arg in NOT_NAMES)
    ]
    assert found == []


@pytest.mark.parametrize("pattern", PRIVATE)
def test_english_texts_use_the_words_of_the_field(pattern: str) -> None:
    """Neither the messages nor the pages speak a private dialect."""
    ids = [key for key in catalogue("zh") if not key.startswith(CODES)]
    texts = {"catalogue": [*ids, *(form for forms in catalogue("en").values() for form in forms)]}
    texts |= {page.name: page.read_text(encoding="utf-8").split("\n") for page in PAGES}
    found = [
        f"{place}: {text[:90]}"
        for place, lines in texts.items()
        for text in lines
        if re.search(pattern, text.replace(CONTEXT_END, " "), re.IGNORECASE)
    ]
    assert found == [], f"write: {PRIVATE[pattern]}"


@pytest.mark.parametrize("word", CHINESE)
def test_chinese_texts_use_the_terms_of_the_glossary(word: str) -> None:
    """One Chinese word for one thing."""
    texts = [form for forms in catalogue("zh").values() for form in forms]
    texts += [page.read_text(encoding="utf-8") for page in CHINESE_PAGES]
    assert [text[:60] for text in texts if word in text] == [], f"write: {CHINESE[word]}"


def rows() -> list[list[str]]:
    """The rows of the glossary's tables: term, 中文, meaning, source."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "term"]


def test_every_term_has_both_languages_a_meaning_and_its_source() -> None:
    """A term is in the list once, with a Chinese word of its own."""
    assert len(rows()) > 50
    for row in rows():
        assert len(row) == 4, row
        assert all(row), row
        assert re.search("[\u4e00-\u9fff]", row[1]), row
    terms = [row[0] for row in rows()]
    assert len(set(terms)) == len(terms)
    chinese = [row[1] for row in rows()]
    assert len(set(chinese)) == len(chinese)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readmes_link_the_glossary(readme: str) -> None:
    """Whoever meets a term can look it up."""
    assert "docs/glossary.md" in (ROOT / readme).read_text(encoding="utf-8")
