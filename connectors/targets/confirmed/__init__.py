"""What targets share that have no transactions and may not answer: written, read back, believed.

Owns the order of things: what stands there is read, rows are sent, what stands there now is read
again, and only that counts. Knows nothing of any API: a `RowService` reads, sends and removes.

    ConfirmedTarget(service).upsert("account", rows)
"""

from connectors.targets.confirmed.identifying import IdentifyingTarget
from connectors.targets.confirmed.service import HeldRow, IdentifyingService, RowService, SentRow
from connectors.targets.confirmed.target import ConfirmedTarget
from connectors.targets.contract import BY_OWN_ID

__all__ = [
    "BY_OWN_ID",
    "ConfirmedTarget",
    "HeldRow",
    "IdentifyingService",
    "IdentifyingTarget",
    "RowService",
    "SentRow",
]
