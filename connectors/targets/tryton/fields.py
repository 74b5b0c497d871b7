"""What a field of a model holds, as `fields_get` describes it, and its values in Tryton's JSON.

https://docs.tryton.org/latest/server/ref/fields.html; what JSON has no sort of its own for is an
object with `__class__` (trytond/protocols/jsonrpc.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from connectors.targets.confirmed.values import ValueSort, from_json, misfit, spelled
from guiyi.messages import Message, as_message

_SORTS = {
    "char": ValueSort.TEXT,
    "text": ValueSort.TEXT,
    "fullname": ValueSort.TEXT,
    "selection": ValueSort.TEXT,
    "many2one": ValueSort.TEXT,
    "time": ValueSort.TEXT,
    "integer": ValueSort.NUMBER,
    "float": ValueSort.NUMBER,
    "numeric": ValueSort.NUMBER,
    "boolean": ValueSort.BOOLEAN,
    "date": ValueSort.DATE,
    "datetime": ValueSort.INSTANT,
    "timestamp": ValueSort.INSTANT,
}
"""The types that text becomes."""
_FORBIDDEN = re.compile(r"[\t\n\r\x0b\x0c]+")
"""What a `Char` refuses (trytond/model/fields/char.py)."""
_BIGGEST = 2**31
"""An `Integer` is one of four bytes in most databases."""


@dataclass(frozen=True)
class TrytonField:
    """One field of a model."""

    model: str
    """The model."""
    name: str
    """Its name."""
    kind: str
    """Its type, in Tryton's word."""
    label: str
    """What a message calls it."""
    size: int | None = None
    """The most characters it takes."""
    strip: bool | str = True
    """Whether blanks before and after a text go: both, or only `leading` or `trailing`."""
    choices: Mapping[str, str] | None = None
    """The only values it takes, and what they are called; None if it takes any."""
    relation: str | None = None
    """The model it leads to."""
    required: bool = False
    """Whether it needs a value."""
    readonly: bool = False
    """Whether nobody may write it."""
    translated: bool = False
    """Whether it has a value in each language."""

    @classmethod
    def of(
        cls, model: str, about: Mapping[str, Any], choices: Mapping[str, str] | None
    ) -> "TrytonField":
        """Understand a field as `fields_get` describes it."""
        size = about.get("size")
        return cls(
            model,
            str(about.get("name")),
            str(about.get("type")),
            str(about.get("string")),
            size if isinstance(size, int) else None,
            about.get("strip", True),
            choices,
            about.get("relation"),
            required=about.get("required") is True,
            readonly=about.get("readonly") is True,
            translated=about.get("translate") is True,
        )

    @property
    def sort(self) -> ValueSort | None:
        """What it holds; None for what no text becomes."""
        return _SORTS.get(self.kind)

    def spell(self, text: str | None) -> str | None:
        """A value as it is read back."""
        if text is None or text == "":
            return None
        if self.kind == "char":
            return self._stripped(_FORBIDDEN.sub(" ", text)) or None
        if self.kind == "text":
            return self._stripped(text) or None
        if self.kind == "selection":
            return self._chosen(text)
        if self.kind == "time":
            return _time(text) or text
        return spelled(self.sort or ValueSort.TEXT, text)

    def why_not(self, text: str | None) -> str | None:
        """Why the field cannot hold a value; None if it can, as far as is known."""
        value = self.spell(text)
        if value is None:
            return None
        if self.size is not None and len(value) > self.size:
            return Message("too long: the column takes {n} characters", n=self.size)
        if self.choices is not None and value not in self.choices:
            return Message("not one of the values the column takes")
        if self.kind == "time" and _time(value) is None:
            return Message("not a {holds}", holds=as_message("time"))
        wrong = misfit(self.sort or ValueSort.TEXT, value)
        if wrong is None and self.kind == "integer" and not _is_whole(value):
            return Message("not a {holds}", holds=as_message("whole number"))
        return wrong

    def to_json(self, text: str | None) -> Any:
        """A canonical text as Tryton wants it."""
        if text is None:
            return None
        match self.kind:
            case "integer":
                return int(text)
            case "float":
                return float(text)
            case "numeric":
                return {"__class__": "Decimal", "decimal": text}
            case "boolean":
                return text == "true"
            case "date":
                day = date.fromisoformat(text)
                return {"__class__": "date", **_parts(day, "year", "month", "day")}
            case "datetime" | "timestamp":
                moment = datetime.fromisoformat(text).astimezone(UTC)
                return {
                    "__class__": "datetime",
                    **_parts(moment, "year", "month", "day", *_OF_A_DAY),
                }
            case "time":
                return {"__class__": "time", **_parts(time.fromisoformat(text), *_OF_A_DAY)}
            case _:
                return text

    def from_json(self, value: Any) -> str | None:
        """A value of a record as canonical text."""
        if value is None or value == "":
            return None
        if self.kind == "boolean":  # a number where the database has no booleans
            return "true" if value else "false"
        if isinstance(value, dict) and "__class__" in value:
            return self.spell(_plain(value))
        return from_json(value, self.spell)

    def _stripped(self, text: str) -> str:
        if self.strip == "leading":
            return text.lstrip()
        if self.strip == "trailing":
            return text.rstrip()
        return text.strip() if self.strip else text

    def _chosen(self, text: str) -> str:
        """The key of a choice, which may be given by what it is called."""
        if self.choices is None or text in self.choices:
            return text
        wanted = text.strip().casefold()
        keys = [key for key, label in self.choices.items() if label.casefold() == wanted]
        return keys[0] if len(keys) == 1 else text


_OF_A_DAY = ("hour", "minute", "second", "microsecond")


def _parts(found: date | time, *names: str) -> dict[str, int]:
    return {name: getattr(found, name) for name in names}


def _plain(value: Mapping[str, Any]) -> str:
    """An object with `__class__` as text."""
    numbers = {name: part for name, part in value.items() if name != "__class__"}
    match value["__class__"]:
        case "Decimal":
            return str(value.get("decimal"))
        case "date":
            return date(**numbers).isoformat()
        case "datetime":
            return datetime(**numbers, tzinfo=UTC).isoformat()
        case "time":
            return time(**numbers).isoformat()
        case _:
            return str(numbers)


def _time(text: str) -> str | None:
    try:
        return time.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def _is_whole(text: str) -> bool:
    number = Decimal(text)
    return number == int(number) and -_BIGGEST <= number < _BIGGEST
