"""What the project knows of the world stands in data files; each is read once, when first asked."""

from functools import cache
from importlib.resources import files
from typing import Any


def text_of(name: str) -> str:
    """Read a data file."""
    return files("cleansing").joinpath("data", name).read_text(encoding="utf-8")


@cache
def facts(name: str) -> Any:
    """Read a YAML file; libyaml's parser, where it is built in, is eight times faster."""
    import yaml

    return yaml.load(text_of(name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Read the rows of a tab-separated file, without its comments."""
    lines = text_of(name).splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if not line.startswith("#"))


def pairs(name: str) -> tuple[tuple[str, str], ...]:
    """Read a tab-separated file of two columns."""
    return tuple((first, second) for first, second, *_ in rows(name))
