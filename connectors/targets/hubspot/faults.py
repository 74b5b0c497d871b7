"""Why HubSpot refused a row, in our words: what it writes itself holds values.

Its errors: https://developers.hubspot.com/docs/api-reference/error-handling
"""

import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from connectors.targets.contract import Rejection
from connectors.targets.hubspot.api import texts_in
from connectors.targets.reasons import NOT_A_CHOICE, REQUIRED, TAKEN, TOO_LONG
from guiyi.messages import Message, as_message

_NUMBER = Message("not a {holds}", holds=as_message("number"))
_DATE = Message("not a {holds}", holds=as_message("date"))
_REASONS: Mapping[str, str] = {
    "CONFLICT": TAKEN,
    "CONFLICTING_UNIQUE_VALUE": TAKEN,
    "DUPLICATE_UNIQUE_PROPERTY_VALUE": TAKEN,
    "INVALID_OPTION": NOT_A_CHOICE,
    "INVALID_INTEGER": _NUMBER,
    "INVALID_NUMERIC": _NUMBER,
    "INVALID_LONG": _NUMBER,
    "INVALID_DATE": _DATE,
    "REQUIRED_FIELD": REQUIRED,
    "PROPERTY_VALUE_TOO_LONG": TOO_LONG,
}
_CODE = re.compile(r"[A-Z0-9_]{1,60}")
_LISTED = re.compile(r"\[\{.*\}\]", re.DOTALL)


def rejection(
    external_id: str, error: Mapping[str, Any], columns: Collection[str], values: Collection[str]
) -> Rejection:
    """Why a row was refused, without its values."""
    parts = [error, *_parts(error)]
    codes = [code for part in reversed(parts) for code in _codes(part)]
    named = [name for part in parts for name in _names(part) if name in columns]
    column = named[0] if named else None
    for code in codes:
        if code in _REASONS:
            return Rejection(external_id, column, _REASONS[code])
    shown = [code for code in codes if not any(code in value for value in values)]
    if not shown:
        return Rejection(external_id, column, "the service refused it")
    return Rejection(
        external_id, column, Message("the service refused it ({cause})", cause=shown[0])
    )


def _parts(error: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The errors inside an error: listed, or as JSON in its sentence."""
    inner = error.get("errors")
    found = list(inner) if isinstance(inner, list) else []
    listed = _LISTED.search(str(error.get("message") or ""))
    if listed is not None:
        with suppress(ValueError):
            found += json.loads(listed.group())
    return [one for one in found if isinstance(one, dict)]


def _codes(part: Mapping[str, Any]) -> list[str]:
    found = [part.get(name) for name in ("code", "error", "subCategory", "category")]
    return [text for text in found if isinstance(text, str) and _CODE.fullmatch(text)]


def _names(part: Mapping[str, Any]) -> list[str]:
    direct = [str(part[name]) for name in ("in", "name") if isinstance(part.get(name), str)]
    return [*texts_in(part.get("context"), "propertyName", "properties", "name"), *direct]
