"""What a table of a database seems to be, told by its name, key and content."""

import polars as pl
import pytest

from connectors.sources import TableInfo
from pipelines.proposing.schema import table_role

FIRMS = [f"{c}科技有限公司" for c in ("甲方", "乙方", "丙方", "丁方", "戊方", "己方")]
PEOPLE = ["张伟", "王芳", "李娜", "刘洋", "陈静", "杨磊"]
DAYS = [f"2024-03-0{n}" for n in range(1, 7)]
SUMS = ["100.50", "230.00", "18.20", "99.90", "1200.00", "5.75"]
NUMBERS = [str(n) for n in range(1, 7)]

CASES = {
    "T_KEHU": ({"KH_ID": NUMBERS, "MC": FIRMS}, ("KH_ID",), "company"),
    "partners": ({"id": NUMBERS, "name": FIRMS}, ("id",), "company"),
    "contacts": ({"id": NUMBERS, "name": PEOPLE, "firm": FIRMS}, ("id",), "person"),
    "orders": ({"id": NUMBERS, "ship_to": FIRMS, "day": DAYS, "sum": SUMS}, ("id",), "order"),
    "t_17": ({"id": NUMBERS, "day": DAYS, "amount": SUMS}, ("id",), "order"),
    "order_lines": ({"o": NUMBERS, "n": NUMBERS, "amount": SUMS}, ("o", "n"), None),
    "codes": ({"code": NUMBERS, "text": ["a", "b", "c", "d", "e", "f"]}, ("code",), None),
}


@pytest.mark.parametrize("name", CASES)
def test_a_table_is_told_by_its_name_and_content(name: str) -> None:
    """A name alone is not enough: the content must bear it out; content alone may be."""
    columns, keys, entity = CASES[name]
    rows = pl.DataFrame(columns)
    role = table_role(TableInfo(name, tuple(columns), rows.height, keys), rows)
    assert role.entity == entity, role.why
    assert role.why


def test_a_name_without_content_is_not_believed() -> None:
    """A table called customers that holds codes holds no customers."""
    rows = pl.DataFrame({"a": NUMBERS, "b": NUMBERS})
    assert table_role(TableInfo("customers", ("a", "b"), 6, ("a",)), rows).entity is None
