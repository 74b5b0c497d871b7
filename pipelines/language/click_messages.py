"""Click's own messages in the user's language: it asks gettext for each, and gets ours."""

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from guiyi.messages import phrase

MODULES = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.types,
)
CONTEXT = "click"
NAMED = (
    click.types.StringParamType,
    click.types.IntParamType,
    click.IntRange,
    click.types.FloatParamType,
    click.FloatRange,
)
"""Types whose names Click puts into its sentences and help without asking gettext."""


def speak(language: str) -> None:
    """Let Click speak a language. It imports gettext's functions by name, once and for all."""
    if language == "en":
        return

    def gettext(english: str) -> str:
        return phrase(english, language, CONTEXT)

    def ngettext(one: str, many: str, n: int) -> str:
        return phrase(one if n == 1 else many, language, CONTEXT)

    for module in MODULES:
        for name, ours in (("_", gettext), ("ngettext", ngettext)):
            if hasattr(module, name):
                setattr(module, name, ours)
    for kind in NAMED:
        kind.name = gettext(kind.name)
