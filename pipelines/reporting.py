"""A page that cannot be made costs a sentence and an exit code, never the result it is about."""

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl

from guiyi.errors import GuiyiError
from guiyi.messages import Message
from pipelines.outputs import whole_file


def reported(write: Callable[[Path], None], place: Path) -> str | None:
    """Write a report to a file; if that fails, say in one sentence why.

    Whatever goes wrong in it, the results that it is made of are kept. An interruption by the user
    stays one. `GUIYI_DEBUG` shows where it failed.
    """

    def write_whole() -> None:
        with whole_file(place) as file:
            write(file)

    return attempted(write_whole, place)


def attempted(write: Callable[[], object], place: Path) -> str | None:
    """Write something that people read at a place; if that fails, say in one sentence why."""
    try:
        write()
    except (Exception, pl.exceptions.PanicException) as error:
        if os.environ.get("GUIYI_DEBUG"):
            raise
        why: str = error.what if isinstance(error, GuiyiError) else type(error).__name__
        return Message(
            "{place} could not be written ({why}); no data are lost", place=place, why=why
        )
    return None
