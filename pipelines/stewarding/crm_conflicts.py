"""Conflicts with the CRM, one by one: what a steward sees of them, and can decide.

A decision is a value choice on the field of the golden record that the CRM field is made of; the
next run writes it over the value that its list had shown (docs/runs.md).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import polars as pl

from governance import Decision, Door, LedgerError, SeenDecision
from governance.run_folder import CONFLICTS, GOLDEN, RunFolder, kept_runs
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.records import GOLDEN_ID
from guiyi.spec import CrmFieldSpec, Project, SpecPlace
from guiyi.spec.expressions import parse
from pipelines.stewarding.crm_values import masked_values

_VALUES = ("ours", "theirs", "last")


class Side(StrEnum):
    """Whose value is chosen."""

    OURS = "ours"
    THEIRS = "theirs"
    OTHER = "other"
    """One that is given."""


@dataclass(frozen=True)
class Choice:
    """A value that was chosen since the run that found the conflict."""

    number: int
    value: str | None
    who: str
    at: str
    why: str | None


@dataclass(frozen=True)
class CrmConflict:
    """A value that others have changed in the CRM."""

    case: str
    """What it is called in an address."""
    run_id: str
    """The run that found it."""
    entity: str
    crm_entity: str
    golden_id: str
    column: str | None
    """None for a row that was deleted in the CRM."""
    ours: str | None
    theirs: str | None
    last: str | None
    reason: str
    field: str | None
    """The field of the golden record that a choice is made of; None where there is none, or more
    than one."""
    is_plain: bool
    """Whether the CRM has that field's value as it is, so that theirs can be chosen."""
    choice: Choice | None


@dataclass(frozen=True)
class CrmConflicts:
    """The conflicts of the latest run that compared with the CRM."""

    folder: RunFolder
    table: pl.DataFrame
    """As the run folder has them, with the golden record's `entity`."""


def latest_conflicts(project: Project, entity: str | None = None) -> CrmConflicts | None:
    """The conflicts of the latest run that compared with the CRM; None where none has."""
    of = {name: crm.entity for name, crm in project.mapping.items()}
    for folder in kept_runs(project.folder):
        if folder.has(CONFLICTS):
            known = folder.read(CONFLICTS).filter(pl.col("crm_entity").is_in(list(of)))
            named = pl.col("crm_entity").replace_strict(of, return_dtype=pl.String)
            table = even_chunks(known.with_columns(entity=named))
            return CrmConflicts(folder, table if entity is None else table.filter(entity=entity))
    return None


def shown_conflicts(door: Door, found: CrmConflicts, start: int, count: int) -> list[CrmConflict]:
    """A page of conflicts, as their reader may see them."""
    rows = found.table.slice(start, count)
    if rows.height:
        door.write_down("review.conflicts", {"rows": rows.height})
    shown: dict[str, dict[str, str | None]] = {}
    for (crm_entity,), part in rows.group_by("crm_entity", maintain_order=True):
        masked = masked_values(door, str(crm_entity), part, _VALUES)
        visible = door.table(door.project.mapping[str(crm_entity)].entity, masked)
        shown |= zip(_cases(part), visible.to_dicts(), strict=True)
    pairs = zip(_cases(rows), rows.iter_rows(named=True), strict=True)
    return [
        _conflict(door, found.folder, case, row | {name: shown[case][name] for name in _VALUES})
        for case, row in pairs
        if door.sees(row["entity"], row["external_id"])
    ]


def named_conflict(door: Door, found: CrmConflicts, case: str) -> CrmConflict | None:
    """One conflict, as its reader may see it; None where the latest run has none of this name."""
    for place, name in enumerate(_cases(found.table)):
        if name == case:
            return next(iter(shown_conflicts(door, found, place, 1)), None)
    return None


def settle_conflict(
    door: Door,
    found: CrmConflicts,
    case: str,
    side: Side,
    other: str | None = None,
    *,
    why: str | None = None,
    seen: SeenDecision | None = None,
) -> int:
    """Choose a value for good; the number of the decision.

    Raises SpecError where this side cannot be chosen; DecidedMeanwhile; LedgerError.
    """
    place = _cases(found.table).index(case)
    row = found.table.row(place, named=True)
    conflict = _conflict(door, found.folder, case, row)
    if conflict.field is None:
        raise SpecError(
            "no one field of the golden record makes this value",
            hint="change it in the CRM, or where it comes from",
        )
    if side is Side.THEIRS and not conflict.is_plain:
        raise SpecError(
            "the CRM's value is made of a field, and cannot be taken back into it as it is",
            hint="give the value of the field instead",
        )
    value = row["theirs"] if side is Side.THEIRS else other
    if side is Side.OURS:
        value = _golden_value(found.folder, conflict)
    return door.ledger.decide(
        conflict.entity,
        Decision.VALUE,
        _record(door, conflict),
        field=conflict.field,
        value=value,
        who=door.reader.name,
        why=why,
        seen=seen,
    )


def _conflict(door: Door, folder: RunFolder, case: str, row: dict[str, str | None]) -> CrmConflict:
    entity, crm_entity, golden_id = row["entity"], row["crm_entity"], row["external_id"]
    assert entity is not None  # the table of conflicts has them in every row
    assert crm_entity is not None
    assert golden_id is not None
    spec = door.project.mapping[crm_entity].fields.get(row["column"] or "")
    field = None if spec is None else _origin(door.project, spec)
    kinds = door.project.entities[entity].kinds
    return CrmConflict(
        case,
        folder.path.name,
        entity,
        crm_entity,
        golden_id,
        row["column"],
        row["ours"],
        row["theirs"],
        row["last"],
        row["reason"] or "",
        field if field in kinds else None,
        spec is not None and spec.codes is None and spec.field in kinds,
        None if field is None else _choice(door, folder, entity, golden_id, field),
    )


def _origin(project: Project, spec: CrmFieldSpec) -> str | None:
    """The one field of the golden record that a CRM field is made of."""
    names = [spec.field or ""]
    if spec.expr is not None:
        names = parse(spec.expr, SpecPlace(project.file, "mapping")).meta.root_names()
    origins = {name.partition(".")[0] for name in names}
    return origins.pop() if len(origins) == 1 else None


def _choice(
    door: Door, folder: RunFolder, entity: str, golden_id: str, field: str
) -> Choice | None:
    """What was chosen for the field since the run began."""
    choices = door.ledger.value_choices(entity).filter(field=field)
    if choices.is_empty():
        return None
    own = choices.filter(pl.col("record").is_in(_members(door, golden_id)))
    for row in own.sort("id", descending=True).iter_rows(named=True):
        if f"{datetime.fromisoformat(row['at']).astimezone(UTC):%Y%m%d-%H%M%S}" < folder.path.name:
            return None
        value = door.values(entity, golden_id, {field: row["value"]})[field]
        why = door.reasons(pl.Series([row["why"]], dtype=pl.String))[0]
        return Choice(row["id"], value, row["who"], row["at"], why)
    return None


def _record(door: Door, conflict: CrmConflict) -> str:
    """The record that a choice names: one that has a choice already, which it replaces."""
    members = _members(door, conflict.golden_id)
    if not members:
        raise LedgerError("no record of this customer was published yet")
    choices = door.ledger.value_choices(conflict.entity).filter(field=conflict.field or "")
    chosen = choices.filter(pl.col("record").is_in(members))["record"]
    return str(chosen[-1]) if len(chosen) else members[0]


def _members(door: Door, golden_id: str) -> list[str]:
    try:
        return list(door.ledger.resolve(golden_id).members)
    except LedgerError:  # of a run that published nothing
        return []


def _golden_value(folder: RunFolder, conflict: CrmConflict) -> str | None:
    """The value of the golden record in the run that found the conflict."""
    own = pl.col(GOLDEN_ID) == conflict.golden_id
    rows = folder.scan(GOLDEN, conflict.entity).filter(own).select(conflict.field).collect()
    return None if rows.is_empty() else rows.item(0, 0)


def _cases(table: pl.DataFrame) -> list[str]:
    """What conflicts are called in addresses: by what they are about, not by what it says."""
    rows = table.select("crm_entity", "external_id", pl.col("column").fill_null("")).iter_rows()
    return [hashlib.blake2b("\n".join(row).encode(), digest_size=10).hexdigest() for row in rows]
