"""The descriptions of docs/targets.md, so that what it shows is what was tried."""

import re
from pathlib import Path
from typing import Any

import yaml

PAGE = Path(__file__).parents[4] / "docs" / "targets.md"


def described(product: str) -> dict[str, Any]:
    """The target of a product, as the page describes it."""
    found = re.search(rf"^{product}:\n\n```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.M | re.S)
    assert found is not None
    target: dict[str, Any] = yaml.safe_load(found.group(1))["target"]
    return target
