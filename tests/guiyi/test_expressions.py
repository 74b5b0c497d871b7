"""SQL over columns: parts need no quotes, mistakes are named, values stay out of messages."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from guiyi import SpecError
from guiyi.spec import SpecPlace
from guiyi.spec.expressions import condition, evaluate, parse

PLACE = SpecPlace(Path("guiyi.yaml"), "sources.sheet.tables.0.where")
TABLE = pl.DataFrame(
    {
        "状态": ["正常", "作废", None],
        "amount": ["10.5", "many", None],
        "address.city": ["深圳市", None, "苏州市"],
    }
)

HOLDS = [
    ("状态 <> '作废'", [True, False, False]),
    ("状态 IS NULL", [False, False, True]),
    ("address.city = '深圳市'", [True, False, False]),
    ("\"address.city\" LIKE '苏%'", [False, False, True]),
    ("状态 = 'address.city'", [False, False, False]),
    ("TRY_CAST(amount AS DOUBLE) > 10", [True, False, False]),
    ("NULL", [False, False, False]),
    ("1 = 1", [True, True, True]),
]


@pytest.mark.parametrize(("sql", "rows"), HOLDS)
def test_a_condition_holds_or_not(sql: str, rows: list[bool]) -> None:
    """A part is named without quotes, and what is missing does not hold."""
    assert condition(sql, TABLE, PLACE).to_list() == rows


REFUSED = [
    ("状态 <>", "not an SQL expression"),
    ("", "not an SQL expression"),
    ("状太 = '正常'", "no column `状太` — did you mean `状态`?"),
    ("address.ctiy = '深圳市'", "did you mean `address.city`?"),
    ('状态 = "正常"', "text goes in single quotes"),
    ("amount > 5", "TRY_CAST(amount AS DOUBLE)"),
    ("CAST(amount AS DOUBLE) > 5", "some values cannot be cast"),
    ("状态 ~ '['", "not a regular expression"),
    ("状态", "not a condition"),
    ("状态 IN (SELECT 1)", "a subquery"),
]


@pytest.mark.parametrize(("sql", "said"), REFUSED)
def test_what_is_wrong_is_said_in_one_line(sql: str, said: str) -> None:
    """The message names the place, what is wrong and what to do, and never a value of the table."""
    with pytest.raises(SpecError) as caught:
        condition(sql, TABLE, PLACE)
    message = str(caught.value)
    assert said in message
    assert message.startswith("guiyi.yaml: sources.sheet.tables.0.where: ")
    assert "\n" not in message
    assert "many" not in message


def test_columns_need_not_be_known_to_read_an_expression() -> None:
    """Without columns only the SQL itself is judged; an expression may be any value."""
    expression = parse("CONCAT(状态, '-', address.town)", PLACE)
    assert set(expression.meta.root_names()) == {"状态", "address.town"}
    value = parse("UPPER(amount)", PLACE, TABLE.columns)
    assert evaluate(value, TABLE, PLACE).to_list() == ["10.5", "MANY", None]


def test_the_kernel_is_light() -> None:
    """`import guiyi` brings in neither polars nor any room above it."""
    code = "import guiyi, sys; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in found.stdout.split()}
    assert not loaded & {"polars", "pandas", "cleansing", "connectors", "dedup", "pipelines"}
