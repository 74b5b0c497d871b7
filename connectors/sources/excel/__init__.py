"""Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, every cell as the text Excel means.

Owns finding the table on a sheet and saying which cells cannot be trusted.

    source = ExcelSource(Path("客户.xlsx"))
    [table.name for table in source.tables()]
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.excel.source import ExcelSource
else:
    __getattr__ = lazily(__name__, {"ExcelSource": "connectors.sources.excel.source"})

__all__ = ["ExcelSource"]
