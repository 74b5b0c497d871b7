"""Microsoft Access: .mdb and .accdb, through the command-line programs of mdbtools.

Owns finding the programs and never trusting that they read everything.

    source = AccessSource(Path("客户.accdb"))
    [(table.name, table.keys) for table in source.tables()]
"""

from connectors.sources.access.source import AccessSource

__all__ = ["AccessSource"]
