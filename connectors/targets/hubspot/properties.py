"""What an object's properties hold, as the account declares them.

https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.targets.confirmed.values import ValueSort, misfit, spelled
from guiyi.messages import Message

LONGEST = 65_536
"""The most characters a text property takes."""
_SORTS = {
    "number": ValueSort.NUMBER,
    "bool": ValueSort.BOOLEAN,
    "date": ValueSort.DATE,
    "datetime": ValueSort.INSTANT,
}


@dataclass(frozen=True)
class HubspotProperty:
    """One property of an object."""

    name: str
    """Its internal name."""
    sort: ValueSort
    """What it holds."""
    choices: tuple[str, ...] | None
    """The only values it takes; None if it takes any."""
    many: bool
    """Whether it takes several of them, with `;` between."""
    read_only: bool
    """Whether nobody may write it."""
    unique: bool
    """Whether no two rows may have the same value."""
    lowered: bool
    """Whether it is kept in lower case, as the mailbox of a contact is."""

    @classmethod
    def of(cls, declared: Mapping[str, Any]) -> "HubspotProperty":
        """Understand a property as the API describes it."""
        about = declared.get("modificationMetadata")
        read_only = isinstance(about, dict) and about.get("readOnlyValue") is True
        kind, name = declared.get("type"), str(declared.get("name"))
        options = declared.get("options")
        listed = kind == "enumeration" and not declared.get("externalOptions")
        choices = [str(one.get("value")) for one in options or () if isinstance(one, dict)]
        return cls(
            name,
            _SORTS.get(str(kind), ValueSort.TEXT),
            tuple(choices) if listed else None,
            many=declared.get("fieldType") == "checkbox",
            read_only=read_only or declared.get("calculated") is True,
            unique=declared.get("hasUniqueValue") is True,
            lowered=name == "email" and declared.get("hubspotDefined") is True,
        )

    def spell(self, text: str | None) -> str | None:
        """A value as it is read back; several are in the order of their names."""
        if text and self.many:
            return ";".join(sorted(part for part in set(text.split(";")) if part)) or None
        found = spelled(self.sort, text)
        return found.lower() if found is not None and self.lowered else found

    def why_not(self, text: str | None) -> str | None:
        """Why the property cannot hold a value; None if it can."""
        if text is None or text == "":
            return None
        if self.choices is not None:
            parts = [part for part in text.split(";") if part] if self.many else [text]
            if not set(parts) <= set(self.choices):
                return Message("not one of the values the column takes")
        if len(text) > LONGEST:
            return Message("too long: the column takes {n} characters", n=LONGEST)
        return misfit(self.sort, text)
