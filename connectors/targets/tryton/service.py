"""Records of Tryton: found by their golden id, many in one transaction, read back after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from connectors.targets.confirmed import BY_OWN_ID, HeldRow, SentRow
from connectors.targets.confirmed.service import Held, Refused
from connectors.targets.contract import Rejection
from connectors.targets.reasons import NO_PARENT
from connectors.targets.tryton.catalogue import TrytonCatalogue
from connectors.targets.tryton.faults import SEVERAL, rejection
from connectors.targets.tryton.rpc import TrytonFault, TrytonRpc
from connectors.targets.tryton.spec import TrytonTargetSpec
from connectors.targets.tryton.table import ColumnPlace, Record, TrytonHeldRow, TrytonTable
from connectors.targets.tryton.writing import record_values, stamps
from guiyi.errors import TargetError
from guiyi.messages import Message

_CHUNK = 200
"""Records of a call."""
_PAGE = 500
"""Records of a page."""

T = TypeVar("T")


class TrytonService:
    """Reads and writes the models of one database."""

    chunk, atomic, guarded = _CHUNK, True, True
    may_repeat = False
    """Identifiers need not be unique: a creation that got no answer may still be done."""

    def __init__(self, rpc: TrytonRpc, spec: TrytonTargetSpec) -> None:
        self._rpc = rpc
        self._catalogue = TrytonCatalogue(rpc, spec)
        self.place = rpc.place

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that model and fields are there and may be written."""
        self._catalogue.table(entity, columns)

    def forget(self) -> None:
        """Ask anew what the models have."""
        self._catalogue.forget()

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that point to another entity, and which."""
        about = self._catalogue.about(entity).columns
        return {name: one.refers_to for name, one in about.items() if one.refers_to is not None}

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        return self._place(entity, column).spell(text)

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a column cannot hold a value."""
        return self._place(entity, column).why_not(text)

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """Nothing: Tryton fills in much that it requires, and tells of it when it is missing."""
        return ()

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every record that has a golden id."""
        table = self._catalogue.table(entity, columns)
        known: dict[str, str] = {}
        for record in self._records(table, table.golden.any(), columns):
            external_id = table.golden.value(record)
            if external_id is None:
                continue
            if external_id in known:
                raise self._not_unique(table, external_id)
            known[external_id] = str(record["id"])
            yield table.held(record, columns, external_id)

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The records with these golden ids; those that are not found are looked for once more, as
        one that is thought missing would be created.
        """
        table = self._catalogue.table(entity, columns)
        found: Held = {}
        missing = list(external_ids)
        for _ in range(2):
            for record in self._search(table, table.golden.among(missing), columns):
                external_id = table.golden.value(record)
                if external_id not in missing:
                    continue
                before = found.get(external_id)
                if before is not None and before.own_id != str(record["id"]):
                    raise self._not_unique(table, external_id)
                found[external_id] = table.held(record, columns, external_id)
            missing = [one for one in missing if one not in found]
            if not missing:
                break
        return found

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Create records and change those that are there, many in one transaction."""
        table = self._catalogue.table(entity, columns)
        links, refused = self._links(table, rows)
        rows = [row for row in rows if row.external_id not in refused]
        context = self._rpc.context(translated=table.translated(columns))
        create, write = f"model.{table.model}.create", f"model.{table.model}.write"

        def created(some: Sequence[SentRow]) -> None:
            given = [_new_record(table, row, links) for row in some]
            self._rpc.write(create, given, context=context)

        def written(some: Sequence[SentRow]) -> None:
            pairs: list[Any] = []
            times: dict[str, str] = {}
            for row in some:
                record = _record(before[row.external_id])
                values = record_values(table.places, row.values, record, links)
                pairs += [[record["id"]], values]
                times |= stamps(table.model, table.places, record)
            self._rpc.write(write, *pairs, context={**context, "_timestamp": times})

        for act, part in (
            (created, [row for row in rows if row.external_id not in before]),
            (written, [row for row in rows if row.external_id in before]),
        ):
            faults = _halved(act, part)
            refused |= {row.external_id: rejection(row.external_id, f, table) for row, f in faults}
        return refused

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Delete records, with the rows that are theirs."""
        table = self._catalogue.table(entity)

        def removed(some: Sequence[HeldRow]) -> None:
            times: dict[str, str] = {}
            for row in some:
                times |= stamps(table.model, {}, _record(row))
            context = {**self._rpc.context(), "_timestamp": times}
            ids = [int(row.own_id) for row in some]
            self._rpc.write(f"model.{table.model}.delete", ids, context=context)

        faults = _halved(removed, list(rows))
        return {row.external_id: rejection(row.external_id, f, table) for row, f in faults}

    def unidentified(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every active record that has no golden id, of those the spec allows."""
        table = self._catalogue.table(entity, columns)
        only = [*table.golden.none(), *self._catalogue.about(entity).only]
        if self._catalogue.models.has(table.model, "active"):
            only.append(["active", "=", True])
        for record in self._records(table, only, columns):
            if table.golden.value(record) is None:
                yield table.held(record, columns, "")

    def label(self, entity: str, golden_ids: Mapping[str, str | None]) -> None:
        """Give records a golden id, by their own id, or take it from them; what is refused stays
        as it is.
        """
        table = self._catalogue.table(entity)
        own_ids = [int(own_id) for own_id in golden_ids]
        found = self._search(table, [["id", "in", own_ids]], ())
        times: dict[str, str] = {}
        for record in found:
            times |= stamps(table.model, {}, record)

        def labelled(some: Sequence[Record]) -> None:
            pairs: list[Any] = []
            for record in some:
                golden = golden_ids[str(record["id"])]
                pairs += [[record["id"]], _relabelled(table, record, golden)]
            context = {**self._rpc.context(), "_timestamp": dict(times)}
            self._rpc.write(f"model.{table.model}.write", *pairs, context=context)

        free = [
            record
            for record in found
            if (golden_ids[str(record["id"])] is None) != (table.golden.value(record) is None)
        ]
        _halved(labelled, free)

    def close(self) -> None:
        """Close every connection."""
        self._rpc.close()

    def _place(self, entity: str, column: str) -> ColumnPlace:
        return self._catalogue.table(entity, [column]).places[column]

    def _records(
        self, table: TrytonTable, domain: Sequence[Any], columns: Sequence[str]
    ) -> Iterator[Record]:
        """All records of a domain, page by page by their ids, until two pages are empty: an answer
        may be cut short on its way.
        """
        last, empty = 0, 0
        while empty < 2:
            page = self._search(table, [*domain, ["id", ">", last]], columns, _PAGE)
            empty = 0 if page else empty + 1
            yield from page
            last = max([last, *(int(record["id"]) for record in page)])

    def _search(
        self,
        table: TrytonTable,
        domain: Sequence[Any],
        columns: Sequence[str],
        limit: int | None = None,
    ) -> list[Record]:
        context = self._rpc.context(translated=table.translated(columns))
        names = table.asked(columns)
        method = f"model.{table.model}.search_read"
        order = [["id", "ASC"]]
        try:
            found = self._rpc.read(method, list(domain), 0, limit, order, names, context=context)
        except TrytonFault as fault:
            raise self._unreadable(table, fault) from None
        by_id = {int(record["id"]): record for record in found}
        return [by_id[own_id] for own_id in sorted(by_id)]

    def _unreadable(self, table: TrytonTable, fault: TrytonFault) -> TargetError:
        return TargetError(
            Message(
                "the model `{model}` cannot be read ({cause})",
                model=table.model,
                cause=fault.kind,
            ),
            place=self.place,
            hint="look at the fields in target.entities, and at the rights of the login",
        )

    def _not_unique(self, table: TrytonTable, external_id: str) -> TargetError:
        return TargetError(
            Message(
                "two records of `{model}` have the golden id {row}",
                model=table.model,
                row=external_id,
            ),
            place=self.place,
            hint="remove it from one of them, or one of them, in Tryton",
        )

    def _links(
        self, table: TrytonTable, rows: Sequence[SentRow]
    ) -> tuple[dict[tuple[str, str], int], Refused]:
        """The own ids of what rows point to; and the rows that point nowhere."""
        links: dict[tuple[str, str], int] = {}
        refused: Refused = {}
        columns = rows[0].values if rows else {}
        for column in columns:
            place = table.places[column]
            if place.field.kind != "many2one":
                continue
            texts = sorted({text for row in rows if (text := row.values[column]) is not None})
            found, several = self._pointed_to(place, texts)
            links |= {(column, text): own_id for text, own_id in found.items()}
            for row in rows:
                text = row.values[column]
                if text is not None and text not in found:
                    why = SEVERAL if text in several else NO_PARENT
                    refused.setdefault(row.external_id, Rejection(row.external_id, column, why))
        return links, refused

    def _pointed_to(
        self, place: ColumnPlace, texts: Sequence[str]
    ) -> tuple[dict[str, int], set[str]]:
        """Own ids by text; and the texts that several records have."""
        found = {
            text: int(text.removeprefix(BY_OWN_ID)) for text in texts if text.startswith(BY_OWN_ID)
        }
        others = [text for text in texts if text not in found]
        if place.refers_to is not None:
            for start in range(0, len(others), _CHUNK):
                held = self.read(place.refers_to, (), others[start : start + _CHUNK])
                found |= {text: int(row.own_id) for text, row in held.items()}
            return found, set()
        several = set()
        for text in others:
            ids = self._catalogue.models.ids(place.field.relation or "", place.by, text)
            if len(ids) == 1:
                found[text] = ids[0]
            elif ids:
                several.add(text)
        return found, several


def _halved(act: Callable[[Sequence[T]], None], some: Sequence[T]) -> list[tuple[T, TrytonFault]]:
    """Do it for all at once. If that is refused nothing was done, and each half is tried, until
    what is at fault stands alone.
    """
    if not some:
        return []
    try:
        act(some)
    except TrytonFault as fault:
        if len(some) == 1:
            return [(some[0], fault)]
        half = (len(some) + 1) // 2
        return _halved(act, some[:half]) + _halved(act, some[half:])
    return []


def _new_record(
    table: TrytonTable, row: SentRow, links: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """A new record and its golden id; what is nothing is left out, so that defaults apply."""
    given = {name: text for name, text in row.values.items() if text is not None}
    values = record_values(table.places, given, None, links)
    for name, value in table.golden.given(row.external_id).items():
        values[name] = [*values.get(name, ()), *value] if isinstance(value, list) else value
    return values


def _record(row: HeldRow) -> Record:
    assert isinstance(row, TrytonHeldRow)
    return row.record


def _relabelled(table: TrytonTable, record: Record, golden: str | None) -> dict[str, Any]:
    if golden is not None:
        return table.golden.given(golden)
    if table.golden.field is not None:
        return {table.golden.field: None}
    return {"identifiers": [["delete", [row["id"] for row in table.golden.rows(record)]]]}
