"""One value in three spellings: as text that can be compared, in JSON, and in a URL.

Primitive values: https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html
(7.1) and the ABNF of OData V4.01. Canonical text is as of SQL targets: plain decimals without
trailing zeros, ISO dates, `true` and `false`, instants in UTC, and nothing for the empty string.
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from connectors.targets.odata.model import EdmProperty, EdmSort
from guiyi.messages import Message, as_message

_YES = frozenset({"true", "t", "yes", "y", "1", "是"})
_NO = frozenset({"false", "f", "no", "n", "0", "否"})
_RANGES = {
    "Edm.Byte": (0, 255),
    "Edm.SByte": (-128, 127),
    "Edm.Int16": (-(2**15), 2**15 - 1),
    "Edm.Int32": (-(2**31), 2**31 - 1),
    "Edm.Int64": (-(2**63), 2**63 - 1),
}
_DIGITS = {EdmSort.DOUBLE: 15, EdmSort.SINGLE: 6}
"""Decimal digits that survive binary64 and binary32 (IEEE 754, DBL_DIG and FLT_DIG)."""


class UnfitValue(Exception):
    """A value the property cannot hold; the message says why without the value."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def spelled(prop: EdmProperty, text: str | None) -> str | None:
    """Spell a text the way it is read back. Text the property could not hold is left as it is."""
    if text is None or text == "":
        return None
    if prop.sort is EdmSort.TEXT:
        return text
    try:
        return _canonical(prop, _parsed(prop, text))
    except UnfitValue:
        return text


def to_json(prop: EdmProperty, text: str | None) -> str:
    """Spell a text as JSON. Raises UnfitValue."""
    if text is None or text == "":
        return "null"
    value = _parsed(prop, text)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        return json.dumps(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    return json.dumps(value if isinstance(value, str) else str(value), ensure_ascii=False)


def to_literal(prop: EdmProperty, text: str) -> str:
    """Spell a text for a URL, before percent-encoding. Raises UnfitValue."""
    if prop.sort in (EdmSort.TEXT, EdmSort.CHOICE, EdmSort.OTHER):
        return "'" + text.replace("'", "''") + "'"
    value = to_json(prop, text)
    return value.strip('"')


def _parsed(prop: EdmProperty, text: str) -> object:
    if prop.sort is EdmSort.TEXT:
        if prop.length is not None and _units(text) > prop.length:
            raise UnfitValue(Message("too long: the column takes {n} characters", n=prop.length))
        return text
    parse = _PARSED.get(prop.sort)
    if parse is None:
        return text
    try:
        return parse(prop, text.strip())
    except (ValueError, InvalidOperation, OverflowError):
        reason = Message("not a {holds}", holds=as_message(prop.sort.value))
        raise UnfitValue(reason) from None


def _units(text: str) -> int:
    """Characters as services of .NET and JavaScript count them, in UTF-16; never fewer."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _integer(prop: EdmProperty, text: str) -> int:
    if text.lower() in ("true", "false"):
        return int(text.lower() == "true")
    number = Decimal(text)
    if not number.is_finite() or number != number.to_integral_value():
        raise UnfitValue(Message("not a whole number"))
    lowest, highest = _RANGES.get(prop.type, _RANGES["Edm.Int64"])
    if not lowest <= number <= highest:
        raise UnfitValue(Message("outside the range of the column"))
    return int(number)


def _decimal(prop: EdmProperty, text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise UnfitValue(Message("not a number"))
    digits = number.normalize().as_tuple()
    exponent = int(digits.exponent)
    if prop.scale is not None and -exponent > prop.scale:
        raise UnfitValue(Message("more than {n} digits after the decimal point", n=prop.scale))
    if prop.precision is not None and len(digits.digits) + exponent > prop.precision - (
        prop.scale or 0
    ):
        raise UnfitValue(Message("more digits than the column's {n}", n=prop.precision))
    return number


def _float(prop: EdmProperty, text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(float(number)) == float("inf"):
        raise UnfitValue(Message("not a number"))
    return Decimal(f"{float(number):.{_DIGITS[prop.sort]}g}")


def _boolean(prop: EdmProperty, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise UnfitValue(Message("neither yes nor no"))


def _date(prop: EdmProperty, text: str) -> date:
    moment = datetime.fromisoformat(text)
    if moment.time() != time():
        raise UnfitValue(Message("a date with a time of day, for a column of dates"))
    return moment.date()


def _instant(prop: EdmProperty, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=_cut(prop, moment.microsecond))


def _time(prop: EdmProperty, text: str) -> time:
    moment = time.fromisoformat(text)
    return moment.replace(microsecond=_cut(prop, moment.microsecond))


def _cut(prop: EdmProperty, microsecond: int) -> int:
    """Leave out what is finer than the property's clock (CSDL XML 4.01, 7.2.3: none is seconds)."""
    step = 10 ** (6 - min(6, prop.precision or 0))
    return int(microsecond // step * step)


def _choice(prop: EdmProperty, text: str) -> str:
    if text not in prop.choices:
        raise UnfitValue(Message("not one of the values the column takes"))
    return text


def _guid(prop: EdmProperty, text: str) -> str:
    return str(uuid.UUID(text))


_PARSED: dict[EdmSort, Callable[[EdmProperty, str], object]] = {
    EdmSort.INTEGER: _integer,
    EdmSort.DECIMAL: _decimal,
    EdmSort.DOUBLE: _float,
    EdmSort.SINGLE: _float,
    EdmSort.BOOLEAN: _boolean,
    EdmSort.DATE: _date,
    EdmSort.INSTANT: _instant,
    EdmSort.TIME: _time,
    EdmSort.CHOICE: _choice,
    EdmSort.GUID: _guid,
}


def _canonical(prop: EdmProperty, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, int | Decimal):
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    text = str(value)
    return text.rstrip("0") if isinstance(value, time) and "." in text else text
