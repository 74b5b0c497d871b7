"""One value in two spellings: as the column stores it, and as text that can be compared.

What was sent equals what is found when their canonical texts are the same: plain decimals without
trailing zeros, ISO dates, `true` and `false`, instants in UTC, and nothing for the empty string.
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from connectors.targets.sql.columns import Holds, TargetColumn
from guiyi.messages import Message, as_message

Clock = TypeVar("Clock", datetime, time)

YES = frozenset({"true", "t", "yes", "y", "1", "是"})
NO = frozenset({"false", "f", "no", "n", "0", "否"})

DOUBLE_DIGITS, SINGLE_DIGITS = 15, 6
"""Decimal digits that survive binary64 and binary32 (IEEE 754, DBL_DIG and FLT_DIG)."""


class Unfit(Exception):
    """A value the column cannot hold; the message says why without the value."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def stored(column: TargetColumn, text: str) -> object:
    """Turn text into the value the column stores. Raises Unfit."""
    if column.length is not None and len(text) > column.length:
        raise too_long(column.length)
    convert = _STORED.get(column.holds)
    if convert is None:
        return text
    try:
        return convert(column, text.strip())
    except (ValueError, InvalidOperation, OverflowError):
        raise Unfit(Message("not a {holds}", holds=as_message(column.holds.value))) from None


def too_long(length: int) -> Unfit:
    """A text of more characters than the column takes."""
    return Unfit(Message("too long: the column takes {n} characters", n=length))


def is_text(column: TargetColumn) -> bool:
    """Whether the column stores text as it is."""
    return column.holds not in _STORED


def canonical(column: TargetColumn, value: object) -> str | None:
    """Spell a value of the column as text, whether it comes from the database or is on its way.

    Text the column could not hold is left as it is.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="backslashreplace")
    if isinstance(value, str) and column.holds in _STORED:
        try:
            value = stored(column, value)
        except Unfit:
            return str(value)
    return _SPELLED.get(column.holds, _as_it_is)(column, value) or None


def _integer(column: TargetColumn, text: str) -> int:
    if text.lower() in ("true", "false"):
        return int(text.lower() == "true")
    number = Decimal(text)
    if not number.is_finite() or number != number.to_integral_value():
        raise Unfit(Message("not a whole number"))
    if not column.lowest <= number <= column.highest:
        raise Unfit(Message("outside the range of the column"))
    return int(number)


def _decimal(column: TargetColumn, text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise Unfit(Message("not a number"))
    digits = number.normalize().as_tuple()
    exponent = int(digits.exponent)
    if column.scale is not None and -exponent > column.scale:
        raise Unfit(Message("more than {n} digits after the decimal point", n=column.scale))
    if column.precision is not None:
        whole = len(digits.digits) + exponent
        if whole > column.precision - (column.scale or 0):
            raise Unfit(Message("more digits than the column's {n}", n=column.precision))
    return number


def _float(column: TargetColumn, text: str) -> float:
    number = Decimal(text)
    if not number.is_finite():
        raise Unfit(Message("not a number"))
    return float(number)


def _boolean(column: TargetColumn, text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise Unfit(Message("neither yes nor no"))


def _date(column: TargetColumn, text: str) -> date:
    moment = datetime.fromisoformat(text)
    if moment.time() != time():
        raise Unfit(Message("a date with a time of day, for a column of dates"))
    return moment.date()


def _datetime(column: TargetColumn, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if column.holds is Holds.INSTANT:
        return _cut(column, moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return _cut(column, moment)


def _time(column: TargetColumn, text: str) -> time:
    return _cut(column, time.fromisoformat(text))


def _cut(column: TargetColumn, moment: Clock) -> Clock:
    """Leave out what is finer than the column's clock."""
    digits = 6 if column.scale is None else column.scale
    step = 10 ** (6 - digits)
    return moment.replace(microsecond=moment.microsecond // step * step)


def _choice(column: TargetColumn, text: str) -> str:
    if text not in column.choices:
        raise Unfit(Message("not one of the values the column takes"))
    return text


def _json(column: TargetColumn, text: str) -> str:
    json.loads(text)
    return text


def _uuid(column: TargetColumn, text: str) -> str:
    return str(uuid.UUID(text))


_STORED: dict[Holds, Callable[[TargetColumn, str], object]] = {
    Holds.INTEGER: _integer,
    Holds.DECIMAL: _decimal,
    Holds.DOUBLE: _float,
    Holds.SINGLE: _float,
    Holds.BOOLEAN: _boolean,
    Holds.DATE: _date,
    Holds.DATETIME: _datetime,
    Holds.INSTANT: _datetime,
    Holds.TIME: _time,
    Holds.CHOICE: _choice,
    Holds.JSON: _json,
    Holds.UUID: _uuid,
}


def _as_it_is(column: TargetColumn, value: object) -> str:
    return str(value)


def _unpadded(column: TargetColumn, value: object) -> str:
    return str(value).rstrip(" ")


def _number(column: TargetColumn, value: object) -> str:
    if isinstance(value, float):
        digits = SINGLE_DIGITS if column.holds is Holds.SINGLE else DOUBLE_DIGITS
        value = f"{value:.{digits}g}"
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _truth(column: TargetColumn, value: object) -> str:
    return "true" if value else "false"


def _iso(column: TargetColumn, value: object) -> str:
    if isinstance(value, timedelta):
        value = (datetime.min + value).time()
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return text.rstrip("0") if "." in text and "+" not in text else text


def _sorted_json(column: TargetColumn, value: object) -> str:
    parsed = json.loads(value) if isinstance(value, str) else value
    return json.dumps(parsed, ensure_ascii=False, sort_keys=True)


_SPELLED: dict[Holds, Callable[[TargetColumn, object], str]] = {
    Holds.PADDED: _unpadded,
    Holds.INTEGER: _number,
    Holds.DECIMAL: _number,
    Holds.DOUBLE: _number,
    Holds.SINGLE: _number,
    Holds.BOOLEAN: _truth,
    Holds.DATE: _iso,
    Holds.DATETIME: _iso,
    Holds.INSTANT: _iso,
    Holds.TIME: _iso,
    Holds.JSON: _sorted_json,
}
