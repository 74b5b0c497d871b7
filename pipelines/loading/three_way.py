"""What was written last, what stands in the CRM now, and what is to be written: by field.

A value that is not what we wrote last was put there by a person, or by another program. It stays,
unless the spec says `policy: ours` of the field; where our own value has changed since as well, the
two conflict, and a steward decides.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID
from governance.run_folder import CONFLICTS
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.spec import CrmEntitySpec
from pipelines.loading.forms import same_form

EDITED = "changed in the CRM since the last load; kept"
BOTH = "changed in the CRM and in the sources since the last load; the CRM's value was kept"
UNKNOWN = "not written by any load of this ledger; the CRM's value was kept"
SAME_FORM = "same, other form; the CRM's spelling was kept"
DELETED = "deleted in the CRM since the last load; created again"


@dataclass(frozen=True)
class Settled:
    """Differences between rows and the target, as far as they are ours to make."""

    diff: pl.DataFrame
    """external_id, action, column, old, new; only what will be written."""
    kept: pl.DataFrame
    """external_id, column, theirs: cells of rows that will be written, which stay as they are."""
    conflicts: pl.DataFrame
    """What was kept or made again, and why."""
    other_forms: pl.DataFrame
    """What was kept and is the same, spelled otherwise."""


def settle(
    diff: pl.DataFrame,
    last: pl.DataFrame,
    entity: str,
    spec: CrmEntitySpec,
    kinds: Mapping[str, Kind] | None = None,
) -> Settled:
    """Leave out of a difference what others have changed; by `kinds`, CRM field → kind, it is seen
    what is no change but another spelling.

    `diff` is that of `differences`; `last` has external_id and after, what was written last of a
    record (JSON; without values that never were ours); a second line for one is what a batch that
    was cut off may have written.
    """
    own = _fields_of(spec, "ours")
    changed = diff.filter(pl.col("action") == "updated", ~pl.col("column").is_in(own))
    written: dict[str, list[dict[str, str | None]]] = {}
    for external_id, image in last.iter_rows():
        written.setdefault(external_id, []).append(json.loads(image))
    again = diff.filter(pl.col("action") == "created").unique(EXTERNAL_ID, maintain_order=True)
    deleted = again.filter(pl.col(EXTERNAL_ID).is_in(list(written)))
    judged = changed.with_columns(*_judged(changed, written, spec))
    theirs = judged.filter(pl.col("reason").is_not_null())
    theirs = even_chunks(theirs.with_columns(same=same_form(theirs, kinds or {})))
    sides = {"ours": "new", "theirs": "old", "last": "last", "reason": "reason"}
    listed = [
        theirs.filter("listed", ~pl.col("same")).select(EXTERNAL_ID, "column", **sides),
        deleted.select(EXTERNAL_ID, reason=pl.lit(DELETED)),
    ]
    conflicts = pl.concat(listed, how="diagonal").with_columns(crm_entity=pl.lit(entity))
    kept = theirs.select(EXTERNAL_ID, "column", theirs="old")
    left = diff.join(kept, on=[EXTERNAL_ID, "column"], how="anti", maintain_order="left")
    nothing = diff.join(left, on=EXTERNAL_ID, how="anti", maintain_order="left")
    none = pl.lit(None, pl.String)
    unchanged = nothing.unique(EXTERNAL_ID, maintain_order=True).with_columns(
        action=pl.lit("unchanged"), column=none, old=none, new=none
    )
    same = theirs.filter("same").select(EXTERNAL_ID, "column", **sides)
    same = same.with_columns(crm_entity=pl.lit(entity), reason=pl.lit(SAME_FORM))
    return Settled(
        pl.concat([left, unchanged]), kept, _as_conflicts(conflicts), _as_conflicts(same)
    )


def _as_conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    shape = pl.DataFrame(schema=CONFLICTS.schema)
    return pl.concat([shape, rows], how="diagonal").select(list(CONFLICTS.columns))


def _fields_of(spec: CrmEntitySpec, policy: str) -> list[str]:
    return [name for name, field in spec.fields.items() if field.policy == policy]


def _judged(
    changed: pl.DataFrame,
    written: Mapping[str, list[dict[str, str | None]]],
    spec: CrmEntitySpec,
) -> list[pl.Series]:
    """Of each changed cell what was written last, why it is not ours to change, and whether that is
    to be listed.
    """
    lasts: list[str | None] = []
    reasons: list[str | None] = []
    for external_id, column, old, new in changed.select(
        EXTERNAL_ID, "column", "old", "new"
    ).iter_rows():
        known = written.get(external_id, [])
        images = [image[column] for image in known if column in image]
        lasts.append(images[0] if images else None)
        reasons.append(_reason(old, new, images))
    listed = ~changed["column"].is_in(_fields_of(spec, "theirs"))
    return [
        pl.Series("last", lasts, dtype=pl.String),
        pl.Series("reason", reasons, dtype=pl.String),
        listed.alias("listed"),
    ]


def _reason(now: str | None, ours: str | None, last: list[str | None]) -> str | None:
    """Why a cell is not ours to change; None where it is. `last`: what we have written of it."""
    if not last:
        return None if now is None else UNKNOWN
    if now in last:
        return None
    return EDITED if ours in last else BOTH


def with_theirs(rows: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """The rows with the cells that stay as they are in the CRM."""
    for (column,), own in kept.group_by("column", maintain_order=True):
        name = str(column)
        theirs = own.select(EXTERNAL_ID, "theirs", stays=pl.lit(value=True))
        rows = (
            rows.join(theirs, on=EXTERNAL_ID, how="left", maintain_order="left")
            .with_columns(pl.when("stays").then("theirs").otherwise(name).alias(name))
            .drop("theirs", "stays")
        )
    return rows
