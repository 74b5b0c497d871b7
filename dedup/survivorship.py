"""Which value of a cluster survives into its golden record, whose it was, and what it beat.

One pass a field over all clusters at once. A value that a cleaner refused never beats a valid one,
and an imputed value never votes: it fills a field no record could, and stays marked as imputed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.standing import Standing
from dedup.winners import Says, decide, unlike
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import CLUSTER_ID, RECORD_ID, SOURCE, part, raw, reason, ref
from guiyi.spec import EntitySpec, Rule, SurvivorshipRule

LEVELS = {
    Kind.ADDRESS: ("province", "city", "district", "road", "number", "room"),
    Kind.PERSON_NAME: ("surname", "given"),
}
"""Parts whose presence makes a value more complete than a longer one without them."""


@dataclass(frozen=True)
class Golden:
    """The merged records, and where each of their values came from."""

    golden: pl.DataFrame
    """cluster_id, every field with its parts, every relation, and `members`: how many source
    records it stands for."""
    provenance: pl.DataFrame
    """cluster_id, field, value, source, record_id, rule, alternates: field by field, one row for
    each that has a value, or had something that could not become one."""


@dataclass(frozen=True)
class _Column:
    """One column to decide: a field of the entity, or a relation."""

    name: str
    kind: Kind | None
    choice: SurvivorshipRule
    parts: tuple[str, ...]


def survive(
    records: pl.DataFrame,
    clusters: pl.DataFrame,
    entity: EntitySpec,
    source_order: Sequence[str],
) -> Golden:
    """Merge each cluster's records into one golden record, field by field.

    `clusters` has `row` (row numbers of `records`) and `cluster_id`; a record it leaves out is left
    out here. The result does not depend on the order of the records.
    """
    standing = Standing.of(records, clusters, entity.updated, source_order)
    golden = [standing.cluster_ids]
    provenance = [_no_provenance()]
    for column in _columns(records, entity):
        believed = standing.trusting(column.choice.sources) if column.choice.sources else standing
        voices = _voices(records, believed, column)
        winners = decide(voices, column.choice.rule)
        golden.extend(_golden(records, voices, winners, column, len(standing.cluster_ids)))
        provenance.append(_provenance(voices, winners, column.name, standing.cluster_ids))
    return Golden(even_chunks(pl.DataFrame([*golden, standing.sizes])), pl.concat(provenance))


def surviving(
    records: pl.DataFrame,
    standing: Standing,
    entity: EntitySpec,
    field: str,
    codes: npt.NDArray[np.int32] | None = None,
) -> pl.Series:
    """One field of every golden record, for tables too large to be merged whole.

    Where all who say something say the same, that is it under any rule; the others are decided.
    `codes`: for each row, which of `records` it holds, where those are told but once.
    """
    column = next(column for column in _columns(records, entity) if column.name == field)
    believed = standing.trusting(column.choice.sources) if column.choice.sources else standing
    if codes is not None:
        believed = believed.holding(codes)
    values, united = records[field], column.choice.rule is Rule.UNION
    whose, disputed = _agreed(values, _imputed(records, field), believed)
    if united:
        disputed[:] = True
    voices = _voices(records, believed.among(disputed), column)
    winners = decide(voices, column.choice.rule)
    rows = winners["row"].to_numpy()
    if united:
        rows = len(values) + np.arange(winners.height)
        values = pl.concat([values, winners["value"]])
    whose[winners["cluster"].to_numpy()] = rows
    return values.gather(pl.Series(whose).replace(-1, None))


def _imputed(records: pl.DataFrame, field: str) -> pl.Series | None:
    name = part(field, "imputed")
    return records[name].fill_null(value=False) if name in records.columns else None


def _agreed(
    values: pl.Series, imputed: pl.Series | None, standing: Standing
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The row each cluster believes first, -1 if it has none; the clusters to decide between rows.

    Those are the ones whose rows say different things, or hold nothing but imputed values.
    """
    rows, clusters = (standing.members[name].to_numpy() for name in ("row", "cluster"))
    speaks = values.is_not_null() if imputed is None else values.is_not_null() & ~imputed
    heard = speaks.to_numpy()[rows]
    rows, clusters = rows[heard], clusters[heard]
    whose = np.full(len(standing.cluster_ids), -1, np.int64)
    whose[clusters[::-1]] = rows[::-1]
    others = rows != whose[clusters]
    rows, clusters = rows[others], clusters[others]
    unlike = values.gather(rows) != values.gather(whose[clusters])
    disputed = whose < 0 if imputed is not None else np.zeros(len(whose), np.bool_)
    disputed[clusters[unlike.to_numpy()]] = True
    return whose, disputed


def _columns(records: pl.DataFrame, entity: EntitySpec) -> Iterator[_Column]:
    default = entity.survivorship.get("default", SurvivorshipRule(rule=Rule.MOST_FREQUENT))
    for name, field in entity.fields.items():
        aside = (raw(name), reason(name))
        parts = (c for c in records.columns if c.startswith(part(name, "")) and c not in aside)
        yield _Column(name, field.kind, entity.survivorship.get(name, default), tuple(parts))
    one = default if default.rule is not Rule.UNION else SurvivorshipRule(rule=Rule.SOURCE_PRIORITY)
    for name in records.columns:
        if name.startswith(ref("")):
            yield _Column(name, None, one, ())


# What each record has to say ---------------------------------------------------------------------


def _voices(records: pl.DataFrame, standing: Standing, column: _Column) -> pl.DataFrame:
    """What each member says of a field, in order of belief: the value, and how it counts.

    A refused voice is a raw value the cleaner could make nothing of.
    """
    name = column.name
    told = {name, raw(name), *(part(name, n) for n in ("imputed", "key", *_levels(column)))}
    have = told.intersection(records.columns)

    def column_or(name: str, instead: pl.Expr) -> pl.Expr:
        return pl.col(name) if name in have else instead

    nothing = pl.lit(None, dtype=pl.String)
    value = column_or(name, nothing)
    imputed = column_or(part(name, "imputed"), pl.lit(False)).fill_null(False)
    cells = [records[name].gather(standing.members["row"]) for name in sorted(have)]
    said = even_chunks(pl.DataFrame(cells or None, height=standing.members.height)).with_columns(
        value=pl.coalesce(value, column_or(raw(name), nothing)),
        key=pl.coalesce(column_or(part(name, "key"), value), value),
        says=pl.when(value.is_null())
        .then(pl.lit(Says.REFUSED))
        .when(imputed)
        .then(pl.lit(Says.IMPUTED))
        .otherwise(pl.lit(Says.VALID))
        .cast(pl.UInt8),
        detail=_detail(column, have),
    )
    said = said.select("value", "key", "says", "detail")
    return standing.members.with_columns(said).filter(pl.col("value").is_not_null())


def _levels(column: _Column) -> tuple[str, ...]:
    return LEVELS.get(column.kind, ()) if column.kind is not None else ()


def _detail(column: _Column, have: Collection[str]) -> pl.Expr:
    levels = [part(column.name, name) for name in _levels(column)]
    present = [pl.col(name).is_not_null().cast(pl.UInt32) for name in levels if name in have]
    return pl.sum_horizontal(present) if present else pl.lit(0, dtype=pl.UInt32)


# What becomes of it ------------------------------------------------------------------------------


def _golden(
    records: pl.DataFrame,
    voices: pl.DataFrame,
    winners: pl.DataFrame,
    column: _Column,
    clusters: int,
) -> Iterator[pl.Series]:
    """The field of every golden record, and the parts of the record it came from.

    A union has the lists among its parts (all phones, all mails) of all its records.
    """
    won = _every(clusters).join(winners, on="cluster", how="left", maintain_order="left")
    yield won["value"].rename(column.name)
    for name in column.parts:
        several = isinstance(records[name].dtype, pl.List)
        if several and column.choice.rule is Rule.UNION:
            yield _all_of(records[name], voices, clusters)
        else:
            yield records[name].gather(won["row"])


def _all_of(lists: pl.Series, voices: pl.DataFrame, clusters: int) -> pl.Series:
    heard = voices.filter(pl.col("says") == Says.VALID)
    items = heard.select("cluster", lists.gather(heard["row"])).explode(lists.name).drop_nulls()
    distinct = (
        items.unique(maintain_order=True).group_by("cluster", maintain_order=True).agg(pl.all())
    )
    return _every(clusters).join(distinct, on="cluster", how="left", maintain_order="left")[
        lists.name
    ]


def _every(clusters: int) -> pl.DataFrame:
    return pl.DataFrame({"cluster": pl.arange(clusters, eager=True, dtype=pl.UInt32)})


def _provenance(
    voices: pl.DataFrame, winners: pl.DataFrame, name: str, cluster_ids: pl.Series
) -> pl.DataFrame:
    """Where the value came from, and the distinct values it beat, the most frequent first."""
    decided = winners.join(
        _alternates(voices, winners), on="cluster", how="full", coalesce=True
    ).sort("cluster")
    return decided.select(
        cluster_ids.gather(decided["cluster"]).alias(CLUSTER_ID),
        pl.lit(name).alias("field"),
        "value",
        SOURCE,
        RECORD_ID,
        "rule",
        pl.col("alternates").fill_null([]),
    )


def _alternates(voices: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """The distinct valid values that did not win; where none was valid, the refused ones."""
    valid = voices.filter(pl.col("says") == Says.VALID)
    refused = voices.filter(pl.col("says") == Says.REFUSED)
    if "shown" in winners.columns:
        shown = winners.select("cluster", value="shown").explode("value")
        beaten = valid.join(shown, on=["cluster", "value"], how="anti")
    else:
        beaten = unlike(valid, winners)
    return (
        pl.concat([beaten, refused.join(valid, on="cluster", how="anti")])
        .group_by("cluster", "value")
        .agg(pl.len(), pl.col("order").min())
        .sort("cluster", "len", "order", descending=[False, True, False])
        .group_by("cluster", maintain_order=True)
        .agg(alternates="value")
    )


def _no_provenance() -> pl.DataFrame:
    text = {name: pl.String() for name in ("field", "value", SOURCE, RECORD_ID, "rule")}
    return pl.DataFrame(schema={CLUSTER_ID: pl.Int64(), **text, "alternates": pl.List(pl.String)})
