"""Relations between the tables of a source: by declared foreign keys, or by a key's name."""

import re
from collections.abc import Iterable, Mapping

from connectors.sources import Link, TableInfo
from pipelines.proposing.tables import COMPANY, ORDER, TableProposal, slug

_CUSTOMERS = re.compile(r"(?i)cust|client|account|kunde|kehu|客户|客戶")
"""Tables called so are pointed to as the account, before shippers and suppliers."""
_KEY_ENDS = re.compile(r"_(?:id|key|no|code|fk)$")


def relate(tables: list[TableProposal], infos: Iterable[TableInfo]) -> None:
    """Point every table to the records whose keys it holds."""
    declared = {info.name: info.links for info in infos if info.links}
    names: dict[tuple[str, str], str] = {}
    for table in tables:
        links = declared.get(table.table, ())
        for link in sorted(links, key=lambda link: not _CUSTOMERS.search(link.table)):
            _follow(table, link, tables, names)
        if not declared:
            _by_name(table, tables)


def without_customers(
    tables: list[TableProposal], infos: Iterable[TableInfo], named: Iterable[str]
) -> list[TableProposal]:
    """Leave out, where keys are declared, what has dates and amounts but belongs to no customer."""
    if not any(info.links for info in infos):
        return tables
    sure = set(named)
    return [t for t in tables if t.entity != ORDER or t.refs or t.table in sure]


def crm_relations(tables: Iterable[TableProposal]) -> Mapping[str, str]:
    """Name the CRM field of each relation."""
    names = {name for table in tables for name in table.refs}
    return {
        "account_id" if name == COMPANY else f"{name}_id": name
        for name in sorted(names, key=lambda name: (name != COMPANY, name))
    }


def _follow(
    table: TableProposal,
    link: Link,
    tables: list[TableProposal],
    names: dict[tuple[str, str], str],
) -> None:
    there = [t for t in tables if t.table == link.table and t.entity != ORDER]
    there = [t for t in there if not link.to or t.key == list(link.to)]
    if not there or set(link.columns) <= set(table.key):
        return
    other = next((t for t in there if t.entity == COMPANY), there[0])
    name = _name(table, link, other.entity)
    while names.setdefault((table.entity, name), other.entity) != other.entity:
        name += f"_{other.entity}"
    _point(table, name, other, link.columns)


def _name(table: TableProposal, link: Link, entity: str) -> str:
    if entity == COMPANY != table.entity and COMPANY not in table.refs:
        return COMPANY
    wanted = name = _KEY_ENDS.sub("", slug(link.columns[0]))
    number = 1
    while name in table.refs:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _by_name(table: TableProposal, tables: list[TableProposal]) -> None:
    """Relate a table to the companies whose key one of its columns is called like."""
    if table.entity == COMPANY or table.refs:
        return
    for other in tables:
        points = len(other.key) == 1 and other.key[0] in table.sample.columns
        if points and other.entity == COMPANY and other.key != table.key:
            _point(table, COMPANY, other, (other.key[0],))
            return


def _point(table: TableProposal, name: str, other: TableProposal, columns: tuple[str, ...]) -> None:
    held = columns[0] if len(columns) == 1 else list(columns)
    table.refs[name] = {"entity": other.entity, "table": other.table, "columns": held}
    table.columns = {n: c for n, c in table.columns.items() if not set(c) <= set(columns)}
    table.kinds = {field: table.kinds[field] for field in table.columns}
    table.ignore = [column for column in table.ignore if column not in columns]
