"""Patterns of a profile show what values look like, never what they are."""

import polars as pl
import pytest
from click.testing import CliRunner

from pipelines.cli.main import cli

SHAPES = [
    ("苏州A1 汉", "汉+A9 汉"),
    ("Иван Петров", "A+ A+"),
    ("김철수", "A+"),
    ("أحمد 12", "A+ 99"),
    ("O\u0308zil", "A+"),
    ("１３８-1234", "999-9999"),
]


@pytest.mark.parametrize(("value", "shape"), SHAPES)
def test_a_pattern_holds_no_letter_of_the_value(
    value: str, shape: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Letters of any script, digits of any width and Chinese characters become signs."""
    file = tmp_path_factory.mktemp("profile") / "people.csv"
    pl.DataFrame({"name": [value, value]}).write_csv(file)
    result = CliRunner().invoke(cli, ["profile", str(file), "--json"])
    assert f'"patterns": {{"{shape}": 2}}' in result.output
