"""What a source says is wrong with a cell or row is said in Chinese to who reads Chinese."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import connectors.sources
from pipelines.language.translation import in_chinese

ROOM = Path(connectors.sources.__file__).parent
SAID_IN = {"detail", "lost", "_DETAILS"}
"""The names under which readers keep a detail until they say it."""
PLACES = {"{}: {}", "{} folder {}"}


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    return None


def _said(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Damage", "Item"}:
        yield from (*node.args, *(keyword.value for keyword in node.keywords))
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        names = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(name, ast.Name) and name.id in SAID_IN for name in names):
            yield from node.value.values if isinstance(node.value, ast.Dict) else [node.value]


def sentences() -> dict[str, str]:
    """Every detail and problem written in a reader, and the reader."""
    found = {
        text: str(file.relative_to(ROOM))
        for file in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for said in _said(node)
        if (text := _text(said))
    }
    return {text: file for text, file in found.items() if text not in PLACES}


def test_every_problem_and_detail_has_its_chinese() -> None:
    """A reader that learns to say something new needs its sentence in errors.zh.yml."""
    said = sentences()
    assert len(said) > 50
    assert {text: file for text, file in said.items() if in_chinese(text) == text} == {}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a number of 18 digits, of which Excel keeps 15", "18 位的数字，Excel 只保留 15 位"),
        (
            "mail/2024.mbox line 12: a newsletter or a robot wrote it",
            "mail/2024.mbox line 12：由群发或自动程序发出",
        ),
        ("line 7 has 5 fields, the header 4", "第 7 行有 5 个字段，表头有 4 个"),
        ("其他：自己写的 reason", "其他：自己写的 reason"),
    ],
)
def test_details_are_said_around_what_they_name(english: str, chinese: str) -> None:
    """Numbers and places stay; a steward's own sentence is left alone."""
    assert in_chinese(english) == chinese
