"""A YAML file and the line of everything in it; whatever is in it, reading it takes a moment."""

import re
from pathlib import Path
from typing import Any

import yaml

from guiyi.errors import SpecError
from guiyi.messages import Message

Lines = dict[tuple[str, ...], int]
"""The line each path of a YAML file stands on."""

DEEPEST, MOST = 100, 200_000
"""How deep a file may be nested, and how many values it may hold, each as often as it is named:
nine lines of aliases make a thousand million."""

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Impossible(yaml.MarkedYAMLError):
    """A value that is none of its type, such as a thirteenth month."""


class _Yaml12(_SAFE):  # type: ignore[misc, valid-type]
    """YAML 1.2's booleans: `on`, `off`, `yes` and `no` are words (YAML 1.2.2, 10.2.1.2)."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make a value, and name its line if it cannot be made."""
        try:
            return super().construct_object(node, deep=deep)
        except ValueError:
            raise _Impossible(problem_mark=node.start_mark) from None


_Yaml12.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in resolvers if not tag.endswith(":bool")]
    for first, resolvers in _SAFE.yaml_implicit_resolvers.items()
}
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


def parse_yaml(file: Path) -> tuple[Any, Lines]:
    """Read a YAML file and the line of every path in it.

    Raises SpecError for a file that is missing, not UTF-8, not YAML, or larger than any spec.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        return _parsed(text, file)
    except FileNotFoundError:
        raise SpecError(
            "no such file",
            place=str(file),
            hint="check the path, or make a project with: guiyi init DIR --from FILE",
        ) from None
    except UnicodeDecodeError as error:
        raise SpecError(
            Message("not UTF-8 at byte {byte}", byte=error.start),
            place=str(file),
            hint="save it as UTF-8",
        ) from None
    except _Impossible as error:
        raise SpecError("no such date or number", place=_place(file, error.problem_mark)) from None
    except yaml.MarkedYAMLError as error:
        raise SpecError(
            Message("not YAML: {problem}", problem=error.problem),
            place=_place(file, error.problem_mark),
        ) from None
    except yaml.YAMLError:
        raise SpecError("holds characters that YAML does not know", place=str(file)) from None


def _parsed(text: str, file: Path) -> tuple[Any, Lines]:
    depth = 0
    for event in yaml.parse(text, Loader=_Yaml12):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:  # to build it would take the stack of this process
            raise _too_large(file, event.start_mark)
    node = yaml.compose(text, Loader=_Yaml12)
    lines: Lines = {}
    if node is not None:
        _measure(node, file, 0, {})
        _collect(node, (), lines, file)
    return yaml.load(text, Loader=_Yaml12), lines


def _measure(node: yaml.Node, file: Path, depth: int, known: dict[int, int]) -> int:
    """Count the values of a node with those its aliases stand for; each node is looked at once."""
    if depth > DEEPEST:  # aliases may nest deeper than the text, or without end
        raise _too_large(file, node.start_mark, _ALIASES)
    if id(node) in known:
        return known[id(node)]
    if isinstance(node, yaml.ScalarNode):
        return 1
    pairs = isinstance(node, yaml.MappingNode)
    children = [one for pair in node.value for one in pair] if pairs else node.value
    size = 1 + sum(_measure(child, file, depth + 1, known) for child in children)
    if size > MOST:
        raise _too_large(file, node.start_mark, _ALIASES)
    known[id(node)] = size
    return size


_ALIASES = "write out what the aliases (*NAME) stand for"


def _too_large(file: Path, mark: Any, hint: str | None = None) -> SpecError:
    return SpecError("nested or repeated without end", place=_place(file, mark), hint=hint)


def _place(file: Path, mark: Any) -> str:
    return f"{file}:{mark.line + 1}" if mark else str(file)


def _collect(node: yaml.Node, path: tuple[str, ...], lines: Lines, file: Path) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise SpecError(
                    Message("`{name}` is given twice", name=name),
                    place=f"{file}:{key.start_mark.line + 1}",
                )
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            _collect(value, (*path, name), lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _collect(item, (*path, str(number)), lines, file)


def line_of(path: tuple[str, ...], lines: Lines) -> int:
    """Find the line a path stands on, or the nearest thing around it that is there."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
