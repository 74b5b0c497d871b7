"""Writes results so that they are there whole or not at all."""

import os
import shutil
import signal
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from guiyi.errors import GuiyiError, refusal
from guiyi.messages import Message
from guiyi.private_folder import only_for_owner

COMPLETE = ".guiyi-complete"
"""The folder of files that are complete and on their way to their names: whoever finds one after a
crash moves what is left in it."""
GONE = ".gone"
"""In it: the names of older files that the new result does without."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a place to write a file, which takes its name only once it is complete.

    Raises GuiyiError, naming the path, where nothing can be written.
    """
    with writing_to(path):
        if path.is_dir():
            raise IsADirectoryError(0, "a folder, where a file is expected")
        temporary = _beside(path.parent)
    try:
        with writing_to(path), only_for_owner():
            yield temporary / path.name
            os.replace(temporary / path.name, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def whole_folder(out: Path, instead_of: Collection[str] = ()) -> Iterator[Path]:
    """Give a folder to write into, whose files move to `out` only once all are complete.

    The files `instead_of` are those of an older result: what is not written anew goes. A move that
    was cut off is ended by the next `whole_folder`, or by `settle`: what then is in `out` is the
    older result or the new one, never some of each.

    Raises GuiyiError, naming the path, where nothing can be written.
    """
    with writing_to(out):
        settle(out)
        temporary = _beside(out)
    try:
        with writing_to(out), only_for_owner():
            yield temporary
            written = {file.name for file in temporary.iterdir()}
            if folders := [name for name in written if (out / name).is_dir()]:
                raise IsADirectoryError(
                    0, Message("{place} is a folder, where a file is expected", place=folders[0])
                )
            gone = sorted(set(instead_of) - written)
            (temporary / GONE).write_text("\n".join(gone), encoding="utf-8")
            os.replace(temporary, out / COMPLETE)  # from here on the new result is the result
            settle(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def settle(out: Path) -> None:
    """End the move of a result that was complete when its run was cut off."""
    complete = out / COMPLETE
    if not complete.is_dir():
        return
    gone = complete / GONE
    with _undisturbed():
        for name in gone.read_text(encoding="utf-8").splitlines() if gone.exists() else ():
            if not (out / name).is_dir():  # a folder is somebody's, not an older result
                (out / name).unlink(missing_ok=True)
        for file in sorted(complete.iterdir()):
            if file.name != GONE:
                os.replace(file, out / file.name)
        shutil.rmtree(complete)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals to stop wait for the moment that this takes."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _beside(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".guiyi-", dir=folder))


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Say in one line that nothing can be written to a place, and why."""
    try:
        yield
    except OSError as error:
        raise GuiyiError(
            Message("cannot be written here ({cause})", cause=refusal(error)),
            place=str(place),
            hint="choose another place, or correct its permissions",
        ) from error
