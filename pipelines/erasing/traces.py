"""What a person's traces are known by: keys, ids, and values nobody else has."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from cleansing import clean_values
from governance import DataSubject, Ledger, PersonalValues
from governance.personal_values import JOINED
from governance.run_folder import CLEAN, RECORDS, RunFolder, RunTable
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, IDENTITY, PLACE
from guiyi.spec import Project
from pipelines.erasing.mentions import name_fields, touched_records, unshared_keys
from pipelines.stages.suppression import MOBILE, named_by

SHORTEST, SHORTEST_ASCII = 2, 5
"""Characters from which a value says who somebody is; shorter ones stand by chance in any text."""


@dataclass(frozen=True)
class Traces:
    """By what a person is found in tables and texts."""

    keys: frozenset[str]
    """Record keys, those of earlier names among them."""
    golden_ids: frozenset[str]
    places: frozenset[str]
    """Where the rows stand in the sources (`_place`)."""
    values: frozenset[str]
    """Values of the person's records."""
    own: frozenset[str]
    """Those that no other record of any entity has."""
    naming: PersonalValues
    """Names, mailboxes, mobiles and numbers no other record of the entity has: wherever they stand,
    it is this person they name."""

    @cached_property
    def in_texts(self) -> re.Pattern[str]:
        """Finds what names the person, as texts and pages spell it."""
        names, numbers = (
            frozenset(
                form for one in values for form in (one, html.escape(one), json.dumps(one)[1:-1])
            )
            for values in (self.naming.names, self.naming.numbers)
        )
        return PersonalValues(names, numbers).anywhere

    @property
    def telling_keys(self) -> frozenset[str]:
        """Record keys that name the person themselves, such as those that hold a mailbox."""
        return frozenset(key for key in self.keys if self.naming.mentions(key))


def traces_of(
    project: Project, folders: Sequence[RunFolder], ledger: Ledger, subject: DataSubject
) -> Traces:
    """Look through the runs there are, and the versions the ledger keeps."""
    keys = frozenset(subject.names)
    places: set[str] = set()
    texts = _versions(ledger, subject)
    tables = [
        (folder, table, entity)
        for folder in folders
        for table in (RECORDS, CLEAN)
        for entity in folder.names(table)
    ]
    values = set[str]().union(*texts.values())
    kinds = project.entities[subject.entity].kinds
    for folder, table, entity in tables:
        if entity == subject.entity:
            rows = folder.scan(table, entity).filter(record_key().is_in(list(keys))).collect()
            places |= set(rows[PLACE].drop_nulls())
            values |= _texts(rows.select(_fields(folder, table, entity)))
            for name in set(kinds) & set(rows.columns):
                texts[name] |= _texts(rows.select(name))
    if named_by(project.entities[subject.entity]) is not Kind.PERSON_NAME:
        kinds = {name: kind for name, kind in kinds.items() if kind is Kind.USCC}
    groups = _naming(texts, kinds)  # a firm's mailbox and mobile are those of people
    values = {value for value in values if _telling(value)}.union(*groups)
    own, held = set(values), _in_force(ledger, subject, groups)
    for folder, table, entity in tables:
        others = keys if entity == subject.entity else frozenset[str]()
        found = _held_by_others(folder, table, entity, others, values)
        own -= found
        held |= found if entity == subject.entity else set()
    unique = {group: kind for group, kind in groups.items() if not group & held}
    names = [group for group, kind in unique.items() if kind in NAMES]
    numbers = [group for group, kind in unique.items() if kind not in NAMES]
    naming = PersonalValues(
        frozenset[str]().union(*names),
        frozenset[str]().union(*numbers),
        _firm_names(project),
        frozenset[str]().union(*(group for group, kind in groups.items() if kind in NAMES)),
        own_names=name_fields(project, subject.entity, Kind.PERSON_NAME),
    )
    if naming.known:
        identifying = [group for group, kind in groups.items() if kind not in NAMES]
        keys_of = unshared_keys(folders, subject, naming.known, identifying)
        naming = replace(naming, keys=keys_of)
        naming = replace(naming, touched=touched_records(folders, ledger, subject, naming))
    return Traces(
        keys,
        frozenset(subject.golden_ids),
        frozenset(places),
        frozenset(values),
        frozenset(own) | naming.names | naming.numbers,
        naming,
    )


def _firm_names(project: Project) -> dict[str, frozenset[str]]:
    """Entity, or CRM entity → its fields that name a firm."""
    firms = {
        entity: frozenset(name for name, kind in spec.kinds.items() if kind is Kind.COMPANY_NAME)
        for entity, spec in project.entities.items()
    }
    loaded = {
        name: frozenset(
            column
            for column, field in crm.fields.items()
            if (field.field or "").partition(".")[0] in firms[crm.entity]
        )
        for name, crm in project.mapping.items()
    }
    every = firms.keys() | loaded.keys()
    none = frozenset[str]()
    return {name: firms.get(name, none) | loaded.get(name, none) for name in every}


def _naming(texts: Mapping[str, set[str]], kinds: Mapping[str, Kind]) -> dict[frozenset[str], Kind]:
    """Values of some fields that name a person, each with all its spellings: not the telephone or
    mailbox of a desk.
    """
    found: dict[frozenset[str], Kind] = {}
    for name, kind in kinds.items():
        if kind not in NAMING or not texts.get(name):
            continue
        given = pl.Series(sorted(texts[name]), dtype=pl.String)
        cleaned = clean_values(given, kind).with_columns(given=given)
        if kind is Kind.PHONE:
            cleaned = cleaned.filter(type=MOBILE)
        elif kind is Kind.EMAIL:
            cleaned = cleaned.filter(~pl.col("role").fill_null(value=False))
        spellings = [n for n in ("given", "value", "key", "all") if n in cleaned.columns]
        for row in cleaned.select(spellings).iter_slices(1):
            spelled = {form for value in _texts(row) for form in (value, value.removeprefix("+86"))}
            group = frozenset(value for value in spelled if _telling(value))
            if group:
                found[group] = kind
    return _together(found)


def _together(groups: Mapping[frozenset[str], Kind]) -> dict[frozenset[str], Kind]:
    """Spellings that share one are those of one value."""
    joined: list[tuple[frozenset[str], Kind]] = []
    for group, kind in groups.items():
        same = [other for other in joined if other[1] is kind and other[0] & group]
        joined = [other for other in joined if other not in same]
        joined.append((group.union(*(other[0] for other in same)), kind))
    return dict(joined)


NAMES = (Kind.PERSON_NAME,)
NAMING = (*NAMES, Kind.ID_CARD, Kind.USCC, Kind.EMAIL, Kind.PHONE)


def _in_force(
    ledger: Ledger, subject: DataSubject, groups: Mapping[frozenset[str], Kind]
) -> set[str]:
    """Which of the values golden records of others of the entity have; also where no run is left
    to look into.
    """
    every = frozenset[str]().union(*groups)
    found: set[str] = set()
    mentioned = ledger.mentioning(PersonalValues(every))
    others = mentioned.filter(
        pl.col("entity") == subject.entity, ~pl.col(GOLDEN_ID).is_in(subject.golden_ids)
    )
    for image in others["fields"]:
        for value in json.loads(image).values():
            found |= set(value.split(JOINED)) & every if isinstance(value, str) else set()
    return found


def _versions(ledger: Ledger, subject: DataSubject) -> dict[str, set[str]]:
    """Every value the person's golden records have had, or was reported by, by field."""
    found: dict[str, set[str]] = defaultdict(set)
    for golden_id in subject.golden_ids:
        for image in ledger.golden_versions(subject.entity, golden_id)["fields"]:
            for name, value in json.loads(image).items():
                found[name] |= {value} if isinstance(value, str) else set()
    reported = ledger.registrations(subject.entity)
    for image in reported.filter(pl.col("id").is_in(subject.registrations))["fields"]:
        for name, value in json.loads(image).items():
            found[name].add(value)
    return found


def _fields(folder: RunFolder, table: RunTable, entity: str) -> list[str]:
    """The columns that hold values, or forms of them; not reasons, relations and places."""
    aside = {*IDENTITY, GOLDEN_ID}
    return [
        name
        for name, kind in folder.scan(table, entity).collect_schema().items()
        if name not in aside
        and kind in (pl.String, pl.List(pl.String))
        and not name.startswith("ref.")
        and not name.endswith(".reason")
    ]


def _texts(rows: pl.DataFrame) -> set[str]:
    """Every text in a table."""
    found: set[str] = set()
    for column in rows:
        flat = column.explode() if column.dtype == pl.List(pl.String) else column
        found |= set(flat.drop_nulls())
    return found


def _held_by_others(
    folder: RunFolder, table: RunTable, entity: str, keys: frozenset[str], values: set[str]
) -> set[str]:
    """Which values other records have in any column."""
    others = folder.scan(table, entity).filter(~record_key().is_in(list(keys)))
    found: set[str] = set()
    for name in _fields(folder, table, entity):
        column = others.select(pl.col(name))
        if column.collect_schema()[name] == pl.List(pl.String):
            column = column.explode(name)
        found |= set(column.filter(pl.col(name).is_in(list(values))).unique().collect()[name])
    return found


def _telling(value: str) -> bool:
    return len(value) >= (SHORTEST_ASCII if value.isascii() else SHORTEST)
