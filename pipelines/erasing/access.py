"""All that a project and its CRM hold about one person, for that person to see."""

import json
from contextlib import closing
from typing import Any

import polars as pl

from connectors.targets import EXTERNAL_ID, Target, open_target
from governance import DataSubject, Door, Ledger, PersonalValues
from governance.run_folder import EXTRACT, PROVENANCE, RECORDS, kept_runs
from governance.run_folder import PLACE as ROW_PLACE
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, PLACE, ref
from guiyi.spec import Project
from pipelines.erasing.crm import entities_of
from pipelines.erasing.traces import traces_of
from pipelines.loading.dependents import known_columns, pointing


def held_about(door: Door, name: str) -> dict[str, Any]:
    """The golden record and every version of it, the source records and the rows they were read
    from, records that point to them (orders, contracts), where each value came from, the CRM's
    rows, those that point to them and those that name the person otherwise (such as rows made by
    hand), decisions, and what befell the golden id.

    It is for the person, so nothing in it is masked, whatever the reader's role; it leaves an
    entry in the audit chain. Raises LedgerError for a golden id or record key
    that was never given.
    """
    project, ledger = door.project, door.ledger
    subject = ledger.data_subject(name)
    details = {"entity": subject.entity, "access": True}
    ledger.audit("read.unmasked", subject.golden_id, door.signed(details), who=door.reader.name)
    return {
        "golden_id": subject.golden_id,
        "entity": subject.entity,
        "golden_ids": list(subject.golden_ids),
        "versions": _versions(ledger, subject),
        "records": _records(project, subject),
        "source_rows": _source_rows(project, subject),
        "related": _related(project, subject),
        "provenance": _provenance(project, subject),
        **_crm(project, ledger, subject),
        "decisions": _decisions(ledger, subject),
        "history": ledger.history(subject.golden_id).drop("keys").to_dicts(),
    }


def _versions(ledger: Ledger, subject: DataSubject) -> list[dict[str, Any]]:
    return [
        {**version, "golden_id": golden_id, "fields": json.loads(version["fields"])}
        for golden_id in subject.golden_ids
        for version in ledger.golden_versions(subject.entity, golden_id).to_dicts()
    ]


def _records(project: Project, subject: DataSubject) -> list[dict[str, Any]]:
    """Each source record as it was last read."""
    return _last_read(project, subject.entity, record_key().is_in(subject.names))


def _last_read(project: Project, entity: str, wanted: pl.Expr) -> list[dict[str, Any]]:
    """Source records of an entity, each as it was last read."""
    found: dict[str, dict[str, Any]] = {}
    for folder in kept_runs(project.folder):
        if folder.has(RECORDS, entity):
            rows = folder.scan(RECORDS, entity).filter(wanted).with_columns(key=record_key())
            for row in rows.collect().to_dicts():
                found.setdefault(row.pop("key"), {**row, "extracted_at": str(row["extracted_at"])})
    return list(found.values())


def _source_rows(project: Project, subject: DataSubject) -> list[dict[str, Any]]:
    """The rows of the sources with every column, mapped or not, as the latest run read them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in kept_runs(project.folder):
        if not folder.has(RECORDS, subject.entity):
            continue
        own = folder.scan(RECORDS, subject.entity).filter(record_key().is_in(subject.names))
        places = own.select(PLACE).collect()[PLACE].drop_nulls().unique()
        for table in folder.names(EXTRACT):
            rows = folder.scan(EXTRACT, table).filter(pl.col(ROW_PLACE).is_in(places.implode()))
            for row in rows.collect().to_dicts():
                found.setdefault((table, row[ROW_PLACE]), {"table": table, **row})
    return list(found.values())


def _related(project: Project, subject: DataSubject) -> dict[str, list[dict[str, Any]]]:
    """Source records of other entities that point to the subject's, each as it was last read."""
    found = {}
    for entity in project.entities:
        for relation, to in project.relations(entity).items():
            column = pl.col(ref(relation))
            if to == subject.entity:
                rows = _last_read(project, entity, column.is_in(subject.names))
                if rows:
                    found[f"{entity}.{relation}"] = rows
    return found


def _provenance(project: Project, subject: DataSubject) -> list[dict[str, Any]]:
    for folder in kept_runs(project.folder):
        if folder.has(PROVENANCE, subject.entity):
            own = pl.col(GOLDEN_ID) == subject.golden_id
            return folder.scan(PROVENANCE, subject.entity).filter(own).collect().to_dicts()
    return []


def _crm(project: Project, ledger: Ledger, subject: DataSubject) -> dict[str, Any]:
    """The rows of the CRM that are the subject's, that point to them, and that name the subject."""
    own: dict[str, list[dict[str, Any]]] = {}
    pointed: dict[str, list[dict[str, Any]]] = {}
    ids = pl.Series(subject.golden_ids, dtype=pl.String)
    with closing(open_target(project.target, project.folder)) as target:
        for name in entities_of(project, subject.entity):
            own[name] = _rows(project, target, name, ids)
            for other, cells in pointing(name, ids, target, project).items():
                pointed.setdefault(other, [])
                pointed[other] += _rows(project, target, other, cells[EXTERNAL_ID].unique())
        naming = traces_of(project, kept_runs(project.folder), ledger, subject).naming
        named = {
            name: rows
            for name in project.mapping
            if (rows := _naming(project, target, name, naming, subject))
        }
    return {"crm": own, "crm_pointing": pointed, "crm_naming": named}


def _rows(
    project: Project, target: Target, name: str, ids: pl.Series | None
) -> list[dict[str, Any]]:
    crm = project.mapping[name]
    columns = known_columns(target, name, [*crm.fields, *crm.relations])
    rows = target.fetch(name, columns, None if ids is None else ids.to_list())
    return rows.rename({EXTERNAL_ID: GOLDEN_ID}).to_dicts()


def _naming(
    project: Project, target: Target, name: str, naming: PersonalValues, subject: DataSubject
) -> list[dict[str, Any]]:
    """Rows of others that say what only this person is known by."""
    return [
        row
        for row in (_rows(project, target, name, None) if naming else [])
        if row[GOLDEN_ID] not in subject.golden_ids
        and any(isinstance(value, str) and naming.mentions(value) for value in row.values())
    ]


def _decisions(ledger: Ledger, subject: DataSubject) -> list[dict[str, Any]]:
    pairs = ledger.decisions(subject.entity)
    chosen = ledger.value_choices(subject.entity)
    parents = ledger.parents(subject.entity)
    own = pl.col("left").is_in(subject.names) | pl.col("right").is_in(subject.names)
    return [
        *pairs.filter(own).to_dicts(),
        *chosen.filter(pl.col("record").is_in(subject.names)).to_dicts(),
        *parents.filter(pl.col("record").is_in(subject.names)).to_dicts(),
    ]
