"""Each dependency is used by the product, and docs/decisions says what for."""

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from guiyi.drivers import INSTALLED

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT = [*CONFIG["tool"]["uv"]["build-backend"]["module-name"], "notebooks"]
STARTED = {
    "jupyterlab": "jupyter lab opens the notebook",
    "python-multipart": "Starlette reads forms with it",
    "onnxruntime": "rapidocr runs its models with it, or with another engine",
}
"""What is used without being imported, and how."""


def normal(requirement: str) -> str:
    """The name of a requirement, as package indexes spell it."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


EXTRAS = CONFIG["project"]["optional-dependencies"].values()
DEPENDENCIES = {
    normal(text) for group in [CONFIG["project"]["dependencies"], *EXTRAS] for text in group
}


@cache
def imported() -> set[str]:
    """The distributions whose modules the product imports, or names as database drivers."""
    modules = {scheme.partition("+")[2] for scheme in INSTALLED.values()}
    for package in PRODUCT:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    modules.add(str(node.module).partition(".")[0])
    owners = packages_distributions()
    return {normal(owner) for module in modules for owner in owners.get(module, [])}


def listed() -> list[str]:
    page = (ROOT / "docs/decisions/0007-dependencies.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (?!library)([\w.-]+) \|", page, re.MULTILINE)


def test_every_dependency_has_its_line() -> None:
    """The table lists what pyproject.toml asks for, once each, and nothing else."""
    assert sorted(listed()) == sorted(DEPENDENCIES)


@pytest.mark.parametrize("name", sorted(DEPENDENCIES - set(STARTED)))
def test_every_dependency_is_imported(name: str) -> None:
    """A library that no module of the product imports is no dependency."""
    assert name in imported()
