"""Suites and tables for the tests of this room."""

from collections.abc import Callable
from pathlib import Path

import pytest

from validators import Suite, load_suites

SuiteOf = Callable[..., Suite]


@pytest.fixture
def suite_of(tmp_path: Path) -> SuiteOf:
    """Make a suite of expectations written as YAML."""

    def make(expectations: str, name: str = "customers", on: str = "records") -> Suite:
        lines = "".join(f"  {line}\n" for line in expectations.strip().splitlines())
        text = f"suite: {name}\nentity: company\non: {on}\nexpectations:\n{lines}"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_suites([f"{name}.yaml"], tmp_path)[0]

    return make
