"""Odd but real shapes of files that somebody met, read as their owners read them."""

from pathlib import Path

import polars as pl
import pytest

from connectors.sources import inspect, open_place
from guiyi.spec import TableSpec


def read(path: Path) -> tuple[pl.DataFrame, list[str]]:
    """Read the first table of a file as the commands do; its rows, and the problems told."""
    found = inspect(str(path))
    source = open_place(found.kind, **found.options)
    table = TableSpec.model_construct(table=source.tables()[0].name, query=None)
    batches = list(source.read(table))
    told = pl.concat(b.damage for b in batches)["problem"].unique().sort().to_list()
    return pl.concat(b.rows for b in batches), told


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "rows", "column", "first", "told"),
    [
        ("text/colon_times.csv", 30, "time", "00:00:00", []),
        ("text/semicolon_onecomma.csv", 10, "column_1", "April 15, 2023",
         ["short row, last cells empty"]),
        ("text/tsv_quote.tsv", 3, "last", '"the rainmaker" norton', []),
        ("text/unescaped_comma.csv", 3, "company", "Acme Inc", ["unreadable: ragged row"]),
        ("text/mixed_encoding.csv", 32, "联系人", "张三", ["encoding of its own"]),
        ("text/double_bom.csv", 1, "客户名称", "上海明达贸易有限公司", []),
        ("text/ctrlz.csv", 2, "name", "Ann Lee", []),
        ("text/sep.csv", 1, "手机", "13800138001", ["skipped: title row"]),
        ("text/decimal_comma.csv", 3, "Umsatz", "1.234,56", []),
        ("excel/dim_a0.xlsx", 3, "联系人", "张三", []),
        ("excel/nocache.xlsx", 2, "姓", "张", ["formula not calculated"]),
        ("excel/numfmt.xlsx", 3, "编号", "KH0007", []),
        ("dbase/count0.dbf", 2, "NAME", "王小明", ["beyond the count"]),
        ("dbase/noeof_count.dbf", 2, "NAME", "王小明", ["beyond the count"]),
        ("mail/b_nodate_lf.mbox", 3, "email", "eve@e.example", []),
        ("mail/c_nodate_both.mbox", 3, "email", "eve@e.example", []),
        ("mail/crlf_nodate.mbox", 3, "email", "eve@e.example", []),
        ("mail/d_moz.mbox", 4, "email", "eve@e.example", []),
        ("mail/f_noblank.mbox", 3, "email", "eve@e.example", []),
        ("mail/g_isodate.mbox", 3, "email", "eve@e.example", []),
        ("mail/from_body.mbox", 4, "name", "Ann Lee", []),
        ("vcard/phone_work.vcf", 2, "phone", "0704189993", []),
        ("address_book/google_old.csv", 5, "name", "Имя Фамилия", []),
    ],
)  # fmt: skip
def test_a_case_is_read(
    shared: Path, file: str, rows: int, column: str, first: str, told: list[str]
) -> None:
    """Its rows are all there, in their columns, and what is wrong with them is told."""
    found, problems = read(shared / "cases" / file)
    assert (found.height, found[column][0], problems) == (rows, first, told)
    if "name" in found.columns:
        assert "From" not in found["name"].to_list()
