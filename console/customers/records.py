"""The records of a customer, by names that may stand in an address, and where each came from."""

import hashlib
from dataclasses import dataclass
from typing import Any

from console.asked import Ask, Refused
from console.review.cases import queue_of
from governance import LedgerError, Resolved
from guiyi.record_key import parted
from guiyi.records import raw
from pipelines.report.records import Shown as ShownRecords
from pipelines.report.records import read_records
from pipelines.stewarding.golden_views import resolved


@dataclass(frozen=True)
class Customer:
    """A customer that lives, with its record keys."""

    golden_id: str
    entity: str
    members: list[str]

    def named(self, digest: str) -> str:
        """The record key that a name in an address stands for. Raises Refused."""
        for key in self.members:
            if name_of(key) == digest:
                return key
        raise Refused(404, "the customer has no such record")


def name_of(key: str) -> str:
    """What a record is called in an address: its key may be personal, and addresses are kept."""
    return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


def customer_of(asked: Ask, name: str | None = None) -> Customer:
    """The customer that is asked for, where the one who asks may see it. Raises Refused."""
    golden_id = name or asked.path["golden_id"]
    try:
        resolved(asked.door, golden_id)  # writes the look down
        found: Resolved = asked.desk.ledger.resolve(golden_id)
    except LedgerError as error:
        raise Refused(404, error.what, error.hint or "") from None
    if not asked.door.sees(found.entity, found.leads_to):
        raise Refused(403, "it is another's customer")
    if not found.members:
        raise Refused(404, "this customer has no records any more")
    return Customer(found.leads_to, found.entity, found.members)


def records_of(asked: Ask, customer: Customer, keys: list[str]) -> ShownRecords:
    """Some records as the latest run has them, as the one who asks may see them."""
    run = queue_of(asked, customer.entity).run
    return read_records(run, customer.entity, keys, asked.door.masking)


def lines_of(asked: Ask, customer: Customer, key: str) -> list[dict[str, Any]]:
    """A record's fields: value, the raw value it was cleaned from, the source's columns, and the
    fields of the CRM that the golden value of it goes to.
    """
    shown = records_of(asked, customer, [key])
    own = shown.masked.get(key, {})
    columns, crm = _columns(asked, customer.entity, key), _crm(asked, customer.entity)
    return [
        {
            "field": field,
            "value": own.get(field),
            "raw": own.get(raw(field)),
            "columns": columns.get(field, []),
            "crm": crm.get(field, []),
        }
        for field in shown.kinds
        if own.get(field) is not None or own.get(raw(field)) is not None
    ]


def _columns(asked: Ask, entity: str, key: str) -> dict[str, list[str]]:
    """The columns of the source's table that each field of a record came from."""
    source, record_id = parted(key)
    spec = asked.desk.project.sources.get(source)
    tables = [table for table in spec.tables if table.entity == entity] if spec else []
    begin = record_id.partition("/")[0]
    named = [table for table in tables if begin in (table.namespace, table.table)]
    own = (named or tables)[:1]
    return {name: list(columns) for table in own for name, columns in table.columns.items()}


def _crm(asked: Ask, entity: str) -> dict[str, list[str]]:
    """The CRM fields that each field of an entity goes to."""
    found: dict[str, list[str]] = {}
    for name, crm in asked.desk.project.mapping.items():
        for field, own in crm.fields.items() if crm.entity == entity else ():
            if own.field is not None:
                found.setdefault(own.field.partition(".")[0], []).append(f"{name}.{field}")
    return found
