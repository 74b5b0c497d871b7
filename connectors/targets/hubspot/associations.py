"""Columns that are associations with other objects.

https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.http import HttpReply
from connectors.targets.hubspot.api import VERSION, HubspotApi
from connectors.targets.hubspot.spec import HubspotRelationSpec
from guiyi.errors import TargetError

_INPUTS = 100
"""The most inputs of a request; the API takes more of some."""
_KNOWN = {("contacts", "companies"): 1, ("companies", "companies"): 14}
"""Contact to its primary company; child company to its parent."""


@dataclass(frozen=True)
class Association:
    """What leads from the rows of one object to those of another."""

    source: str
    """The object it leads from."""
    to: str
    """The object it leads to."""
    type: int | None
    """Its type; None for the one without a label."""
    category: str
    """Who has defined the type."""

    @classmethod
    def of(cls, spec: HubspotRelationSpec, source: str, to: str) -> "Association":
        """The association a spec means."""
        known = _KNOWN.get((source, to)) if spec.type is None else spec.type
        return cls(source, to, known, spec.category)

    def shown(self, found: Iterable[Mapping[str, Any]]) -> str | None:
        """Of all that a row is associated with, the one its column shows: of the type, if any is,
        and of several the eldest.
        """
        ids: dict[str, bool] = {}
        for one in found:
            kinds = one.get("associationTypes")
            typed = any(
                isinstance(kind, dict) and kind.get("typeId") == self.type for kind in kinds or ()
            )
            own_id = str(one.get("toObjectId"))
            ids[own_id] = ids.get(own_id, False) or typed
        first = [own_id for own_id, typed in ids.items() if typed]
        if self.type is not None and self.source == self.to and not first:
            return None  # an association of another meaning, such as with a child
        return min(first or ids, key=lambda own_id: (len(own_id), own_id), default=None)


class Associations:
    """Reads and changes associations."""

    def __init__(self, api: HubspotApi) -> None:
        self._api = api

    def read(self, link: Association, own_ids: Sequence[str]) -> dict[str, str]:
        """What rows are associated with, by their own ids."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        waiting: list[dict[str, str]] = [{"id": own_id} for own_id in own_ids]
        seen: set[tuple[str, str]] = set()
        while waiting:
            inputs, waiting = waiting[:_INPUTS], waiting[_INPUTS:]
            for one in self._api.read(self._path(link, "read"), {"inputs": inputs})["results"]:
                source = str((one.get("from") or {}).get("id"))
                found.setdefault(source, []).extend(one.get("to") or ())
                after = ((one.get("paging") or {}).get("next") or {}).get("after")
                if after is not None:
                    if (source, str(after)) in seen:
                        raise TargetError(
                            "the service gives the same page over and over", place=self._api.place
                        )
                    seen.add((source, str(after)))
                    waiting.append({"id": source, "after": str(after)})
        shown = {source: link.shown(to) for source, to in found.items()}
        return {source: to for source, to in shown.items() if to is not None}

    def remove(self, link: Association, pairs: Sequence[tuple[str, str]]) -> list[HttpReply]:
        """Take associations away; what was answered, request by request."""
        inputs = [{"from": {"id": source}, "to": [{"id": to}]} for source, to in pairs]
        return self._write(self._path(link, "archive"), inputs)

    def create(self, link: Association, pairs: Sequence[tuple[str, str]]) -> list[HttpReply]:
        """Make associations; what was answered, request by request."""
        inputs: list[dict[str, Any]] = [
            {"from": {"id": source}, "to": {"id": to}} for source, to in pairs
        ]
        if link.type is None:
            return self._write(self._path(link, "associate/default"), inputs)
        types = [{"associationCategory": link.category, "associationTypeId": link.type}]
        inputs = [{**one, "types": types} for one in inputs]
        return self._write(self._path(link, "create"), inputs)

    def _path(self, link: Association, action: str) -> str:
        return f"crm/associations/{VERSION}/{link.source}/{link.to}/batch/{action}"

    def _write(self, path: str, inputs: Sequence[Mapping[str, Any]]) -> list[HttpReply]:
        parts = (inputs[start : start + _INPUTS] for start in range(0, len(inputs), _INPUTS))
        return [self._api.write(path, part) for part in parts]
