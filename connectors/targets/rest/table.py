"""A CRM entity as a description has it: its calls, and the property of each column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.confirmed import HeldRow
from connectors.targets.confirmed.values import ValueSort, from_json, misfit, spelled
from connectors.targets.rest.spec import (
    RestDescribeSpec,
    RestFieldSpec,
    RestFindSpec,
    RestReadSpec,
    RestTargetSpec,
    RestWriteSpec,
)
from guiyi.messages import Message

_PLAIN = RestFieldSpec()
_SORTS = {
    "text": ValueSort.TEXT,
    "number": ValueSort.NUMBER,
    "boolean": ValueSort.BOOLEAN,
    "date": ValueSort.DATE,
    "instant": ValueSort.INSTANT,
    "json": ValueSort.JSON,
}


@dataclass(frozen=True)
class RestHeldRow(HeldRow):
    """A row as the service gave it."""

    raw_id: Any
    """Its own id as JSON."""
    raw: Mapping[str, Any]
    """Its properties as JSON."""


@dataclass(frozen=True)
class RestTable:
    """One CRM entity: which requests are sent for it, and with what."""

    entity: str
    """The CRM entity."""
    spec: RestTargetSpec
    """The whole description."""

    @property
    def name(self) -> str:
        """The table."""
        return self.spec.tables.get(self.entity, self.entity)

    @property
    def key(self) -> str:
        """The property that holds the golden id."""
        return self.spec.external_id

    @property
    def read(self) -> RestReadSpec:
        """How rows are read."""
        return self._own("read") or self.spec.read

    @property
    def find(self) -> RestFindSpec | None:
        """How rows are found."""
        return self._own("find") or self.spec.find

    @property
    def create(self) -> RestWriteSpec:
        """How rows are created."""
        return self._own("create") or self.spec.create

    @property
    def update(self) -> RestWriteSpec:
        """How rows are updated."""
        return self._own("update") or self.spec.update

    @property
    def delete(self) -> RestWriteSpec:
        """How rows are deleted."""
        return self._own("delete") or self.spec.delete

    @property
    def describe(self) -> RestDescribeSpec | None:
        """How properties are asked for."""
        return self._own("describe") or self.spec.describe

    @property
    def relations(self) -> dict[str, str]:
        """The columns that hold own ids of other rows, and the entity these are of."""
        own = self.spec.entities.get(self.entity)
        fields = {} if own is None else own.fields
        return {name: one.refers_to for name, one in fields.items() if one.refers_to is not None}

    def field(self, column: str) -> RestFieldSpec:
        """What a column is."""
        own = self.spec.entities.get(self.entity)
        return _PLAIN if own is None else own.fields.get(column, _PLAIN)

    def property(self, column: str) -> str:
        """The property a column is."""
        return self.field(column).property or column

    def sort(self, column: str) -> ValueSort:
        """What a column holds."""
        return _SORTS[self.field(column).type]

    def columns(self, columns: Sequence[str]) -> dict[str, str]:
        """Columns by their properties."""
        return {self.property(name): name for name in columns}

    def asked(self, columns: Sequence[str]) -> list[str]:
        """The properties to ask for: the own id, the golden id and those of columns."""
        names = [self.key, *map(self.property, columns)]
        inside = self.spec.inside
        return [self.spec.id, *(names if inside is None else (f"{inside}.{n}" for n in names))]

    def inner(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The object of a row that the properties stand in."""
        if self.spec.inside is None:
            return row
        found = row.get(self.spec.inside)
        return found if isinstance(found, dict) else {}

    def spell(self, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        return (text or None) if column in self.relations else spelled(self.sort(column), text)

    def cell(self, column: str, raw: Mapping[str, Any]) -> str | None:
        """A value of a row as text."""
        value = raw.get(self.property(column))
        return from_json(value, lambda text: spelled(self.sort(column), text))

    def why_not(self, column: str, text: str | None, longest: int | None) -> str | None:
        """Why a column cannot hold a value; None if it can, as far as is known."""
        field = self.field(column)
        if text is None or text == "":
            return "a value is required" if field.required else None
        limits = [limit for limit in (field.longest, longest) if limit is not None]
        if limits and len(text) > min(limits) and column not in self.relations:
            return Message("too long: the column takes {n} characters", n=min(limits))
        if field.choices is not None and text not in field.choices:
            return Message("not one of the values the column takes")
        return None if column in self.relations else misfit(self.sort(column), text)

    def _own(self, call: str) -> Any:
        own = self.spec.entities.get(self.entity)
        return None if own is None else getattr(own, call)
