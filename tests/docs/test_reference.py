"""The documents say what the program does."""

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """Import docs/build.py, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_spec_page_is_fresh(build: ModuleType) -> None:
    """docs/spec.md is what `make docs` would write now."""
    assert (ROOT / "docs/spec.md").read_text(encoding="utf-8") == build.spec_page()


def test_public_api_page_is_fresh(build: ModuleType) -> None:
    """docs/api.md shows every public name and signature; after a change on purpose, `make docs`."""
    assert (ROOT / "docs/api.md").read_text(encoding="utf-8") == build.api_page()


def test_the_example_of_the_public_api_runs() -> None:
    """What docs/api.md shows can be typed in as it stands."""
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    example = re.findall(r"```python\n(.*?)```", page, re.S)[0]
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["found"].clusters.height == 3


def test_every_package_says_that_it_is_typed() -> None:
    """Type checkers of other projects read our annotations."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for package in config["tool"]["uv"]["build-backend"]["module-name"]:
        assert (ROOT / package / "py.typed").exists(), package


def test_commands_page_covers_every_command() -> None:
    """Each command has its section in docs/commands.md, with an example."""
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## guiyi (\w+)$(.*?)(?=^## |\Z)", text, re.M | re.S))
    for name in COMMANDS:
        assert "Example:" in sections.get(name, ""), f"guiyi {name} is not documented; make docs"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_links_in_the_readme_lead_somewhere(readme: str) -> None:
    """No relative link in a README is broken."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), f"{readme} links to {target}"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_commands_in_the_readme_exist(readme: str) -> None:
    """Each `guiyi COMMAND` a README shows is a command."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    for name in re.findall(r"^guiyi (\w+)", text, re.M) + re.findall(r"`guiyi (\w+)", text):
        assert name in COMMANDS
