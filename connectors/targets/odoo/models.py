"""The models of a database, as `fields_get` and `default_get` describe them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.confirmed.fields import ServiceField
from connectors.targets.confirmed.values import ValueSort
from connectors.targets.odoo.api import OdooApi, OdooFault
from connectors.targets.odoo.spec import OdooTargetSpec
from guiyi.errors import TargetError
from guiyi.messages import Message

_SORTS = {
    "boolean": ValueSort.BOOLEAN,
    "integer": ValueSort.NUMBER,
    "float": ValueSort.NUMBER,
    "monetary": ValueSort.NUMBER,
    "date": ValueSort.DATE,
    "datetime": ValueSort.INSTANT,
}
_PLAIN = frozenset((*_SORTS, "char", "text", "html", "selection", "many2one"))
"""What one cell can hold."""
_NOTHING = {"boolean": "false", "integer": "0", "float": "0", "monetary": "0"}
"""What stands where there is no value: these types have no null."""
_ATTRIBUTES = ["type", "required", "readonly", "size", "selection", "relation"]


@dataclass(frozen=True)
class OdooField:
    """One field of a model."""

    field: ServiceField
    """What it holds."""
    type: str
    """Its type."""
    relation: str | None
    """The model that a many2one leads to."""
    default: bool
    """Whether a new row gets a value by itself."""

    @classmethod
    def of(cls, name: str, found: Mapping[str, Any], *, default: bool) -> "OdooField":
        """Understand a field as Odoo describes it."""
        kind = str(found.get("type"))
        options = found.get("selection")
        listed = kind == "selection" and isinstance(options, list)
        field = ServiceField(
            name,
            _SORTS.get(kind, ValueSort.TEXT),
            whole=kind == "integer",
            longest=found.get("size") or None,
            choices=tuple(str(one[0]) for one in options) if listed and options else None,
            required=found.get("required") is True and not default,
            nothing=_NOTHING.get(kind),
            read_only=found.get("readonly") is True or kind not in _PLAIN,
        )
        relation = found.get("relation")
        return cls(field, kind, None if relation is None else str(relation), default)

    def spell(self, text: str | None) -> str | None:
        """A value as it is read back; a time has whole seconds."""
        found = self.field.spell(text)
        if found is not None and self.type == "datetime" and "." in found:
            return found.partition(".")[0] + "Z"
        return found


class OdooModels:
    """Knows the fields of models; asked once, and again after `forget`."""

    def __init__(self, api: OdooApi, spec: OdooTargetSpec) -> None:
        self._api, self._spec = api, spec
        self._known: dict[str, Mapping[str, OdooField]] = {}

    def name(self, entity: str) -> str:
        """The model a CRM entity is of."""
        return self._spec.tables.get(entity, entity)

    def only(self, entity: str) -> Mapping[str, bool | int | str]:
        """What tells the rows of an entity from others of its model."""
        return self._spec.only.get(entity, {})

    def relations(self, entity: str) -> Mapping[str, str]:
        """The many2one fields, and the CRM entity each leads to."""
        return self._spec.relations.get(entity, {})

    def field(self, entity: str, name: str) -> OdooField:
        """A field that `check` has seen."""
        return self._fields(entity)[name]

    def lacking(self, entity: str, columns: Sequence[str]) -> list[str]:
        """The fields a new row must have that are no column."""
        given = {*columns, *self.only(entity)}
        return [
            name
            for name, one in self._fields(entity).items()
            if one.field.required
            and one.field.nothing is None
            and not one.field.read_only
            and name not in given
        ]

    def forget(self) -> None:
        """Ask anew, next time."""
        self._known.clear()

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that model and fields are there. Raises TargetError that names what to do."""
        fields, relations = self._fields(entity), self.relations(entity)
        missing = [name for name in (*columns, *self.only(entity)) if name not in fields]
        if missing:
            raise TargetError(
                Message(
                    "the model `{model}` has no field {columns}",
                    model=self.name(entity),
                    columns=", ".join(f"`{name}`" for name in dict.fromkeys(missing)),
                ),
                place=self._api.place,
                hint=Message(
                    "create it in Odoo, let the user of target.auth see it, or correct"
                    " mapping.{entity} and target.only",
                    entity=entity,
                ),
            )
        closed = [name for name in columns if fields[name].field.read_only]
        if closed:
            raise TargetError(
                Message(
                    "no row can be given {columns} of the model `{model}`",
                    model=self.name(entity),
                    columns=", ".join(f"`{name}` ({fields[name].type})" for name in closed),
                ),
                place=self._api.place,
                hint=Message("take it out of mapping.{entity}", entity=entity),
            )
        for name in columns:
            if name in relations and fields[name].relation != self.name(relations[name]):
                raise TargetError(
                    Message(
                        "the field `{name}` of `{object}` does not lead to `{parent}` alone",
                        name=name,
                        object=self.name(entity),
                        parent=self.name(relations[name]),
                    ),
                    place=self._api.place,
                    hint="name a many2one field in target.relations",
                )

    def _fields(self, entity: str) -> Mapping[str, OdooField]:
        name = self.name(entity)
        if name not in self._known:
            try:
                found = self._api.read(name, "fields_get", attributes=_ATTRIBUTES)
                defaults = self._api.read(name, "default_get", fields_list=list(found))
            except OdooFault:
                raise self._missing(entity) from None
            if not isinstance(found, dict) or not isinstance(defaults, dict):
                raise self._missing(entity)
            self._known[name] = {
                field: OdooField.of(field, about, default=defaults.get(field) not in (None, False))
                for field, about in found.items()
            }
        return self._known[name]

    def _missing(self, entity: str) -> TargetError:
        return TargetError(
            Message("there is no model `{model}`", model=self.name(entity)),
            place=self._api.place,
            hint=Message(
                "name the model of `{entity}` in target.tables by its technical name, such as"
                " res.partner, and install the app that has it",
                entity=entity,
            ),
        )
