"""The objects of an org, as it describes them.

https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.confirmed.fields import ServiceField
from connectors.targets.confirmed.values import ValueSort
from connectors.targets.salesforce.api import SalesforceApi
from connectors.targets.salesforce.spec import SalesforceTargetSpec
from guiyi.errors import TargetError
from guiyi.messages import Message

_SORTS = {
    "boolean": ValueSort.BOOLEAN,
    "int": ValueSort.NUMBER,
    "double": ValueSort.NUMBER,
    "currency": ValueSort.NUMBER,
    "percent": ValueSort.NUMBER,
    "date": ValueSort.DATE,
    "datetime": ValueSort.INSTANT,
}
_COMPOUND = frozenset(("address", "location", "base64", "complexvalue"))
"""What a query gives, if at all, and no row takes as a text."""


@dataclass(frozen=True)
class SalesforceField:
    """One field of an object."""

    field: ServiceField
    """What it holds."""
    identifies: bool
    """Whether it is an external id that no two rows may share."""
    refers_to: tuple[str, ...]
    """The objects a lookup leads to."""
    relationship: str | None
    """What a lookup is called in a query: `Account`, `Parent__r`."""

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "SalesforceField":
        """Understand a field as an org describes it."""
        kind, name = str(found.get("type")), str(found.get("name"))
        listed = kind == "multipicklist" or (kind == "picklist" and found.get("restrictedPicklist"))
        values = [one for one in found.get("picklistValues") or () if one.get("active", True)]
        may_create = found.get("createable") is True
        precision, scale = found.get("precision") or 0, found.get("scale") or 0
        digits = precision - scale if kind != "int" else found.get("digits") or 0
        field = ServiceField(
            name,
            _SORTS.get(kind, ValueSort.TEXT),
            whole=kind == "int",
            longest=found.get("length") or None,
            digits=digits or None,
            choices=tuple(str(one.get("value")) for one in values) if listed else None,
            many=kind == "multipicklist",
            required=may_create
            and found.get("nillable") is False
            and not found.get("defaultedOnCreate"),
            nothing="false" if kind == "boolean" else None,
            trimmed=True,
            read_only=kind in _COMPOUND or not (may_create or found.get("updateable")),
        )
        relationship = found.get("relationshipName")
        return cls(
            field,
            identifies=bool(found.get("externalId")) and bool(found.get("unique")),
            refers_to=tuple(map(str, found.get("referenceTo") or ())),
            relationship=None if relationship is None else str(relationship),
        )


class SalesforceObjects:
    """Knows the fields of objects; asked once, and again after `forget`."""

    def __init__(self, api: SalesforceApi, spec: SalesforceTargetSpec) -> None:
        self._api, self._spec = api, spec
        self._known: dict[str, Mapping[str, SalesforceField]] = {}

    def name(self, entity: str) -> str:
        """The object a CRM entity is."""
        return self._spec.tables.get(entity, entity)

    def relations(self, entity: str) -> Mapping[str, str]:
        """The lookup fields, and the CRM entity each leads to."""
        return self._spec.relations.get(entity, {})

    def field(self, entity: str, name: str) -> SalesforceField:
        """A field that `check` has seen."""
        return self._fields(entity)[name]

    def lacking(self, entity: str, columns: Sequence[str]) -> list[str]:
        """The fields a new row must have that are no column."""
        known = {*columns, self._spec.external_id}
        return [
            n for n, one in self._fields(entity).items() if one.field.required and n not in known
        ]

    def forget(self) -> None:
        """Ask anew, next time."""
        self._known.clear()

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that object and fields are there. Raises TargetError that names what to do."""
        fields, relations = self._fields(entity), self.relations(entity)
        self._must_identify(entity)
        missing = [name for name in columns if name not in fields]
        if missing:
            raise TargetError(
                Message(
                    "the object `{object}` has no field {columns}",
                    object=self.name(entity),
                    columns=", ".join(f"`{name}`" for name in missing),
                ),
                place=self._api.place,
                hint=Message(
                    "create it in Setup, Object Manager, let the user of target.auth see it"
                    " (field-level security), or correct mapping.{entity}",
                    entity=entity,
                ),
            )
        closed = [name for name in columns if fields[name].field.read_only]
        if closed:
            raise TargetError(
                Message(
                    "nobody may write {columns} of the object `{object}`",
                    object=self.name(entity),
                    columns=", ".join(f"`{name}`" for name in closed),
                ),
                place=self._api.place,
                hint=Message("take it out of mapping.{entity}", entity=entity),
            )
        for name in columns:
            if name in relations:
                self._must_lead(entity, name, relations[name])

    def _must_lead(self, entity: str, name: str, parent: str) -> None:
        found = self.field(entity, name)
        if found.refers_to != (self.name(parent),) or found.relationship is None:
            raise TargetError(
                Message(
                    "the field `{name}` of `{object}` does not lead to `{parent}` alone",
                    name=name,
                    object=self.name(entity),
                    parent=self.name(parent),
                ),
                place=self._api.place,
                hint="name a lookup field with one object in target.relations",
            )
        if parent != entity:
            self._must_identify(parent)

    def _must_identify(self, entity: str) -> None:
        key = self._spec.external_id
        found = self._fields(entity).get(key)
        if found is None or not found.identifies:
            raise TargetError(
                Message(
                    "the object `{object}` has no field `{key}` that is External ID and Unique",
                    object=self.name(entity),
                    key=key,
                ),
                place=self._api.place,
                hint="create it in Setup, Object Manager: text, External ID, Unique, and let the"
                " user of target.auth see and edit it",
            )

    def _fields(self, entity: str) -> Mapping[str, SalesforceField]:
        name = self.name(entity)
        if name not in self._known:
            found = self._api.find(f"sobjects/{name}/describe")
            if found is None:
                raise TargetError(
                    Message("there is no object `{object}`", object=name),
                    place=self._api.place,
                    hint=Message(
                        "name the object of `{entity}` in target.tables by its API name, such as"
                        " Account, and let the user of target.auth see it",
                        entity=entity,
                    ),
                )
            fields = (SalesforceField.of(one) for one in found["fields"])
            self._known[name] = {one.field.name: one for one in fields}
        return self._known[name]
