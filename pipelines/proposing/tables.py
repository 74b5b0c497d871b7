"""What a table is about: which entities its rows describe, and which column is which field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
from pypinyin import Style, lazy_pinyin

from cleansing import KindGuess
from cleansing.registry import kind_type
from connectors.sources import TableInfo
from dedup.fields import Subject
from guiyi.kinds import Kind
from guiyi.records import RESERVED
from pipelines.proposing.both import Both, about
from pipelines.proposing.kinds import guess_kinds
from pipelines.proposing.survival import UPDATED, says_updated

COMPANY, PERSON, ORDER = "company", "person", "order"

TOGETHER = {Kind.PHONE, Kind.EMAIL}
"""Kinds of which a record may have several values in one field."""

TELLING_KEYS = {Kind.USCC, Kind.ID_CARD}
"""Kinds of keys that are fields as well: they name their owner in every source."""

GIVEN = re.compile(r"(?i)first|given|fore|middle|^名$|名字")
SURNAME = re.compile(r"(?i)last|sur|family|^姓$|姓氏")
KEY = re.compile(r"(?i)编号|編號|代码|代碼|(?:^|_|\b)(?:id|no|code|key)$|[a-z](?:ID|Key|No)$")
LONGEST_NAME = 60
"""Characters; a column with longer values holds prose, whatever words are in it."""


@dataclass
class TableProposal:
    """One table entry of guiyi.yaml in the making."""

    table: str
    entity: str
    key: list[str]
    columns: dict[str, list[str]]
    kinds: dict[str, Kind]
    sample: pl.DataFrame
    refs: dict[str, dict[str, Any]] = field(default_factory=dict)
    ignore: list[str] = field(default_factory=list)
    where: str | None = None
    together: bool = False
    """Whether rows of one key are one record."""
    subject: Subject | None = None
    """What its table is about, where rows name a person and a company."""

    def as_spec(self) -> dict[str, Any]:
        """Write the entry as it stands in guiyi.yaml."""
        spec: dict[str, Any] = {"table": self.table, "entity": self.entity}
        if self.key:
            spec["key"] = self.key[0] if len(self.key) == 1 else self.key
        if self.together:
            spec["repeats"] = "together"
        if self.where:
            spec["where"] = self.where
        spec["columns"] = {n: c[0] if len(c) == 1 else c for n, c in self.columns.items()}
        if self.refs:
            spec["refs"] = self.refs
        if self.ignore:
            spec["ignore"] = self.ignore
        return spec

    def fields(self) -> pl.DataFrame:
        """Show the sample as the entity's fields, for the suites proposed from it."""
        return self.sample.select(
            pl.coalesce(columns).alias(name) for name, columns in self.columns.items()
        )


def propose_tables(
    info: TableInfo, sample: pl.DataFrame, role: str | None = None
) -> list[TableProposal]:
    """Say which entities the rows of a table describe; none if it holds no customers.

    `role` is what the table is known to be; its content says the rest.
    """
    guesses = _kinds(info, sample)
    key = _key(info)
    open_columns = {c: g for c, g in guesses.items() if c not in key or g.kind in TELLING_KEYS}
    entities = [ORDER] if role == ORDER else _entities(open_columns)
    if role is not None and role != ORDER:
        entities = [entity for entity in entities if entity != ORDER]
    both = None
    if entities and entities != [ORDER]:
        subject, both = about(sample, open_columns)
        if both is not None:
            entities = [COMPANY, PERSON]
        elif len(entities) > 1:
            entities = [subject.entity]
    made = []
    for entity in entities:
        mine = open_columns if both is None else _own(open_columns, both, entity)
        if entity != ORDER:
            mine = {c: g for c, g in mine.items() if g.kind is not Kind.KEY}
        columns = _fields(entity, mine)
        kinds = {name: mine[used[0]].kind for name, used in columns.items()}
        made.append(TableProposal(info.name, entity, key, columns, kinds, sample))
    if len(made) == 2:
        made[1].refs[COMPANY] = {"entity": COMPANY}
    if both is not None:
        _tell_apart(made, both, sample)
    if made:
        used = {c for table in made for columns in table.columns.values() for c in columns}
        made[0].ignore = [c for c in sample.columns if c not in used and c not in key]
    return made


def _own(guesses: Mapping[str, KindGuess], both: Both, entity: str) -> dict[str, KindGuess]:
    """The columns of one entity of rows that name two, those that name it first."""
    which: Literal["person", "company"] = "company" if entity == COMPANY else "person"
    names = {
        column: KindGuess(kind, guesses[column].confidence, guesses[column].why)
        for column, kind in both.names(which).items()
    }
    others = {
        c: g for c, g in guesses.items() if c not in names and both.is_about(which, c, g.kind)
    }
    return names | others


def _tell_apart(made: list[TableProposal], both: Both, sample: pl.DataFrame) -> None:
    """Let only rows that name a company make one, and of a company's contacts one company."""
    company, person = made
    company.subject = person.subject = both.subject
    company.where, person.where = both.named("company"), both.named("person")
    if both.subject.entity == "person":
        company.key, company.together = both.company_key(sample), True


def _kinds(info: TableInfo, sample: pl.DataFrame) -> dict[str, KindGuess]:
    """Say the kind of each column: prose names no company, a foreign key holds keys."""
    guesses = guess_kinds(info, sample)
    for column, guess in guesses.items():
        if guess.kind is Kind.COMPANY_NAME and not _is_short(sample[column]):
            guesses[column] = KindGuess(Kind.TEXT, guess.confidence, "prose that names companies")
    for column in (column for link in info.links for column in link.columns):
        if column in guesses:
            guesses[column] = KindGuess(Kind.KEY, 1.0, "the key of another table's row")
    return guesses


def _key(info: TableInfo) -> list[str]:
    if info.keys:
        return [str(column) for column in info.keys]
    named = [c[0] for c in info.candidates if len(c) == 1 and KEY.search(c[0])]
    return [str(named[0])] if named else []


def _entities(guesses: Mapping[str, KindGuess]) -> list[str]:
    kinds = {guess.kind for guess in guesses.values()}
    entities = [
        entity
        for entity, kind in ((COMPANY, Kind.COMPANY_NAME), (PERSON, Kind.PERSON_NAME))
        if kind in kinds
    ]
    if not entities and {Kind.DATE, Kind.AMOUNT} <= kinds:
        return [ORDER]
    return entities


def _is_short(values: pl.Series) -> bool:
    lengths = values.drop_nulls().str.len_chars()
    longest = lengths.quantile(0.9)
    return longest is not None and longest <= LONGEST_NAME


def _fields(entity: str, guesses: Mapping[str, KindGuess]) -> dict[str, list[str]]:
    """Name the columns of an entity: usual names first, one column a field but for phones."""
    fields: dict[str, list[str]] = {}
    names = _person_columns(guesses)
    if names and entity != COMPANY:
        fields["name"] = names
    for column, guess in guesses.items():
        if column in names and entity != COMPANY:
            continue
        name = kind_type(guess.kind).field
        if guess.kind is Kind.PERSON_NAME or entity == ORDER:
            name = None
        if guess.kind is Kind.COMPANY_NAME and entity == PERSON:
            name = "company_name"
        if guess.kind is Kind.DATE and entity != ORDER and says_updated(column):
            name = UPDATED
        if name is None or (name in fields and guess.kind not in TOGETHER):
            name = _free(slug(column), fields)
        fields.setdefault(name, []).append(column)
    return fields


def _free(name: str, taken: Mapping[str, list[str]]) -> str:
    """Find a field name that is neither taken nor one Guiyi keeps for itself."""
    number, found = 1, f"{name}_value" if name in RESERVED else name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _person_columns(guesses: Mapping[str, KindGuess]) -> list[str]:
    """Choose the columns of a person's name; a given name stands before a Western surname."""
    people = [column for column, guess in guesses.items() if guess.kind is Kind.PERSON_NAME]
    given = [column for column in people if GIVEN.search(column)]
    surname = [column for column in people if SURNAME.search(column)]
    if given and surname:
        return [*surname[:1], *given] if surname[0] in ("姓", "姓氏") else [*given, *surname[:1]]
    return people[:1]


def slug(text: str) -> str:
    """Name a field after a column: `客户等级` → `ke_hu_deng_ji`, `ShipName` → `ship_name`."""
    spelled = "_".join(lazy_pinyin(text, style=Style.NORMAL))
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", spelled)
    name = "_".join(word.lower() for word in re.findall(r"[A-Za-z0-9]+", split)) or "column"
    return name if not name[0].isdigit() else f"c_{name}"
