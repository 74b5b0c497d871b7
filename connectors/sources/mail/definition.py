"""The kind of source `mail`."""

import re
from pathlib import Path
from typing import Literal

from connectors.sources import endings
from connectors.sources.contract import Source
from connectors.sources.source_type import Location, SourceType, existing
from guiyi.spec import FileSourceSpec

_MBOX = re.compile(rb"From(?: .*\d{4}| \S+)?\r?\n[\w-]+:")


class MailSpec(FileSourceSpec):
    """Mail: mbox, Maildir, .eml, Outlook's .msg and .pst, or a folder of them."""

    kind: Literal["mail"]
    """What it is."""


def _open(name: str, spec: MailSpec, folder: Path) -> Source:
    from connectors.sources.mail.source import MailSource

    return MailSource(existing(name, spec.path, folder))


def _is_mail(location: Location) -> bool:
    if location.is_folder:
        return endings.is_maildir(location) or endings.folder_holds(location, endings.MAIL)
    if location.suffix in endings.MAIL or location.head.startswith(b"!BDN"):
        return True
    start = location.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    others = endings.PICTURES | endings.WORKBOOKS
    return location.suffix not in others and _MBOX.match(start) is not None


MAIL = SourceType(MailSpec, _open, _is_mail)
