"""Delimited text: CSV, TSV and their kin, in any encoding and any state of repair.

Owns detecting encoding and delimiter, and never shifting a field into another column.

    source = DelimitedSource(Path("客户.csv"))
    source.options     {"encoding": "gb18030", "delimiter": ","}
"""

from connectors.sources.delimited.source import DelimitedSource

__all__ = ["DelimitedSource"]
