"""Secrets stand in the environment; a spec names them as `${NAME}`."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from guiyi.database_url import database_url
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec.base import Spec
from guiyi.spec.places import SpecPlace
from guiyi.spec.project import Project

_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LOGIN = re.compile(r"[\w+.-]+://([^/?]*)@")
"""User and password of a URL; a password may hold what would end it, but `${NAME}` does not."""


def expand_secrets(text: str, place: str) -> str:
    """Fill in `${NAME}` from the environment. Raises SpecError for a variable that is not set.

    In user, password and options of a URL the value is encoded as URLs want it (`@` as `%40`).
    """
    login = _LOGIN.match(text)
    options = text.find("?") if "://" in text else -1

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise SpecError(_not_set(name), place=place, hint=_to_set(name))
        found = os.environ[name]
        inside = login is not None and match.start() < login.end()
        inside = inside or 0 <= options < match.start()
        return quote(found, safe="") if inside else found

    return _NAMED.sub(value, text)


def check_secrets(project: Project, *, target: bool) -> None:
    """See that every variable is set that sources and ledger name, and the `target` if it will be
    opened, and that the databases' URLs are some. Raises SpecError with file and line.
    """
    for path, text in _texts(project, target=target):
        place = SpecPlace(project.file, path)
        for name in _NAMED.findall(text):
            if name not in os.environ:
                raise place.mistake(_not_set(name), _to_set(name))
        if path in _database_urls(project):
            try:
                database_url(expand_secrets(text, path), path, SpecError)
            except SpecError as error:
                raise place.mistake(error.what, error.hint) from None


def _database_urls(project: Project) -> set[str]:
    """Where the URLs of databases stand."""
    systems = {f"sources.{name}": spec.kind for name, spec in project.sources.items()}
    systems["target"] = project.target.kind
    urls = {f"{path}.url" for path, kind in systems.items() if kind in ("database", "sql")}
    return {"ledger", *urls}


def secret_names(project: Project) -> list[str]:
    """The variables a project takes from the environment."""
    texts = (text for _, text in _texts(project, target=True))
    return list(dict.fromkeys(name for text in texts for name in _NAMED.findall(text)))


def _texts(project: Project, *, target: bool) -> Iterator[tuple[str, str]]:
    """The texts that secrets are filled into, with their paths."""
    yield "ledger", project.ledger
    systems: Mapping[str, Any] = {f"sources.{name}": spec for name, spec in project.sources.items()}
    if target:
        systems = {**systems, "target": project.target}
    for path, spec in systems.items():
        yield from _texts_in(path, spec)


def _texts_in(path: str, spec: Spec) -> Iterator[tuple[str, str]]:
    """The texts of a part of the spec, and of the parts in it."""
    for name in type(spec).model_fields:
        value = getattr(spec, name)
        if isinstance(value, Spec):
            yield from _texts_in(f"{path}.{name}", value)
        elif isinstance(value, str) and name != "path":
            yield f"{path}.{name}", value


def _not_set(name: str) -> Message:
    return Message("the environment variable {name} is not set", name=name)


def _to_set(name: str) -> Message:
    return Message("export {name}=… before the run", name=name)
