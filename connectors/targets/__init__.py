"""The systems golden records are loaded into.

Owns how rows are read from, compared with and written to a CRM, and what can go wrong there. Knows
nothing of batches, gates or golden records: it is handed tables of text.

    target = open_target(project.target, project.folder)
    target.prepare("account", ["name", "city"])
    rejections = target.upsert("account", rows)     # one transaction
    target.fetch("account", ["name", "city"], ids)
"""

from connectors.targets.contract import (
    EXTERNAL_ID,
    OWN_ID,
    ComparesItself,
    HasOwnIds,
    HasOwnReferences,
    Rejection,
    Target,
)
from connectors.targets.opening import open_target
from connectors.targets.target_type import TargetType

__all__ = [
    "EXTERNAL_ID",
    "OWN_ID",
    "ComparesItself",
    "HasOwnIds",
    "HasOwnReferences",
    "Rejection",
    "Target",
    "TargetType",
    "open_target",
]
