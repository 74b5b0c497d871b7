"""Names every row of a table: by its key, or where it has none by what it says. Pure.

names = name_rows(rows, spec, "firms", naming=["name"], memory=RowMemory(...))
names.ids                       # firms/1001, or firms/~9f86d081884c7d659a2f
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from governance.continuity import FINGERPRINT, KNOWN, MARK, Former, fingerprints, recognised
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import RECORD_ID, ref
from guiyi.spec import TableSpec

_ASIDE = ("_row", "_place")


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=KNOWN)


@dataclass(frozen=True)
class RowMemory:
    """What earlier runs know of a table's rows."""

    changed: pl.DataFrame = field(default_factory=_nothing)
    """record_id and fingerprint of rows that say something else than when they were named."""
    unkeyed: Callable[[], pl.DataFrame] = _nothing
    """Those of all rows without a key."""
    former: Former | None = None
    """What the rows said."""


@dataclass(frozen=True)
class RowNames:
    """The record ids of a table's rows, and how they came about."""

    ids: pl.Series
    """One for each row; only copies share one."""
    keys: pl.Series
    """TABLE/KEY where a row has a key, whether or not others have it too; else as `ids`."""
    repeated: pl.Series
    """Whether a row's key stands on other rows that say something else."""
    apart: pl.Series
    """As `ids`, but no two rows share one, and none has a key alone that others have too."""
    copies: pl.Series
    """Whether a row repeats an earlier one, key and all."""
    content: pl.DataFrame
    """record_id and fingerprint of the rows whose id does not say what they say now."""


def name_rows(
    rows: pl.DataFrame,
    spec: TableSpec,
    prefix: str,
    *,
    naming: Collection[str] = (),
    of_firms: bool = False,
    memory: RowMemory | None = None,
    torn: pl.Series | None = None,
) -> RowNames:
    """Name the rows of a table.

    `prefix` is the table's name in record ids; `naming` are the fields that name what a row is
    about, `of_firms` whether they are those of firms; `memory` is what earlier runs know; `torn`
    the numbers of rows whose values stand in no certain column, keys among them.
    """
    memory = memory or RowMemory()
    keys = _keys(rows, prefix, spec.key, torn)
    names = _Naming(spec, list(naming), of_firms, memory.former)
    named = pl.col(RECORD_ID).str.strip_prefix(f"{prefix}/")
    without_key = named.str.contains(r"^~|^row-\d+$") if spec.key else pl.lit(value=True)
    ids, content = keys, _nothing()
    if keys.null_count():
        known = memory.unkeyed().filter(without_key)
        ids, content = _by_content(rows, keys, f"{prefix}/", names, known, torn)
    repeats, of_repeats = _repeats(rows, keys, names, memory.changed.filter(~without_key))
    return RowNames(
        ids=repeats.select(pl.coalesce("id", keys, ids).alias(RECORD_ID))[RECORD_ID],
        keys=pl.select(pl.coalesce(keys, ids).alias(RECORD_ID)).to_series(),
        repeated=repeats["repeated"],
        apart=repeats.select(pl.coalesce("apart", keys, ids).alias(RECORD_ID))[RECORD_ID],
        copies=repeats["copy"],
        content=_unlike_their_names(pl.concat([content, of_repeats]), memory.changed),
    )


def _unlike_their_names(content: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """What is to be remembered: rows whose id is not the fingerprint of what they say, and rows of
    which something else is remembered.
    """
    named = pl.col(RECORD_ID).str.extract("/" + MARK)
    known = pl.col(RECORD_ID).is_in(changed[RECORD_ID].implode())
    return content.filter(named.ne_missing(pl.col(FINGERPRINT)) | known)


@dataclass(frozen=True)
class _Naming:
    """By what the rows of a table are known again."""

    spec: TableSpec
    fields: list[str]
    of_firms: bool
    former: Former | None

    def of(
        self, rows: pl.DataFrame, known: pl.DataFrame, prefix: str
    ) -> tuple[pl.Series, pl.Series]:
        """The record ids and fingerprints of rows."""
        return recognised(
            fields_of(rows, self.spec),
            known,
            prefix,
            names=self.fields,
            of_firms=self.of_firms,
            former=self.former,
        )


def fields_of(rows: pl.DataFrame, spec: TableSpec) -> pl.DataFrame:
    """What rows say of fields and relations, whatever the columns of these are called."""
    parts = {**spec.columns, **{ref(n): r.columns for n, r in spec.refs.items() if r.columns}}
    return rows.select(
        pl.col(columns[0]).alias(name)
        if len(columns) == 1
        else pl.concat_str(list(columns), separator=" ", ignore_nulls=True).alias(name)
        for name, columns in parts.items()
    )


def naming_fields(
    spec: TableSpec,
    kinds: Mapping[str, Kind],
    subject: Literal["auto", "person", "company"],
) -> list[str]:
    """The fields that name what a row is about: a person's name, a firm's where it has no person's
    or the spec says that it is about companies; both where that is open.
    """
    own = {kind: [n for n in spec.columns if kinds[n] == kind] for kind in _NAMES}
    person, company = (own[kind] for kind in _NAMES)
    if not person or not company:
        return person or company
    return {"company": company, "person": person, "auto": [*person, *company]}[subject]


_NAMES = (Kind.PERSON_NAME, Kind.COMPANY_NAME)


def _keys(
    rows: pl.DataFrame, prefix: str, key: tuple[str, ...], torn: pl.Series | None
) -> pl.Series:
    """TABLE/KEY of every row, null where a part of the key is missing or the row is torn."""
    if not key:
        return pl.Series(RECORD_ID, [None] * rows.height, dtype=pl.String)
    parts = pl.concat_str([pl.col(c).str.strip_chars() for c in key], separator="-")
    whole = pl.concat_str(pl.lit(f"{prefix}/"), parts)
    if torn is not None and torn.len():
        whole = pl.when(~pl.col("_row").is_in(torn.to_list())).then(whole)
    return rows.select(whole.alias(RECORD_ID)).to_series()


def _by_content(
    rows: pl.DataFrame,
    keys: pl.Series,
    prefix: str,
    names: _Naming,
    known: pl.DataFrame,
    torn: pl.Series | None,
) -> tuple[pl.Series, pl.DataFrame]:
    """The ids of rows without a key, and what these rows say."""
    at = keys.is_null().arg_true()
    split = pl.Series([], dtype=rows["_row"].dtype) if torn is None else torn
    whole = ~rows["_row"].gather(at).is_in(split.implode())
    found = []
    for own, is_whole in ((at.filter(whole), True), (at.filter(~whole), False)):
        part = rows if own.len() == rows.height else rows[own]
        if is_whole:
            ids, marks = names.of(part, known, prefix)
        else:
            ids, marks = recognised(part.drop(_ASIDE), known, prefix)
        found.append(even_chunks(pl.DataFrame({"at": own, RECORD_ID: ids, FINGERPRINT: marks})))
    named = pl.concat(found)
    every = pl.int_range(rows.height, dtype=pl.UInt32, eager=True).alias("at").to_frame()
    spread = every.join(named, on="at", how="left", maintain_order="left")[RECORD_ID]
    return spread, named.drop_nulls().select(*KNOWN)


def _repeats(
    rows: pl.DataFrame, keys: pl.Series, names: _Naming, known: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What becomes of rows whose key stands on several, or did: id, apart, repeated, copy; and what
    is to be remembered of them.

    Rows that say the same in every column are one. Of those that differ each keeps the name it once
    had; of new ones the first has the key for its name, the others also their fingerprint.
    """
    table = pl.DataFrame({"key": keys}).with_row_index("at")
    before = known.with_columns(key=pl.col(RECORD_ID).str.replace(MARK + "$", ""))
    shared = pl.col("key").is_duplicated() | pl.col("key").is_in(before["key"].implode())
    twice = table.filter(pl.col("key").is_not_null() & shared)
    if twice.is_empty():
        none, no = pl.lit(None, pl.String), pl.lit(False)
        plain = table.with_columns(id=none, apart=none, repeated=no, copy=no)
        return plain, _nothing()
    whole = fingerprints(rows[twice["at"]].drop(_ASIDE)).fill_null("").alias("whole")
    twice = even_chunks(twice.with_columns(whole))
    apart = twice.unique(["key", "whole"], keep="first", maintain_order=True)
    was, marks = names.of(rows[apart["at"]], before.select(*KNOWN), "")
    apart = even_chunks(apart.with_columns(was.alias("was"), marks))
    fits = pl.col("was").str.replace(MARK + "$", "") == pl.col("key")
    mark = pl.concat_str("key", pl.lit("~"), "whole")
    apart = (
        apart.with_columns(was=pl.when(fits).then("was"))
        .with_columns(
            taken=(pl.col("was") == pl.col("key")).any().over("key").fill_null(False),
            first=pl.col("was").is_null() & (pl.col("was").is_null().cum_sum().over("key") == 1),
            repeated=pl.len().over("key") > 1,
        )
        .with_columns(
            id=pl.coalesce(
                "was", pl.when(pl.col("first") & ~pl.col("taken")).then("key").otherwise(mark)
            )
        )
    )
    nth = pl.int_range(pl.len()).over("key", "whole")
    number = pl.when(nth > 0).then(pl.concat_str(pl.lit("~"), nth + 1)).otherwise(pl.lit(""))
    marked = (
        twice.select("at", "key", "whole")
        .join(apart.select("key", "whole", "id", "repeated"), on=["key", "whole"], how="left")
        .sort("at")
        .select("at", "id", "repeated", copy=nth > 0, apart=pl.concat_str(mark, number))
    )
    spread = table.select("at").join(marked, on="at", how="left", maintain_order="left")
    remembered = pl.col("repeated") | pl.col("key").is_in(before["key"].implode())
    return (
        spread.with_columns(pl.col("repeated", "copy").fill_null(False)),
        apart.filter(remembered).select(pl.col("id").alias(RECORD_ID), FINGERPRINT).drop_nulls(),
    )
