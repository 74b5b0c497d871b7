"""What the command line says, in the user's language."""

from typing import Any

from guiyi.errors import GuiyiError
from guiyi.messages import localised, phrase, sentence
from guiyi.messages import user_language as language

__all__ = ["in_language", "language", "one_line", "say", "stage_name"]


def say(key: str, **values: Any) -> str:
    """Say the message `key` in the user's language, with the values filled in."""
    return sentence(key, language(), "cli", **values)


def in_language(text: str) -> str:
    """Say a message of the rooms in the user's language."""
    return localised(text, language())


def stage_name(stage: str, language: str) -> str:
    """A stage as people are shown it: as `--until` takes it, and its Chinese name beside it."""
    return stage if language == "en" else f"{stage} {phrase(f'stage.{stage}', language, 'report')}"


def one_line(error: GuiyiError) -> str:
    """Say in one line what went wrong, where, and what to do."""
    return " ".join(in_language(error.message).split())
