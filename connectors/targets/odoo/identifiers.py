"""External identifiers: which row of a model has which golden id.

A row of `ir.model.data` leads from `MODULE.ENTITY_GOLDENID` to the id of a row; a name is unique.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from connectors.targets.odoo.api import OdooApi, OdooFault
from guiyi.errors import TargetError
from guiyi.messages import Message

_DATA = "ir.model.data"
_MOST = 500
"""Names or ids of one domain."""


class OdooIdentifiers:
    """The external identifiers of one module."""

    def __init__(self, api: OdooApi, module: str) -> None:
        self._api, self._module = api, module

    def full_name(self, entity: str, golden_id: str) -> str:
        """A golden id as `load` takes it."""
        return f"{self._module}.{_name(entity, golden_id)}"

    def all(self, entity: str, model: str) -> dict[str, int]:
        """Every golden id of an entity, and the id of its row."""
        return self._found(entity, model, [["name", "=like", f"{entity}_%"]])

    def of_golden(self, entity: str, model: str, golden_ids: Sequence[str]) -> dict[str, int]:
        """The ids of rows, by golden ids."""
        found: dict[str, int] = {}
        for part in _parts(golden_ids):
            names = [_name(entity, one) for one in part]
            found |= self._found(entity, model, [["name", "in", names]])
        return found

    def of_rows(self, entity: str, model: str, own_ids: Sequence[int]) -> dict[int, str]:
        """The golden ids of rows, by their ids."""
        found: dict[str, int] = {}
        for part in _parts(own_ids):
            found |= self._found(entity, model, [["res_id", "in", list(part)]])
        return {own_id: golden_id for golden_id, own_id in found.items()}

    def give(self, entity: str, model: str, golden_ids: Mapping[int, str]) -> None:
        """Let rows have golden ids; one whose name is taken is passed over."""
        given = [
            {"module": self._module, "name": _name(entity, one), "model": model, "res_id": own_id}
            for own_id, one in golden_ids.items()
        ]
        for part in _parts(given):
            try:
                self._api.write(_DATA, "create", vals_list=list(part))
            except OdooFault:
                for one in part if len(part) > 1 else ():
                    self._give_alone(one)

    def take(self, entity: str, golden_ids: Sequence[str]) -> None:
        """Let rows be without; the rows stay."""
        for part in _parts(golden_ids):
            names = [_name(entity, one) for one in part]
            domain = [["module", "=", self._module], ["name", "in", names]]
            ids = [int(one["id"]) for one in self._api.rows(_DATA, domain, ["name"])]
            with suppress(OdooFault):  # what is left is seen by whoever reads it back
                self._api.write(_DATA, "unlink", ids)

    def _give_alone(self, given: Mapping[str, Any]) -> None:
        with suppress(OdooFault):
            self._api.write(_DATA, "create", vals_list=[given])

    def _found(self, entity: str, model: str, domain: Sequence[Any]) -> dict[str, int]:
        """Golden ids and ids of rows. Raises TargetError where a row has two golden ids."""
        where = [["module", "=", self._module], ["model", "=", model], *domain]
        found: dict[str, int] = {}
        rows: dict[int, str] = {}
        for one in self._api.rows(_DATA, where, ["name", "res_id"]):
            prefix, golden_id = f"{entity}_", str(one["name"])
            if not golden_id.startswith(prefix):
                continue
            golden_id, own_id = golden_id.removeprefix(prefix), int(one["res_id"])
            if own_id in rows:
                raise TargetError(
                    Message(
                        "row {own_id} of `{model}` has two golden ids, {first} and {second}",
                        own_id=own_id,
                        model=model,
                        first=rows[own_id],
                        second=golden_id,
                    ),
                    place=self._api.place,
                    hint="delete one of them in Settings, Technical, External Identifiers",
                )
            found[golden_id] = own_id
            rows[own_id] = golden_id
        return found


def _name(entity: str, golden_id: str) -> str:
    return f"{entity}_{golden_id}"


def _parts(many: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (many[start : start + _MOST] for start in range(0, len(many), _MOST))
