"""Which tables of a workbook hold the customers: not its instructions, not its orders.

    tables, notes = choose(read_places(files), wanted="客户", entity=None)

Sheets of one entity are taken together; what is left out is named. A place with one table is left
as it is.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiyi.errors import SourceError
from guiyi.messages import Message, at_place, listed
from guiyi.near_names import did_you_mean
from pipelines.files.column_synonyms import folded, meanings
from pipelines.files.reading import Loose
from pipelines.proposing.schema import table_role
from pipelines.proposing.tables import COMPANY, ORDER, PERSON

NAMED = 6
"""So many tables are named."""
_ALIKE = 0.5
"""Tables are one list where so many of the columns of the smaller are columns of the larger."""
_FEW = 50
"""Customers have no fewer rows than a fiftieth of the orders; else the orders are the list."""
_HOLDS = {
    COMPANY: Message("companies"),
    PERSON: Message("persons"),
    ORDER: Message("orders"),
    None: Message("no customers"),
}


@dataclass
class _JoinedTables:
    """Tables that are one list."""

    entity: str | None
    tables: list[Loose]

    @property
    def rows(self) -> int:
        """How many rows they have together."""
        return sum(table.rows.height for table in self.tables)


def choose(
    tables: Sequence[Loose], wanted: str | None = None, entity: str | None = None
) -> tuple[list[Loose], list[str]]:
    """Keep the tables of customers, or the one that is wanted; say which were left out.

    `wanted` is a table's name or number, and holds for every place with several tables. `entity`
    is what rows are to be. Raises SourceError where no table is called so.
    """
    places: dict[str, list[Loose]] = defaultdict(list)
    for table in tables:
        places[table.place].append(table)
    several = {place for place, there in places.items() if len(there) > 1}
    kept: list[Loose] = []
    notes: list[str] = []
    for place, there in places.items():
        if wanted is not None and (place in several or not several):
            kept.append(_named(there, wanted, place))
        elif place in several:
            mine = _customers(there, entity)
            kept += mine.tables
            notes += _left_out(place, there, mine.tables)
        else:
            kept += there
    return kept, [*notes, *_hidden(kept)]


def _hidden(tables: Sequence[Loose]) -> list[str]:
    """Say what is read though nobody sees it: its owner may not mean it."""
    return [at_place(t.name, note) for t in tables for note in t.info.notes if "hidden" in note]


def chosen_before(tables: Sequence[Loose], document: dict[str, Any]) -> list[Loose]:
    """Of tables that are read again, those that were chosen when a model was made of them."""
    names = set(document.get("tables", ()))
    there = {table.info.name for table in tables}
    return [t for t in tables if t.info.name in names] if names and names <= there else [*tables]


def _named(tables: Sequence[Loose], wanted: str, place: str) -> Loose:
    """The table of that name, or else of that number, counted from 1."""
    for found in (wanted, wanted.strip().casefold()):
        for table in tables:
            if found in (table.info.name, table.info.name.strip().casefold()):
                return table
    if wanted.isdigit() and 0 < int(wanted) <= len(tables):
        return tables[int(wanted) - 1]
    names = [table.info.name for table in tables]
    raise SourceError(
        Message("no table `{name}`", name=wanted), place=place, hint=did_you_mean(wanted, names)
    )


def _customers(tables: Sequence[Loose], entity: str | None) -> _JoinedTables:
    """The list of customers among tables; all of them where it is not clear which."""
    groups: list[_JoinedTables] = []
    for table in tables:
        role = table_role(table.info, table.data).entity
        like = next((group for group in groups if _belongs(table, role, group)), None)
        if like is None:
            groups.append(_JoinedTables(role, [table]))
        else:
            like.tables.append(table)
            like.entity = like.entity or role
    known = [group for group in groups if group.entity is not None]
    if not known:
        return _JoinedTables(None, list(tables))
    orders = max((group.rows for group in known if group.entity == ORDER), default=0)
    people = [group for group in known if group.entity != ORDER and group.rows * _FEW >= orders]
    meant = [group for group in known if group.entity == entity]
    return max(meant or people or known, key=lambda group: group.rows)


def _belongs(table: Loose, role: str | None, group: _JoinedTables) -> bool:
    if role is not None and group.entity is not None:
        return role == group.entity
    return any(_alike(table.data.columns, other.data.columns) for other in group.tables)


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two tables have the same columns, in whatever words."""
    mine, theirs = ([_words(header) for header in columns] for columns in (one, other))
    fewer, more = sorted((mine, theirs), key=len)
    shared = sum(any(words & found for found in more) for words in fewer)
    return shared >= 2 and shared >= _ALIKE * len(fewer)


def _words(header: str) -> set[str]:
    return {folded(header), *meanings(header).values()}


def _left_out(place: str, there: Sequence[Loose], kept: Collection[Loose]) -> list[str]:
    """Say which tables are taken together, and which are not taken."""
    name = Path(place).name or place
    taken = [table.info.name for table in kept]
    left = [table for table in there if table.info.name not in taken]
    if not left:
        return []
    shown = [
        Message(
            "{before} ({inside})",
            before=table.info.name,
            inside=_HOLDS[table_role(table.info, table.data).entity],
        )
        for table in left[:NAMED]
    ]
    return [
        Message(
            "{name}: only {taken}; left out: {left_out}; --table takes one table alone",
            name=name,
            taken=", ".join(taken),
            left_out=listed([*shown, *["…"][: len(left) - NAMED > 0]]),
        )
    ]
