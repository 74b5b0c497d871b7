"""Mail: mbox, Maildir, .eml, Outlook's .msg and .pst, and folders of them, as contacts.

Owns reading correspondents and letters, and telling people from robots; what their signatures say
is read by `connectors.sources.signature`.

    source = MailSource(Path("export.mbox"))
    next(source.read(table)).rows    one row a person
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.mail.source import MailSource
else:
    __getattr__ = lazily(__name__, {"MailSource": "connectors.sources.mail.source"})

__all__ = ["MailSource"]
