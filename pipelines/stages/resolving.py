"""All records of an entity matched, by the model that is pinned or by one fitted on them."""

from dataclasses import replace

import polars as pl

from cleansing.coded_table import CodedField, CodedTable
from cleansing.imputation import observed
from dedup import Resolution, resolve
from dedup.fields import coded_field
from dedup.model import ForeignFields, SavedModel
from guiyi.records import RECORD_ID, SOURCE, part
from guiyi.spec import EntitySpec
from pipelines.labelling.teaching import Teaching
from pipelines.stages.pinned_models import keep_fitted, pinned_model, pins, unfit
from pipelines.stages.rekeying import under_new_names
from pipelines.stages.run import Run
from pipelines.stages.standing import StandingRecords


def match_by_pinned_model(
    run: Run, entity: str, records: StandingRecords, aliases: pl.DataFrame | None
) -> Resolution:
    """Match the records by the pinned model; where there is none, or it does not fit, fit one."""
    pinned = pinned_model(run, entity)
    if pinned is not None:
        try:
            found = match_all(run, entity, records, aliases, pinned.saved)
        except ForeignFields as error:
            unfit(run, entity, error)
        else:
            return replace(found, model=pinned.document)
    found = fit_anew(run, entity, records, aliases)
    keep_fitted(run, entity, found)
    return found


def fit_anew(
    run: Run, entity: str, records: StandingRecords, aliases: pl.DataFrame | None
) -> Resolution:
    """Match the records by a model fitted on them, or by the one that the spec gives."""
    teaching = Teaching.of(run.project.entities[entity].match, run.project.folder)
    return match_all(run, entity, records, aliases, teaching.read_model(), teaching.read_labels())


def match_all(
    run: Run,
    entity: str,
    records: StandingRecords,
    aliases: pl.DataFrame | None,
    model: SavedModel | None,
    labels: pl.DataFrame | None = None,
) -> Resolution:
    """Match the records; a model that is given does not learn."""
    spec = run.project.entities[entity]
    compared = [CodedTable(_compared(records, spec), records.read([SOURCE, RECORD_ID]))]
    return resolve(
        compared.pop(),  # nobody else keeps it, so the pairs may have its memory
        spec.matched_kinds,
        spec.match,
        keys=spec.key_kinds,
        decisions=under_new_names(run, entity, run.ledger.decisions(entity), "left", "right"),
        aliases=aliases,
        labels=labels,
        model=model,
        progress=run.progress.step,
        pin=pins(spec),
    )


def _compared(records: StandingRecords, spec: EntitySpec) -> dict[str, CodedField]:
    """What matching looks at, each distinct content of a field once, read field by field."""
    blocked = spec.match.blocking != "auto"
    found = {}
    for name, kind in {**spec.matched_kinds, **spec.key_kinds}.items():
        own = [c for c in records.columns if c == name or c.startswith(part(name, ""))]
        if own:  # an imputed value is no evidence
            found[name] = coded_field(observed(records.read(own), [name]), name, kind, blocked)
    return found
