"""One value in two spellings, for services that hold JSON: as it is sent, and as text to compare.

Canonical text is as of SQL targets: plain decimals without trailing zeros, ISO dates, `true` and
`false`, instants in UTC, and nothing for the empty string.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from guiyi.messages import Message, as_message


class ValueSort(StrEnum):
    """The sorts of properties that differ in how a value is spelled."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "yes or no"
    DATE = "date"
    INSTANT = "date and time with zone"
    JSON = "JSON"


_BARE = frozenset((ValueSort.NUMBER, ValueSort.BOOLEAN, ValueSort.JSON))
"""What stands in JSON without quotes."""
_YES = frozenset({"true", "t", "yes", "y", "1", "是"})
_NO = frozenset({"false", "f", "no", "n", "0", "否"})


def spelled(sort: ValueSort, text: str | None) -> str | None:
    """Spell a text the way it is compared; one of another sort is left as it is."""
    if text is None or text == "":
        return None
    try:
        return _SPELLED.get(sort, _as_it_is)(text)
    except (ValueError, InvalidOperation, OverflowError):
        return text


def misfit(sort: ValueSort, text: str | None) -> Message | None:
    """Why a text is not of a sort; None if it is."""
    if text is None or text == "":
        return None
    try:
        _SPELLED.get(sort, _as_it_is)(text)
    except (ValueError, InvalidOperation, OverflowError):
        if sort is ValueSort.BOOLEAN:
            return Message("neither yes nor no")
        return Message("not a {holds}", holds=as_message(sort.value))
    return None


def from_json(value: object, spell: Callable[[str], str | None]) -> str | None:
    """Spell what a service gave, its JSON parsed with fractions as Decimal; `spell` knows how its
    property spells a text.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | Decimal):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    plain = spelled(ValueSort.NUMBER, str(value)) if isinstance(value, Decimal) else str(value)
    return spell(plain or "")


def to_json(sort: ValueSort, text: str | None) -> str:
    """Canonical text as JSON; a number passes through no binary fraction."""
    if text is None:
        return "null"
    if sort in _BARE and misfit(sort, text) is None:
        return spelled(sort, text) or "null"
    return json.dumps(text, ensure_ascii=False)


def _number(text: str) -> str:
    number = Decimal(text.strip())
    if not number.is_finite() or number.adjusted() > 100:
        raise ValueError
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _boolean(text: str) -> str:
    bare = text.strip().lower()
    if bare not in _YES and bare not in _NO:
        raise ValueError
    return "true" if bare in _YES else "false"


def _date(text: str) -> str:
    moment = datetime.fromisoformat(text.strip())
    if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise ValueError
    return moment.date().isoformat()


def _instant(text: str) -> str:
    moment = datetime.fromisoformat(text.strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    found = moment.astimezone(UTC)
    whole = found.strftime("%Y-%m-%dT%H:%M:%S")
    milliseconds = found.microsecond // 1000  # as precise as such services keep them
    return f"{whole}.{milliseconds:03}Z" if milliseconds else f"{whole}Z"


def _json(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True)


def _as_it_is(text: str) -> str:
    return text


_SPELLED: dict[ValueSort, Callable[[str], str]] = {
    ValueSort.NUMBER: _number,
    ValueSort.BOOLEAN: _boolean,
    ValueSort.DATE: _date,
    ValueSort.INSTANT: _instant,
    ValueSort.JSON: _json,
}
