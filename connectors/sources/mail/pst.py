"""Outlook's mailboxes (.pst, .ost), read through libpff, which is an extra: `guiyi[pst]`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.sources.mail.item import Item
from connectors.sources.mail.mapi import Outlook, Properties, Value, item, moment, text
from guiyi.errors import SourceError

MAX_VALUE = 1 << 22
"""Bytes of a property that are read; attachments are longer, and not wanted."""
_TOP_FOLDER = 0x35E0
"""PidTagIpmSubTreeEntryId: its last four bytes name the folder."""
MAX_DEPTH = 64
"""Folders in folders; a file that says more goes in circles."""


def read_pst(file: Path, place: str) -> Iterator[Item]:
    """Read a mailbox folder by folder, then what is in no folder any more.

    Raises SourceError without libpff, and for a file that is no Outlook mailbox.
    """
    pypff = _library(file)
    mailbox = pypff.file()
    try:
        mailbox.open(str(file))
        root = _letters_root(mailbox)
    except OSError:
        raise SourceError(
            "not an Outlook mailbox, or damaged",
            place=str(file),
            hint="let Outlook's scanpst repair it, or export the messages as .mbox",
        ) from None
    try:
        if root is not None:
            yield from _folder(root, place, 0)
    finally:
        mailbox.close()


def _library(file: Path) -> Any:
    try:
        import pypff
    except ImportError:
        raise SourceError(
            "an Outlook mailbox needs libpff to be read",
            place=str(file),
            hint="pip install 'guiyi[pst]', or export the messages as .mbox",
        ) from None
    return pypff


def _letters_root(mailbox: Any) -> Any:
    """Find the folder a person sees as the top; beside it stand views, searches and bookkeeping."""
    root = mailbox.get_root_folder()
    store = mailbox.get_message_store()
    top = _properties(store.record_sets).get(_TOP_FOLDER) if store is not None else None
    if root is None or not isinstance(top, bytes):
        return root
    wanted = int.from_bytes(top[-4:], "little")
    folders = (root.get_sub_folder(n) for n in range(_count(root, "number_of_sub_folders")))
    return next((folder for folder in folders if folder.identifier == wanted), root)


def _folder(folder: Any, place: str, depth: int) -> Iterator[Item]:
    if depth > MAX_DEPTH:
        yield _torn(place, "folders are nested too deeply")
        return
    for number in range(_count(folder, "number_of_sub_messages")):
        where = f"{place} item {number + 1}"
        try:
            found = folder.get_sub_message(number)
            # What is no message (a search's own note, a view) has no properties to read.
            outlook = _outlook(found) if hasattr(found, "record_sets") else None
        except OSError:
            yield _torn(where, "the file is damaged here")
            continue
        if outlook is None:
            yield Item(where, aside="skipped: other item", detail="neither letter nor address card")
        else:
            yield item(outlook, where)
    for number in range(_count(folder, "number_of_sub_folders")):
        try:
            inner = folder.get_sub_folder(number)
            name = text(inner.name) or f"folder {number + 1}"
        except OSError:
            yield _torn(f"{place} folder {number + 1}", "the folder cannot be opened")
            continue
        yield from _folder(inner, f"{place}/{name}", depth + 1)


def _torn(place: str, detail: str) -> Item:
    return Item(place, problem="unreadable: torn item", detail=detail)


def _count(folder: Any, what: str) -> int:
    try:
        return int(getattr(folder, what))
    except OSError:
        return 0


def _outlook(message: Any) -> Outlook:
    own = _properties(message.record_sets)
    try:
        listed = message.recipients
        recipients = tuple(_entries(found) for found in listed.record_sets) if listed else ()
    except OSError:
        recipients = ()
    return Outlook(own, recipients)


def _properties(record_sets: Any) -> Properties:
    found: dict[int, Value] = {}
    for record_set in record_sets:
        found |= _entries(record_set)
    return found


def _entries(record_set: Any) -> dict[int, Value]:
    found: dict[int, Value] = {}
    for entry in record_set.entries:
        try:
            value = _value(entry.value_type, entry.data)
        except OSError:  # one property torn does not tear the rest
            continue
        if value is not None:
            found[entry.entry_type] = value
    return found


def _value(kind: int, data: bytes | None) -> Value | None:
    if not data or len(data) > MAX_VALUE:
        return None
    match kind:
        case 0x001F:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        case 0x001E:
            return text(data).rstrip("\0")
        case 0x0102:
            return data
        case 0x0003 | 0x000B:
            return int.from_bytes(data[:4], "little")
        case 0x0040:
            return moment(int.from_bytes(data[:8], "little"))
    return None
