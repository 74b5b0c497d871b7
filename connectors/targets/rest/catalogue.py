"""What the tables of a service have, as far as it can be seen."""

from collections.abc import Sequence
from typing import Any

from connectors.targets.http import value_at
from connectors.targets.rest.reading import RestReader, UnreadableTable
from connectors.targets.rest.spec import RestDescribeSpec, RestTargetSpec
from connectors.targets.rest.table import RestTable
from connectors.targets.rest.templates import path_of
from guiyi.errors import TargetError
from guiyi.messages import Message

Longest = dict[str, int | None]
"""Property → the most characters it takes, if that is known."""


class RestCatalogue:
    """Knows which properties were seen; asked once, and again after `forget`."""

    def __init__(self, reader: RestReader, spec: RestTargetSpec, place: str) -> None:
        self._reader, self._spec, self._place = reader, spec, place
        self._known: dict[str, Longest | None] = {}
        self._seen: set[tuple[str, str]] = set()

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that table and properties are there. Raises TargetError that names what to do."""
        table = RestTable(entity, self._spec)
        relations = table.relations
        for parent in {relations[name] for name in columns if name in relations} - {entity}:
            self.check(parent, ())
        names = [table.key, *map(table.property, columns)]
        if entity in self._known and all((entity, name) in self._seen for name in names):
            return
        there = self._properties(table, columns)
        missing = [] if there is None else [name for name in names if name not in there]
        if missing:
            raise self.missing(table, missing)
        self._known[entity] = there
        self._seen |= {(entity, name) for name in names}

    def longest(self, entity: str, name: str) -> int | None:
        """The most characters a property takes, if the service says."""
        return (self._known.get(entity) or {}).get(name)

    def forget(self) -> None:
        """Ask anew, next time."""
        self._known.clear()
        self._seen.clear()

    def missing(self, table: RestTable, names: Sequence[str]) -> TargetError:
        """Properties are not there."""
        return TargetError(
            Message(
                "the table `{table}` has no property {columns}",
                table=table.name,
                columns=", ".join(f"`{name}`" for name in names),
            ),
            place=self._place,
            hint=Message(
                "create it in the CRM, correct mapping.{entity}, or name it in"
                " target.entities.{entity}.fields",
                entity=table.entity,
            ),
        )

    def _properties(self, table: RestTable, columns: Sequence[str]) -> Longest | None:
        """The properties of a table; None if there is nothing to see them by."""
        try:
            if table.describe is not None:
                return self._described(table, table.describe)
            rows = self._reader.first(table, table.asked(columns))
        except UnreadableTable:
            raise TargetError(
                Message("the table `{table}` cannot be read", table=table.name),
                place=self._place,
                hint=Message(
                    "create it in the CRM and let the login read it, or name the table of"
                    " `{entity}` in target.tables",
                    entity=table.entity,
                ),
            ) from None
        if not rows or self._spec.omits_nulls:
            return None
        return dict.fromkeys(map(str, table.inner(rows[0])))

    def _described(self, table: RestTable, describe: RestDescribeSpec) -> Longest:
        path = path_of(describe.path, {"table": table.name})
        listed = value_at(self._reader.answer(path), describe.rows)
        return {
            str(value_at(one, describe.name)): _whole(one, describe.longest)
            for one in (listed if isinstance(listed, list) else ())
        }


def _whole(described: Any, place: str | None) -> int | None:
    value = None if place is None else value_at(described, place)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
