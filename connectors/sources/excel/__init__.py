"""Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, every cell as the text Excel means.

Owns finding the table on a sheet and saying which cells cannot be trusted.

    source = ExcelSource(Path("客户.xlsx"))
    [table.name for table in source.tables()]
"""

from connectors.sources.excel.source import ExcelSource

__all__ = ["ExcelSource"]
