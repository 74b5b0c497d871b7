"""The Great Expectations rules a suite may name, known without importing Great Expectations.

The table in gx_expectations.yaml is written by `describe()` from the installed release; a test
keeps the two equal. Remake it with `python -m validators.catalogue`.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_OURS = frozenset(
    {
        *("id", "meta", "notes", "description", "batch_id", "result_format", "catch_exceptions"),
        *("rendered_content", "windows", "library_metadata"),
        *("severity", "mostly", "row_condition", "condition_parser"),
    }
)
"""What a suite says in its own way (`severity`, `mostly`, `where`), or never needs to say."""

_ELSEWHERE = frozenset(
    {
        "expect_query_results_to_match_comparison",  # needs a second database
        "expect_table_row_count_to_equal_other_table",
        "expect_multicolumn_values_to_be_unique",  # the release itself calls it deprecated
    }
)
_SHAPES = {
    "ColumnMapExpectation": "column",
    "ColumnPairMapExpectation": "pair",
    "MulticolumnMapExpectation": "columns",
    "ColumnAggregateExpectation": "aggregate",
}


@dataclass(frozen=True)
class ExpectationRule:
    """A Great Expectations rule: what it looks at and which arguments it takes."""

    name: str
    """Its name, such as expect_column_values_to_be_between."""
    shape: str
    """`column`, `pair` and `columns` judge rows; `aggregate` a whole column; `table` the table."""
    required: tuple[str, ...]
    """The arguments it needs."""
    optional: tuple[str, ...]
    """The arguments it takes."""

    @property
    def by_row(self) -> bool:
        """Whether it says which rows fail."""
        return self.shape in ("column", "pair", "columns")

    @property
    def arguments(self) -> tuple[str, ...]:
        """All arguments."""
        return self.required + self.optional


@cache
def catalogue() -> dict[str, ExpectationRule]:
    """List the rules by name."""
    text = files("validators").joinpath("gx_expectations.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        name: ExpectationRule(
            name, about["shape"], tuple(about["required"]), tuple(about["optional"])
        )
        for name, about in loaded.items()
    }


def describe() -> dict[str, dict[str, Any]]:
    """Read the rules off the installed Great Expectations."""
    from great_expectations import expectations as gxe

    found: dict[str, dict[str, Any]] = {}
    for class_name in sorted(name for name in dir(gxe) if name.startswith("Expect")):
        kind = getattr(gxe, class_name)
        name = getattr(kind, "expectation_type", "")
        if not name or name in _ELSEWHERE:
            continue
        bases = [base.__name__ for base in kind.__mro__]
        fields = {key: field for key, field in kind.__fields__.items() if key not in _OURS}
        found[name] = {
            "shape": next((_SHAPES[base] for base in bases if base in _SHAPES), "table"),
            "required": sorted(key for key, field in fields.items() if field.required),
            "optional": sorted(key for key, field in fields.items() if not field.required),
        }
    return found


if __name__ == "__main__":
    print("# The rules of Great Expectations, as `python -m validators.catalogue` reads them off")
    print("# the installed release (great-expectations, Apache-2.0).")
    print(yaml.safe_dump(describe(), sort_keys=True, default_flow_style=None, width=100), end="")
