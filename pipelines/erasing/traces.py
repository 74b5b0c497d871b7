"""What a person's traces are known by: keys, ids, and values nobody else has."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cleansing import clean_values
from governance import DataSubject, Ledger
from governance.run_folder import CLEAN, RECORDS, RunFolder, RunTable
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, IDENTITY, PLACE
from pipelines.stages.suppression import MOBILE

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
    naming: frozenset[str]
    """Names, mailboxes, mobiles and numbers no other record of the entity has: wherever they stand,
    it is this person they name."""
    own: frozenset[str]
    """These, and values that no other record of any entity has."""

    @property
    def telling_keys(self) -> frozenset[str]:
        """Record keys that name the person themselves, such as those that hold a mailbox."""
        return frozenset(key for key in self.keys if any(value in key for value in self.naming))


def traces_of(
    folders: Iterable[Path], ledger: Ledger, subject: DataSubject, kinds: Mapping[str, Kind]
) -> Traces:
    """Look through the runs there are, and the versions the ledger keeps; `kinds`: of the fields of
    the person's entity.
    """
    keys = frozenset(subject.names)
    places: set[str] = set()
    texts = _versions(ledger, subject)
    values = set[str]().union(*texts.values())
    tables = [
        (RunFolder(path), table, entity)
        for path in folders
        for table in (RECORDS, CLEAN)
        for entity in RunFolder(path).names(table)
    ]
    for folder, table, entity in tables:
        if entity == subject.entity:
            rows = folder.scan(table, entity).filter(record_key().is_in(list(keys))).collect()
            places |= set(rows[PLACE].drop_nulls())
            values |= _texts(rows.select(_fields(folder, table, entity)))
            for name in set(kinds) & set(rows.columns):
                texts[name] |= _texts(rows.select(name))
    naming = {value for value in _naming(texts, kinds) if _telling(value)}
    values = {value for value in values if _telling(value)} | naming
    own = set(values)
    nobody = frozenset[str]()
    for folder, table, entity in tables:
        if entity == subject.entity:
            held = _held_by_others(folder, table, entity, keys, own | naming)
            own, naming = own - held, naming - held
        else:
            own -= _held_by_others(folder, table, entity, nobody, own)
    return Traces(
        keys,
        frozenset(subject.golden_ids),
        frozenset(places),
        frozenset(values),
        frozenset(naming),
        frozenset(own | naming),
    )


def _naming(texts: Mapping[str, set[str]], kinds: Mapping[str, Kind]) -> set[str]:
    """Values of some fields that name a person, however they are spelled: not the telephone or
    mailbox of a desk.
    """
    found: set[str] = set()
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
        found |= _texts(cleaned.select(spellings))
    return found


NAMING = (Kind.PERSON_NAME, Kind.ID_CARD, Kind.USCC, Kind.EMAIL, Kind.PHONE)


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
