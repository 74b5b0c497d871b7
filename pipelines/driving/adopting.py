"""Finds the rows of the CRM that have no golden id among the customers of the latest run, and gives
them theirs, so that a load takes them up instead of creating twins.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from connectors.targets import EXTERNAL_ID, OWN_ID, HasOwnIds, open_target
from dedup.model import SavedModel
from governance import Door, Ledger, Reader, open_ledger
from governance.run_folder import CRM, GOLDEN, RunFolder
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.records import GOLDEN_ID
from guiyi.spec import Project, expand_secrets, load_project
from pipelines.labelling.teaching import Teaching
from pipelines.loading.adopting import FOUND, SURE, AdoptionTables, adoptable, fields_in
from pipelines.loading.foreign_ids import foreign_ids, tell_foreign
from pipelines.stages.knowledge import read_aliases
from pipelines.stages.run import run_name
from pipelines.stewarding.opening import has_ledger

ADOPTING, ADOPTED, GIVEN_BACK = "crm.adopting", "crm.adopted", "crm.given_back"
"""What the audit chain calls it. What is about to be written is written down before: a run that is
killed in between leaves nothing that cannot be taken back."""


@dataclass(frozen=True)
class Adoption:
    """What became of the rows of a CRM entity that have no golden id."""

    crm_entity: str
    rows: int
    """How many there are."""
    found: pl.DataFrame
    """verdict, golden_id, own_id, probability."""
    values: pl.DataFrame
    """The same with the values of both sides, as the reader may see them."""
    adopted: int | None
    """How many have their golden id now; None in a preview."""
    foreign: Message | None = None
    """What is to be said of rows that have an id there which no ledger has given."""

    @property
    def fields(self) -> list[str]:
        """The fields that both sides have; of each, `values` has NAME and NAME (CRM)."""
        there = self.values.columns
        return [name for name in there if f"{name} (CRM)" in there]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        return dict(self.found["verdict"].value_counts(sort=True).iter_rows())


def adopt(
    file: Path, crm_entity: str | None, reader: Reader, *, preview: bool, pairs: Mapping[str, str]
) -> Iterator[Adoption]:
    """Find which rows are customers, and give the sure ones their golden id; a preview gives none.

    `pairs`: own id → golden id, as a person has decided; then only these are adopted. Raises
    SpecError where no run has mapped the entity yet, and for a target whose rows have no other ids.
    """
    project = load_project(file)
    with _target(project) as target, _ledger(project, preview=preview) as ledger:
        door = Door(project, ledger, reader)
        for name in _entities(project, crm_entity):
            tables, folder, rows = _tables(project, name, target)
            foreign = _foreign(project, name, target, ledger, tables)
            found = _found(project, name, tables, folder, pairs)
            values = _values(door, project, name, tables, found)
            done = None
            if not preview:
                done = _give(project, name, target, ledger, found, reader)
            yield Adoption(name, rows, found, values, done, foreign)


def give_back(file: Path, golden_ids: list[str], reader: Reader) -> dict[str, list[str]]:
    """Take the golden id from rows that were adopted; by CRM entity, which.

    Raises SpecError for a row that was not adopted, or that a load has written since.
    """
    project = load_project(file)
    with (
        _target(project) as target,
        _ledger(project, preview=False) as ledger,
        ledger.lock(_name(), project.project),
    ):
        own = {name: _adopted(ledger, name, golden_ids) for name in project.mapping}
        _check_given(project, ledger, own, golden_ids)
        for name, ids in own.items():
            if ids:
                target.unidentify(name, ids)
                ledger.audit(GIVEN_BACK, name, {"golden_ids": ids}, who=reader.name)
        return {name: ids for name, ids in own.items() if ids}


def _name() -> str:
    return run_name(datetime.now(UTC))


@contextmanager
def _target(project: Project) -> Iterator[HasOwnIds]:
    """The CRM. Raises SpecError for one whose rows have no ids of their own."""
    target = open_target(project.target, project.folder)
    try:
        if not isinstance(target, HasOwnIds):
            raise SpecError(
                Message("rows of a target `{kind}` have no other ids", kind=project.target.kind),
                place=str(project.file),
            )
        yield target
    finally:
        target.close()


@contextmanager
def _ledger(project: Project, *, preview: bool) -> Iterator[Ledger]:
    """The project's ledger; a preview without one makes do with one in memory."""
    url = expand_secrets(project.ledger, f"{project.file}: ledger")
    if preview and not has_ledger(project):
        url = "sqlite://"
    with open_ledger(url, project.folder) as ledger:
        yield ledger


def _entities(project: Project, crm_entity: str | None) -> list[str]:
    if crm_entity is not None and crm_entity not in project.mapping:
        raise SpecError(
            Message("no CRM entity `{name}`", name=crm_entity),
            place=str(project.file),
            hint=did_you_mean(crm_entity, project.mapping),
        )
    matched = [
        n for n, crm in project.mapping.items() if project.entities[crm.entity].match.enabled
    ]
    return [name for name in matched if crm_entity in (None, name)]


def _tables(
    project: Project, name: str, target: HasOwnIds
) -> tuple[AdoptionTables, RunFolder, int]:
    """The customers of the latest run, those that have a row there as such, and the rows without
    golden id.
    """
    crm = project.mapping[name]
    fields = fields_in(crm, project.entities[crm.entity])
    folder = _latest(project, name)
    rows = target.unidentified(name, list(fields)).rename(fields)
    mapped = folder.read(CRM, name, [EXTERNAL_ID])
    there = target.fetch(name, [], mapped[EXTERNAL_ID].to_list())
    kinds = project.entities[crm.entity].matched_kinds
    known = [GOLDEN_ID, *(field for field in kinds if field in folder.columns(GOLDEN, crm.entity))]
    golden = folder.read(GOLDEN, crm.entity, known)
    own = mapped.rename({EXTERNAL_ID: GOLDEN_ID})
    golden = golden.join(own, on=GOLDEN_ID, how="semi", maintain_order="left")
    return AdoptionTables(golden, rows, there[EXTERNAL_ID]), folder, rows.height


def _foreign(
    project: Project, name: str, target: HasOwnIds, ledger: Ledger, tables: AdoptionTables
) -> Message | None:
    given = ledger.golden_ids(project.mapping[name].entity)["golden_id"].cast(pl.String)
    ids = foreign_ids(target, name, pl.concat([given, tables.golden[GOLDEN_ID]]))
    return tell_foreign(ids, project.target.external_id) if ids.len() else None


def _latest(project: Project, name: str) -> RunFolder:
    """The folder of the latest run, dry or not, that has mapped a CRM entity."""
    runs = project.folder / ".guiyi" / "runs"
    for path in sorted(runs.iterdir() if runs.is_dir() else (), reverse=True):
        if (folder := RunFolder(path)).has(CRM, name):
            return folder
    raise SpecError(
        Message("no run has made `{name}` yet", name=name),
        place=str(project.folder),
        hint=Message("first: guiyi run {folder} --dry-run", folder=project.folder),
    )


def _found(
    project: Project, name: str, tables: AdoptionTables, folder: RunFolder, pairs: Mapping[str, str]
) -> pl.DataFrame:
    entity = project.mapping[name].entity
    if not pairs:
        kept = folder.path / "models" / f"{entity}.json"
        model: SavedModel | None = Teaching(model=kept).read_model() if kept.exists() else None
        return adoptable(tables, project.entities[entity], model, read_aliases(project))
    golden, rows = tables.golden[GOLDEN_ID], tables.rows[OWN_ID]
    for own, golden_id in pairs.items():
        if own not in rows:
            what = Message("`{name}` has no row {own} without a golden id", name=name, own=own)
        elif golden_id in tables.there:
            what = Message("{golden_id} has a row of the CRM already", golden_id=golden_id)
        elif golden_id not in golden:
            what = Message(
                "{golden_id} is no customer that a load would create", golden_id=golden_id
            )
        else:
            continue
        hint = Message("guiyi adopt {folder} --preview lists both", folder=project.folder)
        raise SpecError(what, place=str(project.folder), hint=hint)
    ids = dict.fromkeys((OWN_ID, GOLDEN_ID), pl.String)
    decided = pl.DataFrame([*pairs.items()], schema=ids, orient="row")
    none = {name: pl.lit(None, kind) for name, kind in FOUND.items() if name not in decided.columns}
    return decided.with_columns(**none | {"verdict": pl.lit(SURE)}).select(list(FOUND))


def _values(
    door: Door, project: Project, name: str, tables: AdoptionTables, found: pl.DataFrame
) -> pl.DataFrame:
    """The pairs with the values of both sides; what is masked for the reader is."""
    entity = project.mapping[name].entity
    ours = found.join(tables.golden, on=GOLDEN_ID, how="left", maintain_order="left")
    theirs = found.join(tables.rows, on=OWN_ID, how="left", maintain_order="left")
    fields = [field for field in tables.rows.columns if field != OWN_ID]
    sides = [door.table(entity, side.select(GOLDEN_ID, *fields)) for side in (ours, theirs)]
    shown = [
        column
        for field in fields
        for column in (sides[0][field], sides[1][field].alias(f"{field} (CRM)"))
    ]
    if found.height:
        door.write_down(name, {"adoptable": found.height})
    return even_chunks(found.with_columns(pl.lit(name).alias("crm_entity"), *shown))


def _give(
    project: Project,
    name: str,
    target: HasOwnIds,
    ledger: Ledger,
    found: pl.DataFrame,
    reader: Reader,
) -> int:
    sure = found.filter(pl.col("verdict") == SURE)
    if sure.is_empty():
        return 0
    with ledger.lock(_name(), project.project):
        wanted = dict(sure.select(GOLDEN_ID, OWN_ID).iter_rows())
        ledger.audit(ADOPTING, name, {"rows": wanted}, who=reader.name)
        left = target.identify(name, {own: golden for golden, own in wanted.items()})
        given = sure.filter(~pl.col(OWN_ID).is_in(left))
        rows = dict(given.select(GOLDEN_ID, OWN_ID).iter_rows())
        ledger.audit(ADOPTED, name, {"rows": rows}, who=reader.name)
    return len(rows)


def _adopted(ledger: Ledger, name: str, golden_ids: list[str]) -> list[str]:
    """Of some golden ids, those that rows of a CRM entity were given, or may have been by a run
    that was cut off.
    """
    trail = ledger.audit_trail().filter(pl.col("subject") == name)
    given: set[str] = set()
    intended: set[str] = set()
    for action, details in trail.select("action", "details").iter_rows():
        if action == ADOPTING:
            intended = {*json.loads(details)["rows"]} - given
            given |= intended
        elif action == ADOPTED:
            given -= intended  # what the CRM took of it
            given |= {*json.loads(details)["rows"]}
            intended = set()
        elif action == GIVEN_BACK:
            given -= {*json.loads(details)["golden_ids"]}
    return [golden_id for golden_id in golden_ids if golden_id in given]


def _check_given(
    project: Project, ledger: Ledger, own: Mapping[str, list[str]], golden_ids: list[str]
) -> None:
    strange = [one for one in golden_ids if not any(one in ids for ids in own.values())]
    if strange:
        raise SpecError(
            Message("no row was adopted as {golden_id}", golden_id=strange[0]),
            place=str(project.folder),
        )
    for name, ids in own.items():
        written = ledger.last_written(name, pl.Series(ids, dtype=pl.String))
        if written.height:
            raise SpecError(
                Message("a load has written {golden_id} since", golden_id=written[EXTERNAL_ID][0]),
                place=str(project.folder),
                hint=Message(
                    "first roll its batches back: guiyi batches {folder}", folder=project.folder
                ),
            )
