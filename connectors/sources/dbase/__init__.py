"""dBase, Clipper and FoxPro tables: .dbf with its memo file, one file or a folder of them.

Owns code pages, memo blocks, deleted records and tables that are cut off.

    source = DbaseSource(Path("KEHU.DBF"))
    [(table.name, table.rows, table.notes) for table in source.tables()]
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.dbase.source import DbaseSource
else:
    __getattr__ = lazily(__name__, {"DbaseSource": "connectors.sources.dbase.source"})

__all__ = ["DbaseSource"]
