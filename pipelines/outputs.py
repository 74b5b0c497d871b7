"""Writes results so that they are there whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guiyi.errors import GuiyiError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a place to write a file, which takes its name only once it is complete.

    Raises GuiyiError, naming the path, where nothing can be written.
    """
    with whole_folder(path.parent, path) as folder:
        yield folder / path.name


@contextmanager
def whole_folder(out: Path, named: Path | None = None) -> Iterator[Path]:
    """Give a folder to write into, whose files move to `out` only once all are complete.

    Raises GuiyiError, naming the path, where nothing can be written.
    """
    with writing_to(named or out):
        if named is not None and named.is_dir():
            raise IsADirectoryError(0, "a folder, where a file is expected")
        out.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".guiyi-", dir=out))
    try:
        with writing_to(named or out):
            yield temporary
            for file in sorted(temporary.iterdir()):
                os.replace(file, out / file.name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Say in one line that nothing can be written to a place, and why."""
    try:
        yield
    except OSError as error:
        raise GuiyiError(
            f"cannot be written here ({(error.strerror or str(error)).lower()})",
            place=str(place),
            hint="choose another place, or mend its permissions",
        ) from error
