"""A CRM entity as a model: where its golden id and each of its columns stand.

The golden id of a party is one of its identifiers, `guiyi:ENTITY:GOLDEN_ID`: it is created with the
party in one call, leaves the party's own number alone, and goes with the party where it goes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.targets.confirmed import BY_OWN_ID, HeldRow
from connectors.targets.tryton.fields import TrytonField
from connectors.targets.tryton.spec import TrytonColumnSpec
from guiyi.messages import Message

IDENTIFIERS = "identifiers"
PARTY = "party.party"
_MECHANISMS = ("phone", "mobile", "fax", "email", "website", "skype", "sip", "irc", "jabber")
_PHONES = frozenset(("phone", "mobile", "fax"))
_NUMBER = re.compile(r"\+[\d\s().\-/]+")

Record = Mapping[str, Any]
"""A record as `read` gives it; what it leads to stands under its field's name and a dot."""


def party_place(column: str) -> TrytonColumnSpec | None:
    """Where a column of a party stands that bears one of the names known for it."""
    rows, _, field = column.partition(".")
    if column in _MECHANISMS:
        return TrytonColumnSpec(rows="contact_mechanisms", where={"type": column}, field="value")
    if rows == "address" and field:
        by = "code" if field == "country" else "name"
        return TrytonColumnSpec(rows="addresses", field=field, by=by)
    if rows == "identifier" and field:
        return TrytonColumnSpec(rows=IDENTIFIERS, where={"type": field}, field="code")
    return None


@dataclass(frozen=True)
class TrytonHeldRow(HeldRow):
    """A row as the database holds it."""

    record: Record
    """What was read."""


@dataclass(frozen=True)
class GoldenPlace:
    """Where the golden id of an entity stands."""

    field: str | None
    """The field; None for the identifiers of a party."""
    prefix: str = ""
    """What stands before it in an identifier."""
    type: str | None = None
    """The type of the identifier."""

    @property
    def names(self) -> list[str]:
        """The fields to read."""
        if self.field is not None:
            return [self.field]
        return [f"{IDENTIFIERS}.{name}" for name in ("code", "type", "active")]

    def value(self, record: Record) -> str | None:
        """The golden id of a record."""
        if self.field is not None:
            found = record.get(self.field)
            return None if found is None or found == "" else str(found)
        rows = self.rows(record)
        return str(rows[0]["code"]).removeprefix(self.prefix) if rows else None

    def rows(self, record: Record) -> list[Record]:
        """The identifiers that hold it: one, as a rule; the eldest counts."""
        found = [
            row
            for row in record.get(f"{IDENTIFIERS}.") or ()
            if str(row.get("code") or "").startswith(self.prefix)
            and row.get("type") == self.type
            and row.get("active", True)
        ]
        return sorted(found, key=lambda row: int(row["id"]))

    def given(self, external_id: str) -> dict[str, Any]:
        """What a record is given so that it holds it."""
        if self.field is not None:
            return {self.field: external_id}
        row = {"type": self.type, "code": self.prefix + external_id}
        return {IDENTIFIERS: [["create", [row]]]}

    def among(self, external_ids: Sequence[str]) -> list[Any]:
        """The domain of the records that have one of these."""
        if self.field is not None:
            return [[self.field, "in", list(external_ids)]]
        codes = [self.prefix + one for one in external_ids]
        return [[IDENTIFIERS, "where", [["code", "in", codes], ["active", "=", True]]]]

    def any(self) -> list[Any]:
        """The domain of the records that have one."""
        if self.field is not None:
            return [[self.field, "not in", [None, ""]]]
        return [[IDENTIFIERS, "where", self._some]]

    def none(self) -> list[Any]:
        """The domain of the records that have none."""
        if self.field is not None:
            return [[self.field, "in", [None, ""]]]
        return [[IDENTIFIERS, "not where", self._some]]

    @property
    def _some(self) -> list[Any]:
        return [["code", "like", f"{self.prefix}%"], ["active", "=", True]]


@dataclass(frozen=True)
class ColumnPlace:
    """Where a column stands."""

    column: str
    """The column."""
    field: TrytonField
    """The field that holds it."""
    rows: TrytonField | None
    """The one2many whose row has that field; None if the record itself has it."""
    where: Mapping[str, Any]
    """What the row has in other fields."""
    stamped: tuple[str, ...]
    """The fields of the row to be read beside: when it was changed, and whether it is active."""
    refers_to: str | None
    """The CRM entity whose golden id it holds."""
    by: str
    """What is shown of a record that a many2one leads to."""
    parent: GoldenPlace | None
    """Where the golden id of that record stands."""

    @property
    def names(self) -> Iterator[str]:
        """The fields to read."""
        before = "" if self.rows is None else f"{self.rows.name}."
        if self.field.kind != "many2one":
            yield before + self.field.name
        elif self.parent is not None:
            yield from (f"{before}{self.field.name}.{name}" for name in self.parent.names)
        else:
            yield f"{before}{self.field.name}.{self.by}"
        if self.rows is not None:
            yield from (before + name for name in (*self.where, *self.stamped))

    def row(self, record: Record) -> Record | None:
        """The row of a record that holds the column; None if there is none yet."""
        if self.rows is None:
            return record
        for row in record.get(f"{self.rows.name}.") or ():
            if row.get("active", True) and all(row.get(n) == v for n, v in self.where.items()):
                found: Record = row
                return found
        return None

    def value(self, record: Record) -> str | None:
        """The column of a record, as canonical text."""
        row = self.row(record)
        if row is None:
            return None
        if self.field.kind != "many2one":
            return self.spell(self.field.from_json(row.get(self.field.name)))
        to = row.get(f"{self.field.name}.")
        if not isinstance(to, dict):
            return None
        if self.parent is not None:
            return self.parent.value(to) or f"{BY_OWN_ID}{to['id']}"
        return str(to[self.by]) if to.get(self.by) not in (None, "") else f"{BY_OWN_ID}{to['id']}"

    def spell(self, text: str | None) -> str | None:
        """A value as it is read back. Numbers and addresses are compared however the server has
        formatted them: it may have a library for it, or not.
        """
        found = (text or None) if self.field.kind == "many2one" else self.field.spell(text)
        if found is None or self.field.model != "party.contact_mechanism":
            return found
        if self.where.get("type") in _PHONES and _NUMBER.fullmatch(found):
            return "+" + re.sub(r"\D", "", found)
        if self.where.get("type") == "email" and "@" in found:
            name, _, host = found.rpartition("@")
            return f"{name}@{host.lower()}"
        return found

    def why_not(self, text: str | None) -> str | None:
        """Why the column cannot hold a value."""
        return None if self.field.kind == "many2one" else self.field.why_not(text)


@dataclass(frozen=True)
class TrytonTable:
    """A CRM entity: its model, its golden id, its columns."""

    entity: str
    """The CRM entity."""
    model: str
    """The model."""
    golden: GoldenPlace
    """Where its golden id stands."""
    places: Mapping[str, ColumnPlace]
    """Column → where it stands."""

    def asked(self, columns: Sequence[str]) -> list[str]:
        """The fields to read for columns."""
        names = ["id", "_timestamp", *self.golden.names]
        for column in columns:
            names += self.places[column].names
        return list(dict.fromkeys(names))

    def translated(self, columns: Sequence[str]) -> bool:
        """Whether any column has a value in each language."""
        return any(self.places[name].field.translated for name in columns)

    def held(self, record: Record, columns: Sequence[str], external_id: str) -> TrytonHeldRow:
        """A record as a row."""
        values = {name: self.places[name].value(record) for name in columns}
        return TrytonHeldRow(external_id, str(record["id"]), values, record)

    def labelled(self, label: str) -> str | None:
        """The column whose field a message calls so, if only one is."""
        found = [name for name, place in self.places.items() if place.field.label == label]
        return found[0] if len(found) == 1 else None

    def with_columns(self, places: Mapping[str, ColumnPlace]) -> "TrytonTable":
        """The same with further columns."""
        return replace(self, places={**self.places, **places})


def where_of(entity: str, column: str) -> Message:
    """What to correct if a column does not stand where it should."""
    return Message("target.entities.{entity}.columns.{column}", entity=entity, column=column)
