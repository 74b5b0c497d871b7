"""Rows of Salesforce: found by the field that holds the golden id, read back after each write."""

from collections.abc import Iterator, Mapping, Sequence

from connectors.targets.confirmed import BY_OWN_ID, HeldRow, SentRow
from connectors.targets.confirmed.service import Held, Refused
from connectors.targets.confirmed.values import from_json
from connectors.targets.http import value_at
from connectors.targets.salesforce.api import ManyRecords, SalesforceApi, SalesforceRecord
from connectors.targets.salesforce.collections import SalesforceCollections
from connectors.targets.salesforce.faults import GONE, LOCK, of_job, rejection
from connectors.targets.salesforce.jobs import NULL, SalesforceJobs
from connectors.targets.salesforce.objects import SalesforceObjects
from connectors.targets.salesforce.spec import SalesforceTargetSpec
from connectors.targets.salesforce.values import SalesforceCell, cell_of, record
from guiyi.errors import TargetError
from guiyi.messages import Message

_CHUNK = 10_000
"""Rows a portion: as many as a job takes in at a time."""
_LONGEST_LIST = 8_000
"""Characters of the ids of one query."""


class SalesforceService:
    """Reads and writes the objects of one org."""

    chunk, atomic, guarded = _CHUNK, True, False
    may_repeat = True

    def __init__(self, api: SalesforceApi, spec: SalesforceTargetSpec) -> None:
        self._api, self._spec, self._key = api, spec, spec.external_id
        self._objects = SalesforceObjects(api, spec)
        self._jobs = SalesforceJobs(api, spec.external_id, spec.job_wait)
        self._collections = SalesforceCollections(api)
        self._settled: set[str] = set()
        self.place = api.place

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that object and fields are there and may be written."""
        self._objects.check(entity, columns)

    def forget(self) -> None:
        """Ask anew what the fields are."""
        self._objects.forget()

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that are lookups."""
        return self._objects.relations(entity)

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        if column in self.relations(entity):
            return text or None
        return self._objects.field(entity, column).field.spell(text)

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a field cannot hold a value."""
        field = self._objects.field(entity, column).field
        if column in self.relations(entity):
            return field.why_not(None) if not text else None
        return field.why_not(text)

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """The fields a new row must have that nothing is mapped to."""
        return self._objects.lacking(entity, columns)

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has a golden id; by a job where they are many."""
        self._settle(entity)
        return self._every(entity, columns, f"{self._key} != null")

    def unidentified(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has no golden id."""
        return self._every(entity, columns, f"{self._key} = null")

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The rows with these golden ids."""
        self._settle(entity)
        wanted = set(external_ids)
        found: Held = {}
        for row in self._among(entity, columns, self._key, external_ids):
            if row.external_id not in wanted:
                continue  # a text field may not tell upper from lower case
            if row.external_id in found:
                raise self._not_unique(entity, row.external_id)
            found[row.external_id] = row
        return found

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Upsert rows: as a job where they are many, but for those that CSV cannot express."""
        changes = {
            row.external_id: self._changes(entity, columns, row, before.get(row.external_id))
            for row in rows
        }
        refused: Refused = {}
        if len(rows) >= self._spec.bulk_from:
            plain = {i: cells for i, cells in changes.items() if all(c.in_csv for c in cells)}
            refused, left = self._by_job(entity, columns, plain)
            changes = {i: c for i, c in changes.items() if i not in plain or i in left}
        return refused | self._by_collections(entity, columns, changes)

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Delete rows; they lie in the recycle bin for 15 days."""
        errors = self._collections.delete([row.own_id for row in rows])
        return {
            row.external_id: rejection(row.external_id, errors[row.own_id], (), ())
            for row in rows
            if row.own_id in errors
            and not any(value_at(one, "statusCode") in GONE for one in errors[row.own_id])
        }

    def label(self, entity: str, golden_ids: Mapping[str, str | None]) -> None:
        """Write golden ids into rows that have none, by their own id, or empty the field."""
        table = self._objects.name(entity)
        held = {row.own_id: row.external_id for row in self._among(entity, (), "Id", [*golden_ids])}
        records = {
            own_id: record(table, {"id": own_id, self._key: golden_id})
            for own_id, golden_id in golden_ids.items()
            if own_id in held and (golden_id is None or not held[own_id])
        }
        self._collections.update(records)

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    def _settle(self, entity: str) -> None:
        """A job of an earlier run may still be at work: what it will write is not there yet."""
        table = self._objects.name(entity)
        if table not in self._settled:
            self._jobs.settle(table)
            self._settled.add(table)

    def _every(self, entity: str, columns: Sequence[str], where: str) -> Iterator[HeldRow]:
        soql = f"{self._selection(entity, columns)} WHERE {where}"
        try:
            found: Iterator[SalesforceRecord] = iter(
                self._api.query(f"{soql} ORDER BY Id", self._spec.bulk_read_from)
            )
        except ManyRecords:
            found = self._jobs.query(soql)
        known: set[str] = set()
        for one in found:
            row = self._row(entity, columns, one)
            if row.external_id and row.external_id in known:
                raise self._not_unique(entity, row.external_id)
            known.add(row.external_id)
            yield row

    def _among(
        self, entity: str, columns: Sequence[str], name: str, ids: Sequence[str]
    ) -> Iterator[HeldRow]:
        head = self._selection(entity, columns)
        queries = [f"{head} WHERE {name} IN ({listed})" for listed in _lists(ids)]
        rows = {str(one.get("Id")): one for one in self._api.queries(queries)}
        return (self._row(entity, columns, one) for one in rows.values())

    def _selection(self, entity: str, columns: Sequence[str]) -> str:
        names = ["Id", self._key]
        for column in columns:
            names.append(column)
            if column in self.relations(entity):
                names.append(f"{self._relationship(entity, column)}.{self._key}")
        return f"SELECT {', '.join(dict.fromkeys(names))} FROM {self._objects.name(entity)}"

    def _relationship(self, entity: str, column: str) -> str:
        return self._objects.field(entity, column).relationship or column

    def _row(self, entity: str, columns: Sequence[str], found: SalesforceRecord) -> HeldRow:
        values: dict[str, str | None] = {}
        for column in columns:
            if column not in self.relations(entity):
                field = self._objects.field(entity, column).field
                values[column] = from_json(found.get(column), field.spell) or field.nothing
                continue
            link = f"{self._relationship(entity, column)}.{self._key}"
            golden = found.get(link) or value_at(found, link)
            own_id = found.get(column)
            values[column] = str(golden) if golden else BY_OWN_ID + str(own_id) if own_id else None
        return HeldRow(str(found.get(self._key) or ""), str(found.get("Id")), values)

    def _changes(
        self, entity: str, columns: Sequence[str], row: SentRow, held: HeldRow | None
    ) -> list[SalesforceCell]:
        """The cells to write: of a row that is there, those alone that are to change."""
        return [
            cell_of(
                self._objects.field(entity, column),
                row.values[column],
                self._key if column in self.relations(entity) else None,
            )
            for column in columns
            if row.values[column] != (None if held is None else held.values[column])
        ]

    def _by_job(
        self, entity: str, columns: Sequence[str], changes: Mapping[str, Sequence[SalesforceCell]]
    ) -> tuple[Refused, set[str]]:
        """Rows that a job refused, and those it left: for a lock, or because it failed."""
        names = {cell.heading: cell.column for cells in changes.values() for cell in cells}
        rows = [
            {self._key: i, **{c.heading: NULL if c.text is None else c.text for c in cells}}
            for i, cells in changes.items()
        ]
        outcome = self._jobs.upsert(self._objects.name(entity), list(names), rows)
        refused: Refused = {}
        left = outcome.unprocessed
        for external_id, text in outcome.failed.items():
            error = of_job(text)
            if error["statusCode"] == LOCK:
                left = left | {external_id}
                continue
            error["fields"] = [names.get(name, name) for name in error["fields"]]
            values = [cell.text for cell in changes[external_id] if cell.text]
            refused[external_id] = rejection(
                external_id, [error], columns, values, self.relations(entity)
            )
        if outcome.unprocessed:
            self.forget()
            self.check(entity, columns)  # a field may be gone: no row is at fault
        return refused, left & changes.keys()

    def _by_collections(
        self, entity: str, columns: Sequence[str], changes: Mapping[str, Sequence[SalesforceCell]]
    ) -> Refused:
        table = self._objects.name(entity)
        records = {i: record(table, {self._key: i}, cells) for i, cells in changes.items()}
        errors = self._collections.upsert(table, self._key, records)
        return {
            external_id: rejection(
                external_id,
                found,
                columns,
                [cell.text for cell in changes[external_id] if cell.text],
                self.relations(entity),
            )
            for external_id, found in errors.items()
        }

    def _not_unique(self, entity: str, external_id: str) -> TargetError:
        return TargetError(
            Message(
                "`{external_id}` is not unique in the table `{table}`",
                external_id=self._key,
                table=self._objects.name(entity),
            ),
            place=self.place,
            hint=Message(
                "make `{key}` unique in the CRM, and remove the row {row} that stands there twice",
                key=self._key,
                row=external_id,
            ),
        )


def _lists(ids: Sequence[str]) -> Iterator[str]:
    """Ids as SOQL lists them, in portions that a query takes."""
    part: list[str] = []
    size = 0
    for one in dict.fromkeys(ids):
        text = "'" + one.replace("\\", "\\\\").replace("'", "\\'") + "'"
        if part and size + len(text) > _LONGEST_LIST:
            yield ",".join(part)
            part, size = [], 0
        part.append(text)
        size += len(text) + 1
    if part:
        yield ",".join(part)
