"""Word lists that ship with the readers, loaded when first needed."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> dict[str, Any]:
    """Read `data/NAME.yaml`."""
    text = files("connectors.sources").joinpath("data", f"{name}.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is eight times faster
    loaded: dict[str, Any] = yaml.load(text, Loader=loader)
    return loaded
