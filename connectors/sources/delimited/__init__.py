"""Delimited text: CSV, TSV and their kin, in any encoding and any state of repair.

Owns detecting encoding and delimiter, and never shifting a field into another column.

    source = DelimitedSource(Path("客户.csv"))
    source.options     {"encoding": "gb18030", "delimiter": ","}
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.delimited.source import DelimitedSource
else:
    __getattr__ = lazily(__name__, {"DelimitedSource": "connectors.sources.delimited.source"})

__all__ = ["DelimitedSource"]
