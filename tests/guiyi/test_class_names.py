"""A class name means one thing in the whole program."""

import ast
from collections import defaultdict

from tests.rooms import PROJECT, ROOMS


def test_no_two_classes_share_a_name() -> None:
    """Every class of the product has a name of its own, whether private or not."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(f"{path.relative_to(PROJECT)}:{node.lineno}")
    assert len(places) > 300
    assert {name: at for name, at in places.items() if len(at) > 1} == {}
