"""All that a project and its CRM hold about one person, for that person to see."""

import json
from contextlib import closing
from typing import Any

import polars as pl

from connectors.targets import EXTERNAL_ID, open_target
from governance import DataSubject, Door, Ledger
from governance.run_folder import PROVENANCE, RECORDS, kept_runs
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID
from guiyi.spec import Project
from pipelines.erasing.crm import entities_of


def held_about(door: Door, name: str) -> dict[str, Any]:
    """The golden record and every version of it, the source records in full, where each value came
    from, the CRM's rows, decisions, and what befell the golden id.

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
        "provenance": _provenance(project, subject),
        "crm": _crm(project, subject),
        "decisions": _decisions(ledger, subject),
        "history": ledger.history(subject.golden_id).to_dicts(),
    }


def _versions(ledger: Ledger, subject: DataSubject) -> list[dict[str, Any]]:
    return [
        {**version, "golden_id": golden_id, "fields": json.loads(version["fields"])}
        for golden_id in subject.golden_ids
        for version in ledger.golden_versions(subject.entity, golden_id).to_dicts()
    ]


def _records(project: Project, subject: DataSubject) -> list[dict[str, Any]]:
    """Each source record as it was last read."""
    found: dict[str, dict[str, Any]] = {}
    for folder in kept_runs(project.folder):
        if folder.has(RECORDS, subject.entity):
            rows = folder.scan(RECORDS, subject.entity).with_columns(key=record_key())
            for row in rows.filter(pl.col("key").is_in(subject.names)).collect().to_dicts():
                found.setdefault(row.pop("key"), {**row, "extracted_at": str(row["extracted_at"])})
    return list(found.values())


def _provenance(project: Project, subject: DataSubject) -> list[dict[str, Any]]:
    for folder in kept_runs(project.folder):
        if folder.has(PROVENANCE, subject.entity):
            own = pl.col(GOLDEN_ID) == subject.golden_id
            return folder.scan(PROVENANCE, subject.entity).filter(own).collect().to_dicts()
    return []


def _crm(project: Project, subject: DataSubject) -> dict[str, list[dict[str, Any]]]:
    found = {}
    with closing(open_target(project.target, project.folder)) as target:
        for name in entities_of(project, subject.entity):
            crm = project.mapping[name]
            columns = [*crm.fields, *crm.relations]
            rows = target.fetch(name, columns, subject.golden_ids)
            found[name] = rows.rename({EXTERNAL_ID: GOLDEN_ID}).to_dicts()
    return found


def _decisions(ledger: Ledger, subject: DataSubject) -> list[dict[str, Any]]:
    pairs = ledger.decisions(subject.entity)
    chosen = ledger.value_choices(subject.entity)
    own = pl.col("left").is_in(subject.names) | pl.col("right").is_in(subject.names)
    return [
        *pairs.filter(own).to_dicts(),
        *chosen.filter(pl.col("record").is_in(subject.names)).to_dicts(),
    ]
