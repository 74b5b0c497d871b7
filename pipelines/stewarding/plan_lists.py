"""What a load would do, row by row and field by field, as whoever signs it may see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from governance import Door
from governance.run_folder import (
    CLUSTERS,
    CONFLICTS,
    DIFF,
    FORETOLD,
    OTHER_FORMS,
    QUARANTINE,
    UNFIT,
    RunFolder,
)
from guiyi.even_chunks import even_chunks
from guiyi.messages import restored
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID
from guiyi.spec import Project
from pipelines.language.messages import in_language
from pipelines.stewarding.crm_values import masked_values
from pipelines.stewarding.review_lists import visible

CONFLICTING, REFUSED, OTHER_FORM = "conflicting", "refused", "other_form"
ACTIONS = (
    "created", "updated", CONFLICTING, "deleted", "merged", "parted", REFUSED, OTHER_FORM,
    "unchanged",
)  # fmt: skip
"""What becomes of rows, in the order of a list: what is done to the target, what is not done, and
why, and what is left alone."""
LINE = ("action", "external_id", "records", "column", "old", "new", "reason")
HELD = ("entity", "record", "golden_id", "column", "reason")
_LINES = dict.fromkeys(LINE, pl.String)
_REASONS: Mapping[str, str] = {
    "deleted": "its record was merged into another; deleted, as merged_away says",
    "merged": "its record was merged into another, or it points to one: marked, or turned",
    "parted": "its record is one of its own again, or it points to one: the mark goes",
}


@dataclass(frozen=True)
class PlanLists:
    """The lists of one plan."""

    counts: Mapping[str, Mapping[str, int]]
    """CRM entity, in the order of loading → action → rows."""
    lines: Mapping[str, pl.DataFrame]
    """CRM entity → its lines (`LINE`), one a value, or one a row where nothing changes."""
    held: pl.DataFrame
    """Records that are held back and reach no CRM entity (`HELD`)."""


def plan_lists(door: Door, folder: RunFolder) -> PlanLists:
    """The plan of a run, as the reader may see it."""
    names = [name for name in door.project.mapping if folder.has(DIFF, name)]
    plain = {name: _lines(door.project, folder, name) for name in names}
    return PlanLists(
        {name: counted(lines) for name, lines in plain.items()},
        {name: _shown(door, name, lines) for name, lines in plain.items()},
        _held(door, folder),
    )


def counted(lines: pl.DataFrame) -> dict[str, int]:
    """How many rows each action is for."""
    rows = lines.group_by("action").agg(pl.col("external_id").n_unique())
    found = dict(rows.iter_rows())
    return {action: found.get(action, 0) for action in ACTIONS}


def _lines(project: Project, folder: RunFolder, name: str) -> pl.DataFrame:
    own = pl.col("crm_entity") == name
    unfit, foretold = (folder.read(table).filter(own) for table in (UNFIT, FORETOLD))
    conflicts, forms = (folder.read(table).filter(own) for table in (CONFLICTS, OTHER_FORMS))
    written = folder.read(DIFF, name).join(unfit, on="external_id", how="anti")
    refusals = pl.Series("reason", list(_sentences(unfit)), pl.String)
    refused = even_chunks(unfit.with_columns(refusals, action=pl.lit(REFUSED)))
    stay = _staying(conflicts, CONFLICTING), _staying(forms, OTHER_FORM)
    why = {action: in_language(reason) for action, reason in _REASONS.items()}
    turned = foretold.with_columns(reason=pl.col("action").replace_strict(why, default=None))
    parts = [pl.DataFrame(schema=_LINES), written, *stay, turned, refused]
    both = pl.concat(parts, how="diagonal").select(pl.col(c).cast(pl.String) for c in LINE)
    keys = source_rows(folder, project, name, both["external_id"])
    named = both.drop("records").join(keys, on="external_id", how="left", maintain_order="left")
    order = named["action"].replace_strict(dict(zip(ACTIONS, range(99), strict=False)), default=99)
    ordered = even_chunks(named.with_columns(order.alias("_order")))
    return ordered.sort("_order", maintain_order=True).select(LINE)


def _staying(rows: pl.DataFrame, action: str) -> pl.DataFrame:
    """Cells that stay as the CRM has them, and why."""
    reasons = pl.Series("reason", list(map(in_language, rows["reason"])), pl.String)
    return even_chunks(
        rows.select(
            "external_id", "column", reasons, action=pl.lit(action), old="theirs", new="ours"
        )
    )


def source_rows(
    folder: RunFolder, project: Project, crm_entity: str, external_ids: pl.Series
) -> pl.DataFrame:
    """The source rows behind rows of a CRM entity: external_id, records (keys, joined)."""
    entity = project.mapping[crm_entity].entity
    if not folder.has(CLUSTERS, entity):
        return pl.DataFrame(schema=dict.fromkeys(("external_id", "records"), pl.String))
    members = folder.scan(CLUSTERS, entity).select(external_id=GOLDEN_ID, key=record_key())
    own = members.filter(pl.col("external_id").is_in(external_ids.unique().implode()))
    return own.group_by("external_id").agg(records=pl.col("key").sort().str.join("; ")).collect()


def _sentences(rows: pl.DataFrame) -> Iterator[str]:
    """Reasons, in the reader's language."""
    for reason, message in rows.select("reason", "message").iter_rows():
        yield in_language(restored(reason, message))


def _shown(door: Door, name: str, lines: pl.DataFrame) -> pl.DataFrame:
    masked = masked_values(door, name, lines, ("old", "new"))
    return visible(door.table(door.project.mapping[name].entity, masked))


def _held(door: Door, folder: RunFolder) -> pl.DataFrame:
    held = pl.DataFrame(schema=dict.fromkeys(HELD, pl.String))
    if not folder.has(QUARANTINE):
        return held
    rows = folder.read(QUARANTINE)
    parts = [held]
    for entity, own in rows.partition_by("entity", as_dict=True, maintain_order=True).items():
        named = even_chunks(
            own.with_columns(
                record_key().alias("record"), pl.Series("reason", list(_sentences(own)), pl.String)
            )
        )
        parts.append(visible(door.table(str(entity[0]), named.select(HELD))))
    return pl.concat(parts)
