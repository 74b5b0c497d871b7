"""What waits for a steward: pairs to decide, records held back, records not delivered."""

import polars as pl

from governance import Ledger, mask
from governance.run_folder import CLEAN, CONFLICTS, PAIRS, RunFolder, kept_runs
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, restored
from guiyi.record_key import record_key
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec import Project
from pipelines.language.messages import in_language

LISTS = ("pairs", "quarantine", "missing", "conflicts", "decisions")
PAIR = {"entity": pl.String, "left": pl.String, "right": pl.String, "probability": pl.Float64}


def review_list(
    project: Project, ledger: Ledger, what: str, entity: str | None = None
) -> pl.DataFrame:
    """One of the lists, the most urgent first. Raises SpecError for an unknown entity."""
    if entity is not None and entity not in project.entities:
        raise SpecError(Message("no entity `{name}`", name=entity), place=str(project.file))
    wanted = [entity] if entity is not None else list(project.entities)
    tables = [_LISTS[what](project, ledger, name) for name in wanted]
    return pl.concat(tables, how="diagonal_relaxed")


def latest_matched(project: Project, entity: str) -> RunFolder | None:
    """The latest run that has matched an entity."""
    for folder in kept_runs(project.folder):
        if folder.has(PAIRS, entity):
            return folder
    return None


def _pairs(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """Pairs for review of the latest run that nobody has decided, the likeliest first."""
    folder = latest_matched(project, entity)
    if folder is None:
        return pl.DataFrame(schema=PAIR)
    pairs = folder.read(PAIRS, entity, ["left", "right", "match_probability", "verdict"])
    decided = ledger.decisions(entity).select("left", "right")
    both = pl.concat([decided, decided.select(left="right", right="left")])
    waiting = pairs.filter(pl.col("verdict").cast(pl.String) == "review")
    return (
        waiting.join(both, on=["left", "right"], how="anti", maintain_order="left")
        .sort("match_probability", "left", "right", descending=[True, False, False])
        .select(pl.lit(entity).alias("entity"), "left", "right", probability="match_probability")
    )


def _quarantine(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """Records held back and not corrected yet, the oldest first."""
    held = ledger.quarantine("open").filter(entity=entity)
    reasons = [
        restored(reason, message) if message else reason
        for reason, message in held.select("reason", "message").iter_rows()
    ]
    return held.select(
        "entity",
        record=record_key(),
        field="column",
        reason=pl.Series(reasons, dtype=pl.String),
        since="opened_run",
    )


def _missing(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """Records their sources deliver no more."""
    return ledger.missing_records(entity).select(
        pl.lit(entity).alias("entity"),
        record=record_key(),
        golden_id="golden_id",
        since="missing_since",
    )


def _conflicts(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """Values others have changed in the CRM, as the latest run found them."""
    shape = pl.DataFrame(schema={"entity": pl.String, **CONFLICTS.schema})
    for folder in kept_runs(project.folder):
        if folder.has(CONFLICTS):
            own = [name for name, crm in project.mapping.items() if crm.entity == entity]
            table = folder.read(CONFLICTS).filter(pl.col("crm_entity").is_in(own))
            shown = [_hidden(project, entity, part) for part in table.partition_by("crm_entity")]
            return pl.concat([shape, *shown], how="diagonal")
    return shape


def _hidden(project: Project, entity: str, conflicts: pl.DataFrame) -> pl.DataFrame:
    """The conflicts of one CRM entity, values of masked kinds hidden, reasons in the language."""
    crm = project.mapping[conflicts["crm_entity"][0]]
    kinds = project.entities[entity].kinds
    for name, field in crm.fields.items():
        kind = kinds.get((field.field or "").split(".")[0])
        if kind is None or kind not in project.privacy.mask:
            continue
        of = pl.col("column") == name
        conflicts = conflicts.with_columns(
            pl.when(of).then(mask(pl.col(side), kind)).otherwise(side).alias(side)
            for side in ("ours", "theirs", "last")
        )
    reasons = [in_language(reason) for reason in conflicts["reason"]]
    sentences = pl.Series(reasons, dtype=pl.String)
    return even_chunks(conflicts.with_columns(entity=pl.lit(entity), reason=sentences))


def _decisions(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """Decisions in force, the oldest first."""
    pairs = ledger.decisions(entity).select("id", "decision", "left", "right", "who", "at", "why")
    choices = ledger.value_choices(entity).select(
        "id", pl.lit("value").alias("decision"), pl.col("record").alias("left"), "field", "who",
        "at", "why",
    )  # fmt: skip
    both = pl.concat([pairs, choices], how="diagonal")
    return both.with_columns(entity=pl.lit(entity)).sort("id")


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
