"""The kind of target `tryton`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.target_type import TargetType
from connectors.targets.tryton.spec import TrytonTargetSpec


def _open(spec: TrytonTargetSpec, folder: Path) -> Target:
    from connectors.targets.tryton.opening import open_tryton  # httpx takes a moment

    return open_tryton(spec, folder)


TRYTON = TargetType(TrytonTargetSpec, _open)
