"""What a service has: its entity sets and their properties, as its $metadata declares them.

CSDL XML: https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from xml.etree import ElementTree as ET


class EdmSort(StrEnum):
    """The sorts of properties that differ in how a value is spelled."""

    TEXT = "text"
    BOOLEAN = "yes or no"
    INTEGER = "whole number"
    DECIMAL = "number"
    DOUBLE = "floating number"
    SINGLE = "small floating number"
    DATE = "date"
    INSTANT = "date and time with zone"
    TIME = "time"
    GUID = "UUID"
    CHOICE = "value of the column's list"
    OTHER = "other"


_SORTS = {
    "Edm.String": EdmSort.TEXT,
    "Edm.Boolean": EdmSort.BOOLEAN,
    "Edm.Byte": EdmSort.INTEGER,
    "Edm.SByte": EdmSort.INTEGER,
    "Edm.Int16": EdmSort.INTEGER,
    "Edm.Int32": EdmSort.INTEGER,
    "Edm.Int64": EdmSort.INTEGER,
    "Edm.Decimal": EdmSort.DECIMAL,
    "Edm.Double": EdmSort.DOUBLE,
    "Edm.Single": EdmSort.SINGLE,
    "Edm.Date": EdmSort.DATE,
    "Edm.DateTimeOffset": EdmSort.INSTANT,
    "Edm.TimeOfDay": EdmSort.TIME,
    "Edm.Guid": EdmSort.GUID,
}


@dataclass(frozen=True)
class EdmProperty:
    """One property of an entity type."""

    name: str
    """Its name, in the spelling of $metadata."""
    sort: EdmSort
    """What it holds."""
    type: str = "Edm.String"
    """Its type as declared."""
    nullable: bool = True
    """Whether it may be without a value."""
    length: int | None = None
    """The most characters it takes."""
    precision: int | None = None
    """The most decimal digits it takes; of a time, the digits of its seconds."""
    scale: int | None = None
    """The most digits after the decimal point; None if any number."""
    choices: tuple[str, ...] = ()
    """The only values it takes, if it is of an enumeration."""
    given: bool = True
    """Whether a client may give it a value: not if the service computes it."""
    preset: bool = False
    """Whether the service gives it a value where none is sent."""


@dataclass(frozen=True)
class EdmEntityType:
    """What the rows of an entity set look like."""

    keys: tuple[str, ...]
    """The properties of the primary key."""
    properties: Mapping[str, EdmProperty]
    """By name, those of its base types included."""
    navigations: Mapping[str, bool]
    """Navigation property → whether it leads to many rows."""
    alternate_keys: frozenset[str]
    """Single properties by which a row can be addressed, too."""


class NoMetadata(Exception):
    """What was read is no $metadata."""


def read_model(document: bytes) -> Mapping[str, EdmEntityType]:
    """Read the entity sets of a service, by name. Raises NoMetadata."""
    if b"<!DOCTYPE" in document:  # CSDL has none; entities of its own could fill the memory
        raise NoMetadata
    try:
        root = ET.fromstring(document)
    except ET.ParseError:
        raise NoMetadata from None
    schemas = _Schemas(root)
    if not schemas.sets:
        raise NoMetadata
    return schemas.sets


class _Schemas:
    """All schemas of a document; names are qualified by namespace, whatever alias was used."""

    def __init__(self, root: ET.Element) -> None:
        self._aliases: dict[str, str] = {}
        self._elements: dict[str, ET.Element] = {}
        self._apart: dict[str, list[ET.Element]] = {}
        schemas = list(_each(root, "Schema", deep=True))
        for schema in schemas:
            alias = schema.get("Alias")
            if alias is not None:
                self._aliases[alias] = schema.get("Namespace", "")
        for schema in schemas:
            space = schema.get("Namespace", "")
            for element in schema:
                self._elements[f"{space}.{element.get('Name')}"] = element
                if _tag(element) == "Annotations":
                    where = self._name(element.get("Target", ""))
                    self._apart.setdefault(where, []).extend(_each(element, "Annotation"))
        self.sets = {
            one.get("Name", ""): self._type(self._name(one.get("EntityType", "")))
            for schema in schemas
            for container in _each(schema, "EntityContainer")
            for one in _each(container, "EntitySet")
            if self._name(one.get("EntityType", "")) in self._elements
        }

    def _name(self, name: str) -> str:
        space, dot, rest = name.partition(".")
        return self._aliases[space] + dot + rest if space in self._aliases else name

    def _type(self, name: str) -> EdmEntityType:
        keys: tuple[str, ...] = ()
        properties: dict[str, EdmProperty] = {}
        navigations: dict[str, bool] = {}
        alternate: set[str] = set()
        for owner, element in self._lineage(name):
            for key in _each(element, "Key"):
                keys = tuple(ref.get("Name", "") for ref in _each(key, "PropertyRef"))
            for one in _each(element, "Property"):
                found = self._property(owner, one)
                properties[found.name] = found
            for one in _each(element, "NavigationProperty"):
                many = one.get("Type", "").startswith("Collection(")
                navigations[one.get("Name", "")] = many
            alternate.update(_alternate_keys(self._annotations(owner, element)))
        return EdmEntityType(keys, properties, navigations, frozenset(alternate))

    def _lineage(self, name: str) -> Iterator[tuple[str, ET.Element]]:
        """A type and what it is derived from, the root first."""
        chain: list[tuple[str, ET.Element]] = []
        while name in self._elements and name not in (known for known, _ in chain):
            chain.append((name, self._elements[name]))
            name = self._name(self._elements[name].get("BaseType", ""))
        return reversed(chain)

    def _annotations(self, path: str, element: ET.Element) -> list[ET.Element]:
        return [*_each(element, "Annotation"), *self._apart.get(path, ())]

    def _property(self, owner: str, element: ET.Element) -> EdmProperty:
        name, declared = element.get("Name", ""), element.get("Type", "Edm.String")
        kind = self._elements.get(self._name(declared))
        choices: tuple[str, ...] = ()
        if kind is not None and _tag(kind) == "TypeDefinition":
            sort = _SORTS.get(kind.get("UnderlyingType", ""), EdmSort.OTHER)
        elif kind is not None and _tag(kind) == "EnumType":
            many = kind.get("IsFlags") == "true"
            sort = EdmSort.OTHER if many else EdmSort.CHOICE
            choices = tuple(one.get("Name", "") for one in _each(kind, "Member"))
        else:
            sort = _SORTS.get(declared, EdmSort.OTHER)
        terms = {
            (one.get("Term") or "").rpartition(".")[2]
            for one in self._annotations(f"{owner}/{name}", element)
            if one.get("Bool") != "false"
        }
        default = element.get("DefaultValue") is not None
        return EdmProperty(
            name,
            sort,
            declared,
            nullable=element.get("Nullable", "true") != "false",
            length=_number(element.get("MaxLength")) if sort is EdmSort.TEXT else None,
            precision=_number(element.get("Precision")),
            scale=_scale(element) if sort is EdmSort.DECIMAL else None,
            choices=choices,
            given="Computed" not in terms,
            preset=default or bool(terms & {"Computed", "ComputedDefaultValue"}),
        )


def _alternate_keys(annotations: list[ET.Element]) -> Iterator[str]:
    """Org.OData.Core.V1.AlternateKeys, or the community's term of the same make that Microsoft's
    libraries write; keys of one property only.
    """
    for annotation in annotations:
        if (annotation.get("Term") or "").rpartition(".")[2] != "AlternateKeys":
            continue
        for record in _each(annotation, "Record", deep=True):
            parts = [p for p in _each(record, "PropertyValue") if p.get("Property") == "Key"]
            for part in parts:
                names = [name for ref in part.iter() if (name := _path(ref))]
                if len(names) == 1:
                    yield names[0]


def _path(element: ET.Element) -> str | None:
    if _tag(element) == "PropertyValue" and element.get("Property") == "Name":
        own = element.get("PropertyPath") or element.get("String")
        inner = next((child.text for child in element if _tag(child) == "PropertyPath"), None)
        return own or inner
    return None


def _scale(element: ET.Element) -> int | None:
    """CSDL XML 4.01, 7.2.4: none declared is 0; `variable` and `floating` are any."""
    declared = element.get("Scale")
    if declared is None:
        return 0 if element.get("Precision") is not None else None
    return _number(declared)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _each(element: ET.Element, tag: str, *, deep: bool = False) -> Iterator[ET.Element]:
    found = element.iter() if deep else element
    return (one for one in found if _tag(one) == tag)
