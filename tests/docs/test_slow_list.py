"""tests/slow.txt names tests that exist, each once; a name left behind would mark nothing."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LISTED = [
    line
    for line in (TESTS / "slow.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("path", sorted({name.partition("::")[0] for name in LISTED}))
def test_every_slow_test_exists(path: str) -> None:
    """The file is there and defines the functions that the list names in it."""
    tree = ast.parse((TESTS.parent / path).read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    listed = [name.partition("::")[2] for name in LISTED if name.startswith(f"{path}::")]
    assert set(listed) <= defined


def test_the_list_is_in_order() -> None:
    """Sorted and without doubles, so that two branches that add a line merge."""
    assert sorted(set(LISTED)) == LISTED
