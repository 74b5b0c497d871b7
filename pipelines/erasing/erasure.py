"""Takes a person out of everything a project keeps, and out of its CRM.

The ledger comes last: cut off before, the same command finds the person again and goes on.
"""

from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connectors.targets import open_target
from governance import DataSubject, ErasureRequest, Ledger, PastErasure
from governance.backups import note_erasures
from governance.redaction import tokens
from governance.run_folder import CONTENTS, RECORDS, RunFolder, kept_runs
from guiyi.record_key import SEPARATOR, parted_keys, record_key
from guiyi.spec import EntitySpec, Project
from pipelines.erasing.blanking import blank
from pipelines.erasing.crm import empty_mentions, entities_of, remove, rows_in_crm
from pipelines.erasing.mentions import look_yourself
from pipelines.erasing.remains import remaining
from pipelines.erasing.traces import traces_of
from pipelines.finding.kept_index import forget_indexes
from pipelines.stages.erased_mentions import beside_digests
from pipelines.stages.run import run_name
from pipelines.stages.suppression import digests, record_digests, suppression_key, token_parts
from pipelines.stewarding.backup_jobs import backup_folder


@dataclass(frozen=True)
class Erased:
    """What an erasure did, and what it leaves to do."""

    subject: DataSubject
    crm: dict[str, str]
    """CRM entity → deleted, emptied or refused."""
    files: int
    """Files of runs that had something of the person."""
    remaining: list[Path] = field(default_factory=list)
    """Files in which something of the person still stands: sources, backups, exports."""
    look_yourself: list[str] = field(default_factory=list)
    """Records of others that name somebody of the person's name."""


def planned(project: Project, ledger: Ledger, name: str) -> tuple[DataSubject, dict[str, int]]:
    """Whom an erasure would take out, and how many rows of the CRM; changes nothing.

    Raises LedgerError for a golden id or record key that was never given.
    """
    subject = ledger.data_subject(name)
    with closing(open_target(project.target, project.folder)) as target:
        rows = rows_in_crm(project, target, ledger, subject)
    return subject, {entity: len(ids) for entity, ids in rows.items()}


@dataclass(frozen=True)
class ErasedBefore:
    """Somebody whom an earlier command has erased."""

    golden_id: str
    at: str
    entry: int
    """Of the audit chain."""


def erased_before(project: Project, ledger: Ledger, name: str) -> ErasedBefore | None:
    """When whom a golden id or record key names was erased; None for one that was not."""
    trail = ledger.audit_trail().filter(action="erased")
    for one in reversed(ledger.past_erasures()):
        if name in one.golden_ids or _is_known(project, ledger, one, name):
            entry = trail.filter(subject=one.golden_id)["number"][-1]
            return ErasedBefore(one.golden_id, one.at, entry)
    return None


def _is_known(project: Project, ledger: Ledger, past: PastErasure, name: str) -> bool:
    """Whether a record key is one of those erased, and of nobody who lives."""
    if SEPARATOR not in name or not past.digests:
        return False
    own = record_digests(suppression_key(project), parted_keys([name])).is_in(list(past.digests))
    links = ledger.crosswalk(past.entity).select(record_key()).to_series()
    return bool(own.any()) and name not in set(links)


def erase_person(
    project: Project,
    ledger: Ledger,
    subject: DataSubject,
    *,
    why: str | None = None,
    known: frozenset[str] = frozenset(),
) -> Erased:
    """Take a person out of the CRM, the runs and the ledger, and keep the next runs from bringing
    the person back. The project must be locked. `known`: digests of an earlier erasure.
    """
    runs = kept_runs(project.folder)
    entity = project.entities[subject.entity]
    key = suppression_key(project, make=not any(map(ledger.suppressed, project.entities)))
    traces = traces_of(project, runs, ledger, subject)
    request = ErasureRequest(
        run_name(datetime.now(UTC)),
        tokens=tokens(subject.names, _parts(key, subject)),
        values=traces.naming,
        digests=known | _digests(key, entity, subject, runs) | beside_digests(key, traces.naming),
        crm_entities=tuple(entities_of(project, subject.entity)),
        why=why,
    )
    with closing(open_target(project.target, project.folder)) as target:
        crm = remove(project, target, rows_in_crm(project, target, ledger, subject))
        crm = empty_mentions(project, target, traces.naming) | crm
    forget_indexes(project)
    for folder in runs:
        folder.forget(CONTENTS)  # the next run compares all: pairs of the person may be gone
    files = sum(blank(folder.path, traces, subject.entity) for folder in runs)
    ledger.erase(subject, request)
    forget_indexes(project)  # somebody may have asked meanwhile
    with suppress(OSError):  # backups lie where nothing can be written now: the next one notes it
        note_erasures(backup_folder(project), project.project, ledger.past_erasures(), key.hex())
    named = look_yourself(project, runs, subject, traces.naming)
    return Erased(subject, crm, files, remaining(project.folder, traces), named)


def _parts(key: bytes, subject: DataSubject) -> list[str]:
    """What stands in the place of record ids, which later extractions make, too."""
    return [part or "" for part in token_parts(key, parted_keys(subject.names))]


def _digests(
    key: bytes, entity: EntitySpec, subject: DataSubject, runs: list[RunFolder]
) -> set[str]:
    """What the person's records are known by if they come again."""
    known = digests(key, entity, parted_keys(subject.names))
    for folder in runs:
        if folder.has(RECORDS, subject.entity):
            own = folder.scan(RECORDS, subject.entity).filter(record_key().is_in(subject.names))
            known |= digests(key, entity, own.collect())
    return known
