"""The models that CRM entities are, as far as a project names them."""

from collections.abc import Sequence
from typing import Any

from connectors.targets.tryton.fields import TrytonField
from connectors.targets.tryton.models import TrytonModels
from connectors.targets.tryton.rpc import TrytonRpc
from connectors.targets.tryton.spec import TrytonColumnSpec, TrytonEntitySpec, TrytonTargetSpec
from connectors.targets.tryton.table import (
    PARTY,
    ColumnPlace,
    GoldenPlace,
    TrytonTable,
    party_place,
    where_of,
)
from guiyi.errors import TargetError
from guiyi.messages import Message


class TrytonCatalogue:
    """Knows where entities and columns stand; asked once, and again after `forget`."""

    def __init__(self, rpc: TrytonRpc, spec: TrytonTargetSpec) -> None:
        self._rpc, self._spec = rpc, spec
        self.models = TrytonModels(rpc)
        """The models themselves."""
        self._tables: dict[str, TrytonTable] = {}

    def forget(self) -> None:
        """Ask anew, next time."""
        self.models.forget()
        self._tables.clear()

    def about(self, entity: str) -> TrytonEntitySpec:
        """What the spec says of an entity."""
        return self._spec.entities.get(entity, TrytonEntitySpec())

    def table(self, entity: str, columns: Sequence[str] = ()) -> TrytonTable:
        """An entity with these columns. Raises TargetError that names what is missing."""
        table = self._tables.get(entity) or self._bare(entity)
        missing = [name for name in columns if name not in table.places]
        if missing or entity not in self._tables:
            table = table.with_columns({name: self._place(table, name) for name in missing})
            self._tables[entity] = table
        return table

    def _bare(self, entity: str) -> TrytonTable:
        model = self._spec.tables.get(entity, entity)
        key = self.about(entity).key
        where = Message("target.entities.{entity}.key", entity=entity)
        if key is not None:
            field = self.models.field(model, key, where)
            if field.kind not in ("char", "text"):
                raise TargetError(
                    Message("`{name}` of `{model}` holds no text; golden ids are text",
                            name=key, model=model),
                    place=self._rpc.place,
                    hint=Message("name a text field in {where}", where=where),
                )  # fmt: skip
            return TrytonTable(entity, model, GoldenPlace(key), {})
        if model != PARTY:
            self.models.has(model, "id")  # a model that is not there is named first
            raise TargetError(
                Message("nothing says which field of `{model}` holds the golden id", model=model),
                place=self._rpc.place,
                hint=Message("name a text field in {where}", where=where),
            )
        kind = self._spec.identifier_type
        if kind is not None:
            self._fixed(self.models.field("party.identifier", "type", where), kind, where)
        return TrytonTable(
            entity, model, GoldenPlace(None, f"{self._spec.external_id}:{entity}:", kind), {}
        )

    def _place(self, table: TrytonTable, column: str) -> ColumnPlace:
        entity = table.entity
        known = party_place(column) if table.model == PARTY else None
        spec = self.about(entity).columns.get(column) or known or TrytonColumnSpec()
        where = where_of(entity, column)
        model, rows = table.model, None
        if spec.rows is not None:
            rows = self.models.field(table.model, spec.rows, where)
            if rows.kind != "one2many" or rows.relation is None:
                raise self._wrong(column, rows, where)
            model = rows.relation
        field = self.models.field(model, spec.field or column, where)
        if field.sort is None or field.readonly:
            raise self._wrong(column, field, where)
        if field.kind == "many2one" and spec.refers_to is None:
            self.models.field(field.relation or "", spec.by, where)
        fixed = {
            name: self._fixed(self.models.field(model, name, where), value, where)
            for name, value in spec.where.items()
        }
        stamped = tuple(
            name
            for name in ("active", "_timestamp")
            if rows is not None and (name == "_timestamp" or self.models.has(model, name))
        )
        parent = None if spec.refers_to is None else self._parent(table, spec.refers_to)
        return ColumnPlace(column, field, rows, fixed, stamped, spec.refers_to, spec.by, parent)

    def _parent(self, table: TrytonTable, entity: str) -> GoldenPlace:
        return table.golden if entity == table.entity else self.table(entity).golden

    def _fixed(self, field: TrytonField, value: str | int | bool, where: Message) -> Any:
        """A value that `where` names, as a record has it. Raises TargetError if it cannot be."""
        if field.kind == "many2one" and isinstance(value, str):
            found = self.models.ids(field.relation or "", "rec_name", value)
            if len(found) == 1:
                return found[0]
        elif field.kind != "selection" or field.why_not(str(value)) is None:
            return value
        raise TargetError(
            Message("`{name}` of `{model}` has no value {value}", name=field.name,
                    model=field.model, value=f"`{value}`"),
            place=self._rpc.place,
            hint=Message("correct {where}, or add it in Tryton", where=where),
        )  # fmt: skip

    def _wrong(self, column: str, field: TrytonField, where: Message) -> TargetError:
        if field.readonly:
            return TargetError(
                Message("nobody may write `{name}` of the model `{model}`",
                        name=field.name, model=field.model),
                place=self._rpc.place,
                hint=Message("correct {where}, or leave `{column}` out of the mapping",
                             where=where, column=column),
            )  # fmt: skip
        return TargetError(
            Message("`{column}` of `{set}` is of the type {type}, which no text becomes",
                    column=field.name, set=field.model, type=field.kind),
            place=self._rpc.place,
            hint=Message("correct {where}, or leave `{column}` out of the mapping",
                         where=where, column=column),
        )  # fmt: skip
