"""The index of an entity's customers, kept beside the ledger and held to what the ledger says.

It notes by which entry of the audit chain, which run and which model it was made. What has changed
since is put in before anybody is answered; where another model judges now, where a person was
erased, or where much has changed, it is made anew.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import time

import polars as pl

from dedup import Index
from dedup.model import SavedModel, read_model
from governance import EntityChanges, Ledger, LedgerMark
from governance.run_folder import CLEAN, CLUSTERS, RunFolder
from guiyi.errors import GuiyiError, SpecError
from guiyi.messages import Message
from guiyi.private_folder import private_folder
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec import Project
from pipelines.finding.indexed_rows import MEMBER, NAMES, REGISTRATION, REPORTED, CustomerRows
from pipelines.finding.reported import ReportedCustomers
from pipelines.labelling.teaching import Teaching
from pipelines.stages.earlier_runs import published_runs
from pipelines.stages.knowledge import read_aliases

SAVED_FROM = 200
"""Rows changed from which an index is written anew; fewer are put in each time it is opened."""
MOST_CHANGED = 0.25
"""Share of the rows that may be others before the index is made anew."""
FEW = 5
"""Reported customers up to which each is cleaned alone, by the short paths there are for one."""
ABANDONED = 3600
"""Seconds after which a process that was writing an index is taken to be dead."""


def index_folder(project: Project) -> Path:
    """Where the indexes of a project's customers are kept."""
    return project.folder / ".guiyi" / "index"


def forget_indexes(project: Project) -> None:
    """Delete every kept index; the next question makes it anew."""
    shutil.rmtree(index_folder(project), ignore_errors=True)


def has_index(project: Project, entity: str) -> bool:
    """Whether customers of an entity have been asked for."""
    return (index_folder(project) / entity / "manifest.json").is_file()


def refresh_indexes(project: Project, ledger: Ledger) -> None:
    """Hold the indexes of those entities that customers have been asked of to the ledger."""
    for entity, spec in project.entities.items():
        if spec.match.enabled and has_index(project, entity):
            KeptIndex(project, ledger, entity).fresh()


class KeptIndex:
    """The index of one entity, true to the ledger whenever it is asked for."""

    def __init__(self, project: Project, ledger: Ledger, entity: str) -> None:
        spec = project.entities[entity]
        if not spec.match.enabled:
            raise SpecError(
                Message("records of `{entity}` are not compared (match.enabled)", entity=entity),
                place=str(project.file),
            )
        self._project, self._ledger, self.entity, self._spec = project, ledger, entity, spec
        self._index: Index | None = None
        self.reported = ReportedCustomers({}, {})
        """The registrations, as they were when the index was last asked for."""
        self._mark = self._reported_at = LedgerMark(0, "")
        self._lock = Lock()

    def fresh(self) -> Index:
        """The index, with everything that has changed in the ledger.

        Raises SpecError where the ledger has no golden record of the entity yet.
        """
        with self._lock:
            if self._index is None:
                self._index = self._opened() or self._built()
                self.reported = ReportedCustomers.read(self._ledger, self.entity)
            while True:
                changes = self._ledger.changes_since(self.entity, self._mark)
                if changes.is_empty:
                    self._mark = self._reported_at = changes.mark
                    return self._index
                self._index = self._followed(self._index, changes)
                self.reported = ReportedCustomers.read(self._ledger, self.entity)

    def registrations(self) -> ReportedCustomers:
        """The registrations as they stand, without the index."""
        with self._lock:
            end = self._ledger.end_of_chain()
            if end != self._reported_at:
                self.reported = ReportedCustomers.read(self._ledger, self.entity)
                self._reported_at = end
            return self.reported

    @property
    def _place(self) -> Path:
        return index_folder(self._project) / self.entity

    # What it is made of

    def _folder(self) -> RunFolder | None:
        """The last run that published golden records of the entity."""
        for _, folder in published_runs(self._project):
            if folder.has(CLEAN, self.entity) and folder.has(CLUSTERS, self.entity):
                return folder
        return None

    def _rows(self, folder: RunFolder | None) -> CustomerRows:
        return CustomerRows(self._ledger, self.entity, self._spec, folder)

    def _model(self, folder: RunFolder | None) -> tuple[SavedModel | None, str]:
        """The model that judges, and a digest of it and of all else that an index hangs on."""
        pinned = Teaching.of(self._spec.match, self._project.folder).model
        of_run = None if folder is None else folder.path / "models" / f"{self.entity}.json"
        file = pinned or of_run
        model, text = None, ""
        if file is not None and file.is_file():
            document = json.loads(file.read_text(encoding="utf-8"))
            aside = {"explanation", "messages"}
            text = json.dumps({n: v for n, v in document.items() if n not in aside}, sort_keys=True)
            with suppress(SpecError):  # of another engine, or of an older Guiyi
                model = read_model(document)
        spec = self._spec.model_dump_json(include={"fields", "match"})
        aliases = self._project.aliases
        known = b"" if aliases is None else (self._project.folder / aliases).read_bytes()
        return model, hashlib.sha256("\n".join([text, spec]).encode() + known).hexdigest()

    # Made, opened, written

    def _built(self) -> Index:
        folder = self._folder()
        mark = self._ledger.end_of_chain()
        rows = self._rows(folder)
        wanted = rows.all()
        if wanted.is_empty():
            raise SpecError(
                Message("no golden record of `{entity}` yet", entity=self.entity),
                place=str(self._project.folder),
                hint=Message("run it first: guiyi run {folder}", folder=self._project.folder),
            )
        model, recipe = self._model(folder)
        index = Index.build(
            rows.clean(wanted),
            rows.kinds,
            model,
            spec=self._spec.match,
            aliases=read_aliases(self._project),
            homes=self._spec.homes,
        )
        index.about |= {"rows": wanted.height, "recipe": recipe}
        self._note(index, mark)
        self._save(index)
        return index

    def _note(self, index: Index, mark: LedgerMark) -> None:
        index.about |= {"number": mark.number, "hash": mark.hash}
        self._mark = mark

    def _opened(self) -> Index | None:
        """The kept index, if it is whole and judges as the project does now."""
        for _ in range(2):  # another process may be putting a new one in its place
            try:
                index = Index.open(self._place)
            except GuiyiError:
                continue
            about = index.about
            if about.get("recipe") != self._model(self._folder())[1]:
                return None
            self._mark = LedgerMark(about["number"], about["hash"])
            return index
        return None

    def _save(self, index: Index) -> None:
        """Keep the index; one that cannot be kept serves this process all the same."""
        with suppress(OSError), _alone(self._place) as free:
            if free:
                index.save(self._place)

    # Held to the ledger

    def _followed(self, index: Index, changes: EntityChanges) -> Index:
        """The index with what has changed, or another; either way the mark is its own."""
        if changes.golden_ids is None:
            return self._built()
        folder = self._folder() if changes.published or changes.golden_ids else None
        if folder is not None and self._model(folder)[1] != index.about["recipe"]:
            return self._opened() or self._built()
        rows = self._rows(folder)
        present = _present(index)
        wanted, there = self._changed(rows, present, changes)
        gone = there.join(wanted, on=NAMES, how="anti")
        new = wanted.join(there, on=NAMES, how="anti")
        if gone.height + new.height > MOST_CHANGED * index.about["rows"] + SAVED_FROM:
            return self._built()
        for number in gone["number"]:
            index.remove(number)
        _add(index, rows, new)
        self._mark = changes.mark
        index.about["unsaved"] = index.about.get("unsaved", 0) + gone.height + new.height
        if index.about["unsaved"] >= SAVED_FROM or changes.published:
            index.about["unsaved"] = 0
            self._note(index, changes.mark)
            self._save(index)
        return index

    def _changed(
        self, rows: CustomerRows, present: pl.DataFrame, changes: EntityChanges
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows there should be of whatever has changed, and those there are of it."""
        assert changes.golden_ids is not None
        reported = pl.col(SOURCE).str.starts_with(REGISTRATION)
        touched = set(changes.golden_ids)
        wanted, there = [], []
        if changes.published or touched:
            members = rows.members()
            if changes.published:
                touched |= _touched(members, present.filter(~reported))
            wanted.append(rows.of(touched, members))
            there.append(present.filter(pl.col(SOURCE).is_in(list(touched))))
        if changes.registrations:
            wanted.append(rows.reported())
            there.append(present.filter(reported))
        return pl.concat(wanted), pl.concat(there)


def _add(index: Index, rows: CustomerRows, new: pl.DataFrame) -> None:
    """Put rows into an index; a few that were just reported are cleaned as somebody asked them."""
    if new.height <= FEW and new[RECORD_ID].str.starts_with(REPORTED).all():
        own = [name for name in rows.kinds if name in index.kinds]
        cleaned = [
            {**row, **index.clean({n: row[n] for n in own if row[n] is not None})}
            for row in new.to_dicts()
        ]
    else:
        cleaned = rows.clean(new).to_dicts()
    for record in cleaned:
        index.add(record, f"{record[SOURCE]}:{record[RECORD_ID]}")


def _touched(members: pl.DataFrame, present: pl.DataFrame) -> set[str]:
    """The golden ids of which a record says something else than is in the index."""
    indexed = present.filter(pl.col(RECORD_ID).str.starts_with(MEMBER))
    names = NAMES
    new, gone = (
        members.join(indexed, on=names, how="anti"),
        indexed.join(members, on=names, how="anti"),
    )
    return {*new[SOURCE], *gone[SOURCE]}


def _present(index: Index) -> pl.DataFrame:
    """The rows of an index: source, record_id, number."""
    register = index.register
    names = register.table.select(*NAMES)
    if register.extra:
        extra = [{name: own.get(name) for name in NAMES} for own in register.extra]
        names = pl.concat([names, pl.DataFrame(extra, schema=dict.fromkeys(NAMES, pl.String))])
    numbered = names.with_row_index("number")
    gone = list(register.gone)
    return numbered.filter(~pl.col("number").is_in(gone)) if gone else numbered


@contextmanager
def _alone(place: Path) -> Iterator[bool]:
    """Whether no other process is writing there."""
    private_folder(place.parent)
    lock = place.with_name(f".{place.name}.lock")
    with suppress(FileNotFoundError):
        if time() - lock.stat().st_mtime > ABANDONED:
            lock.unlink()
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        yield False
        return
    try:
        yield True
    finally:
        lock.unlink(missing_ok=True)
