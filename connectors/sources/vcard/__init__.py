"""vCards 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), one file or a folder of them.

Owns turning cards into the columns of `contacts`; a broken card is still a row.

    source = VcardSource(Path("address-book.vcf"))
    next(source.read(table)).rows
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.vcard.source import VcardSource
else:
    __getattr__ = lazily(__name__, {"VcardSource": "connectors.sources.vcard.source"})

__all__ = ["VcardSource"]
