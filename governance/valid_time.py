"""What was true on a day, by what was known then or later: a ledger has two times.

A version of a golden record says what was *known* between two runs. From when on it was *true* its
own date says, the field that an entity names under `updated`; without one, the run that brought it.
Snodgrass, Developing Time-Oriented Database Applications in SQL (1999), chapter 10, calls the two
transaction time and valid time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema


@dataclass(frozen=True)
class ValidOn:
    """A moment to ask about, in the world and not in the ledger."""

    moment: datetime
    """UTC."""
    dated_by: Mapping[str, str] = field(default_factory=dict)
    """By entity, the field that says when a record was changed in its source."""


def fields_on(
    connection: Connection, entity: str, golden_id: str, run_id: str | None, on: ValidOn
) -> dict[str, object] | None:
    """The values a golden record had at a moment, by what was known after a run, or by what is
    known now; None where nothing known then says how it was.

    A later version holds from its date on, whatever earlier ones said of that time.
    """
    versions, runs = schema.golden_versions, schema.runs
    query = (
        sa.select(versions.c.fields, runs.c.started)
        .join(runs, runs.c.run_id == versions.c.valid_from, isouter=True)
        .where(versions.c.entity == entity, versions.c.golden_id == golden_id)
        .order_by(versions.c.valid_from.desc())
    )
    if run_id is not None:
        query = query.where(versions.c.valid_from <= run_id)
    for image, started in connection.execute(query):
        values = dict(json.loads(image))
        if _begins(values.get(on.dated_by.get(entity, "")), started) <= on.moment:
            return values
    return None


def _begins(date: object, started: str | None) -> datetime:
    """From when on a version was true: its own date, unless that lies after the run itself."""
    known = _moment(started) or datetime.min.replace(tzinfo=UTC)
    own = _moment(date)
    return known if own is None else min(own, known)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
