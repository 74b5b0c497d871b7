"""A CRM entity as the service has it: its entity set, the key that holds the golden id, lookups."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from connectors.targets.odata.model import EdmEntityType, EdmProperty, EdmSort
from connectors.targets.odata.values import UnfitValue, spelled, to_literal

BY_KEY = "key:"
"""What stands before the primary key of a row that a lookup leads to and that has no golden id:
somebody made it in the CRM."""


@dataclass(frozen=True)
class ODataLookup:
    """A column that points to a row of another entity set."""

    column: str
    """The column of the CRM entity."""
    navigation: str
    """The navigation property."""
    parent: "ODataTable"
    """What it leads to."""
    foreign_key: str | None
    """The property that is written instead of `@odata.bind`."""


@dataclass(frozen=True)
class ODataTable:
    """One entity set, as rows of text go in and out of it."""

    entity: str
    """The CRM entity."""
    set: str
    """The entity set."""
    type: EdmEntityType
    """What its rows look like."""
    key: str
    """The property that holds the golden id."""
    by_key: bool
    """Whether rows are addressed by the golden id."""
    lookups: Mapping[str, ODataLookup] = field(default_factory=dict)
    """Column → the lookup it is."""

    def prop(self, column: str) -> EdmProperty:
        """The property of a column that is no lookup."""
        return self.type.properties[column]

    @property
    def is_own_primary(self) -> bool:
        """Whether the golden id is the primary key itself."""
        return self.type.keys == (self.key,)

    def spell(self, column: str, text: str | None) -> str | None:
        """A value of a column the way it is read back."""
        if column in self.lookups:
            return text or None
        return spelled(self.prop(column), text)

    def at(self, external_id: str) -> str:
        """The path of a row by its golden id: the only primary key needs no name (OData URL
        Conventions 4.3), an alternate key does.
        """
        value = quote(to_literal(self.prop(self.key), external_id), safe="'")
        return f"{self.set}({value})" if self.is_own_primary else f"{self.set}({self.key}={value})"

    def at_primary(self, values: Mapping[str, str]) -> str:
        """The path of a row by its primary key."""
        literals = {
            name: quote(to_literal(self.prop(name), values[name]), safe="'")
            for name in self.type.keys
        }
        if len(literals) == 1:
            return f"{self.set}({next(iter(literals.values()))})"
        return f"{self.set}({','.join(f'{name}={value}' for name, value in literals.items())})"

    def required(self, columns: Sequence[str]) -> list[str]:
        """The properties that a new row must have a value of and nothing is mapped to."""
        known = {self.key, *columns, *self.type.keys}
        known |= {lookup.foreign_key or "" for lookup in self.lookups.values()}
        return [
            name
            for name, prop in self.type.properties.items()
            if not prop.nullable and not prop.preset and prop.given and name not in known
        ]

    @property
    def may_repeat(self) -> bool:
        """Whether no row is created twice, even if a request that seemed lost arrives late."""
        return self.by_key or self.is_own_primary or self.made_key is not None

    @property
    def made_key(self) -> EdmProperty | None:
        """A primary key of one GUID that a client may choose. Chosen from the golden id, it keeps a
        row from being created twice by requests whose end nobody knows.
        """
        if len(self.type.keys) != 1:
            return None
        prop = self.prop(self.type.keys[0])
        return prop if prop.sort is EdmSort.GUID and prop.given else None


LONGEST = 1500
"""Characters of a condition in a URL: servers take 2,000 and more of the whole."""
MOST = 50
"""Rows asked for by one condition: Dataverse takes 500 conditions, SQLite's parser 1,000 levels."""
_PLAIN = re.compile(r"\w+", re.ASCII)


def conditions(table: ODataTable, external_ids: Sequence[str], how: str) -> list[str]:
    """Conditions that together ask for rows by their golden ids, ready for a URL."""
    prop = table.prop(table.key)
    literals: list[str] = []
    for external_id in dict.fromkeys(external_ids):
        try:
            literals.append(quote(to_literal(prop, external_id), safe="'"))
        except UnfitValue:
            continue  # no row can have it
    parts: list[list[str]] = []
    length = LONGEST
    for literal in literals:
        length += len(literal) + (len(table.key) + 12 if how == "or" else 1)
        if length > LONGEST or len(parts[-1]) >= MOST:
            parts.append([])
            length = 0
        parts[-1].append(literal)
    if how == "in":
        return [f"{table.key}%20in%20({','.join(part)})" for part in parts]
    return ["%20or%20".join(f"{table.key}%20eq%20{one}" for one in part) for part in parts]
