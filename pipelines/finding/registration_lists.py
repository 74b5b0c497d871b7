"""Who has reported which customer, for those who keep order among them."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from governance import Door
from pipelines.finding.reported import today


def registration_list(door: Door, entity: str | None, *, expired: bool) -> list[dict[str, Any]]:
    """The registrations that protect somebody today, or all: id, entity, golden_id, fields (as the
    reader may see them), who, at, until.
    """
    found = door.ledger.registrations(entity)
    if not expired:
        found = found.filter(pl.col("until") >= today().isoformat())
    if found.height:
        door.write_down("registrations", {"found": found["id"].to_list()})
    rows = found.to_dicts()
    for row in rows:
        values = json.loads(row["fields"])
        row["fields"] = registered_values(door, row, values)
    return rows


def registered_values(
    door: Door, registration: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of a registration: whoever reported a customer sees them."""
    own = door.is_reader(registration["who"])
    entity = registration["entity"]
    if own or door.sees(entity, registration["golden_id"]):
        return door.masking.values(values, door.kinds(entity))
    return dict.fromkeys(values)
