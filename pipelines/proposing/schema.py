"""Which tables of a database are customers, contacts and orders, by name, key and content."""

import re
from dataclasses import dataclass

import polars as pl

from connectors.sources import TableInfo
from guiyi.kinds import Kind
from guiyi.messages import Message
from pipelines.proposing.kinds import guess_kinds
from pipelines.proposing.tables import COMPANY, ORDER, PERSON

SAMPLE = 5_000
"""Rows of a table looked at."""

_NAMES = (
    (
        ORDER,
        r"order|invoice|sale(?:s|_)|purchase|contract|payment|rental|订单|合同|发票|销售|dingdan",
    ),
    (PERSON, r"contact|person|people|employee|staff|actor|user|member|联系人|人员|员工|lianxi"),
    (COMPANY, r"customer|client|account|company|firm|supplier|vendor|cust|客户|公司|供应商|kehu"),
)
"""What tables are called, in English, Chinese and pinyin; an order names its customer too."""
_NEEDED = {
    ORDER: {Kind.DATE, Kind.AMOUNT},
    PERSON: {Kind.PERSON_NAME},
    COMPANY: {Kind.COMPANY_NAME, Kind.PERSON_NAME},
}
"""Kinds of which a table of that sort has at least one."""
_REACHED = {Kind.PHONE, Kind.EMAIL, Kind.ADDRESS, Kind.POSTCODE, Kind.USCC, Kind.URL}
"""Kinds that distinguish a company from a word in a code list."""
_SURE = 0.6
"""The confidence from which a column of company names needs none of them."""
_LINES = re.compile(r"(?i)detail|line|item|明细")


@dataclass(frozen=True)
class TableRole:
    """What a table seems to be."""

    entity: str | None
    """company, person or order; None for a code list, a link or anything else."""
    why: str
    """The evidence, in a sentence."""
    named: bool = False
    """Whether its name says so, beside its content."""


def table_role(info: TableInfo, rows: pl.DataFrame) -> TableRole:
    """Say what the rows of a table seem to be."""
    keys = {*info.keys, *(column for link in info.links for column in link.columns)}
    guesses = guess_kinds(info, rows.head(SAMPLE).select(pl.exclude(sorted(keys))))
    kinds = {guess.kind: column for column, guess in reversed(guesses.items())}
    named = next((e for e, words in _NAMES if re.search(words, info.name, re.IGNORECASE)), None)
    if named == ORDER and _LINES.search(info.name):
        return TableRole(None, "lines of another table, by its name")
    if named is not None and _NEEDED[named] & set(kinds):
        held = ", ".join(f"`{kinds[k]}` ({k})" for k in sorted(_NEEDED[named] & set(kinds)))
        why = Message("its name, and {columns}", columns=held)
        return TableRole(named, _with_key(why, info), named=True)
    links = len(info.keys) > 1 and len(info.keys) >= len(info.columns) - 2
    for entity, kind in ((COMPANY, Kind.COMPANY_NAME), (PERSON, Kind.PERSON_NAME)):
        sure = kind in kinds and guesses[kinds[kind]].confidence >= _SURE
        if kind in kinds and not links and (sure or _REACHED & set(kinds)):
            why = Message("it holds `{column}` (`{kind}`)", column=kinds[kind], kind=kind)
            return TableRole(entity, _with_key(why, info))
    if {Kind.DATE, Kind.AMOUNT} <= set(kinds) and not links:
        why = Message(
            "it holds `{date}` and `{amount}`", date=kinds[Kind.DATE], amount=kinds[Kind.AMOUNT]
        )
        return TableRole(ORDER, _with_key(why, info))
    return TableRole(None, "no names, and no dates with amounts")


def _with_key(why: Message, info: TableInfo) -> Message:
    if not info.keys:
        return why
    return Message("{why}; key {columns}", why=why, columns=", ".join(info.keys))
