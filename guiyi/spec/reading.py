"""Reads guiyi.yaml and says, of anything wrong, which file, line and path."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from guiyi.errors import SpecError
from guiyi.kinds import kind_names
from guiyi.messages import Message, as_message, at_place
from guiyi.near_names import nearest
from guiyi.spec.entities import EntitySpec
from guiyi.spec.known_names import UnknownName
from guiyi.spec.project import Project
from guiyi.spec.yaml_file import Lines, line_of, parse_yaml

M = TypeVar("M", bound=BaseModel)


def load_project(file: Path) -> Project:
    """Read a project spec. `file` may be the folder that holds guiyi.yaml.

    Raises SpecError naming file, line and path.
    """
    if file.is_dir() or not file.suffix:
        file = file / "guiyi.yaml"
    data, lines = parse_yaml(file)
    project = validate(Project, data, file, lines)
    project._file = file.resolve()
    return project


def read_entity(file: Path) -> EntitySpec:
    """Read the description of one entity, as it would stand under `entities.NAME`.

    Raises SpecError naming file, line and path.
    """
    data, lines = parse_yaml(file)
    return validate(EntitySpec, data, file, lines)


def mistakes_in(file: Path) -> list[SpecError]:
    """All that is wrong with a project spec, each with its line; nothing if it can be read."""
    if file.is_dir() or not file.suffix:
        file = file / "guiyi.yaml"
    try:
        data, lines = parse_yaml(file)
        _holds_keys(data, file)
    except SpecError as error:
        return [error]
    try:
        Project.model_validate(data if data is not None else {})
    except ValidationError as error:
        return _mistakes(error, Project, file, lines)
    return []


def validate(model: type[M], data: Any, file: Path, lines: Lines) -> M:
    """Turn parsed YAML into its spec. Raises SpecError with the line of the first thing wrong."""
    _holds_keys(data, file)
    try:
        return model.model_validate(data if data is not None else {})
    except ValidationError as error:
        first, *others = _mistakes(error, model, file, lines)
        more = len(others)
        what = Message("{what} (and {more} more)", what=first.what, more=more)
        raise SpecError(what if more else first.what, place=first.place, hint=first.hint) from None


def _holds_keys(data: Any, file: Path) -> None:
    if data is not None and not isinstance(data, dict):
        raise SpecError("holds no keys", place=str(file), hint="a spec has lines like `key: value`")


def _mistakes(
    error: ValidationError, model: type[BaseModel], file: Path, lines: Lines
) -> list[SpecError]:
    """Everything that is wrong, unknown keys first: they are behind much of the rest."""
    found = []
    for one in sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden"):
        steps = tuple(str(step) for step in one["loc"] if step != "[key]")
        cause = one.get("ctx", {}).get("error")
        named = [cause, *cause.others] if isinstance(cause, UnknownName) else [None]
        for unknown in named:
            path = steps if unknown is None else (*steps, *unknown.path.split("."))
            what = _sentence(one) if unknown is None else as_message(unknown.message)
            found.append(
                SpecError(
                    at_place(".".join(path) or "the file", what),
                    place=f"{file}:{line_of(path, lines)}",
                    hint=_hint(one, model),
                )
            )
    return found


def _sentence(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "unknown key"
        case "missing":
            return "required, but not given"
        case "value_error":
            cause = error["ctx"]["error"].args[0]
            return cause if isinstance(cause, Message) else str(cause)
        case "kind":
            message = error["ctx"]["message"]
            return message if isinstance(message, Message) else str(message)
        case _:
            return str(error["msg"][:1].lower() + error["msg"][1:])


def _hint(error: Any, model: type[BaseModel]) -> str | None:
    if error["type"] != "extra_forbidden":
        return None
    keys = _all_keys(model.model_json_schema())
    close = nearest(str(error["loc"][-1]), sorted(keys))
    return (
        Message("did you mean `{close}`?", close=close)
        if close is not None
        else "docs/spec.md lists the keys"
    )


def _all_keys(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*(_all_keys(value) for value in schema.values()))
    if isinstance(schema, list):
        return set().union(*(_all_keys(value) for value in schema))
    return set()


def json_schema() -> dict[str, Any]:
    """Describe guiyi.yaml to an editor, as JSON Schema."""
    schema = Project.model_json_schema(by_alias=True)
    schema["$defs"]["Kind"]["enum"] = kind_names()
    return schema
