"""What the project knows of the world stands in data files; each is read once, when first asked."""

from collections.abc import Callable
from functools import cache, wraps
from importlib.resources import files
from threading import RLock
from typing import Any, TypeVar

Made = TypeVar("Made")


def once(make: Callable[[], Made]) -> Callable[[], Made]:
    """Make something one time only; columns cleaned beside each other wait for it."""
    lock, kept = RLock(), cache(make)

    @wraps(make)
    def made() -> Made:
        with lock:
            return kept()

    return made


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
