"""What was handed over: of each file how many rows, which columns, and its SHA-256.

manifest.json   for programs
SHA256SUMS      for `sha256sum --check SHA256SUMS`
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME, SUMS = "manifest.json", "SHA256SUMS"


class Manifest:
    """The manifest of a folder of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describes(self, entity: str, file: Path) -> bool:
        """Whether what it says of an entity is of this file as it is."""
        own = self._read().get(entity)
        if own is None or own["whole"]["sha256"] != checksum(file):
            return False
        return all((self._folder / part["name"]).exists() for part in own["parts"])

    def parts_of(self, entity: str) -> set[str]:
        """The names of the files of parts of an entity."""
        own = self._read().get(entity, {"parts": []})
        return {part["name"] for part in own["parts"]}

    def put(self, entity: str, files: Sequence[Path], about: Mapping[str, Any]) -> None:
        """Say what the files of an entity are, the whole one first, and what is in it.

        Entities stand in the order in which they are to be imported: that of their first load.
        Raises OSError where it cannot be written.
        """
        entities = self._read()
        entities[entity] = {
            **about,
            "whole": _described(files[0]),
            "parts": [_described(own) for own in files[1:]],
        }
        written = datetime.now(UTC).replace(microsecond=0).isoformat()
        document = {"written": written, "entities": entities}
        self._put(NAME, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        every = [part for own in entities.values() for part in (own["whole"], *own["parts"])]
        self._put(SUMS, "".join(f"{part['sha256']}  {part['name']}\n" for part in every))

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            found: dict[str, Any] = json.loads((self._folder / NAME).read_text("utf-8"))["entities"]
            return found
        return {}

    def _put(self, name: str, text: str) -> None:
        beside = self._folder / f".{name}.new"
        beside.write_text(text, "utf-8")
        os.replace(beside, self._folder / name)


def _described(file: Path) -> dict[str, str]:
    return {"name": file.name, "sha256": checksum(file)}


def checksum(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
