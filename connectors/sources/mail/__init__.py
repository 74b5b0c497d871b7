"""Mail: mbox, Maildir, .eml files and folders of them, as a table of contacts.

Owns reading correspondents and signatures, Chinese and English, and telling people from robots.

    source = MailSource(Path("export.mbox"))
    next(source.read(table)).rows    one row a person
"""

from connectors.sources.mail.source import MailSource

__all__ = ["MailSource"]
