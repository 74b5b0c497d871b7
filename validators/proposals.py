"""Proposes a first suite from what the data already keeps to, for a person to sharpen."""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl
import yaml

from guiyi.kinds import Kind
from guiyi.records import raw

ALMOST_ALWAYS = 0.995
"""A field as full as this is meant to be full."""
WORTH_WATCHING = 0.5
"""A field as full as this is worth a warning when it gets emptier."""
FEW_VALUES = 12
"""A code with no more values than this is a list."""

_CONTACTS = (Kind.PHONE, Kind.EMAIL, Kind.ADDRESS)
_CHECKED = frozenset(
    {Kind.PHONE, Kind.EMAIL, Kind.USCC, Kind.ID_CARD, Kind.DATE, Kind.AMOUNT, Kind.POSTCODE}
)
"""Kinds of which a value can be plainly invalid."""
_NAMES = (Kind.COMPANY_NAME, Kind.PERSON_NAME)


def propose_suites(
    table: pl.DataFrame, kinds: Mapping[str, Kind], entity: str, suite: str | None = None
) -> str:
    """Write a suite, as YAML, that clean records of an entity pass but for what is plainly wrong.

    What the entity cannot do without (a name; a contact, if it has any) is critical, and so is a
    value that is not valid for its kind; what is merely usual is a warning.
    """
    fields = {name: kind for name, kind in kinds.items() if name in table.columns}
    expectations = [{"rows": {"min": 1}}, *_must(table, fields), *_valid(table, fields)]
    expectations += [one for name, kind in fields.items() for one in _usual(table, name, kind)]
    head = {"suite": suite or f"{entity}_records", "entity": entity, "on": "records"}
    body = "\n".join(_item(one) for one in expectations)
    return f"{_block(head)}expectations:\n{body}\n"


def _must(table: pl.DataFrame, fields: Mapping[str, Kind]) -> list[dict[str, Any]]:
    names = [name for name, kind in fields.items() if kind in _NAMES]
    found: list[dict[str, Any]] = []
    if len(names) == 1 and _fill(table, names) > WORTH_WATCHING:
        found.append({"not_null": names[0]})
    elif len(names) > 1 and _fill(table, names) > WORTH_WATCHING:
        found.append({"any_of": names})
    contacts = [name for name, kind in fields.items() if kind in _CONTACTS]
    if len(contacts) > 1 and _fill(table, contacts) >= 0.9:
        found.append({"any_of": contacts, "severity": "warning"})
    return found


def _valid(table: pl.DataFrame, fields: Mapping[str, Kind]) -> list[dict[str, Any]]:
    """An identifier that is invalid points to another; an invalid phone or date is only missing."""
    found: list[dict[str, Any]] = []
    for name, kind in fields.items():
        if kind in _CHECKED and raw(name) in table.columns:
            soft = {} if kind in (Kind.USCC, Kind.ID_CARD) else {"severity": "warning"}
            found.append({"valid": name, **soft})
    return found


def _usual(table: pl.DataFrame, name: str, kind: Kind) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    fill = _fill(table, [name])
    warning = {"severity": "warning"}
    if kind not in _NAMES and fill >= ALMOST_ALWAYS:
        found.append({"not_null": name, **warning})
    elif kind not in _NAMES and fill >= WORTH_WATCHING:
        found.append({"not_null": name, "mostly": _floor(fill), **warning})
    values = table[name].drop_nulls()
    if kind is Kind.CODE and _is_list(values):
        found.append({"in_set": {"column": name, "values": sorted(values.unique())}, **warning})
    if kind is Kind.AMOUNT and not values.is_empty():
        numbers = values.cast(pl.Float64, strict=False).drop_nulls()
        if not numbers.is_empty() and (numbers >= 0).mean() == 1:
            found.append({"between": {"column": name, "min": 0}, **warning})
    return found


def _is_list(values: pl.Series) -> bool:
    distinct = values.n_unique()
    return 2 <= distinct <= FEW_VALUES and values.len() >= 10 * distinct


def _floor(fill: float) -> float:
    """Round a fill rate down to 5 %, to leave room."""
    return int(fill * 20) / 20


def _fill(table: pl.DataFrame, names: list[str]) -> float:
    if table.is_empty():
        return 0.0
    given = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
    return float(table.select(given.mean()).item())


def _item(expectation: dict[str, Any]) -> str:
    """One expectation as a person would write it: the rule on a line, its severity below."""
    first, *others = (f"{key}: {_flow(value)}" for key, value in expectation.items())
    return "\n".join([f"  - {first}", *(f"    {line}" for line in others)])


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
    return re.sub(r"\n?\.\.\.\n$|\n$", "", text)


def _block(head: Mapping[str, str]) -> str:
    return "".join(f"{key}: {_flow(value)}\n" for key, value in head.items())
