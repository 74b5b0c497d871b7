"""The `guiyi` command: finds the subcommand; every failure ends in one line and an exit code."""

import gc
import os
import sys
from importlib import import_module

import click

from guiyi.errors import GuiyiError, refusal
from guiyi.messages import phrase
from guiyi.private_folder import OTHERS
from pipelines.language.messages import language, one_line, say
from pipelines.memory import let_polars_give_back

COMMANDS = {
    "demo": "demo",
    "init": "init",
    "profile": "profile",
    "clean": "clean",
    "dedupe": "dedupe",
    "link": "dedupe",
    "lookup": "lookup",
    "compare": "compare",
    "import": "importing",
    "label": "label",
    "evaluate": "evaluate",
    "run": "run",
    "retrain": "retrain",
    "plan": "plan",
    "load": "load",
    "runs": "runs",
    "batches": "runs",
    "adopt": "adopt",
    "rollback": "load",
    "reconcile": "load",
    "find": "find",
    "registration": "registration",
    "review": "review",
    "survive": "survive",
    "show": "golden",
    "history": "golden",
    "resolve": "golden",
    "export": "export",
    "subject": "erase",
    "erase": "erase",
    "ledger": "ledger",
    "audit": "audit",
    "purge": "purge",
    "backup": "backup",
    "restore": "backup",
    "check": "check",
    "doctor": "doctor",
    "serve": "console.command",
    "schedule": "schedule",
    "schema": "schema",
    "warm": "warm",
}
"""Command → the module of pipelines.cli that holds it; that of another room has its full name."""

PASSED, GATE_FAILED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; 130 is 128 + SIGINT, as shells have it."""

VERSION_HELP = phrase("Show the version and exit.", language(), "click")
"""Given here, since Click would choose English while the module is imported."""

RARELY = 20_000, 20, 20
"""How rarely Python runs its cyclic garbage collector (docs/decisions, 0008)."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of a user's journey."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one command."""
        if name not in COMMANDS:
            return None
        place = COMMANDS[name]
        module = import_module(place if "." in place else f"pipelines.cli.{place}")
        attribute = "import_" if name == "import" else name  # a word of Python's own
        command: click.Command = getattr(module, attribute)
        return command


@click.group(cls=LazyGroup, help=say("guiyi.help"), context_settings={"max_content_width": 100})
@click.version_option(package_name="guiyi", prog_name="guiyi", help=VERSION_HELP)
def cli() -> None:
    """Hold the commands together; what any of them writes is its user's alone."""
    os.umask(OTHERS)


def main() -> None:
    """Run one command and exit with its code."""
    _switch_off_telemetry()
    let_polars_give_back()
    gc.set_threshold(*RARELY)
    if language() != "en":
        from pipelines.language.click_messages import speak

        speak(language())
    try:
        code = cli.main(standalone_mode=False)
        gc.freeze()  # at its end Python would look through all objects once more
        sys.exit(code if isinstance(code, int) else PASSED)
    except GuiyiError as error:
        _fail(one_line(error))
    except click.ClickException as error:
        error.show()
        sys.exit(COULD_NOT_RUN)
    except (KeyboardInterrupt, click.Abort):
        click.echo(say("error.interrupted"), err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(PASSED)
    except Exception as error:
        if os.environ.get("GUIYI_DEBUG"):
            raise
        if isinstance(error, OSError) and error.filename is not None:
            _fail(say("error.system", place=error.filename, why=refusal(error)))
        _fail(say("error.internal", kind=type(error).__name__, place=_innermost(error)))


def _fail(message: str) -> None:
    click.echo(say("error", message=message), err=True)
    sys.exit(COULD_NOT_RUN)


def _innermost(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"


def _switch_off_telemetry() -> None:
    # To find plugins, pydantic would read what is said of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
