"""A golden id's whereabouts, values and history, as a steward may see them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from governance import GoldenAt, Ledger, ValidOn, mask
from guiyi.errors import SpecError
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


def shown(project: Project, ledger: Ledger, found: GoldenAt, *, unmasked: bool) -> dict[str, Any]:
    """A golden record for the screen; kinds the project masks are hidden.

    An `unmasked` look leaves an entry in the audit chain.
    """
    fields: Mapping[str, Any] = found.fields or {}
    values = {name: value for name, value in fields.items() if name not in _ASIDE}
    if unmasked:
        ledger.audit("read.unmasked", found.golden_id, {"entity": found.entity})
    else:
        values = _masked(project, found.entity, values)
    return {
        "entity": found.entity,
        "golden_id": found.golden_id,
        "run": found.run_id,
        "there": found.fields is not None,
        "fields": values,
        "members": found.members,
    }


def _masked(project: Project, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
    spec = project.entities.get(entity)
    kinds = {} if spec is None else spec.kinds
    hidden = {}
    for name, value in values.items():
        kind = kinds.get(name)
        if value is not None and kind is not None and kind in project.privacy.mask:
            value = mask(pl.Series([str(value)]), kind)[0]
        hidden[name] = value
    return hidden
