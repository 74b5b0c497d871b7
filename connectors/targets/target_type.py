"""What a kind of target is: its keys in guiyi.yaml, and how it is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.targets.contract import Target
from guiyi.spec import TargetSpec


@dataclass(frozen=True)
class TargetType:
    """A kind of target, found by its name in the entry points `guiyi.targets`."""

    spec: type[TargetSpec]
    """Its part of guiyi.yaml; `kind` is a Literal of its name."""
    open: Callable[[Any, Path], Target]
    """Opens the target of the project in a folder; nothing is made or changed by it."""
