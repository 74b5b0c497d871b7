"""Columns of several tables that are one: their headers differ in spelling, or in language.

    tables, notes = same_columns(tables)

The first table's header stays. Headers that are equal but for case, spaces and marks are one column
whatever it holds. Synonyms are one column where both hold the same kind and no other column of
either table may be meant. Whatever else seems to belong together is reported, and stays apart.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from cleansing import infer_kind
from guiyi.kinds import Kind
from guiyi.messages import Message
from pipelines.files.column_names import safe_names
from pipelines.files.column_synonyms import folded, meanings
from pipelines.files.reading import Loose

LOOKED_AT = 20_000
"""Rows by which the kind of a column is known."""
TELLING = frozenset(
    {
        Kind.COMPANY_NAME, Kind.PERSON_NAME, Kind.PHONE, Kind.EMAIL, Kind.ADDRESS, Kind.USCC,
        Kind.ID_CARD, Kind.URL,
    }
)  # fmt: skip
"""Kinds that tell so much that two lone columns of one kind are worth a word."""


@dataclass
class _Column:
    """A column of one table, and then of all tables that have it."""

    values: pl.Series
    headers: list[str]
    """What it is called in the files, the first table's word first."""
    safe: list[str]
    """What each header becomes in a table of its own: a spec names a column `source` `source_2`."""
    known: Mapping[str, Kind]
    _kind: Kind | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """Its first header, or the one that a spec names."""
        return next((name for name in self.safe if name in self.known), self.headers[0])

    @property
    def kind(self) -> Kind | None:
        """What it holds; None where nothing stands in it."""
        if self.name in self.known:
            return self.known[self.name]
        seen = self.values.head(LOOKED_AT)
        if self._kind is None and seen.count():
            self._kind = infer_kind(seen, self.headers[0]).kind
        return self._kind

    def spellings(self) -> set[str]:
        """Its headers without case, spaces and marks."""
        return {folded(header) for header in self.headers}

    def words(self) -> set[str]:
        """What its header may mean, whatever it holds."""
        return set(meanings(self.headers[0]).values())

    def meaning(self) -> set[str]:
        """What its header means, where that is known and the values are of that kind."""
        meant = meanings(self.headers[0])
        kind = self.kind if meant else None
        return {meant[kind]} if kind is not None and kind in meant else set()

    def may_be(self, other: "_Column") -> bool:
        """Whether a spec leaves it open that the two are one."""
        fields = {name for name in (*self.safe, *other.safe) if name in self.known}
        return len(fields) < 2

    def join(self, other: "_Column") -> None:
        """Take in what a further table calls it."""
        for header, name in zip(other.headers, other.safe, strict=True):
            if header not in self.headers:
                self.headers.append(header)
                self.safe.append(name)


def same_columns(
    tables: Sequence[Loose],
    known: Mapping[str, Kind] | None = None,
    telling: Collection[Kind] = TELLING,
) -> tuple[list[Loose], list[str]]:
    """Give columns of several tables that are one the same name, and say which these were.

    `known`: fields that a spec names, with their kinds. They keep their names, and two of them
    are never one. `telling`: kinds of which a lone column in either table is worth a word.
    """
    if len(tables) < 2:
        return [_renamed(table, safe_names(table.data.columns)) for table in tables], []
    pool = _Pool(known or {}, telling)
    placed = [pool.take(table) for table in tables]
    # Headers meet as the files have them: `source` and `Source` are one, `source_2` is another.
    safe = safe_names(dict.fromkeys(column.name for column in pool.columns))
    taken = [
        _renamed(table, {header: safe[column.name] for header, column in own.items()})
        for table, own in zip(tables, placed, strict=True)
    ]
    return taken, pool.notes


def _renamed(table: Loose, names: Mapping[str, str]) -> Loose:
    changed = {old: new for old, new in names.items() if old != new}
    return replace(table, rows=table.rows.rename(changed)) if changed else table


@dataclass
class _Pool:
    """The columns of the tables taken so far."""

    known: Mapping[str, Kind]
    telling: Collection[Kind]
    columns: list[_Column] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, table: Loose) -> dict[str, _Column]:
        """Find the column that each header of a table stands for; what has none is a new one."""
        safe = safe_names(table.data.columns)
        own = [
            _Column(column, [column.name], [safe[column.name]], self.known) for column in table.data
        ]
        there = list(self.columns)
        placed = _pairs(own, there, lambda column: set(column.headers))
        spelled = _pairs(*_left(own, there, placed), _Column.spellings)
        placed += spelled
        meant = _pairs(*_left(own, there, placed), _Column.meaning)
        placed += meant
        if there:
            self._say(table.name, spelled, meant)
            self._doubt(table.name, *_left(own, there, placed))
        found = {one.headers[0]: other for one, other in placed}
        for one, other in placed:
            other.join(one)
        for column in own:
            if column.headers[0] not in found:
                found[column.headers[0]] = column
                self.columns.append(column)
        return found

    def _say(
        self,
        table: str,
        spelled: Iterable[tuple[_Column, _Column]],
        meant: Iterable[tuple[_Column, _Column]],
    ) -> None:
        """Tell which headers were taken for others."""
        if columns := ", ".join(f"`{one.name}` = `{other.name}`" for one, other in spelled):
            self.notes.append(
                Message(
                    "{table}: the same columns, spelled differently: {columns}",
                    table=table,
                    columns=columns,
                )
            )
        for one, other in meant:
            self.notes.append(
                Message(
                    "{table}: `{column}` is the same column as `{other}`: both hold `{kind}`",
                    table=table,
                    column=one.name,
                    other=other.name,
                    kind=one.kind,
                )
            )

    def _doubt(self, table: str, own: list[_Column], there: list[_Column]) -> None:
        """Tell which headers may be others, and are not taken for them."""
        noted: set[int] = set()
        for keys in (_Column.spellings, _Column.words):
            for one, other in _candidates(own, there, keys):
                if {id(one), id(other)} & noted:
                    continue
                noted |= {id(one), id(other)}
                self.notes.append(_why_apart(table, one, other))
        mine, theirs = ([c for c in side if id(c) not in noted] for side in (own, there))
        for one, other in _pairs(mine, theirs, self._unique_kind):
            self.notes.append(
                Message(
                    "{table}: `{column}` holds `{kind}` as `{other}` does, and is taken for "
                    "another column; give both one header if they are one",
                    table=table,
                    column=one.name,
                    kind=one.kind,
                    other=other.name,
                )
            )

    def _unique_kind(self, column: _Column) -> set[str]:
        return {column.kind} if column.kind in self.telling and column.kind is not None else set()


def _why_apart(table: str, one: _Column, other: _Column) -> Message:
    if one.kind == other.kind or one.spellings() & other.spellings():
        return Message(
            "{table}: `{column}` may be the same column as `{other}`, but so may another; "
            "give those that are one the same header",
            table=table,
            column=one.name,
            other=other.name,
        )
    if one.kind is None or other.kind is None:
        return Message(
            "{table}: `{column}` may be the same column as `{other}`, but one of them is empty; "
            "give both one header if they are one",
            table=table,
            column=one.name,
            other=other.name,
        )
    return Message(
        "{table}: `{column}` may be the same column as `{other}`, but one holds `{kind}`, "
        "the other `{other_kind}`; give both one header if they are one",
        table=table,
        column=one.name,
        other=other.name,
        kind=one.kind,
        other_kind=other.kind,
    )


def _left(
    own: list[_Column], there: list[_Column], placed: list[tuple[_Column, _Column]]
) -> tuple[list[_Column], list[_Column]]:
    """The columns of either side that are not placed yet."""
    gone = {id(column) for pair in placed for column in pair}
    return [c for c in own if id(c) not in gone], [c for c in there if id(c) not in gone]


def _candidates(
    own: list[_Column], there: list[_Column], keys: Callable[[_Column], set[str]]
) -> list[tuple[_Column, _Column]]:
    """The pairs of columns that share a key, where a spec does not forbid it."""
    keyed = [(column, keys(column)) for column in there]
    return [
        (one, other)
        for one in own
        for mine in (keys(one),)
        for other, theirs in keyed
        if mine & theirs and one.may_be(other)
    ]


def _pairs(
    own: list[_Column], there: list[_Column], keys: Callable[[_Column], set[str]]
) -> list[tuple[_Column, _Column]]:
    """Those candidates that have no other candidate on either side."""
    found = _candidates(own, there, keys)
    ones, others = [id(one) for one, _ in found], [id(other) for _, other in found]
    return [
        (one, other)
        for one, other in found
        if ones.count(id(one)) == 1 and others.count(id(other)) == 1
    ]
