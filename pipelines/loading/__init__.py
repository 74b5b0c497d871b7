"""The governed load: planned, tried on a test batch, portioned, recorded, proven, undoable.

Owns what happens between CRM rows and the target: the diff, which rows make a test batch, batches
and their before-images in the ledger, trying again, rolling back, and the proof at the end. Does
not know how a row came about, nor the target's SQL.

    load = LoadJob(plan(mapped, target, project), target, ledger, run_id, project)
    trial = load_test(load)         # read back and compared; rolled back if its gate fails
    if trial.passed:
        full = load_full(load)      # a transaction a batch; resumed by calling it again
        retire(load)                # rows of records merged into others, as the spec says
        proof = reconcile(load)
    rollback("20260101-a1.account.full.0001", target, ledger, project)
"""

from pipelines.loading.batches import Loaded
from pipelines.loading.full import load_failed, load_full
from pipelines.loading.job import LoadJob
from pipelines.loading.patience import Patience
from pipelines.loading.planning import EntityPlan, LoadPlan, plan, restore_plan
from pipelines.loading.proof import Proof, reconcile
from pipelines.loading.retiring import Retired, foretell, retire
from pipelines.loading.reversal import Reversal, rollback
from pipelines.loading.sampling import choose_test_batch, choose_test_batches
from pipelines.loading.settling import settle_cut_off
from pipelines.loading.trial import Trial, load_test

__all__ = [
    "EntityPlan",
    "LoadJob",
    "LoadPlan",
    "Loaded",
    "Patience",
    "Proof",
    "Retired",
    "Reversal",
    "Trial",
    "choose_test_batch",
    "choose_test_batches",
    "foretell",
    "load_failed",
    "load_full",
    "load_test",
    "plan",
    "reconcile",
    "restore_plan",
    "retire",
    "rollback",
    "settle_cut_off",
]
