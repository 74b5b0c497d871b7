"""The ledger: permanent ids, crosswalk, decisions, quarantine, batches, audit chain; and masking.

Owns what a project must remember from one run to the next. Does not know how records were matched
or what a target is.

    with open_ledger("sqlite:///.guiyi/ledger.db") as ledger, ledger.lock(run_id):
        members = ledger.preview_golden_ids("company", members)     # writes nothing
        with ledger.write(run_id) as entry:                         # all of it or nothing
            entry.assign_golden_ids("company", members)
            entry.quarantine(held_back)
"""

from governance.audit import AuditCheck
from governance.audit_key import AuditKey, open_key
from governance.batches import RollbackPlan
from governance.checkpoints import Checkpoint
from governance.data_subject import DataSubject
from governance.database import LedgerError
from governance.door import Door, Reader
from governance.entity_changes import EntityChanges, LedgerMark
from governance.entry import Entry
from governance.erasure import ErasureRequest, PastErasure
from governance.ledger import Ledger, open_ledger
from governance.lineage import GoldenAt, Resolved
from governance.load_approvals import LoadApproval
from governance.masked_tables import Masking
from governance.masking import mask
from governance.personal_values import PersonalValues
from governance.stewardship import DecidedMeanwhile, Decision, SeenDecision, Status
from governance.valid_time import ValidOn

__all__ = [
    "AuditCheck",
    "AuditKey",
    "Checkpoint",
    "DataSubject",
    "DecidedMeanwhile",
    "Decision",
    "Door",
    "EntityChanges",
    "Entry",
    "ErasureRequest",
    "GoldenAt",
    "Ledger",
    "LedgerError",
    "LedgerMark",
    "LoadApproval",
    "Masking",
    "PastErasure",
    "PersonalValues",
    "Reader",
    "Resolved",
    "RollbackPlan",
    "SeenDecision",
    "Status",
    "ValidOn",
    "mask",
    "open_key",
    "open_ledger",
]
