"""What a call of `create` or `write` holds for one row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.targets.tryton.table import ColumnPlace, Record

Links = Mapping[tuple[str, str], int]
"""The records that columns point to, by column and text."""
Values = Mapping[str, str | None]


@dataclass
class _RowChange:
    """What becomes of one row of a one2many."""

    place: ColumnPlace
    values: dict[str, Any] = field(default_factory=dict)
    emptied: bool = False
    """Whether it loses what it is for."""


def record_values(
    places: Mapping[str, ColumnPlace], values: Values, held: Record | None, links: Links
) -> dict[str, Any]:
    """The fields to write so that a record is as `values`: of one that is there, what changes."""
    direct: dict[str, Any] = {}
    changes: dict[tuple[str, str], _RowChange] = {}
    for column, text in values.items():
        place = places[column]
        if (None if held is None else place.value(held)) == text:
            continue
        value = links[column, text] if (column, text) in links and text is not None else (
            place.field.to_json(text)
        )  # fmt: skip
        if place.rows is None:
            direct[place.field.name] = value
            continue
        change = changes.setdefault((place.rows.name, repr(place.where)), _RowChange(place))
        change.values[place.field.name] = value
        change.emptied |= text is None and place.field.required
    for change in changes.values():
        assert change.place.rows is not None
        action = _action(change, held)
        if action is not None:
            direct.setdefault(change.place.rows.name, []).append(action)
    return direct


def _action(change: _RowChange, held: Record | None) -> list[Any] | None:
    """Make, change or remove the row."""
    row = None if held is None else change.place.row(held)
    if row is not None:
        own_id = [row["id"]]
        return ["delete", own_id] if change.emptied else ["write", own_id, change.values]
    if change.emptied:
        return None
    return ["create", [{**change.place.where, **change.values}]]


def stamps(model: str, places: Mapping[str, ColumnPlace], held: Record) -> dict[str, str]:
    """When a record and its rows were last changed: a write is refused if they have been since."""
    found = {f"{model},{held['id']}": held.get("_timestamp")}
    for place in places.values():
        row = place.row(held) if place.rows is not None else None
        if row is not None and place.rows is not None:
            found[f"{place.rows.relation},{row['id']}"] = row.get("_timestamp")
    return {name: stamp for name, stamp in found.items() if stamp is not None}
