"""Finds the sources, targets and kinds there are: our own, and those of other packages.

Another package declares an entry point in one of three groups (docs/extending.md). Our own stand in
`BUILT_IN`, in the same form: a checkout is complete without being installed. A package that cannot
be used is reported by its name, and only to those who ask for what it offers.

    find(SOURCES, "excel")            # the SourceType of connectors.sources.excel
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from guiyi.errors import GuiyiError
from guiyi.messages import Message, as_message
from guiyi.near_names import did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")

SOURCES, TARGETS, KINDS = "guiyi.sources", "guiyi.targets", "guiyi.kinds"
"""The groups of entry points."""

OWN_PACKAGE = "guiyi"

_NOUNS = {SOURCES: Message("source"), TARGETS: Message("target"), KINDS: Message("kind")}
"""What one of a group is called in a message."""

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    SOURCES: {
        "access": "connectors.sources.access.definition:ACCESS",
        "dbase": "connectors.sources.dbase.definition:DBASE",
        "vcard": "connectors.sources.vcard.definition:VCARD",
        "mail": "connectors.sources.mail.definition:MAIL",
        "card": "connectors.sources.card.definition:CARD",
        "excel": "connectors.sources.excel.definition:EXCEL",
        "database": "connectors.sources.database.definition:DATABASE",
        "address_book": "connectors.sources.address_book.definition:ADDRESS_BOOK",
        "delimited": "connectors.sources.delimited.definition:DELIMITED",
    },
    KINDS: {
        "email": "cleansing.kinds:EMAIL",
        "url": "cleansing.kinds:URL",
        "uscc": "cleansing.kinds:USCC",
        "id_card": "cleansing.kinds:ID_CARD",
        "date": "cleansing.kinds:DATE",
        "phone": "cleansing.kinds:PHONE",
        "postcode": "cleansing.kinds:POSTCODE",
        "region": "cleansing.kinds:REGION",
        "industry": "cleansing.kinds:INDUSTRY",
        "address": "cleansing.kinds:ADDRESS",
        "company_name": "cleansing.kinds:COMPANY_NAME",
        "person_name": "cleansing.kinds:PERSON_NAME",
        "amount": "cleansing.kinds:AMOUNT",
        "key": "cleansing.kinds:KEY",
        "code": "cleansing.kinds:CODE",
        "text": "cleansing.kinds:TEXT",
    },
    TARGETS: {
        "sql": "connectors.targets.sql.definition:SQL",
        "files": "connectors.targets.files.definition:FILES",
        "odata": "connectors.targets.odata.definition:ODATA",
        "hubspot": "connectors.targets.hubspot.definition:HUBSPOT",
        "salesforce": "connectors.targets.salesforce.definition:SALESFORCE",
        "odoo": "connectors.targets.odoo.definition:ODOO",
        "kingdee": "connectors.targets.kingdee.definition:KINGDEE",
        "rest": "connectors.targets.rest.definition:REST",
        "tryton": "connectors.targets.tryton.definition:TRYTON",
    },
}
"""Our own, as entry points would name them. Sources are asked in this order whether a file is
theirs: those that a few bytes prove come first, and any text is delimited. Kinds are in the order
in which ties of recognition are decided: those hardest to mistake come first."""

_log = logging.getLogger("guiyi.plugins")


class PluginError(GuiyiError):
    """Another package offers something that cannot be used."""


@dataclass(frozen=True)
class Plugin:
    """One thing that can be added by name, not imported yet."""

    group: str
    name: str
    value: str
    """The place of the object: `package.module:NAME`."""
    package: str | None = None
    """The distribution that declares it; None for our own."""
    rival: str | None = None
    """Another distribution that declares the same name."""

    def load(self, expected: type[T]) -> T:
        """Import the object.

        Raises PluginError, which names the package, if that fails or gives something else.
        """
        if self.rival is not None:
            raise self.fault(
                Message("the package {rival} offers the same name", rival=self.rival),
                "uninstall one",
            )
        try:
            loaded = at(self.value)
        except Exception as error:
            if self.package is None:
                raise
            why = " ".join(str(error).split())
            raise self.fault(f"{type(error).__name__}: {why}") from error
        if not isinstance(loaded, expected):
            found = type(loaded).__name__
            raise self.fault(
                Message(
                    "`{value}` is a {found}, not a {name}",
                    value=self.value,
                    found=found,
                    name=expected.__name__,
                )
            )
        return loaded

    def fault(self, why: str, hint: str = "correct or uninstall it") -> PluginError:
        """The error that says why a package cannot be used."""
        what = Message(
            "its {what} `{name}` cannot be used: {why}",
            what=_noun(self.group),
            name=self.name,
            why=as_message(why),
        )
        return PluginError(
            what, place=Message("package {name}", name=self.package or OWN_PACKAGE), hint=hint
        )


@cache
def at(value: str) -> Any:
    """The object at a place: `module:NAME`."""
    module, _, name = value.partition(":")
    loaded = import_module(module)
    for step in name.split(".") if name else ():
        loaded = getattr(loaded, step)
    return loaded


@cache
def plugins(group: str) -> Mapping[str, Plugin]:
    """All there is in a group, by name: other packages' in the order of their names, then ours."""
    own = {name: Plugin(group, name, value) for name, value in BUILT_IN.get(group, {}).items()}
    found: dict[str, Plugin] = {}
    from importlib.metadata import entry_points  # reading what is installed takes a moment

    declared = entry_points(group=group)
    for entry in sorted(declared, key=lambda one: (one.name, _package(one))):
        plugin = Plugin(group, entry.name, entry.value, _package(entry))
        first = found.get(entry.name)
        if entry.name in own:
            _report(plugin.fault("Guiyi has one of its own by that name"))
        elif first is None:
            found[entry.name] = plugin
        elif first.package != plugin.package:
            found[entry.name] = replace(first, rival=plugin.package)
    return {**found, **own}


def _package(entry: "EntryPoint") -> str:
    return "?" if entry.dist is None else str(entry.dist.metadata["Name"])


def _noun(group: str) -> Message:
    return _NOUNS[group]


@cache
def plugin(group: str, name: str) -> Plugin | None:
    """What has a name, if anything; for one of our own nobody else's package is looked at."""
    own = BUILT_IN.get(group, {}).get(name)
    return plugins(group).get(name) if own is None else Plugin(group, name, own)


def find(group: str, name: str, expected: type[T]) -> T:
    """Load what has a name.

    Raises LookupError if nothing has it, and PluginError if it cannot be used.
    """
    found = plugin(group, name)
    if found is None:
        raise LookupError(
            Message(
                "unknown {what} `{name}`; {hint}",
                what=_noun(group),
                name=name,
                hint=did_you_mean(name, plugins(group)),
            )
        )
    return found.load(expected)


def usable(group: str, expected: type[T]) -> Iterator[tuple[str, T]]:
    """Everything of a group that can be used; what cannot is reported once, and left out."""
    for name, one in plugins(group).items():
        try:
            yield name, one.load(expected)
        except PluginError as error:
            _report(error)


def left_out(one: Plugin, error: Exception) -> None:
    """Report, once, that what a package offers failed on some data and is left out.

    What the error says is not repeated: it may hold a value.
    """
    _report(one.fault(Message("it fails with {cause}", cause=type(error).__name__)))


_reported: set[str] = set()


def _report(error: PluginError) -> None:
    if str(error) not in _reported:
        _reported.add(str(error))
        _log.warning("%s", error)
