"""Rows of others that name a person: by name and a key beside it, or by a name others bear, too.

A key is a mailbox, a mobile or a number of the person. Name and key in one row say who is meant;
the name alone does not, so such a row is listed for somebody to look at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from governance import DataSubject, Ledger, PersonalValues
from governance.run_folder import CLEAN, CLUSTERS, RECORDS, RunFolder
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, IDENTITY, PLACE
from guiyi.spec import Project


def name_fields(project: Project, entity: str, kind: Kind) -> dict[str, frozenset[str]]:
    """The fields of a kind by which an entity's records are called: of the entity, of its CRM
    entities, and of the source tables it is read from.
    """
    spec = project.entities[entity]
    own = frozenset(name for name, of in spec.kinds.items() if of is kind)
    found = {entity: own}
    for name, crm in project.mapping.items():
        if crm.entity == entity:
            found[name] = frozenset(
                column
                for column, field in crm.fields.items()
                if (field.field or "").partition(".")[0] in own
            )
    for source, of_source in project.sources.items():
        for table in of_source.tables:
            if table.entity == entity:
                name = f"{source}.{table.table}"
                columns = {one for field in own for one in table.columns.get(field, ())}
                found[name] = found.get(name, frozenset()) | columns
    return found


def unshared_keys(
    folders: Sequence[RunFolder],
    subject: DataSubject,
    names: frozenset[str],
    groups: Collection[frozenset[str]],
) -> frozenset[str]:
    """The keys that no namesake has: a father and a son may share name and mobile.

    `groups` has each key with all its spellings.
    """
    values = PersonalValues(known=names)
    shared: set[frozenset[str]] = set()
    for folder, table in product(folders, (RECORDS, CLEAN)):
        if folder.has(table, subject.entity):
            others = folder.scan(table, subject.entity).filter(
                ~record_key().is_in(list(subject.names))
            )
            for row in _naming_rows(others, values).iter_rows():
                texts = {value for value in row if isinstance(value, str)}
                if texts & names:
                    shared |= {own for own in groups if any(k in t for k in own for t in texts)}
    return frozenset[str]().union(*(own for own in groups if own not in shared))


def touched_records(
    folders: Sequence[RunFolder], ledger: Ledger, subject: DataSubject, values: PersonalValues
) -> frozenset[str]:
    """Keys, places and golden ids of records of other entities that say a name and a key."""
    found: set[str] = set()
    for folder in folders:
        for table, entity in ((of, e) for of in (RECORDS, CLEAN) for e in folder.names(of)):
            if entity == subject.entity:
                continue
            rows = _naming_rows(folder.scan(table, entity), values)
            columns = _texts(rows)
            says = [
                pl.col(c).map_elements(values.names_in, return_dtype=pl.Boolean) for c in columns
            ]
            named = pl.any_horizontal(pl.lit(value=False), *says).fill_null(value=False)
            hit = rows.filter(values.says_key_in(columns), named)
            keys = hit.select(record_key()).to_series()
            found |= {*keys, *hit[PLACE].drop_nulls()} | _golden_ids(folder, ledger, entity, keys)
    return frozenset(found)


def _golden_ids(folder: RunFolder, ledger: Ledger, entity: str, keys: pl.Series) -> set[str]:
    if keys.is_empty():
        return set()
    links = [ledger.crosswalk(entity).lazy()]
    if folder.has(CLUSTERS, entity):
        links.append(folder.scan(CLUSTERS, entity))
    return {
        golden_id
        for some in links
        for golden_id in some.filter(record_key().is_in(keys.implode()))
        .select(GOLDEN_ID)
        .collect()[GOLDEN_ID]
    }


def _naming_rows(rows: pl.LazyFrame, values: PersonalValues) -> pl.DataFrame:
    """Rows in which a name may stand: a sieve."""
    schema = rows.collect_schema()
    columns = [n for n, of in schema.items() if of == pl.String and n not in IDENTITY]
    spelled = sorted(values.known)
    held = [pl.col(name).str.contains_any(spelled).fill_null(value=False) for name in columns]
    return rows.filter(pl.any_horizontal(pl.lit(value=False), *held)).collect()


def _texts(rows: pl.DataFrame) -> list[str]:
    return [
        name
        for name, of in rows.schema.items()
        if of == pl.String and name not in IDENTITY and not name.startswith("ref.")
    ]


@dataclass(frozen=True)
class _NamesakesInTexts:
    """Finds the names in texts that may mean the person, and not somebody of a longer name."""

    values: PersonalValues
    longer: frozenset[str]

    def may_be_meant(self, text: str) -> bool:
        for name in self.longer:
            text = text.replace(name, " ")
        return any(name in text for name in self.values.known)


def look_yourself(
    project: Project, folders: Sequence[RunFolder], subject: DataSubject, values: PersonalValues
) -> list[str]:
    """The keys of the records in the latest run of each entity that still name somebody of the
    person's name.
    """
    if not values.known:
        return []
    namesakes = _NamesakesInTexts(values, _longer(project, folders, subject, values.known))
    found: set[str] = set()
    for entity in project.entities:
        folder = next((one for one in folders if one.has(RECORDS, entity)), None)
        if folder is None:
            continue
        kinds = project.entities[entity].kinds
        firms = {name for name, kind in kinds.items() if kind is Kind.COMPANY_NAME}
        rows = _naming_rows(folder.scan(RECORDS, entity), values)
        columns = [name for name in _texts(rows) if name not in firms]
        for row in rows.select(record_key().alias("key"), *columns).iter_rows():
            if any(isinstance(v, str) and namesakes.may_be_meant(v) for v in row[1:]):
                found.add(str(row[0]))
    return sorted(found - set(subject.names))


def _longer(
    project: Project, folders: Sequence[RunFolder], subject: DataSubject, names: frozenset[str]
) -> frozenset[str]:
    """Names of others that hold one of the names: 王伟民 is not 王伟."""
    found: set[str] = set()
    for entity, spec in project.entities.items():
        folder = next((one for one in folders if one.has(RECORDS, entity)), None)
        there = set() if folder is None else set(folder.columns(RECORDS, entity))
        for name, kind in spec.kinds.items():
            if folder is not None and name in there and kind is Kind.PERSON_NAME:
                held = folder.scan(RECORDS, entity).select(name).unique().drop_nulls().collect()
                found |= {
                    value
                    for value in held[name]
                    if value not in names and any(one in value for one in names)
                }
    return frozenset(found)
