"""All records of an entity matched, by the model that is pinned or by one fitted on them."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from cleansing.coded_table import CodedTable
from cleansing.imputation import observed
from dedup import Resolution, resolve
from dedup.fields import coded_field
from dedup.model import ForeignFields, SavedModel
from dedup.scoring import SettledRecords
from guiyi.even_chunks import even_chunks
from guiyi.records import RECORD_ID, SOURCE, part
from pipelines.labelling.teaching import Teaching
from pipelines.stages.going_on import earlier_matching, keep_contents, report
from pipelines.stages.pinned_models import (
    PinnedModel,
    keep_fitted,
    note_growth,
    pinned_model,
    pins,
    unfit,
)
from pipelines.stages.rekeying import under_new_names
from pipelines.stages.run import Run
from pipelines.stages.standing import StandingRecords


def match_by_pinned_model(
    run: Run, entity: str, records: StandingRecords, aliases: pl.DataFrame | None
) -> Resolution:
    """Match the records by the pinned model; where there is none, or it does not fit, fit one.

    What the last published run has compared by the pinned model is taken over.
    """
    pinned = pinned_model(run, entity)
    if pinned is not None:
        try:
            return _match_new(run, entity, records, aliases, pinned)
        except ForeignFields as error:
            unfit(run, entity, error)
    found = fit_anew(run, entity, records, aliases)
    keep_fitted(run, entity, found.resolution)
    keep_contents(run, entity, found.contents, found.resolution.memory, run.outcome.run_id)
    return found.resolution


def _match_new(
    run: Run,
    entity: str,
    records: StandingRecords,
    aliases: pl.DataFrame | None,
    pinned: PinnedModel,
) -> Resolution:
    contents, tables = _comparable(run, entity, records)
    note_growth(run, entity, pinned, contents.height)
    earlier = earlier_matching(run, entity, contents["content"], pinned)
    judge = Judge(pinned.saved, settled=None if earlier is None else earlier.settled)
    found = _resolved(run, entity, tables, aliases, judge)
    if earlier is not None:
        report(run, entity, contents, found.memory, earlier)
    keep_contents(run, entity, contents, found.memory, pinned.fitted_in)
    return replace(found, model=pinned.document)


@dataclass(frozen=True)
class FoundAnew:
    """What a whole matching has found, and the contents of the records that were matched."""

    resolution: Resolution
    contents: pl.DataFrame
    """source, record_id, content."""


def fit_anew(
    run: Run, entity: str, records: StandingRecords, aliases: pl.DataFrame | None
) -> FoundAnew:
    """Match the records by a model fitted on them, or by the one that the spec gives."""
    teaching = Teaching.of(run.project.entities[entity].match, run.project.folder)
    contents, tables = _comparable(run, entity, records)
    judge = Judge(teaching.read_model(), teaching.read_labels())
    return FoundAnew(_resolved(run, entity, tables, aliases, judge), contents)


class Judge(NamedTuple):
    """What judges the pairs of records."""

    model: SavedModel | None = None
    """One that is given does not learn."""
    labels: pl.DataFrame | None = None
    settled: SettledRecords | None = None


def _resolved(
    run: Run,
    entity: str,
    tables: list[CodedTable],
    aliases: pl.DataFrame | None,
    judge: Judge,
) -> Resolution:
    """Match the one table in `tables`, which is taken out: the pairs may have its memory."""
    spec = run.project.entities[entity]
    return resolve(
        tables.pop(),
        spec.matched_kinds,
        spec.match,
        keys=spec.key_kinds,
        decisions=under_new_names(run, entity, run.ledger.decisions(entity), "left", "right"),
        aliases=aliases,
        labels=judge.labels,
        model=judge.model,
        progress=run.progress.step,
        pin=pins(spec),
        settled=judge.settled,
    )


def _comparable(
    run: Run, entity: str, records: StandingRecords
) -> tuple[pl.DataFrame, list[CodedTable]]:
    """What matching looks at, each distinct content of a field once, read field by field.

    With source, record_id and content of each record: a hash of all that is compared.
    """
    spec = run.project.entities[entity]
    blocked = spec.match.blocking != "auto"
    identity = records.read([SOURCE, RECORD_ID])
    found, hashes = {}, []
    for name, kind in {**spec.matched_kinds, **spec.key_kinds}.items():
        own = [c for c in records.columns if c == name or c.startswith(part(name, ""))]
        if own:  # an imputed value is no evidence
            cells = observed(records.read(own), [name])
            hashes.append(cells.hash_rows().alias(name))
            found[name] = coded_field(cells, name, kind, blocked)
    content = even_chunks(pl.DataFrame(hashes)).hash_rows().alias("content")
    contents = even_chunks(identity.with_columns(content))
    return contents, [CodedTable(found, identity)]
