"""What must hold before a load, where it goes, in which portions and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from guiyi.plugins import TARGETS
from guiyi.spec.base import Name, Spec
from guiyi.spec.by_kind import ByKind
from guiyi.spec.cron import Cron, TimeZone
from guiyi.spec.load_windows import LoadWindow, closed_until
from guiyi.spec.mappings import CrmEntitySpec


class GateSpec(Spec):
    """Turns results into pass or fail."""

    max_quarantined: float = Field(default=0.2, ge=0, le=1)
    """The largest share of in-scope records that may be in quarantine, per entity."""
    max_unmapped_codes: int = Field(default=0, ge=0)
    """How many distinct codes a code list may leave untranslated."""
    max_rejected: float = Field(default=0.0, ge=0, le=1)
    """The largest share of a batch the target may reject."""
    max_missing: float = Field(default=0.2, ge=0, le=1)
    """The largest share of an entity's known records that its sources may newly not deliver (two
    always may): a truncated export or a renamed file stops here. `guiyi run --accept missing`
    accepts it once."""
    waivers: str = "waivers.yaml"
    """A file of failures that do not count until a day, if it is there: `waivers:`, each with
    `suite`, `expectation`, `until`, `reason` and `who`, and `column` and `keys` if it is for some
    only."""
    max_moved: float = Field(default=0.2, ge=0, le=1)
    """The largest share of an entity's known records that may get another golden id (two always
    may). `guiyi run --accept moved` accepts it once."""


class TargetSpec(Spec):
    """The CRM the golden records are loaded into; each kind adds keys of its own."""

    kind: str
    """What it is."""
    external_id: Name = "external_id"
    """The column holding the golden id; unique in the target."""
    tables: dict[str, str] = {}
    """CRM entity → table, where the names differ."""

    def check_names(self, mapping: Mapping[str, CrmEntitySpec]) -> None:
        """Refuse names in keys of its own that the mapping does not have. Raises UnknownName."""


AnyTarget = Annotated[TargetSpec, ByKind(TARGETS, TargetSpec, default="sql")]
"""A target of whatever kind: its keys are those of the kind."""


class WaveSpec(Spec):
    """A part of the customers that is loaded together: a pilot, a department, a fifth, all."""

    name: Name
    """How it is called in `load.wave`."""
    where: dict[str, str] = {}
    """CRM entity → a SQL condition over its fields. Rows of other entities follow those they point
    to."""
    share: float | None = Field(default=None, gt=0, le=1)
    """A share of the customers instead, the same ones in every run."""

    @model_validator(mode="after")
    def _one_choice(self) -> "WaveSpec":
        if self.where and self.share is not None:
            raise ValueError("give either `where` or `share`")
        return self


class LoadSpec(Spec):
    """How the load is portioned."""

    test_batch: int = Field(default=50, ge=1)
    """Golden records per entity in the test batch, chosen to be representative."""
    batch_size: int = Field(default=5000, ge=1)
    """Golden records per batch of the full load; a batch is one transaction."""
    approve: Literal["gate", "person"] = "gate"
    """Whether a passed test batch is enough for the full load, or a person must say so."""
    windows: list[LoadWindow] = []
    """When a load may write, such as `["22:00-06:00", "sat,sun"]`; always, if none is given. It
    pauses at the end of one and goes on in the next."""
    timezone: TimeZone = "Asia/Shanghai"
    """The time zone of the windows."""
    waves: list[WaveSpec] = []
    """In which order customers are loaded; a wave without `where` and `share` has all the rest."""
    wave: Name | None = None
    """The wave that it is the turn of: it and those before it are loaded; without it, all are."""

    @model_validator(mode="after")
    def _own_names(self) -> "LoadSpec":
        if len({one.name for one in self.waves}) < len(self.waves):
            raise ValueError("two waves have one name")
        return self

    def closed(self, now: datetime) -> datetime | None:
        """When the next window opens, if none is open now."""
        return closed_until(self.windows, self.timezone, now)

    @property
    def due(self) -> list[WaveSpec]:
        """The waves that are loaded: those up to the one it is the turn of; none where all are."""
        if self.wave is None:
            return []
        names = [one.name for one in self.waves]
        return self.waves[: names.index(self.wave) + 1]


class ScheduleSpec(Spec):
    """When a flow runs by itself."""

    cron: Cron
    """Five cron fields."""
    timezone: TimeZone = "Asia/Shanghai"
    """The time zone of the cron fields."""
    dry_run: bool = False
    """Whether the scheduled run writes nothing."""
    full_read: bool = False
    """Whether it reads whole what says `incremental`, so that rows deleted since are forgotten."""


class BackupSpec(Spec):
    """Backups of the ledger and of the project's own files, made by `guiyi schedule`."""

    folder: str = ".guiyi/backups"
    """Where they go; better another disk. A relative path starts from the project."""
    keep: int = Field(default=8, ge=1)
    """How many full backups are kept, each with the incremental ones that go on from it."""
    full: Cron | None = "0 3 * * 0"
    """When a full backup is made: five cron fields; null: never by itself."""
    incremental: Cron | None = "0 3 * * 1-6"
    """When what has changed is backed up: five cron fields; null: never by itself."""
    timezone: TimeZone = "Asia/Shanghai"
    """The time zone of the cron fields."""
    runs: bool = False
    """Whether the folders of ended runs are backed up too."""
