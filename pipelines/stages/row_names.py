"""Names every row of a table: by its key, or where it has none by what it says. Pure.

names = name_rows(rows, spec, "firms", naming=["name"], known=ledger.unkeyed_rows(...))
names.ids                       # firms/1001, or firms/~9f86d081884c7d659a2f
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from governance.continuity import CELLS, CONTENT, FINGERPRINT, contents, recognised
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import RECORD_ID, ref
from guiyi.spec import TableSpec

KNOWN = {RECORD_ID: pl.String, **CONTENT}
_ASIDE = ("_row", "_place")


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
    """record_id, fingerprint, cells, names of the rows that are known again by what they say."""


def name_rows(
    rows: pl.DataFrame,
    spec: TableSpec,
    prefix: str,
    *,
    naming: Collection[str] = (),
    of_firms: bool = False,
    known: pl.DataFrame | None = None,
    torn: pl.Series | None = None,
) -> RowNames:
    """Name the rows of a table.

    `prefix` is the table's name in record ids; `naming` are the fields that name what a row is
    about, `of_firms` whether they are those of firms; `known` the rows named by their content in
    earlier runs; `torn` the numbers of rows whose values stand in no certain column, keys among
    them.
    """
    known = pl.DataFrame(schema=KNOWN) if known is None else known.select(*KNOWN)
    named = pl.col(RECORD_ID).str.strip_prefix(f"{prefix}/")
    without_key = named.str.contains(r"^~|^row-\d+$") if spec.key else pl.lit(value=True)
    keys = _keys(rows, prefix, spec.key, torn)
    names = _Naming(spec, list(naming), of_firms)
    ids, content = _by_content(rows, keys, f"{prefix}/", names, known.filter(without_key), torn)
    repeats, of_repeats = _repeats(rows, keys, names, known.filter(~without_key))
    return RowNames(
        ids=repeats.select(pl.coalesce("id", keys, ids).alias(RECORD_ID))[RECORD_ID],
        keys=pl.select(pl.coalesce(keys, ids).alias(RECORD_ID)).to_series(),
        repeated=repeats["repeated"],
        apart=repeats.select(pl.coalesce("apart", keys, ids).alias(RECORD_ID))[RECORD_ID],
        copies=repeats["copy"],
        content=pl.concat([content, of_repeats]),
    )


@dataclass(frozen=True)
class _Naming:
    """By what the rows of a table are known again."""

    spec: TableSpec
    fields: list[str]
    of_firms: bool

    def contents(self, rows: pl.DataFrame) -> pl.DataFrame:
        return contents(fields_of(rows, self.spec), self.fields)


def fields_of(rows: pl.DataFrame, spec: TableSpec) -> pl.DataFrame:
    """What rows say of fields and relations, whatever the columns of these are called."""
    parts = {**spec.columns, **{ref(n): r.columns for n, r in spec.refs.items() if r.columns}}
    return rows.select(
        pl.concat_str(list(columns), separator=" ", ignore_nulls=True).alias(name)
        for name, columns in parts.items()
    )


def naming_fields(
    rows: pl.DataFrame,
    spec: TableSpec,
    kinds: Mapping[str, Kind],
    subject: Literal["auto", "person", "company"],
) -> list[str]:
    """The fields that name what a row is about: a person's name, or a firm's.

    Where a table has both, it lists firms if nearly every row is about another one.
    """
    own = {kind: [n for n in spec.columns if kinds[n] == kind] for kind in _NAMES}
    person, company = (own[kind] for kind in _NAMES)
    if not person or not company:
        return person or company
    if subject == "auto":
        firms = fields_of(rows.select(*spec.columns[company[0]]), _only(spec, company[0]))
        filled = firms.to_series().drop_nulls()
        lists_firms = filled.n_unique() >= LISTS_FIRMS * filled.len()
        subject = "company" if lists_firms else "person"
    return company if subject == "company" else person


_NAMES = (Kind.PERSON_NAME, Kind.COMPANY_NAME)
LISTS_FIRMS = 0.9
"""Share of rows whose firm no other row names, from which a table with persons lists firms."""


def _only(spec: TableSpec, field: str) -> TableSpec:
    return spec.model_copy(update={"columns": {field: spec.columns[field]}, "refs": {}})


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
    """The ids of rows without a key, and what is to be remembered of them."""
    if not keys.null_count():
        return keys, pl.DataFrame(schema=KNOWN)
    at = keys.is_null().arg_true()
    own = rows[at]
    content = names.contents(own)
    if torn is not None and torn.len():
        whole = contents(own.drop(_ASIDE), [])
        instead = own["_row"].is_in(torn.to_list())
        parts = [whole[name].zip_with(instead, content[name]).alias(name) for name in CONTENT]
        content = even_chunks(pl.DataFrame(parts))
    ids = recognised(content, known, prefix, of_firms=names.of_firms)
    spread = even_chunks(pl.DataFrame({"at": at, RECORD_ID: ids}))
    every = pl.int_range(rows.height, dtype=pl.UInt32, eager=True).alias("at").to_frame()
    filled = content.with_columns(ids).filter(pl.col(CELLS) != "")
    named = every.join(spread, on="at", how="left", maintain_order="left")[RECORD_ID]
    return named, filled.select(*KNOWN)


def _repeats(
    rows: pl.DataFrame, keys: pl.Series, names: _Naming, known: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What becomes of rows whose key stands on several, or did: id, apart, repeated, copy; and what
    is to be remembered of them.

    Rows that say the same in every column are one. Of those that differ each keeps the name it once
    had; of new ones the first has the key for its name, the others also their fingerprint.
    """
    table = pl.DataFrame({"key": keys}).with_row_index("at")
    before = known.with_columns(key=pl.col(RECORD_ID).str.replace(_MARK, ""))
    shared = pl.col("key").is_duplicated() | pl.col("key").is_in(before["key"].implode())
    twice = table.filter(pl.col("key").is_not_null() & shared)
    if twice.is_empty():
        none, no = pl.lit(None, pl.String), pl.lit(False)
        plain = table.with_columns(id=none, apart=none, repeated=no, copy=no)
        return plain, pl.DataFrame(schema=KNOWN)
    own = rows[twice["at"]]
    whole = contents(own.drop(_ASIDE), [])[FINGERPRINT].alias("whole")
    parts = [twice, names.contents(own), whole.to_frame()]
    twice = even_chunks(pl.concat(parts, how="horizontal"))
    apart = twice.unique(["key", "whole"], keep="first", maintain_order=True)
    was = recognised(apart.select(*CONTENT), before, "", of_firms=names.of_firms).alias("was")
    fits = pl.col("was").str.replace(_MARK, "") == pl.col("key")
    mark = pl.concat_str("key", pl.lit("~"), "whole")
    apart = (
        apart.with_columns(was)
        .with_columns(was=pl.when(fits).then("was"))
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
        apart.filter(remembered).select(pl.col("id").alias(RECORD_ID), *CONTENT),
    )


_MARK = "~[0-9a-f]{20}$"
"""What tells a row from others with its key."""
