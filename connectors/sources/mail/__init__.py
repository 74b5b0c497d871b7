"""Mail: mbox, Maildir, .eml, Outlook's .msg and .pst, and folders of them, as contacts.

Owns reading correspondents and letters, and telling people from robots; what their signatures say
is read by `connectors.sources.signature`.

    source = MailSource(Path("export.mbox"))
    next(source.read(table)).rows    one row a person
"""

from connectors.sources.mail.source import MailSource

__all__ = ["MailSource"]
