"""dBase, Clipper and FoxPro tables: .dbf with its memo file, one file or a folder of them.

Owns code pages, memo blocks, deleted records and tables that are cut off.

    source = DbaseSource(Path("KEHU.DBF"))
    [(table.name, table.rows, table.notes) for table in source.tables()]
"""

from connectors.sources.dbase.source import DbaseSource

__all__ = ["DbaseSource"]
