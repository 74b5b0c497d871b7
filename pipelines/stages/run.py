"""One run of a project: its options, its folder of tables, and the manifest that sums it up."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl

from connectors.targets import Target, open_target
from governance import Ledger, Masking
from governance.run_folder import QUARANTINE, RunFolder, named
from guiyi.errors import SpecError
from guiyi.messages import Message, restored, stored_all
from guiyi.near_names import did_you_mean
from guiyi.spec import Project
from pipelines.language.messages import language
from pipelines.outputs import whole_file
from pipelines.progress import Progress, Silent
from pipelines.stages.baselines import read_baseline
from pipelines.stages.knowledge import read_suites
from validators import (
    ConservationLaw,
    Excuses,
    GateResult,
    Suite,
    SuiteResult,
    read_waivers,
    refuse_unknown_owners,
)

FEW_ROWS = 50_000
"""Tables up to this size stay in memory from stage to stage."""


@dataclass(frozen=True)
class Options:
    """What the caller asked of a run."""

    dry_run: bool = False
    """Write nothing outside the run folder."""
    until: str | None = None
    """The last stage to run."""
    only: str | None = None
    """The one entity to take through, with those it points to."""
    suites: tuple[str, ...] = ()
    """The suites to judge by; all if none is named."""
    full_read: bool = False
    """Read every table whole, those that say `incremental` too."""
    match_all: bool = False
    """Compare all records with each other, those that have not changed too."""
    accept: tuple[str, ...] = ()
    """What the gate may let pass in this run: `missing`, `moved`."""
    plan: str | None = None
    """The hash of the plan that was signed: the gate lets nothing else pass."""
    baseline: str | None = None
    """A run, `latest`, or a file: what failed there does not fail the gate."""
    at_any_time: bool = False
    """Load outside `load.windows`, too."""

    @property
    def is_plan_wanted(self) -> bool:
        """Whether all that the load would do is worked out beforehand, and hashed."""
        return self.dry_run or self.plan is not None


@dataclass(frozen=True)
class StageTally:
    """What a stage took in and gave out."""

    stage: str
    rows_in: int
    rows_out: int
    seconds: float
    note: str = ""


@dataclass
class RunOutcome:
    """How a run ended."""

    run_id: str
    folder: Path
    stages: list[StageTally] = field(default_factory=list)
    laws: list[ConservationLaw] = field(default_factory=list)
    """The conservation laws, for each entity and each CRM entity."""
    gate: dict[str, Any] | None = None
    load: dict[str, dict[str, int]] = field(default_factory=dict)
    """CRM entity → rows created, updated, unchanged, rejected: so far, or foretold by a dry run."""
    dry_run: bool = False
    """Whether nothing was written, and the load only foretold."""
    notes: list[str] = field(default_factory=list)
    stopped: str | None = None
    """Why the run ended before its last stage; null if it did not."""
    unreported: list[str] = field(default_factory=list)
    """What pages could not be made of the results, and why."""
    plan: str | None = None
    """The hash of what a load would do, of a dry run and of a load by a signed plan."""

    @property
    def exit_code(self) -> int:
        """0 passed, 1 a gate failed, 2 something could not run."""
        if any(not law.holds for law in self.laws):
            return 2
        if self.gate is not None and self.gate["verdict"] != "passed":
            return 1 if self.gate["verdict"] == "failed" else 2
        return 2 if self.unreported else 0

    def as_json(self) -> dict[str, Any]:
        """Describe the outcome to a machine."""
        return {
            "run_id": self.run_id,
            "dry_run": self.dry_run,
            "folder": str(self.folder),
            "stages": [asdict(stage) for stage in self.stages],
            "laws": [
                {
                    "name": law.name,
                    "entity": law.of,
                    "total": law.total,
                    "parts": law.parts,
                    "holds": law.holds,
                }
                for law in self.laws
            ],
            "gate": self.gate,
            "load": self.load,
            "notes": self.notes,
            "stopped": self.stopped,
            "unreported": self.unreported,
            "plan": self.plan,
        }


class Run:
    """A run in progress: its options, its ledger and target, and the folder of its tables."""

    def __init__(
        self,
        project: Project,
        options: Options | None = None,
        progress: Progress | None = None,
        folder: Path | None = None,
    ) -> None:
        options = options or Options()
        self.project = project
        self.options = options
        self.progress: Progress = progress or Silent()
        now = datetime.now(UTC)
        self.started = now.replace(microsecond=0)
        self.folder = folder or project.folder / ".guiyi" / "runs" / run_name(now)
        self.outcome = RunOutcome(self.folder.name, self.folder, dry_run=options.dry_run)
        self.ledger: Ledger
        self._small: dict[str, pl.DataFrame] = {}
        self.suite_results: list[SuiteResult] = []
        self.judged: GateResult | None = None
        if options.only is not None and options.only not in project.entities:
            raise SpecError(
                Message("no entity `{name}`", name=options.only),
                place=str(project.file),
                hint=did_you_mean(options.only, project.entities),
            )

    @classmethod
    def reopen(
        cls,
        project: Project,
        run_id: str,
        progress: Progress | None = None,
        options: Options | None = None,
    ) -> "Run":
        """Open the folder of a run that ended, or was cut off, to load or reconcile it."""
        folder = project.folder / ".guiyi" / "runs" / run_id
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise SpecError(
                Message("no run `{name}`", name=run_id),
                place=str(folder.parent),
                hint="list the folder to see the runs there are",
            )
        run = cls(project, options, progress, folder)
        run.read_manifest(json.loads(manifest.read_text(encoding="utf-8")))
        return run

    @cached_property
    def suites(self) -> list[Suite]:
        """The quality suites this run is judged by: all there are, or those asked for."""
        there = read_suites(self.project)
        names = [suite.suite for suite in there]
        for name in self.options.suites:
            if name not in names:
                raise SpecError(
                    Message("no suite `{name}`", name=name),
                    place=str(self.project.folder),
                    hint=did_you_mean(name, names),
                )
        wanted = self.options.suites or names
        return [suite for suite in there if suite.suite in wanted]

    def closed(self) -> datetime | None:
        """When the project's next window for loads opens, if none is open now."""
        return None if self.options.at_any_time else self.project.load.closed(datetime.now(UTC))

    @cached_property
    def excuses(self) -> Excuses:
        """The failures that do not fail the gate: waived ones, and those of the baseline."""
        waivers = read_waivers(self.project.folder / self.project.gate.waivers, self.suites)
        refuse_unknown_owners(self.suites, self.project.privacy.departments)
        baseline = self.options.baseline
        known = None if baseline is None else read_baseline(self.project, baseline)
        return Excuses(self.started.date(), waivers, known)

    @cached_property
    def target(self) -> Target:
        """The CRM, opened when it is first needed."""
        return open_target(self.project.target, self.project.folder)

    def close(self) -> None:
        """Let go of the target, if it was opened."""
        if "target" in self.__dict__:
            self.target.close()

    @property
    def entities(self) -> list[str]:
        """The entities this run takes through: all, or the one asked for and those it points to."""
        if self.options.only is None:
            return list(self.project.entities)
        wanted, queue = set(), [self.options.only]
        while queue:
            name = queue.pop()
            if name not in wanted:
                wanted.add(name)
                queue.extend(self.project.relations(name).values())
        return [name for name in self.project.entities if name in wanted]

    @property
    def language(self) -> Literal["zh", "en"]:
        """The language of this run's report and reasons."""
        return self.project.language or language()

    @property
    def spec_digest(self) -> str:
        """The SHA-256 of guiyi.yaml as it was run."""
        return hashlib.sha256(self.project.file.read_bytes()).hexdigest()

    @cached_property
    def masking(self) -> Masking:
        """What notes and reports mask: they are for anybody."""
        return Masking.usual(self.project)

    @cached_property
    def tables(self) -> RunFolder:
        """The tables of this run."""
        return RunFolder(self.folder)

    def put(
        self, name: str, table: pl.DataFrame, about: dict[str, str] | None = None
    ) -> pl.DataFrame:
        """Write a table as `NAME.parquet`; `about`: what the file says of itself."""
        kind, of = named(name)
        self.tables.write(kind, table, of, about)
        self._small.pop(name, None)
        if table.height <= FEW_ROWS:
            self._small[name] = table
        return table

    def put_pieces(self, name: str, pieces: Iterator[pl.DataFrame]) -> None:
        """Write a table as `NAME.parquet` from its pieces, of which there is at least one."""
        kind, of = named(name)
        self.tables.write_pieces(kind, pieces, of)
        self._small.pop(name, None)

    def get(self, name: str, columns: Collection[str] | None = None) -> pl.DataFrame:
        """Take a table an earlier stage has put, or some of its columns.

        Only small tables stay in memory: ask for a large one once, and for what is needed of it.
        """
        if name in self._small:
            table = self._small[name]
            return table if columns is None else table.select(columns)
        kind, of = named(name)
        table = self.tables.read(kind, of, columns)
        if columns is None and table.height <= FEW_ROWS:
            self._small[name] = table
        return table

    def has(self, name: str) -> bool:
        """Tell whether a table was put."""
        return self.tables.has(*named(name))

    def path(self, name: str) -> Path:
        """Say where a table of this run is kept."""
        return self.tables.file(*named(name))

    def hold_back(self, rows: Iterable[pl.DataFrame]) -> None:
        """Put records into quarantine, each with its reason."""
        found = [
            rows.select(
                pl.col(name).cast(pl.String)
                if name in rows.columns
                else pl.lit(None, pl.String).alias(name)
                for name in QUARANTINE.schema
            )
            for rows in rows
            if rows.height
        ]
        earlier = [self.quarantined()] if self.has("quarantine") else []
        self.put(
            "quarantine",
            pl.concat([*earlier, *found, pl.DataFrame(schema=QUARANTINE.schema)]).unique(
                maintain_order=True
            ),
        )

    def quarantined(self, entity: str | None = None) -> pl.DataFrame:
        """The records in quarantine so far."""
        if not self.has("quarantine"):
            return pl.DataFrame(schema=QUARANTINE.schema)
        table = self.get("quarantine")
        return table if entity is None else table.filter(pl.col("entity") == entity)

    def note(self, sentence: str) -> None:
        """Keep a sentence the user should read at the end."""
        if sentence not in self.outcome.notes:
            self.outcome.notes.append(sentence)

    def unreported(self, why: str | None) -> None:
        """Keep the sentence that says why a page about the results is missing, if one is."""
        if why is not None:
            self.outcome.unreported.append(why)

    def write_manifest(self, *, ended: bool = False) -> None:
        """Write what is known of this run so far, for its report, or to be taken up again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC).replace(microsecond=0).isoformat()
        manifest = {
            **self.outcome.as_json(),
            "folder": None,
            "messages": stored_all(
                [*self.outcome.notes, self.outcome.stopped, *(s.note for s in self.outcome.stages)]
            ),
            "project": self.project.project,
            "language": self.language,
            "started": self.started.isoformat(),
            "finished": now if ended else None,
            "only": self.options.only,
            "accept": self.options.accept,
            "spec_digest": self.spec_digest,
            "sources": list(self.project.sources),
            "kinds": {name: entity.kinds for name, entity in self.project.entities.items()},
            "privacy": {
                "mask": list(self.project.privacy.mask),
                "keys": self.masking.keys,
            },
            "mapping": {name: crm.entity for name, crm in self.project.mapping.items()},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        with whole_file(self.folder / "manifest.json") as file:
            file.write_text(text, encoding="utf-8")

    def read_manifest(self, manifest: dict[str, Any]) -> None:
        """Take up the outcome a finished run has left."""
        kept = manifest.get("messages", {})
        self.outcome.stages = [
            StageTally(**stage | {"note": restored(stage["note"], kept.get(stage["note"]))})
            for stage in manifest["stages"]
        ]
        self.outcome.laws = [
            ConservationLaw(law["name"], law["total"], law["parts"], law["entity"])
            for law in manifest["laws"]
        ]
        self.outcome.gate = manifest["gate"]
        self.outcome.load = manifest["load"]
        self.outcome.notes = [restored(note, kept.get(note)) for note in manifest["notes"]]
        stopped = manifest["stopped"]
        self.outcome.stopped = stopped and restored(stopped, kept.get(stopped))
        self.outcome.unreported = manifest.get("unreported", [])
        self.outcome.plan = manifest.get("plan")
        self.started = datetime.fromisoformat(manifest["started"])


def run_name(began: datetime) -> str:
    """The name of a run that began at that moment: names sort as their runs began."""
    return f"{began:%Y%m%d-%H%M%S}-{began.microsecond * 0x10000 // 1_000_000:04x}"


def latest_run(project: Project) -> str:
    """Name the project's most recent run. Raises SpecError if there is none."""
    runs = sorted((project.folder / ".guiyi" / "runs").glob("*/manifest.json"))
    if not runs:
        raise SpecError(
            "no run yet",
            place=str(project.folder),
            hint=Message("run it first: guiyi run {folder}", folder=project.folder),
        )
    return runs[-1].parent.name
