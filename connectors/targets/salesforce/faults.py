"""Why Salesforce refused a row, in our words: what it writes itself may hold a value.

Its codes: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from connectors.targets.contract import Rejection
from connectors.targets.reasons import (
    CHANGED,
    LOCKED,
    NO_PARENT,
    NOT_A_CHOICE,
    REQUIRED,
    TAKEN,
    TOO_LONG,
)
from guiyi.messages import Message

TWIN = "a duplicate rule of the CRM holds it for another row"
RULE = "a validation rule of the CRM refuses it"
LOCK = "UNABLE_TO_LOCK_ROW"
GONE = frozenset(("ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"))
"""Of a row that is to be deleted: somebody else has."""
_REASONS: Mapping[str, str] = {
    "DUPLICATE_VALUE": TAKEN,
    "DUPLICATE_EXTERNAL_ID": TAKEN,
    "DUPLICATES_DETECTED": TWIN,
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": RULE,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "a trigger of the table refused it",
    "REQUIRED_FIELD_MISSING": REQUIRED,
    "STRING_TOO_LONG": TOO_LONG,
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": NOT_A_CHOICE,
    "NUMBER_OUTSIDE_VALID_RANGE": "a number is outside the range of its column",
    "INVALID_CROSS_REFERENCE_KEY": NO_PARENT,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": NO_PARENT,
    "ENTITY_IS_DELETED": CHANGED,
    LOCK: LOCKED,
}
_CODE = re.compile(r"[A-Z][A-Z_]{1,80}")
_BULK = re.compile(r"^(?P<code>[A-Z][A-Z_]+):(?P<message>.*?)(:(?P<fields>[\w,. ]*)\s*--)?$", re.S)
"""`REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --`, as jobs write it."""


def rejection(
    external_id: str,
    errors: Sequence[Mapping[str, Any]],
    columns: Collection[str],
    values: Collection[str],
    lookups: Collection[str] = (),
) -> Rejection:
    """Why a row was refused, without its values."""
    if not errors:
        return Rejection(external_id, None, "the service refused it")
    code = code_in(errors[0])
    named = [name for error in errors for name in error.get("fields") or () if name in columns]
    column = named[0] if named else None
    if code == "INVALID_FIELD" and "oreign key" in str(errors[0].get("message")):
        found = [name for name in lookups if name in columns]
        return Rejection(external_id, found[0] if len(found) == 1 else column, NO_PARENT)
    if code in _REASONS:
        return Rejection(external_id, column, _REASONS[code])
    if not _CODE.fullmatch(code) or any(code in value for value in values):
        return Rejection(external_id, column, "the service refused it")
    return Rejection(external_id, column, Message("the service refused it ({cause})", cause=code))


def code_in(error: Mapping[str, Any]) -> str:
    """The code of an error, under either of its names."""
    return str(error.get("statusCode") or error.get("errorCode") or "")


def of_job(text: str) -> dict[str, Any]:
    """An error as a job writes it, as the other APIs write theirs."""
    found = _BULK.match(text)
    if found is None:
        return {"statusCode": "", "fields": []}
    fields = [name.strip() for name in (found["fields"] or "").split(",")]
    return {
        "statusCode": found["code"],
        "message": found["message"],
        "fields": [name for name in fields if name and name != "-"],
    }
