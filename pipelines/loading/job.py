"""One load: what, where to, on whose behalf, and with how much patience."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from connectors.targets import Target
from governance import Ledger
from guiyi.spec import Project
from pipelines.loading.patience import PATIENT, Patience
from pipelines.loading.planning import EntityPlan, LoadPlan, mark_columns
from pipelines.loading.sampling import choose_test_batches
from pipelines.progress import Progress, Silent


@dataclass(frozen=True)
class LoadJob:
    """Everything the parts of a load need to know."""

    plan: LoadPlan
    """What is to be done."""
    target: Target
    """Where."""
    ledger: Ledger
    """Who remembers it."""
    run_id: str
    """The run it belongs to; its batches are named after it."""
    project: Project
    """Whose limits hold."""
    traits: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """CRM entity → what more to know of a row when the test batch is chosen."""
    patience: Patience = PATIENT
    """How often to try again."""
    progress: Progress = field(default_factory=Silent)
    """Who is watching."""

    closed: Callable[[], datetime | None] = lambda: None
    """When the load may go on, if it may not now."""

    def columns(self, entity: str, planned: EntityPlan) -> list[str]:
        """The columns a load needs: those that are mapped, and those of marks."""
        return [*planned.columns, *mark_columns(self.project, entity, planned.columns)]

    def test_batches(self) -> dict[str, list[str]]:
        """Choose the test batches; the same plan gives the same ones."""
        return choose_test_batches(self.plan, self.project.load.test_batch, self.traits)
