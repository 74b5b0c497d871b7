"""Microsoft Access: .mdb and .accdb, through the command-line programs of mdbtools.

Owns finding the programs and never trusting that they read everything.

    source = AccessSource(Path("客户.accdb"))
    [(table.name, table.keys) for table in source.tables()]
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.access.source import AccessSource
else:
    __getattr__ = lazily(__name__, {"AccessSource": "connectors.sources.access.source"})

__all__ = ["AccessSource"]
