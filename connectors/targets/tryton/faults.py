"""Why Tryton refused a record, in our words: its sentences hold values.

Their English forms: trytond/ir/message.xml; the context of a call asks for English.
"""

import re

from connectors.targets.contract import Rejection
from connectors.targets.reasons import NO_PARENT, REQUIRED
from connectors.targets.tryton.rpc import TrytonFault
from connectors.targets.tryton.table import TrytonTable
from guiyi.messages import Message

CHANGED = "changed in the CRM since the load was planned; run again"
SEVERAL = "there are several records that it may mean"
_WORDS: tuple[tuple[str, str], ...] = (
    (r"A value is required", REQUIRED),
    (r"must be unique|already exists", "another row already has this value"),
    (r"not one of the allowed options", "not one of the values the column takes"),
    (r"is too long|exceeds the limit", "a value is too long"),
    (r"some invalid chars", "it holds a character the column does not take"),
    (r"not valid according to its domain", "a rule of the model does not allow it"),
    (r"does not exist", NO_PARENT),
    (r"used by field", "other records point to it"),
    (r"not allowed to", "the login has no right to it"),
    (r"don't exist", CHANGED),
    (r"is not valid", "not valid, by its check digits or its form"),
)
"""What Tryton writes, and what it means; the first that is found counts."""
_FIELD = re.compile(r'for field "([^"]*)"')
_WARNED = "Tryton asks for a person's confirmation"


def rejection(external_id: str, fault: TrytonFault, table: TrytonTable) -> Rejection:
    """Why a row was refused, without its values."""
    if fault.kind == "ConcurrencyException":
        return Rejection(external_id, None, CHANGED)
    if fault.kind == "UserWarning":
        return Rejection(external_id, None, _WARNED)
    labels = [table.labelled(label) for label in _FIELD.findall(fault.sentence)]
    column = next((name for name in labels if name is not None), None)
    for words, reason in _WORDS:
        if re.search(words, fault.sentence):
            return Rejection(external_id, column, reason)
    cause = fault.kind
    return Rejection(external_id, column, Message("the service refused it ({cause})", cause=cause))
