"""Hides what a reader may not see in tables, values, record keys and sentences. Pure.

masking = Masking(frozenset({Kind.PHONE}), {"crm:people/": (Kind.PHONE,)})
masking.table(records, {"phone": Kind.PHONE})      # fields, their parts and raw values, keys, texts
masking.text("crm:people/13812345678 is missing")  # crm:people/138****5678 is missing
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import polars as pl

from governance.masking import mask
from governance.personal_texts import hide_in, hide_in_column
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.record_key import SEPARATOR, record_key
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE, ref
from guiyi.spec import Project

AT_ONCE = 20
"""Texts that are looked at one by one: a column of few is not worth a query."""
ANY_TABLE = "*"
"""Stands for the name of a source's only table, which the spec need not say."""
JOINED_KEYS = "records"
"""A column of several record keys, joined with `; `."""
_KEYS = {"record", "left", "right", "parent", "key", "former", "members"}
"""Columns of whole record keys; those of relations are called `ref.NAME`."""
_NO_TEXT = {GOLDEN_ID, CLUSTER_ID, SOURCE, "entity"}
"""Columns that hold no text of a customer."""
_PLAIN = frozenset(
    {Kind.DATE, Kind.AMOUNT, Kind.POSTCODE, Kind.REGION, Kind.INDUSTRY, Kind.USCC, Kind.URL}
)
"""Kinds whose values are no text that could hold another value."""
_FINGERPRINT = r"~[0-9a-f]+(?:~\d+)?$"
"""What stands behind a key that several rows have."""


@dataclass(frozen=True)
class Masking:
    """What is hidden: kinds of values, wherever these stand."""

    hidden: frozenset[Kind]
    keys: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict, hash=False)
    """`SOURCE:TABLE/`, the beginning of record keys → the kinds that these repeat."""

    @classmethod
    def usual(cls, project: Project) -> "Masking":
        """What a project masks for whoever states no role."""
        return cls(frozenset(project.privacy.mask), kinds_of_keys(project))

    @classmethod
    def of_run(cls, manifest: Mapping[str, Any]) -> "Masking":
        """What a run's manifest says is masked for whoever states no role."""
        privacy = manifest.get("privacy") or {}
        keys = (privacy.get("keys") or {}).items()
        hidden = frozenset(map(Kind, privacy.get("mask", ())))
        return cls(hidden, {begin: tuple(map(Kind, kinds)) for begin, kinds in keys})

    def hides(self, kind: Kind | None) -> bool:
        """Whether values of a kind are masked."""
        return kind in self.hidden

    def table(self, table: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
        """A table with what is hidden masked: fields, raw values and parts, and what of them record
        keys and texts repeat.
        """
        if not self.hidden:
            return table
        shown = [
            column
            for name, dtype in table.schema.items()
            if (column := self._column(table, name, dtype, kinds)) is not None
        ]
        return even_chunks(table.with_columns(shown))

    def values(self, values: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, Any]:
        """The values of one record, masked."""
        return {
            name: value if value is None else self.value(value, kinds.get(name.split(".")[0]))
            for name, value in values.items()
        }

    def value(self, value: Any, kind: Kind | None) -> Any:
        """One value, of several each."""
        if isinstance(value, list):
            return [self.value(one, kind) for one in value]
        if kind is not None and self.hides(kind):
            return mask(pl.Series([str(value)]), kind)[0]
        return self.text(value) if isinstance(value, str) and kind not in _PLAIN else value

    def column(self, values: pl.Series, kind: Kind | None) -> pl.Series:
        """The values of a field."""
        if kind is not None and self.hides(kind):
            return mask(values.cast(pl.String), kind)
        return values if kind in _PLAIN else self.texts(values)

    def by_field(
        self, table: pl.DataFrame, name: str, kinds: Mapping[str, Kind], columns: Sequence[str]
    ) -> pl.DataFrame:
        """A table whose rows are of one field each, named in the column `name`, with the values in
        some columns masked.
        """
        for column in columns:
            shown = pl.lit(self.texts(table[column]))
            for one, kind in kinds.items():
                if self.hides(kind):
                    own = pl.col(name) == one
                    shown = pl.when(own).then(mask(pl.col(column), kind)).otherwise(shown)
            table = even_chunks(table.with_columns(shown.alias(column)))
        return table

    def text(self, text: str) -> str:
        """A sentence or a record key."""
        if not self.hidden:
            return text
        for pattern, kind in self._patterns:
            text = re.sub(
                rf"({pattern})({_REST})",
                lambda found, kind=kind: found[1] + _masked(found[2], kind),  # type: ignore[misc]
                text,
            )
        return hide_in(text, self.hidden)

    def texts(self, texts: pl.Series) -> pl.Series:
        """A column of sentences or record keys."""
        if len(texts) <= AT_ONCE:
            shown = [None if text is None else self.text(text) for text in texts]
            return pl.Series(texts.name, shown, dtype=pl.String)
        also = "|".join(pattern for pattern, _ in self._patterns)
        return hide_in_column(texts, self.text, also)

    def record_keys(self, keys: pl.Series) -> pl.Series:
        """A column of record keys."""
        shown = keys.to_frame("key")
        for pattern, kind in self._patterns:
            begins = pl.col("key").str.extract(f"^({pattern})")
            rest = pl.col("key").str.replace(f"^{pattern}", "").str.replace(_FINGERPRINT, "")
            of_pattern = pl.when(begins.is_not_null()).then(begins + mask(rest, kind))
            shown = shown.with_columns(of_pattern.otherwise("key").alias("key"))
        return hide_in_column(shown["key"], lambda text: hide_in(text, self.hidden))

    @cached_property
    def _patterns(self) -> list[tuple[str, Kind]]:
        """How the keys begin that repeat something hidden, and as what they are masked."""
        return [
            (_pattern(begin), kinds[0] if len(kinds) == 1 else Kind.TEXT)
            for begin, kinds in self.keys.items()
            if self.hidden.intersection(kinds)
        ]

    def _column(
        self, table: pl.DataFrame, name: str, dtype: pl.DataType, kinds: Mapping[str, Kind]
    ) -> pl.Series | pl.Expr | None:
        values = table[name]
        if dtype == pl.List(pl.String):
            show = self.record_keys if name in _KEYS else partial(self.column, kind=kinds.get(name))
            return _each(values, show).alias(name)
        if dtype != pl.String or name in _NO_TEXT:
            return None
        if name == RECORD_ID and SOURCE in table.columns:
            keys = self.record_keys(table.select(key=record_key())["key"])
            return _without_source(keys, table[SOURCE]).alias(name)
        if name == JOINED_KEYS:
            return _each(values.str.split("; "), self.record_keys).list.join("; ").alias(name)
        if name in _KEYS or name.startswith(ref("")):
            return self.record_keys(values).alias(name)
        own = None if name.endswith(".reason") else kinds.get(name.split(".")[0])
        if own is not None and self.hides(own):  # all of them in one query
            return mask(pl.col(name), own).alias(name)
        return None if own in _PLAIN else self.texts(values).alias(name)


def _each(lists: pl.Series, show: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Lists with each of their values shown."""
    old = lists.explode().drop_nulls().unique()
    return lists.list.eval(pl.element().replace(old, show(old)))


def _without_source(keys: pl.Series, sources: pl.Series) -> pl.Series:
    both = even_chunks(pl.DataFrame({"key": keys, "source": sources}))
    start = pl.col("source").str.len_chars() + len(SEPARATOR)
    return both.select(pl.col("key").str.slice(start))["key"]


_REST = r"[^\s;,，；、。()（）\[\]\"'`]+"
"""A key inside a sentence ends before these."""


def _masked(text: str, kind: Kind) -> str:
    shown: str = mask(pl.Series([re.sub(_FINGERPRINT, "", text)]), kind)[0]
    return shown


def _pattern(begin: str) -> str:
    source, _, table = begin.removesuffix("/").partition(SEPARATOR)
    name = "[^/]*" if table == ANY_TABLE else re.escape(table)
    return f"{re.escape(source + SEPARATOR)}{name}/"


def kinds_of_keys(project: Project) -> dict[str, tuple[Kind, ...]]:
    """What record keys repeat: how they begin → the kinds of the fields that their columns are."""
    found: dict[str, tuple[Kind, ...]] = {}
    for source, spec in project.sources.items():
        for table in spec.tables:
            kinds = project.entities[table.entity].kinds
            own = [_of_column(column, table.columns, kinds) for column in table.key]
            name = table.namespace or table.table or ANY_TABLE
            if any(own):
                parts = tuple(kind or Kind.KEY for kind in own)
                found[f"{source}{SEPARATOR}{name}/"] = parts
    return found


def _of_column(
    column: str, columns: Mapping[str, Iterable[str]], kinds: Mapping[str, Kind]
) -> Kind | None:
    """The kind of the field a column is; the one that identifies a person, if it is of several."""
    own = [kinds[name] for name, of in columns.items() if column in of]
    plain = (Kind.KEY, Kind.CODE, Kind.TEXT)
    return min(own, key=lambda kind: kind in plain, default=None)
