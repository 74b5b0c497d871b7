"""The command line: fast, exact about failures, silent about customers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.main import COMMANDS, cli

HEAVY = ("polars", "pandas", "great_expectations", "prefect", "numba", "sqlalchemy")


def guiyi(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user would."""
    command = Path(sys.executable).parent / "guiyi"
    return subprocess.run(
        [command, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "GUIYI_LANG": "en", **environment},
        check=False,
    )


def test_help_imports_nothing_heavy() -> None:
    """`guiyi --help` answers without importing the rooms."""
    code = (
        "import sys; sys.argv = ['guiyi', '--help']\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip().endswith("[]")


@pytest.mark.parametrize(("language", "word"), [("en", "golden"), ("zh", "金记录")])
def test_help_in_both_languages(language: str, word: str) -> None:
    """GUIYI_LANG chooses the language of help."""
    assert word in guiyi("--help", GUIYI_LANG=language).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nowhere"], "nowhere/guiyi.yaml: no such file"),
        (["dedupe", "nowhere.csv", "--out", "x"], "nowhere.csv: no such file"),
        (["profile", "nowhere.xlsx"], "nowhere.xlsx: no such file"),
        (["clean", "nowhere.xlsx", "--out", "x.csv"], "nowhere.xlsx: no such file"),
        (["init", "new", "--from", "nowhere.xlsx"], "nowhere.xlsx: no such file"),
        (["nonsense"], "No such command"),
        (["run"], "Missing argument"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failures say the cause in one line and end with 2, never with a traceback."""
    monkeypatch.chdir(tmp_path)
    ended = guiyi(*arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_keeps_its_example_on_a_line_of_its_own(command: str) -> None:
    """Click's mark for lines to leave alone is obeyed, not shown."""
    shown = CliRunner().invoke(cli, [command, "--help"]).output
    assert "\\b" not in shown
    assert re.search(r"^ +(Examples?|示例)", shown, re.MULTILINE)
