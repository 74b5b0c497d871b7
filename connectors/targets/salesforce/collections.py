"""sObject Collections: up to 200 rows a request, each taken or refused on its own.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from connectors.targets.http import HttpReply
from connectors.targets.salesforce.api import SalesforceApi
from connectors.targets.salesforce.faults import LOCK, code_in

_MOST = 200
"""Rows of a request."""
_LOCKED = 3
"""How often a row is sent that is locked."""

CollectionErrors = dict[str, list[dict[str, Any]]]
"""Why rows were refused, by what they are called here."""


class SalesforceCollections:
    """Upserts, updates and deletes rows of one org."""

    def __init__(self, api: SalesforceApi) -> None:
        self._api = api

    def upsert(self, table: str, key: str, records: Mapping[str, str]) -> CollectionErrors:
        """Upsert rows by the golden id; records (JSON) and errors are by golden id. One that is
        locked is sent again.
        """
        refused: CollectionErrors = {}
        waiting = dict(records)
        for attempt in range(1, _LOCKED + 1):
            found = self._written(f"composite/sobjects/{table}/{key}", waiting)
            locked = {one for one, errors in found.items() if code_in(errors[0]) == LOCK}
            last = attempt == _LOCKED
            refused |= {one: e for one, e in found.items() if last or one not in locked}
            waiting = {one: records[one] for one in locked}
            if not waiting or last:
                break
            self._api.linger(attempt)
        return refused

    def update(self, records: Mapping[str, str]) -> CollectionErrors:
        """Update rows by their own ids, which stand in them."""
        return self._written("composite/sobjects", records)

    def delete(self, own_ids: Sequence[str]) -> CollectionErrors:
        """Delete rows by their own ids."""
        refused: CollectionErrors = {}
        for start in range(0, len(own_ids), _MOST):
            part = own_ids[start : start + _MOST]
            path = f"composite/sobjects?ids={quote(','.join(part))}&allOrNone=false"
            refused |= self._errors(self._api.write("DELETE", path, None), part)
        return refused

    def _written(self, path: str, records: Mapping[str, str]) -> CollectionErrors:
        refused: CollectionErrors = {}
        names = list(records)
        for start in range(0, len(names), _MOST):
            refused |= self._part(path, names[start : start + _MOST], records)
        return refused

    def _part(
        self, path: str, names: Sequence[str], records: Mapping[str, str]
    ) -> CollectionErrors:
        """Send rows; where a request is refused as a whole, it is halved."""
        listed = ", ".join(records[name] for name in names)
        body = f'{{"allOrNone": false, "records": [{listed}]}}'.encode()
        reply = self._api.write("PATCH", path, body)
        if reply.ok or len(names) == 1:
            return self._errors(reply, names)
        half = (len(names) + 1) // 2
        return self._part(path, names[:half], records) | self._part(path, names[half:], records)

    def _errors(self, reply: HttpReply, names: Sequence[str]) -> CollectionErrors:
        """The errors of the rows sent: results are in their order. An answer of another length says
        nothing of any; rows are read back.
        """
        found = reply.json()
        if not isinstance(found, list):
            return {}
        if not reply.ok:
            return {name: _listed(found) for name in names}
        if len(found) != len(names):
            return {}
        pairs = zip(names, found, strict=True)
        return {
            name: _listed(one.get("errors")) or [{}]
            for name, one in pairs
            if isinstance(one, dict) and one.get("success") is False
        }


def _listed(errors: Any) -> list[dict[str, Any]]:
    return (
        [one for one in errors or () if isinstance(one, dict)] if isinstance(errors, list) else []
    )
