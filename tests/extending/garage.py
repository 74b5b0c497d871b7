"""Puts the package of docs/extending.md together, as it would be installed, outside the tree."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


def blocks(language: str) -> dict[str, str]:
    """The files the page shows, by the path in their first line."""
    found = re.findall(rf"```{language}\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
    return dict(found)


def install(site: Path, name: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    """Write what an installer writes: the metadata with the entry points."""
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [
        line
        for group, entries in groups.items()
        for line in (f"[{group}]", *(f"{entry} = {place}" for entry, place in entries.items()))
    ]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")


def build(site: Path) -> None:
    """The package of the page: its modules, its test and its metadata."""
    for path, code in blocks("python").items():
        file = site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")
    (site / "guiyi_garage" / "__init__.py").touch()
    project = tomllib.loads(blocks("toml")["pyproject.toml"])["project"]
    install(site, project["name"], project["entry-points"])


def run(site: Path, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `guiyi`, or a Python module, with the package beside Guiyi."""
    known = [str(Path(sys.executable).with_name("guiyi"))]
    start = known if program == "guiyi" else [sys.executable, "-m", program]
    path = os.pathsep.join([str(site), str(ROOT)])
    return subprocess.run(
        [*start, *map(str, arguments)], capture_output=True, text=True, cwd=site, check=False,
        env={**os.environ, "PYTHONPATH": path, "GUIYI_LANG": "en"},
    )  # fmt: skip


def guiyi(site: Path, *arguments: object) -> str:
    """Run a command that must succeed; what it prints."""
    done = run(site, "guiyi", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr
