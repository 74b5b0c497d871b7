"""Who has reported which customer, for those who keep order among them."""

import json
from typing import Any

import polars as pl

from governance import Ledger, mask
from guiyi.spec import Project
from pipelines.finding.reported import today


def registration_list(
    project: Project, ledger: Ledger, entity: str | None, *, expired: bool, unmasked: bool
) -> list[dict[str, Any]]:
    """The registrations that protect somebody today, or all: id, entity, golden_id, fields (masked
    as the project says), who, at, until. An `unmasked` look leaves an entry in the audit chain.
    """
    found = ledger.registrations(entity)
    if not expired:
        found = found.filter(pl.col("until") >= today().isoformat())
    if unmasked and found.height:
        ledger.audit("read.unmasked", "registrations", {"found": found["id"].to_list()})
    rows = found.to_dicts()
    for row in rows:
        values = json.loads(row["fields"])
        row["fields"] = values if unmasked else _masked(project, row["entity"], values)
    return rows


def _masked(project: Project, entity: str, values: dict[str, str]) -> dict[str, str]:
    kinds = project.entities[entity].kinds if entity in project.entities else {}
    hidden = project.privacy.mask
    return {
        name: mask(pl.Series([value]), kinds[name])[0] if kinds.get(name) in hidden else value
        for name, value in values.items()
    }
