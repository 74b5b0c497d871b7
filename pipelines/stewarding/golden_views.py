"""A golden id's whereabouts, values and history, as a steward may see them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from governance import Door, GoldenAt, Ledger, Resolved, ValidOn
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.records import CONFLICTING_IDS
from guiyi.spec import Project

NOW = "now"
"""The word for the present, where a date may stand."""
_ASIDE = ("members", CONFLICTING_IDS)


def moment(text: str) -> datetime:
    """A day (its end) or a time, UTC where no zone is given. Raises SpecError for anything else."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise SpecError(
            Message("`{text}` is not a date or time", text=text),
            hint="for example 2026-03-01 or 2026-03-01T18:00",
        ) from None
    if len(text) <= len("2026-03-01"):
        given = given.replace(hour=23, minute=59, second=59, microsecond=999_000)
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def golden_at(
    project: Project, ledger: Ledger, name: str, as_of: str | None, known_at: str | None
) -> GoldenAt:
    """A golden record as it is, as it stood on a day, or how it was then by what is known later.

    Without `known_at`, `as_of` is what was known on that day. Raises SpecError for what is no date.
    """
    on = None if as_of is None else moment(as_of)
    known = on if known_at is None else None if known_at == NOW else moment(known_at)
    if on is None or known == on or (known is not None and known < on):
        return ledger.golden_at(name, known)
    dated_by = {name: spec.updated for name, spec in project.entities.items() if spec.updated}
    return ledger.golden_at(name, known, ValidOn(on, dated_by))


def shown(door: Door, found: GoldenAt) -> dict[str, Any]:
    """A golden record, as its reader may see it; `own` says whether that is more than its being."""
    fields: Mapping[str, Any] = found.fields or {}
    values = {name: value for name, value in fields.items() if name not in _ASIDE}
    own = door.sees(found.entity, found.golden_id)
    if own:
        door.write_down(found.golden_id, {"entity": found.entity})
    return {
        "entity": found.entity,
        "golden_id": found.golden_id,
        "run": found.run_id,
        "there": found.fields is not None,
        "own": own,
        "fields": door.values(found.entity, found.golden_id, values),
        "members": [door.key(key) for key in found.members] if own else [],
    }


def history(door: Door, name: str) -> pl.DataFrame:
    """What befell a golden id or record key, as its reader may see it: of another's customer, and
    where another's record is named, only when something did.
    """
    found, events = door.ledger.resolve(name), door.ledger.history(name)
    keys, events = events["keys"], events.drop("keys")
    if not door.sees(found.entity, found.leads_to):
        nothing = (pl.lit("", pl.String).alias(column) for column in ("subject", "detail"))
        return events.with_columns(*nothing, why=pl.lit(None, pl.String))
    door.write_down(found.leads_to, {"entity": found.entity, "history": True})
    own = door.sees_all(found.entity, keys)
    is_key = keys.list.contains(events["subject"])
    shown = events.with_columns(
        subject=pl.when(own | ~is_key)
        .then(door.masking.texts(events["subject"]))
        .otherwise(pl.lit("")),
        detail=pl.when(own).then(door.masking.texts(events["detail"])).otherwise(pl.lit("")),
        why=pl.when(own).then(door.reasons(events["why"])),
    )
    return even_chunks(shown)


def resolved(door: Door, name: str) -> Resolved:
    """Where a golden id or record key leads, with the keys its reader may see."""
    found = door.ledger.resolve(name)
    own = door.sees(found.entity, found.leads_to)
    if own:
        door.write_down(found.leads_to, {"entity": found.entity, "members": len(found.members)})
    return replace(found, members=[door.key(key) for key in found.members] if own else [])
