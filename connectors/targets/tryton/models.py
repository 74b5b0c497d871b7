"""The models of a database: their fields, asked for once, and again after `forget`."""

from collections.abc import Mapping
from typing import Any

from connectors.targets.tryton.fields import TrytonField
from connectors.targets.tryton.rpc import TrytonFault, TrytonRpc
from guiyi.errors import TargetError
from guiyi.messages import Message
from guiyi.near_names import did_you_mean


class TrytonModels:
    """Knows the fields of models."""

    def __init__(self, rpc: TrytonRpc) -> None:
        self._rpc = rpc
        self._described: dict[str, Mapping[str, Any]] = {}
        self._fields: dict[tuple[str, str], TrytonField] = {}
        self._ids: dict[tuple[str, str, str], list[int]] = {}

    def forget(self) -> None:
        """Ask anew, next time."""
        self._described.clear()
        self._fields.clear()
        self._ids.clear()

    def has(self, model: str, name: str) -> bool:
        """Whether a model has a field."""
        return name in self._all(model)

    def field(self, model: str, name: str, where: Message) -> TrytonField:
        """A field. Raises TargetError that names it; `where` is what to correct."""
        if (model, name) not in self._fields:
            described = self._all(model)
            if name not in described:
                raise TargetError(
                    Message("the model `{model}` has no field `{name}`", model=model, name=name),
                    place=self._rpc.place,
                    hint=Message(
                        "correct {where}, or activate the module that adds it; {hint}",
                        where=where,
                        hint=did_you_mean(name, described),
                    ),
                )
            about = described[name]
            self._fields[model, name] = TrytonField.of(model, about, self._choices(model, about))
        return self._fields[model, name]

    def ids(self, model: str, name: str, value: str) -> list[int]:
        """The records of a model that have a value in a field: at most two."""
        key = (model, name, value)
        if key not in self._ids:
            domain = [[name, "=", value]]
            method = f"model.{model}.search"
            found = self._rpc.read(method, domain, 0, 2, [["id", "ASC"]])
            self._ids[key] = [one for one in found if isinstance(one, int)]
        return self._ids[key]

    def _all(self, model: str) -> Mapping[str, Any]:
        if model not in self._described:
            try:
                found = self._rpc.read(f"model.{model}.fields_get", [], 0)
            except TrytonFault as fault:
                raise self._no_model(model, fault) from None
            self._described[model] = found if isinstance(found, dict) else {}
        return self._described[model]

    def _no_model(self, model: str, fault: TrytonFault) -> TargetError:
        if fault.kind == "Error":
            return TargetError(
                Message("there is no model `{model}`", model=model),
                place=self._rpc.place,
                hint="activate the module that adds it, or correct target.tables",
            )
        return TargetError(
            Message("the login has no right to {doing}", doing=Message("read")),
            place=self._rpc.place,
            hint="grant it to the login of target.auth",
        )

    def _choices(self, model: str, about: Mapping[str, Any]) -> Mapping[str, str] | None:
        """The values of a selection; None where they depend on the record, or there is none."""
        listed = about.get("selection")
        if about.get("type") != "selection" or listed is None:
            return None
        if isinstance(listed, str):
            if about.get("selection_change_with"):
                return None
            try:
                listed = self._rpc.read(f"model.{model}.{listed}")
            except TrytonFault:
                return None
        return {str(key): str(label) for key, label in listed if key is not None}
