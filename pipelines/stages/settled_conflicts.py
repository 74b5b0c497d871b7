"""Conflicts with the CRM that a steward has settled: the chosen value is written there.

A choice settles what the steward has seen: the value that the last run before it found in the CRM.
What others type there later is theirs again.
"""

from datetime import datetime

import polars as pl

from governance.run_folder import CONFLICTS, kept_runs
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import CrmFieldSpec, SpecPlace
from guiyi.spec.expressions import parse
from pipelines.loading.agreements import CELL
from pipelines.stages.run import Run, run_name

_PLACE = ["external_id", "column"]


def settled(run: Run, name: str) -> pl.DataFrame:
    """Cells of a CRM entity that are to be written over: external_id, column, theirs (what stands
    there, as the steward has seen it).
    """
    chosen = _chosen(run, name)
    found = [pl.DataFrame(schema=CELL)]
    for folder in kept_runs(run.project.folder) if chosen.height else ():
        if folder.path == run.folder or not folder.has(CONFLICTS):
            continue
        listed = folder.read(CONFLICTS).filter(crm_entity=name).select(list(CELL))
        seen = chosen.filter(pl.col("made") > folder.path.name).join(listed, on=_PLACE)
        found.append(seen.select(list(CELL)))
        chosen = chosen.join(seen, on=_PLACE, how="anti")
    return pl.concat(found)


def _chosen(run: Run, name: str) -> pl.DataFrame:
    """Cells whose value was chosen after the last load that wrote their row: external_id, column,
    and `made`, when, as runs are named.
    """
    crm = run.project.mapping[name]
    columns = pl.DataFrame(
        [(origin, column) for column, of in crm.fields.items() for origin in _origins(run, of)],
        schema={"field": pl.String, "column": pl.String},
        orient="row",
    )
    choices = run.ledger.value_choices(crm.entity)
    made = [run_name(datetime.fromisoformat(at)) for at in choices["at"]]
    choices = choices.select("record", "field", made=pl.Series(made, dtype=pl.String))
    members = run.get(f"clusters/{crm.entity}", [SOURCE, RECORD_ID, GOLDEN_ID])
    cells = (
        choices.join(members.select(record=record_key(), external_id=GOLDEN_ID), on="record")
        .join(columns, on="field")
        .group_by(_PLACE)
        .agg(pl.col("made").max())
    )
    writers = run.ledger.batch_writers(name, cells["external_id"].unique())
    written = writers.group_by("external_id").agg(pl.col("run_id").max())
    since = cells.join(written, on="external_id", how="left")
    return since.filter(pl.col("made") > pl.col("run_id").fill_null("")).drop("run_id")


def _origins(run: Run, field: CrmFieldSpec) -> list[str]:
    """The fields of the golden record that a CRM field is made of."""
    names = [field.field or ""]
    if field.expr is not None:
        names = parse(field.expr, SpecPlace(run.project.file, "mapping")).meta.root_names()
    return list(dict.fromkeys(name.partition(".")[0] for name in names))
