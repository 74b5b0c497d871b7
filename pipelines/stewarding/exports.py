"""Golden records, their source rows and the crosswalk, as tables for people and other programs."""

import polars as pl

from governance import Door, Ledger
from governance.run_folder import RECORDS, kept_runs
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, PLACE, RECORD_ID, SOURCE
from guiyi.spec import Project

EXPORTS = ("golden", "members", "crosswalk")
KEY = [SOURCE, RECORD_ID]


def exported(door: Door, what: str, entity: str) -> pl.DataFrame:
    """One of the exports of an entity, as its reader may see it.

    It leaves an entry in the audit chain. Raises SpecError for an unknown entity.
    """
    project = door.project
    if entity not in project.entities:
        raise SpecError(
            Message("no entity `{name}`", name=entity),
            place=str(project.file),
            hint=did_you_mean(entity, project.entities),
        )
    table = door.table(entity, _EXPORTS[what](project, door.ledger, entity))
    details = door.signed({"entity": entity, "rows": table.height, "unmasked": door.is_unmasked})
    door.ledger.audit(f"exported.{what}", project.project, details, who=door.reader.name)
    return table


def _golden(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """golden_id, records (their keys), and the value of every field."""
    fields = dict.fromkeys(project.entities[entity].kinds, pl.String)
    records = ledger.golden_records(entity).select(GOLDEN_ID, "fields")
    links = ledger.crosswalk(entity).with_columns(key=record_key())
    keys = links.group_by(GOLDEN_ID).agg(records=pl.col("key").sort().str.join("; "))
    values = records.select(
        GOLDEN_ID, pl.col("fields").str.json_decode(pl.Struct(fields)).alias("fields")
    ).unnest("fields")
    return (
        values.join(keys, on=GOLDEN_ID, how="left")
        .select(GOLDEN_ID, "records", *fields)
        .sort(GOLDEN_ID)
    )


def _members(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """Every source row as it was read last, with its golden id."""
    links = ledger.crosswalk(entity)
    for folder in kept_runs(project.folder):
        if folder.has(RECORDS, entity):
            rows = folder.read(RECORDS, entity)
            named = rows.join(links, on=KEY, how="inner", maintain_order="left")
            rest = [name for name in rows.columns if name not in (*KEY, "extracted_at")]
            return named.select(GOLDEN_ID, *KEY, *rest)
    return pl.DataFrame(schema=dict.fromkeys((GOLDEN_ID, *KEY, PLACE), pl.String))


def _crosswalk(project: Project, ledger: Ledger, entity: str) -> pl.DataFrame:
    """source, record_id, golden_id (the id in the CRM, too), missing_since; and former ids with the
    one they lead to.
    """
    links = ledger.crosswalk(entity)
    missing = ledger.missing_records(entity).select(*KEY, "missing_since")
    now = links.join(missing, on=KEY, how="left", maintain_order="left")
    former = ledger.golden_ids(entity).drop_nulls("superseded_by")
    gone = former.select(GOLDEN_ID, leads_to="superseded_by")
    return pl.concat([now.sort(GOLDEN_ID, *KEY), gone.sort(GOLDEN_ID)], how="diagonal")


_EXPORTS = {"golden": _golden, "members": _members, "crosswalk": _crosswalk}
