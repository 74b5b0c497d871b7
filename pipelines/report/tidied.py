"""What cleaning did to each field: how full it is, what changed, what was refused and why."""

from dataclasses import dataclass

import polars as pl

from cleansing.reasons import unquoted
from guiyi.records import raw, reason
from pipelines.report.folder import FinishedRun
from pipelines.report.wording import Wording

MOST_REASONS = 3
"""Reasons shown per field."""


@dataclass(frozen=True)
class Tidied:
    """One field of one entity, in shares of all records (percent)."""

    entity: str
    field: str
    kind: str
    valid: float
    refused: float
    changed: int
    """Cells whose clean value differs from the raw one."""
    refusals: int
    reasons: list[tuple[str, int]]
    """The most frequent reasons for a refusal, or else for a change."""


def tidied(folder: FinishedRun, say: Wording) -> list[Tidied]:
    """Every field of every cleaned entity."""
    return [row for entity in folder.names("clean") for row in _of_entity(folder, entity, say)]


def _of_entity(folder: FinishedRun, entity: str, say: Wording) -> list[Tidied]:
    have = set(folder.columns(f"clean/{entity}"))
    rows = []
    for field, kind in folder.kinds.get(entity, {}).items():
        if not {field, raw(field), reason(field)} <= have:
            continue
        rows.append(_field(entity, field, kind, folder.tally(entity, field), say))
    return rows


def _field(entity: str, field: str, kind: str, cells: pl.DataFrame, say: Wording) -> Tidied:
    total = int(cells["len"].sum()) or 1
    valid = cells.filter("valid")
    refused = cells.filter(~pl.col("valid"), pl.col("filled"))
    changed = valid.filter(pl.col("reason").is_not_null())
    shown = refused if refused.height else changed
    reasons = (
        shown.with_columns(unquoted(shown["reason"]))
        .group_by("reason")
        .agg(pl.col("len").sum())
        .sort(["len", "reason"], descending=[True, False])
    )
    return Tidied(
        entity,
        field,
        say.kind(kind),
        100 * int(valid["len"].sum()) / total,
        100 * int(refused["len"].sum()) / total,
        int(changed["len"].sum()),
        int(refused["len"].sum()),
        [(say.reason(why), int(n)) for why, n in reasons.head(MOST_REASONS).iter_rows()],
    )
