"""A small project, written to disk as a user would."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from guiyi.spec import Project, load_project

BASE: dict[str, Any] = {
    "project": "test",
    "sources": {
        "crm": {
            "kind": "delimited",
            "path": "customers.csv",
            "tables": [
                {
                    "entity": "company",
                    "columns": {"name": "name", "address": "addr"},
                    "refs": {"head": {"entity": "company", "columns": "h", "table": "T"}},
                },
                {
                    "entity": "order",
                    "columns": {"amount": "amount", "status": "status"},
                    "refs": {"customer": {"entity": "company", "columns": "c", "table": "T"}},
                },
            ],
        }
    },
    "entities": {
        "company": {"fields": {"name": "company_name", "address": "address", "phone": "phone"}},
        "order": {
            "fields": {"amount": "amount", "status": "code"},
            "match": {"enabled": False},
        },
    },
}


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Write guiyi.yaml (and code lists) and load it."""

    def make(mapping: dict[str, Any], codes: dict[str, str] | None = None) -> Project:
        spec = {**BASE, "mapping": mapping}
        for name, text in (codes or {}).items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
            spec.setdefault("codes", {})[name] = f"{name}.csv"
        spec = {**spec, "codes": dict(spec.get("codes", {}))}
        text = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)
        (tmp_path / "guiyi.yaml").write_text(text, encoding="utf-8")
        return load_project(tmp_path)

    return make
