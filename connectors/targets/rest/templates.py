"""Paths and queries with places to fill in, such as `items/{table}/{id}`.

A place is a word of lower-case letters between braces, so that JSON may stand around it:
`{"golden_id": {"$in": {ids_json}}}`.
"""

import re
from collections.abc import Collection, Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import AfterValidator

from guiyi.messages import Message
from guiyi.near_names import did_you_mean

_PLACE = re.compile(r"\{([a-z_]+)\}")

IN_PATH = ("table", "id")
IN_QUERY = (
    "table", "external_id", "properties", "size", "page", "offset", "cursor", "ids", "ids_json",
)  # fmt: skip
"""What can be filled in: the table, the property of the golden id, all properties that are read,
the rows of a page, its number, how many rows went before it, what the answer before named as next,
and the golden ids that are looked for, with commas between or as a JSON list."""


def places(template: str) -> set[str]:
    """The names of the places in a template."""
    return set(_PLACE.findall(template))


def _checked(template: str, known: Collection[str]) -> str:
    for name in places(template):
        if name not in known:
            raise ValueError(
                Message(
                    "there is nothing to fill in for `{name}`; {hint}",
                    name="{" + name + "}",
                    hint=did_you_mean(name, known),
                )
            )
    return template


def _relative(template: str) -> str:
    if template.startswith("/") or "://" in template or "?#" in template:
        raise ValueError("a path under target.url, without a slash in front")
    return _checked(template, IN_PATH)


PathTemplate = Annotated[str, AfterValidator(_relative)]
"""A path under the root of the API."""
QueryTemplate = Annotated[str, AfterValidator(lambda text: _checked(text, IN_QUERY))]
"""The value of one parameter of a query."""


def path_of(template: str, given: Mapping[str, str]) -> str:
    """Fill in a path; what is filled in is one segment of it."""
    return _PLACE.sub(lambda place: quote(given[place.group(1)], safe=""), template)


def query_of(templates: Mapping[str, str], given: Mapping[str, str]) -> str:
    """Fill in a query. A parameter is left out where there is nothing for one of its places: the
    first page has no cursor.
    """
    filled = {
        name: _PLACE.sub(lambda place: given[place.group(1)], template)
        for name, template in templates.items()
        if places(template) <= given.keys()
    }
    return urlencode(filled, quote_via=quote)


def with_query(path: str, query: str) -> str:
    """A path and a query, which the path may have begun."""
    if not query:
        return path
    return f"{path}{'&' if '?' in path else '?'}{query}"
