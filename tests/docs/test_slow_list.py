"""tests/slow.txt names tests that exist, each once; a name left behind would mark nothing."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]
LISTED = [
    line
    for line in (TESTS / "slow.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def defined(path: str) -> set[str]:
    """The functions of a file of tests, as the list names them; none where there is no file."""
    file = TESTS.parent / path
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {f"{path}::{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_slow_test_exists() -> None:
    """Each file is there and defines the functions that the list names in it."""
    paths = {name.partition("::")[0] for name in LISTED}
    there = set().union(*map(defined, paths))
    assert [name for name in LISTED if name not in there] == []


def test_the_list_is_in_order() -> None:
    """Sorted and without doubles, so that two branches that add a line merge."""
    assert sorted(set(LISTED)) == LISTED
