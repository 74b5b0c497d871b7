"""What the program says to people, in Chinese or English."""

import os
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml


def language() -> Literal["zh", "en"]:
    """Choose the language of messages: GUIYI_LANG, then the locale; English if neither says zh."""
    for variable in ("GUIYI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(key: str, **values: Any) -> str:
    """Say the message `key` in the user's language, with the values filled in."""
    message = _messages()[key][language()].replace(r"\b", "\b")  # click: leave these lines alone
    return message.format(**values) if values else message


@cache
def _messages() -> dict[str, dict[str, str]]:
    text = (files("pipelines") / "data" / "messages.yml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    messages: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)
    return messages
