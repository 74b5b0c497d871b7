"""The sentences of a language: gettext catalogues, `guiyi/locale/LANGUAGE/LC_MESSAGES/guiyi.po`.

An id is the English sentence itself, or a code within a context (`msgctxt`) whose English stands in
the English catalogue. The .po files are read as they are: there is no compiled copy to keep fresh.

    catalogue("zh")["no such file"]             # ("没有这个文件",)
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
Forms = tuple[str, ...]
"""A translation: one form, or the singular and the plural."""

CONTEXT_END = "\x04"
"""What gettext puts between a context and an id."""


def key_of(code: str, context: str = "") -> str:
    """The key of an id within its context, as gettext makes it."""
    return f"{context}{CONTEXT_END}{code}" if context else code


@cache
def catalogue(language: str) -> Mapping[str, Forms]:
    """Every translation of a language by its key; nothing for a language there is none of."""
    file = LOCALE / language / "LC_MESSAGES" / "guiyi.po"
    if not file.is_file():
        return {}
    return dict(read_po(file.read_text(encoding="utf-8").split("\n")))


def codes_in(context: str, language: str = "en") -> tuple[str, ...]:
    """Every code of a context, in the order of the catalogue."""
    start = f"{context}{CONTEXT_END}"
    return tuple(key.removeprefix(start) for key in catalogue(language) if key.startswith(start))


def read_po(lines: Iterable[str]) -> Iterator[tuple[str, Forms]]:
    """Read the entries of a .po file. A blank line ends an entry."""
    entry: dict[str, str] = {}
    field = ""
    for line in lines:
        if line.startswith('"'):
            entry[field] += _unquoted(line)
        elif line.startswith("msg"):
            field, _, quoted = line.partition(" ")
            entry[field] = _unquoted(quoted)
        elif not line and entry:
            yield from _finished(entry)
            entry = {}
    if entry:
        yield from _finished(entry)


def _unquoted(text: str) -> str:
    return str(json.loads(text)) if "\\" in text else text[1:-1]


def _finished(entry: Mapping[str, str]) -> Iterator[tuple[str, Forms]]:
    forms = tuple(text for field, text in entry.items() if field.startswith("msgstr"))
    if entry.get("msgid") and all(forms):
        yield key_of(entry["msgid"], entry.get("msgctxt", "")), forms
