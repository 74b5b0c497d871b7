"""Parts of the spec whose keys depend on their `kind`: sources and targets.

A discriminated union that other packages may join: the kind names what `guiyi.plugins` finds, and
that brings the pydantic model of its own keys.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from guiyi.messages import Message
from guiyi.plugins import PluginError, find, plugin, usable
from guiyi.spec.base import Spec


@dataclass(frozen=True)
class ByKind:
    """Marks a part of the spec whose model is found by its `kind`."""

    group: str
    """The group of entry points."""
    base: type[Spec]
    """What every model of the group is derived from."""
    default: str | None = None
    """The kind where none is given."""

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by the model that the kind has."""
        return core_schema.no_info_plain_validator_function(
            self._validated, metadata={"pydantic_js_functions": [self._described]}
        )

    def _validated(self, value: Any) -> Spec:
        if isinstance(value, self.base):
            return value
        if not isinstance(value, dict):
            raise PydanticCustomError("keys", "holds no keys; write lines like `key: value`")
        kind = value.get("kind", self.default)
        if kind is None:
            raise self._mistake("missing", value)
        return self._model(str(kind)).model_validate(value)

    def _model(self, kind: str) -> type[Spec]:
        try:
            found = find(self.group, kind, object)
        except (LookupError, PluginError) as error:
            raise self._mistake(_as_pydantic_error(error), kind) from None
        model = self._model_of(found)
        if model is None:
            known = plugin(self.group, kind)
            assert known is not None
            fault = known.fault(Message("its `spec` is not a {name}", name=self.base.__name__))
            raise self._mistake(_as_pydantic_error(fault), kind)
        return model

    def _model_of(self, found: object) -> type[Spec] | None:
        model = getattr(found, "spec", None)
        return model if isinstance(model, type) and issubclass(model, self.base) else None

    def _mistake(self, what: Any, value: Any) -> ValidationError:
        where = InitErrorDetails(type=what, loc=("kind",), input=value)
        return ValidationError.from_exception_data(self.base.__name__, [where])

    def _described(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Every kind with its own keys, distinguished by `kind`."""
        models = [self._model_of(found) for _, found in usable(self.group, object)]
        made = [handler(model.__pydantic_core_schema__) for model in models if model]
        choices = [handler.resolve_ref_schema(one) for one in made]
        return choices[0] if len(choices) == 1 else {"oneOf": choices}


def _as_pydantic_error(error: Exception) -> Any:
    """What pydantic reports; braces would be places to fill."""
    text: Any = error.message if isinstance(error, PluginError) else error.args[0]
    return PydanticCustomError("kind", "{message}", {"message": text})
