"""Reads suite files and refuses, with file and line, what could never run."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from guiyi.errors import SpecError
from guiyi.messages import Message, listed
from guiyi.near_names import did_you_mean
from guiyi.records import CONFLICTING_IDS, GOLDEN_ID, IDENTITY
from guiyi.spec.expressions import parse
from guiyi.spec.known_names import UnknownName
from guiyi.spec.places import SpecPlace
from guiyi.spec.reading import validate
from guiyi.spec.yaml_file import parse_yaml
from validators.catalogue import ExpectationRule, catalogue
from validators.rules import BuiltRule, built_rules
from validators.spec import ExpectationSpec, Suite, SuiteStage


def load_suites(
    patterns: Iterable[str],
    folder: Path,
    fields: Mapping[str, Collection[str]] | None = None,
) -> list[Suite]:
    """Read the suites that the patterns name, in the order of patterns and then of names.

    `fields` lists the columns each entity's tables have (fields, their parts, relations as
    `ref.NAME`), so that a misspelt one is refused here.
    Raises SpecError naming file, line and path.
    """
    suites: dict[str, Suite] = {}
    for pattern in patterns:
        for file in _files(pattern, folder):
            if any(suite.file == file for suite in suites.values()):
                continue
            suite = load_suite(file, fields)
            if suite.suite in suites:
                raise SpecError(
                    Message(
                        "suite: `{name}` is also the name of {file}",
                        name=suite.suite,
                        file=suites[suite.suite].file,
                    ),
                    place=str(file),
                    hint="give each suite its own name",
                )
            suites[suite.suite] = suite
    return list(suites.values())


def load_suite(file: Path, fields: Mapping[str, Collection[str]] | None = None) -> Suite:
    """Read one suite file. Raises SpecError naming file, line and path."""
    data, lines = parse_yaml(file)
    suite = validate(Suite, data, file, lines)
    suite._file = file
    suite._lines = lines
    try:
        _refuse_what_cannot_run(suite, fields)
    except UnknownName as problem:
        raise SpecPlace(file, problem.path).mistake(problem.message) from None
    return suite


def _files(pattern: str, folder: Path) -> list[Path]:
    if any(mark in pattern for mark in "*?["):
        root = Path(pattern).anchor
        if root:
            return sorted(Path(root).glob(str(Path(pattern).relative_to(root))))
        return sorted(folder.glob(pattern))
    return [folder / pattern]


def _refuse_what_cannot_run(suite: Suite, fields: Mapping[str, Collection[str]] | None) -> None:
    if fields is not None and suite.entity not in fields:
        raise UnknownName("entity", _unknown(Message("entity"), suite.entity, fields))
    seen: dict[str, int] = {}
    for index, spec in enumerate(suite.expectations):
        path = f"expectations.{index}"
        _refuse_malformed(path, spec, suite.stage)
        for rule in built_rules(spec):
            _refuse_repeated(path, rule, spec, seen, index)
            if fields is not None:
                _refuse_unknown_columns(path, rule.reads, fields[suite.entity])
        if spec.where is not None:
            used = parse(spec.where, SpecPlace(suite.file, f"{path}.where")).meta.root_names()
            if fields is not None:
                _refuse_unknown_columns(f"{path}.where", used, fields[suite.entity])


def _refuse_malformed(path: str, spec: ExpectationSpec, stage: SuiteStage) -> None:
    """Exactly one shorthand, and nothing beside it that it does not take."""
    extra = sorted(spec.arguments)
    if len(spec.shorthands_given) != 1:
        raise UnknownName(path, _not_one(spec.shorthands_given, extra))
    if spec.expect is None:
        if extra:
            known = list(ExpectationSpec.model_fields)
            raise UnknownName(f"{path}.{extra[0]}", _unknown(Message("key"), extra[0], known))
    else:
        _refuse_bad_arguments(path, spec.expect, spec.arguments)
    if spec.valid is not None and stage is SuiteStage.GOLDEN:
        raise UnknownName(
            f"{path}.valid", "`valid` looks at raw values, which only `on: records` has"
        )
    if spec.quarantine and spec.shorthands_given[0] == "rows":
        raise UnknownName(
            f"{path}.quarantine", "`rows` is about the whole table: no single row fails it"
        )
    if spec.matches is not None:
        _refuse_bad_pattern(f"{path}.matches.regex", spec.matches.regex)


def _not_one(given: Sequence[str], extra: Sequence[str]) -> Message:
    if given:
        names = listed(f"`{name}`" for name in given)
        return Message("names {names}; exactly one expectation is needed", names=names)
    if extra:
        return Message(
            "names no expectation; exactly one is needed; unknown key `{key}`", key=extra[0]
        )
    return Message("names no expectation; exactly one is needed")


def _refuse_bad_pattern(path: str, regex: str) -> None:
    try:
        re.compile(regex)
    except (re.error, TypeError) as error:
        raise UnknownName(path, Message("not a regular expression: {error}", error=error)) from None


def _refuse_bad_arguments(path: str, name: str, arguments: Mapping[str, Any]) -> None:
    rule = catalogue().get(name)
    if rule is None:
        raise UnknownName(f"{path}.expect", _unknown(Message("expectation"), name, catalogue()))
    for key in sorted(arguments):
        if key not in rule.arguments:
            raise UnknownName(f"{path}.{key}", _unknown(Message("argument"), key, rule.arguments))
    _refuse_bad_values(path, name, rule, arguments)


def _refuse_bad_values(
    path: str, name: str, rule: ExpectationRule, arguments: Mapping[str, Any]
) -> None:
    for key in rule.required:
        if key not in arguments:
            raise UnknownName(
                f"{path}.expect", Message("`{name}` needs `{key}`", name=name, key=key)
            )
    for key in ("column", "column_A", "column_B"):
        if key in arguments and not isinstance(arguments[key], str):
            raise UnknownName(f"{path}.{key}", "must be the name of a column")
    listed = arguments.get("column_list", [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise UnknownName(f"{path}.column_list", "must be a list of columns")
    for key in ("min_value", "max_value"):
        _refuse_bad_bound(f"{path}.{key}", arguments.get(key))
    if "regex" in arguments:
        _refuse_bad_pattern(f"{path}.regex", arguments["regex"])
    for regex in arguments.get("regex_list") or ():
        _refuse_bad_pattern(f"{path}.regex_list", regex)


def _refuse_bad_bound(path: str, bound: object) -> None:
    if isinstance(bound, bool):
        raise UnknownName(path, "must be a number or a day such as 2024-01-31")
    if isinstance(bound, str):
        try:
            date.fromisoformat(bound[:10])
        except ValueError:
            raise UnknownName(path, "must be a number or a day such as 2024-01-31") from None


def _refuse_repeated(
    path: str, rule: BuiltRule, spec: ExpectationSpec, seen: dict[str, int], index: int
) -> None:
    """Great Expectations runs one of two equal rules and drops the other in silence."""
    same = repr((rule.type, sorted(rule.kwargs.items(), key=str), spec.where))
    if same in seen:
        raise UnknownName(path, Message("is the same as expectations.{number}", number=seen[same]))
    seen[same] = index


def _refuse_unknown_columns(path: str, used: Iterable[str], columns: Collection[str]) -> None:
    for column in used:
        if column not in (*columns, *_ALWAYS):
            raise UnknownName(
                path,
                Message(
                    "unknown column `{column}`; {hint}",
                    column=column,
                    hint=did_you_mean(column, columns),
                ),
            )


_ALWAYS = (*IDENTITY, GOLDEN_ID, CONFLICTING_IDS, "members")
"""Columns that records have besides their fields."""


def _unknown(what: Message, name: str, known: Iterable[str]) -> str:
    return Message(
        "unknown {what} `{name}`; {hint}",
        what=what,
        name=name,
        hint=did_you_mean(name, sorted(known)),
    )
