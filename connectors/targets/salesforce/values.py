"""One cell in two spellings: in JSON, for sObject Collections, and in CSV, for jobs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.targets.confirmed import BY_OWN_ID
from connectors.targets.confirmed.values import to_json
from connectors.targets.salesforce.jobs import NULL
from connectors.targets.salesforce.objects import SalesforceField


@dataclass(frozen=True)
class SalesforceCell:
    """What is written into one field of one row."""

    column: str
    """The column."""
    name: str
    """What it is called in JSON: the field, or the relationship to a row named by its golden id."""
    json: str
    """What stands there, as JSON."""
    heading: str
    """What it is called in CSV."""
    text: str | None
    """What stands there; None empties it."""
    in_csv: bool
    """Whether CSV can express it."""


def cell_of(field: SalesforceField, text: str | None, key: str | None) -> SalesforceCell:
    """What is written for a canonical text; a lookup names its parent by the external id `key`."""
    name = field.field.name
    if key is None or text is None:
        plain = text != NULL and (key is None or text is not None)
        return SalesforceCell(name, name, to_json(field.field.sort, text), name, text, plain)
    if text.startswith(BY_OWN_ID):
        own_id = text.removeprefix(BY_OWN_ID)
        return SalesforceCell(name, name, json.dumps(own_id), name, own_id, False)
    link, parent = field.relationship or name, json.dumps({key: text}, ensure_ascii=False)
    return SalesforceCell(name, link, parent, f"{link}.{key}", text, text != NULL)


def record(table: str, given: dict[str, str | None], cells: Sequence[SalesforceCell] = ()) -> str:
    """A row as sObject Collections takes it, as JSON."""
    attributes = json.dumps({"type": table})
    parts = {name: json.dumps(text, ensure_ascii=False) for name, text in given.items()}
    parts |= {cell.name: cell.json for cell in cells}
    inner = ", ".join(f"{json.dumps(name)}: {value}" for name, value in parts.items())
    return f'{{"attributes": {attributes}, {inner}}}'
