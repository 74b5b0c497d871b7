"""What waits for a steward: pairs to decide, records held back, records not delivered."""

from collections.abc import Sequence

import polars as pl

from governance import Door
from governance.run_folder import CLEAN, CONFLICTS, PAIRS, RunFolder, kept_runs
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, restored
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import Project
from pipelines.language.messages import in_language
from pipelines.stewarding.crm_values import masked_values

LISTS = ("pairs", "quarantine", "missing", "conflicts", "decisions")
PAIR = {"entity": pl.String, "left": pl.String, "right": pl.String, "probability": pl.Float64}


def review_list(door: Door, what: str, entity: str | None = None) -> pl.DataFrame:
    """One of the lists, the most urgent first, as its reader may see it.

    Raises SpecError for an unknown entity.
    """
    table = unmasked_list(door, what, entity)
    parts = [door.table(part["entity"][0], part) for part in table.partition_by("entity")]
    listed = visible(pl.concat([table.clear(), *parts]))
    if listed.height:
        door.write_down(f"review.{what}", {"rows": listed.height})
    return listed


def unmasked_list(door: Door, what: str, entity: str | None = None) -> pl.DataFrame:
    """One of the lists, keys and reasons as they are: to be shown through the door."""
    project = door.project
    if entity is not None and entity not in project.entities:
        raise SpecError(Message("no entity `{name}`", name=entity), place=str(project.file))
    wanted = [entity] if entity is not None else list(project.entities)
    return pl.concat([_LISTS[what](door, name) for name in wanted], how="diagonal_relaxed")


def visible(table: pl.DataFrame) -> pl.DataFrame:
    """Without the rows of which a reader sees nothing."""
    rest = [name for name in table.columns if name not in ("entity", GOLDEN_ID, "external_id")]
    return table.filter(pl.any_horizontal(pl.col(rest).is_not_null())) if rest else table


def latest_matched(project: Project, entity: str) -> RunFolder | None:
    """The latest run that has matched an entity."""
    for folder in kept_runs(project.folder):
        if folder.has(PAIRS, entity):
            return folder
    return None


def _pairs(door: Door, entity: str) -> pl.DataFrame:
    """Pairs for review of the latest run that nobody has decided, the likeliest first."""
    folder = latest_matched(door.project, entity)
    if folder is None:
        return pl.DataFrame(schema=PAIR)
    pairs = folder.read(PAIRS, entity, ["left", "right", "match_probability", "verdict"])
    decided = door.ledger.decisions(entity).select("left", "right")
    both = pl.concat([decided, decided.select(left="right", right="left")])
    waiting = pairs.filter(pl.col("verdict").cast(pl.String) == "review")
    return (
        waiting.join(both, on=["left", "right"], how="anti", maintain_order="left")
        .sort("match_probability", "left", "right", descending=[True, False, False])
        .select(pl.lit(entity).alias("entity"), "left", "right", probability="match_probability")
    )


def _quarantine(door: Door, entity: str) -> pl.DataFrame:
    """Records held back and not corrected yet, the oldest first."""
    held = door.ledger.quarantine("open").filter(entity=entity)
    reasons = [
        in_language(restored(reason, message) if message else reason)
        for reason, message in held.select("reason", "message").iter_rows()
    ]
    return held.select(
        "entity",
        record=record_key(),
        field="column",
        reason=pl.Series(reasons, dtype=pl.String),
        since="opened_run",
    )


def _missing(door: Door, entity: str) -> pl.DataFrame:
    """Records their sources deliver no more."""
    return door.ledger.missing_records(entity).select(
        pl.lit(entity).alias("entity"),
        record=record_key(),
        golden_id="golden_id",
        since="missing_since",
    )


def _conflicts(door: Door, entity: str) -> pl.DataFrame:
    """Values others have changed in the CRM, as the latest run found them."""
    shape = pl.DataFrame(schema={"entity": pl.String, **CONFLICTS.schema})
    for folder in kept_runs(door.project.folder):
        if folder.has(CONFLICTS):
            own = [name for name, crm in door.project.mapping.items() if crm.entity == entity]
            table = folder.read(CONFLICTS).filter(pl.col("crm_entity").is_in(own))
            reasons = [in_language(reason) for reason in table["reason"]]
            sentences = pl.Series(reasons, dtype=pl.String)
            named = even_chunks(table.with_columns(entity=pl.lit(entity), reason=sentences))
            return pl.concat([shape, _masked(door, own, named)], how="diagonal")
    return shape


def _masked(door: Door, crm_entities: Sequence[str], conflicts: pl.DataFrame) -> pl.DataFrame:
    """Conflicts with the values masked that their CRM fields hold."""
    parts = [conflicts.clear()]
    for name in crm_entities:
        part = conflicts.filter(crm_entity=name)
        parts.append(masked_values(door, name, part, ("ours", "theirs", "last")))
    return pl.concat(parts)


def _decisions(door: Door, entity: str) -> pl.DataFrame:
    """Decisions in force, the oldest first; of a parent, `left` is the record it is about."""
    pairs = door.ledger.decisions(entity).select(
        "id", "decision", "left", "right", "who", "at", "why"
    )
    choices = door.ledger.value_choices(entity).select(
        "id", pl.lit("value").alias("decision"), pl.col("record").alias("left"), "field", "who",
        "at", "why",
    )  # fmt: skip
    parents = door.ledger.parents(entity).select(
        "id", "decision", "parent", "who", "at", "why", left="record", field="relation"
    )
    every = pl.concat([pairs, choices, parents], how="diagonal")
    shown = every.with_columns(door.reasons(every["why"]), entity=pl.lit(entity))
    return even_chunks(shown.sort("id").select(_OF_A_DECISION))


_OF_A_DECISION = (
    "entity", "id", "decision", "left", "right", "field", "parent", "who", "at", "why"
)  # fmt: skip


_LISTS = {
    "pairs": _pairs,
    "quarantine": _quarantine,
    "missing": _missing,
    "conflicts": _conflicts,
    "decisions": _decisions,
}


def records_of(project: Project, entity: str, keys: list[str]) -> pl.DataFrame:
    """The clean values of records in the latest run, by key: record, then every field."""
    folder = latest_matched(project, entity)
    if folder is None:
        raise SpecError("no run has matched it yet", place=str(project.folder))
    fields = list(project.entities[entity].kinds)
    table = folder.read(CLEAN, entity, [SOURCE, RECORD_ID, *fields])
    found = table.select(record=record_key(), **{name: pl.col(name) for name in fields})
    return found.filter(pl.col("record").is_in(keys))
