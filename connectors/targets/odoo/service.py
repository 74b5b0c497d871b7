"""Rows of Odoo: found by their external identifiers, read back after each write."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.targets.confirmed import BY_OWN_ID, HeldRow, SentRow
from connectors.targets.confirmed.service import Held, Refused
from connectors.targets.confirmed.values import from_json
from connectors.targets.contract import Rejection
from connectors.targets.odoo.api import OdooApi, OdooFault, OdooRow
from connectors.targets.odoo.identifiers import OdooIdentifiers
from connectors.targets.odoo.loading import LoadedRow, OdooLoader
from connectors.targets.odoo.models import OdooModels
from connectors.targets.odoo.spec import OdooTargetSpec
from connectors.targets.reasons import reason_in
from guiyi.messages import Message

_CHUNK = 500
_READS = 2
"""How often a row is asked for that should be there."""


class OdooService:
    """Reads and writes the models of one database."""

    chunk, atomic, guarded = _CHUNK, True, False
    may_repeat = True

    def __init__(self, api: OdooApi, spec: OdooTargetSpec) -> None:
        self._api = api
        self._models = OdooModels(api, spec)
        self._identifiers = OdooIdentifiers(api, spec.module)
        self._loader = OdooLoader(api)
        self.place = api.place

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that model and fields are there and may be written."""
        self._models.check(entity, columns)

    def forget(self) -> None:
        """Ask anew what the fields are."""
        self._models.forget()

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that are many2one fields."""
        return self._models.relations(entity)

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        if column in self.relations(entity):
            return text or None
        return self._models.field(entity, column).spell(text)

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a field cannot hold a value."""
        field = self._models.field(entity, column).field
        if column in self.relations(entity):
            return field.why_not(None) if not text else None
        return field.why_not(text)

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """The fields a new row must have that nothing is mapped to."""
        return self._models.lacking(entity, columns)

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has a golden id."""
        known = self._identifiers.all(entity, self._models.name(entity))
        golden = list(known)
        for start in range(0, len(golden), _CHUNK):
            part = {one: known[one] for one in golden[start : start + _CHUNK]}
            yield from self._held(entity, columns, part).values()

    def unidentified(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row of the entity's sort that has no golden id."""
        model = self._models.name(entity)
        ours = set(self._identifiers.all(entity, model).values())
        domain = [[name, "=", value] for name, value in self._models.only(entity).items()]
        rows = self._api.rows(model, domain, list(columns))
        strange = [row for row in rows if row["id"] not in ours]
        yield from self._rows(entity, columns, {int(row["id"]): "" for row in strange}, strange)

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The rows with these golden ids; those that are not found are looked for once more."""
        found: Held = {}
        model = self._models.name(entity)
        for _ in range(_READS):
            missing = [one for one in dict.fromkeys(external_ids) if one not in found]
            if missing:
                known = self._identifiers.of_golden(entity, model, missing)
                found |= self._held(entity, columns, known)
        return found

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Load rows: of those that are there only what is to change."""
        loaded = [self._loaded(entity, columns, row, before.get(row.external_id)) for row in rows]
        return self._loader.load(self._models.name(entity), loaded)

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Delete rows; where they are refused together, one by one."""
        try:
            ids = [int(row.own_id) for row in rows]
            self._api.write(self._models.name(entity), "unlink", ids)
        except OdooFault as fault:
            if len(rows) == 1:
                reason = reason_in(fault.message) or Message("the service refused it")
                return {rows[0].external_id: Rejection(rows[0].external_id, None, reason)}
            half = len(rows) // 2
            return self.remove(entity, rows[:half]) | self.remove(entity, rows[half:])
        return {}

    def label(self, entity: str, golden_ids: Mapping[str, str | None]) -> None:
        """Make external identifiers for rows that have none, or delete them."""
        model = self._models.name(entity)
        given = {int(own_id): golden_id for own_id, golden_id in golden_ids.items()}
        known = self._identifiers.of_rows(entity, model, list(given))
        wanted = {i: one for i, one in given.items() if one is not None and i not in known}
        self._identifiers.give(entity, model, wanted)
        gone = [known[i] for i, one in given.items() if one is None and i in known]
        self._identifiers.take(entity, gone)

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    def _held(self, entity: str, columns: Sequence[str], known: Mapping[str, int]) -> Held:
        """The rows that golden ids lead to; an identifier whose row is gone leads nowhere."""
        if not known:
            return {}
        model, ids = self._models.name(entity), list(known.values())
        rows: dict[int, OdooRow] = {}
        for _ in range(_READS):
            missing = [own_id for own_id in ids if own_id not in rows]
            if missing:
                found = self._api.rows(model, [["id", "in", missing]], list(columns))
                rows |= {int(one["id"]): one for one in found}
        golden = {own_id: golden_id for golden_id, own_id in known.items()}
        held = self._rows(entity, columns, golden, list(rows.values()))
        return {row.external_id: row for row in held}

    def _rows(
        self,
        entity: str,
        columns: Sequence[str],
        golden: Mapping[int, str],
        rows: Sequence[OdooRow],
    ) -> Iterator[HeldRow]:
        links = {name: self._linked(entity, name, rows) for name in self._among(entity, columns)}
        for row in rows:
            values = {
                name: links[name].get(_id(row.get(name)))
                if name in links
                else self._cell(entity, name, row.get(name))
                for name in columns
            }
            yield HeldRow(golden[int(row["id"])], str(row["id"]), values)

    def _among(self, entity: str, columns: Sequence[str]) -> list[str]:
        relations = self.relations(entity)
        return [name for name in columns if name in relations]

    def _cell(self, entity: str, column: str, value: Any) -> str | None:
        """A value as text: Odoo gives False for what it has not."""
        field = self._models.field(entity, column)
        if field.type == "many2one":
            own_id = _id(value)
            return None if own_id is None else str(own_id)
        if value is False and field.type != "boolean":
            value = None
        return from_json(value, field.spell) or field.field.nothing

    def _linked(
        self, entity: str, column: str, rows: Sequence[OdooRow]
    ) -> dict[int | None, str | None]:
        """What a many2one leads to: golden ids, or ids of rows that have none."""
        parent = self.relations(entity)[column]
        ids = sorted({own_id for row in rows if (own_id := _id(row.get(column))) is not None})
        golden = self._identifiers.of_rows(parent, self._models.name(parent), ids)
        return {None: None, **{one: golden.get(one, f"{BY_OWN_ID}{one}") for one in ids}}

    def _loaded(
        self, entity: str, columns: Sequence[str], row: SentRow, held: HeldRow | None
    ) -> LoadedRow:
        cells = {"id": self._identifiers.full_name(entity, row.external_id)}
        if held is None:
            cells |= {name: str(value) for name, value in self._models.only(entity).items()}
        for column in columns:
            text = row.values[column]
            if held is not None and held.values[column] == text:
                continue
            if held is None and text is None and self._models.field(entity, column).default:
                continue
            heading, cell = self._sent(entity, column, text)
            cells[heading] = cell
        return LoadedRow(row.external_id, cells)

    def _sent(self, entity: str, column: str, text: str | None) -> tuple[str, str]:
        """A cell as `load` takes it: its heading and its text."""
        field, parent = self._models.field(entity, column), self.relations(entity).get(column)
        if parent is not None and text is not None and not text.startswith(BY_OWN_ID):
            return f"{column}/id", self._identifiers.full_name(parent, text)
        if field.type == "many2one":
            return f"{column}/.id", (text or "").removeprefix(BY_OWN_ID)
        if field.type == "datetime" and text is not None:
            return column, text.replace("T", " ").removesuffix("Z")
        return column, text or ""


def _id(value: Any) -> int | None:
    """The id in a many2one: `[7, "name"]`, 7, or False."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, int) and not isinstance(first, bool) else None
