"""The command line: fast, exact about failures, silent about customers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from guiyi.messages import sentence
from pipelines.cli.main import COMMANDS, cli
from pipelines.stages import STAGES

ROOT = Path(__file__).parents[3]
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


ONE_BY_ONE = """
import contextlib, io, json, sys
from pipelines.cli import main
ended = []
for arguments in json.load(sys.stdin):
    sys.argv = ["guiyi", *arguments]
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try: main()
        except SystemExit as end: ended.append((end.code, said.getvalue()))
print(json.dumps(ended))
"""


def mistaken(folder: Path, language: str, commands: list[list[str]]) -> dict[str, tuple[int, str]]:
    """Run commands that fail in one process, as the script `guiyi` runs them: code and message."""
    run = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "GUIYI_LANG": language, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        check=True,
    )
    return dict(zip(map(" ".join, commands), json.loads(run.stdout), strict=True))


EVERY_OPTION = """
import json
import click
from pipelines.cli.main import cli

def commands(command, path):
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, f"{path} {name}")
    yield path, command

print(json.dumps({
    f"{path} {option.opts[-1]}": option.help
    for name in cli.list_commands(None)
    for path, command in commands(cli.get_command(None, name), name)
    for option in command.params
    if isinstance(option, click.Option)
}))
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_has_its_help(language: str) -> None:
    """Each option of each command says what it does, in the user's language."""
    run = subprocess.run(
        [sys.executable, "-c", EVERY_OPTION],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "GUIYI_LANG": language, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    helps: dict[str, str | None] = json.loads(run.stdout)
    assert len(helps) > 60
    speaks = re.compile("[\u4e00-\u9fff]" if language == "zh" else "[A-Za-z]{2}")
    assert [name for name, text in helps.items() if not speaks.search(text or "")] == []


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


def test_clusters_alone_import_only_what_finds_them(tmp_path: Path) -> None:
    """`guiyi dedupe --clusters-only` of a CSV loads no report and no reader of other files."""
    file = tmp_path / "a.csv"
    file.write_text("name,phone\nAnn Lee,13812345678\nAnn Lee,13812345678\nBob Ray,1\n")
    unused = (
        "great_expectations", "prefect", "pandas", "sqlalchemy", "jinja2", "openpyxl",
        "connectors.sources.mail.source", "connectors.sources.card.source",
        "dedup.index", "pipelines.report",
    )  # fmt: skip
    code = (
        "import sys\n"
        f"sys.argv = ['guiyi', 'dedupe', {str(file)!r}, '--out', {str(tmp_path / 'o')!r},"
        " '--clusters-only', '--quiet']\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        f"print([m for m in {unused} if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip().endswith("[]")


@pytest.mark.parametrize(("language", "word"), [("en", "golden"), ("zh", "金记录")])
def test_help_in_both_languages(language: str, word: str) -> None:
    """GUIYI_LANG chooses the language of help."""
    assert word in guiyi("--help", GUIYI_LANG=language).stdout


MISTAKES = {
    "run nowhere": "nowhere/guiyi.yaml: no such file",
    "dedupe nowhere.csv --out x": "nowhere.csv: no such file",
    "profile nowhere.xlsx": "nowhere.xlsx: no such file",
    "clean nowhere.xlsx --out x.csv": "nowhere.xlsx: no such file",
    "init new --from nowhere.xlsx": "nowhere.xlsx: no such file",
    "nonsense": "No such command",
    "run": "Missing argument",
}


def test_users_mistakes_are_one_line_and_exit_2(tmp_path: Path) -> None:
    """Failures say the cause in one line and end with 2, never with a traceback."""
    ended = mistaken(tmp_path, "en", [command.split() for command in MISTAKES])
    for command, said in MISTAKES.items():
        code, message = ended[command]
        assert code == 2, command
        assert said in message
        assert "Traceback" not in message
    assert not list(tmp_path.iterdir())


def test_the_installed_command_fails_in_one_line() -> None:
    """The script itself ends with the code and without a traceback."""
    ended = guiyi("dedupe", "nowhere.csv", "--out", "x")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "nowhere.csv: no such file" in ended.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_keeps_its_example_on_a_line_of_its_own(command: str) -> None:
    """Click's mark for lines to leave alone is obeyed, not shown."""
    shown = CliRunner().invoke(cli, [command, "--help"]).output
    assert "\\b" not in shown
    assert re.search(r"^ +(Examples?|示例)", shown, re.MULTILINE)


IN_CHINESE = {
    "nonsense": "没有命令 'nonsense'",
    "dedupe": "缺少参数 'FILES...'",
    "dedupe a.csv": "缺少选项 '--out'",
    "dedupe a.csv --outt o": "没有选项 '--outt'。 （是不是",
    "dedupe a.csv --out o --threshold 3": "'--threshold' 的值无效：3.0 不在",
    "lookup a.csv --limit many": "'--limit' 的值无效：'many' 不是整数",
    "compare a.csv --kind x --out o": "'x' 不在可选值之中：'company_name'",
    "dedupe a.csv --out": "选项 '--out' 需要一个值",
    "run a b": "多出的参数：b",
    "evaluate a": "请给出 --truth 和 --column",
    "load a --test --full": "请在 --test、--full、--resume、--retry、--plan 中指明一个",
}


def test_mistakes_in_a_command_are_told_in_chinese(tmp_path: Path) -> None:
    """A Chinese reader is told in Chinese what Click finds wrong, with the same exit code."""
    ended = mistaken(tmp_path, "zh", [command.split() for command in IN_CHINESE])
    for command, said in IN_CHINESE.items():
        code, message = ended[command]
        assert code == 2, command
        assert said in message
        assert "Error" not in message
        assert "Usage" not in message


def test_help_is_chinese_where_the_system_is() -> None:
    """With LANG=zh_CN Click's own words in a help page are Chinese, too."""
    for command, words in {
        (): ("用法：", "选项:", "命令:", "显示版本号。", "显示本帮助。"),
        ("label",): ("用法：", "选项:", "--seed 整数", "默认："),
        ("init",): ("选项:", "[必填]"),
        ("evaluate",): ("--column 文本",),
    }.items():
        chinese = {"GUIYI_LANG": "", "LC_ALL": "", "LANG": "zh_CN.UTF-8"}
        shown = guiyi(*command, "--help", **chinese).stdout
        assert [word for word in words if word not in shown] == []
        for english in ("Usage", "Options:", "Commands:", "Show ", "[default", "required"):
            assert english not in shown


@pytest.mark.parametrize("ways", [[], ["--test", "--full"], ["--full", "--resume"]])
def test_a_load_is_asked_for_in_one_way(ways: list[str]) -> None:
    """`guiyi load` neither guesses nor chooses between what was asked."""
    ended = CliRunner().invoke(cli, ["load", "nowhere", *ways], env={"GUIYI_LANG": "en"})
    assert ended.exit_code == 2
    assert "give one of --test, --full, --resume, --retry and --plan" in ended.output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_lists_the_stages_at_which_a_run_can_stop(language: str) -> None:
    """`--until` names every stage, in the order in which a run goes through them."""
    assert ", ".join(stage.name for stage in STAGES) in sentence("run.until", language, "cli")
