"""`load()`: rows of texts under external identifiers, all of a call or none.

https://github.com/odoo/odoo/blob/17.0/odoo/models.py (`load`, `_convert_records`): where one row is
refused nothing is done, and messages say of which rows. The first row may be blamed for another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.contract import Rejection
from connectors.targets.http import value_at
from connectors.targets.odoo.api import OdooApi, OdooFault
from connectors.targets.reasons import NO_PARENT, reason_in
from guiyi.errors import OutcomeUnknown
from guiyi.messages import Message

_NO_PARENT = ("No matching record found", "找不到匹配")
_MOST = 500
"""Rows of a call: Odoo gives up calls that take too long."""


@dataclass(frozen=True)
class LoadedRow:
    """A row as it is loaded."""

    external_id: str
    """The golden id."""
    cells: Mapping[str, str]
    """Heading → text; an empty one clears a field."""


class OdooLoader:
    """Loads rows into one database."""

    def __init__(self, api: OdooApi) -> None:
        self._api = api

    def load(self, model: str, rows: Sequence[LoadedRow]) -> dict[str, Rejection]:
        """Load rows; those that were refused, and why. Rows with the same headings go together."""
        alike: dict[tuple[str, ...], list[LoadedRow]] = {}
        for row in rows:
            alike.setdefault(tuple(row.cells), []).append(row)
        refused: dict[str, Rejection] = {}
        for headings, group in alike.items():
            for start in range(0, len(group), _MOST):
                refused |= self._load(model, headings, group[start : start + _MOST])
        return refused

    def _load(
        self, model: str, headings: Sequence[str], rows: Sequence[LoadedRow]
    ) -> dict[str, Rejection]:
        messages = self._messages(model, headings, rows)
        if messages is None:
            return {}
        if len(rows) == 1:
            return {rows[0].external_id: _rejection(rows[0], messages)}
        blamed = sorted({n for one in messages for n in _numbers(one) if n < len(rows)})
        rest = [row for number, row in enumerate(rows) if number not in blamed]
        parts = [[rows[number]] for number in blamed]
        if not blamed:
            half = (len(rows) + 1) // 2
            parts, rest = [list(rows[:half])], list(rows[half:])
        refused = self._load(model, headings, rest) if rest else {}
        for part in parts:
            refused |= self._load(model, headings, part)
        return refused

    def _messages(
        self, model: str, headings: Sequence[str], rows: Sequence[LoadedRow]
    ) -> list[Mapping[str, Any]] | None:
        """Why nothing was loaded; None if all was."""
        data = [[row.cells[name] for name in headings] for row in rows]
        try:
            found = self._api.write(model, "load", fields=list(headings), data=data)
        except OdooFault as fault:
            return [{"type": "error", "message": fault.message}]
        if isinstance(value_at(found, "ids"), list):
            return None
        if not isinstance(found, dict) or found.get("ids") is not False:
            raise OutcomeUnknown(
                "the answer is cut off", place=self._api.place, hint="resume when it is back"
            )
        listed = found.get("messages") or []
        return [one for one in listed if isinstance(one, dict) and one.get("type") == "error"]


def _numbers(message: Mapping[str, Any]) -> range:
    """The rows a message is about."""
    first, last = value_at(message, "rows.from"), value_at(message, "rows.to")
    if isinstance(first, int) and isinstance(last, int):
        return range(first, last + 1)
    return range(0)


def _rejection(row: LoadedRow, messages: Sequence[Mapping[str, Any]]) -> Rejection:
    """Why a row was refused that was sent alone; what Odoo writes holds values and is not shown."""
    columns = [name.partition("/")[0] for name in row.cells]
    named = [str(one.get("field")) for one in messages if one.get("field") in columns]
    sentences = [str(one.get("message")) for one in messages]
    if not named:
        named = [name for name in columns if any(f"({name})" in text for text in sentences)]
    column = named[0] if named else None
    if any(words in text for text in sentences for words in _NO_PARENT):
        return Rejection(row.external_id, column, NO_PARENT)
    reasons = [reason for text in sentences if (reason := reason_in(text)) is not None]
    return Rejection(row.external_id, column, reasons[0] if reasons else _REFUSED)


_REFUSED = Message("the service refused it")
