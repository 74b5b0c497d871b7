"""Merging as it was before it went field by field: whole tables at once, every record a voter.

Kept as an oracle: what `dedup.survivorship.merging` makes of a table must be this, value by value.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from dedup.survivorship import Golden, carried, coded_by_row, conflicting_ids
from dedup.survivorship.by_cluster import unlike
from dedup.survivorship.candidate_values import FieldChoice, choices, voices
from dedup.survivorship.field_groups import Carriers
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.rules import Why
from dedup.survivorship.strategies import IMPUTED, Says, decide
from guiyi.even_chunks import even_chunks
from guiyi.records import CLUSTER_ID, RECORD_ID, SOURCE
from guiyi.spec import EntitySpec, SurvivorshipStrategy


def survive_at_once(
    records: pl.DataFrame,
    clusters: pl.DataFrame,
    entity: EntitySpec,
    source_order: Sequence[str],
) -> Golden:
    """Merge each cluster's records into one golden record, field by field.

    `clusters` has `row` (row numbers of `records`) and `cluster_id`; a record it leaves out is left
    out here. The result does not depend on the order of the records.
    """
    standing = RankedMembers.of(records, clusters, entity.updated, source_order)
    golden, provenance = [standing.cluster_ids], [_no_provenance()]
    fields = coded_by_row(records, entity.fields)
    from_one = carried(fields, lambda _: standing, entity)
    for column in choices(records, entity):
        believed = standing.trusting(column.choice.sources) if column.choice.sources else standing
        own = voices(records, believed, column)
        winners = _winners(own, column, from_one.get(column.name))
        golden.extend(_golden(records, own, winners, column, len(standing.cluster_ids)))
        provenance.append(_provenance(own, winners, column.name, standing.cluster_ids))
    conflicts = conflicting_ids(fields, standing, entity)
    return Golden(
        even_chunks(pl.DataFrame([*golden, conflicts, standing.sizes])), pl.concat(provenance)
    )


def _winners(own: pl.DataFrame, column: FieldChoice, carrier: Carriers | None) -> pl.DataFrame:
    """The winning voices: by the rule, or what the record says that gives the whole address.

    Where that was imputed, and a record of the same house tells it, what is told wins.
    """
    if carrier is None:
        return decide(own, column.choice)
    chosen = pl.Series(carrier.orders).gather(own["cluster"])
    voice = own.filter((own["order"].cast(pl.Int64) == chosen) & (own["says"] != Says.REFUSED))
    imputed = voice.filter(pl.col("says") == Says.IMPUTED)
    rule = pl.when(pl.col("says") == Says.IMPUTED).then(pl.lit(IMPUTED))
    why = pl.when(pl.col("says") != Says.IMPUTED).then(pl.lit(carrier.why.gather(voice["cluster"])))
    voice = voice.with_columns(rule=rule.otherwise(pl.lit(str(column.choice.rule))), why=why)
    if not imputed.height:
        return voice
    near = own.filter(pl.Series(carrier.same_house).gather(own["order"]))
    near = near.filter(pl.col("says") == Says.VALID)
    told = decide(near.join(imputed, on="cluster", how="semi"), column.choice)
    return pl.concat([voice.join(told, on="cluster", how="anti"), told.select(voice.columns)])


def _golden(
    records: pl.DataFrame,
    own: pl.DataFrame,
    winners: pl.DataFrame,
    column: FieldChoice,
    clusters: int,
) -> Iterator[pl.Series]:
    """The field of every golden record, and the parts of the record it came from.

    A union has the lists among its parts (all phones, all mails) of all its records.
    """
    every = _every(clusters).to_frame()
    won = every.join(winners, on="cluster", how="left", maintain_order="left")
    yield won["value"].rename(column.name)
    for name in column.parts:
        several = isinstance(records[name].dtype, pl.List)
        if several and column.choice.rule is SurvivorshipStrategy.UNION:
            yield _all_of(records[name], own, every)
        else:
            yield records[name].gather(won["row"])


def _all_of(lists: pl.Series, own: pl.DataFrame, every: pl.DataFrame) -> pl.Series:
    heard = own.filter(pl.col("says") == Says.VALID)
    items = heard.select("cluster", lists.gather(heard["row"])).explode(lists.name).drop_nulls()
    distinct = (
        items.unique(maintain_order=True).group_by("cluster", maintain_order=True).agg(pl.all())
    )
    return every.join(distinct, on="cluster", how="left", maintain_order="left")[lists.name]


def _every(clusters: int) -> pl.Series:
    return pl.int_range(clusters, dtype=pl.UInt32, eager=True).alias("cluster")


def _provenance(
    own: pl.DataFrame, winners: pl.DataFrame, name: str, cluster_ids: pl.Series
) -> pl.DataFrame:
    """Where the value came from, and the distinct values it beat, the most frequent first."""
    decided = winners.join(_alternates(own, winners), on="cluster", how="full", coalesce=True).sort(
        "cluster"
    )
    return decided.select(
        cluster_ids.gather(decided["cluster"]).alias(CLUSTER_ID),
        pl.lit(name).alias("field"),
        "value",
        SOURCE,
        RECORD_ID,
        "rule",
        "why",
        pl.col("alternates").fill_null([]),
    )


def _alternates(own: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """The distinct valid values that did not win; where none was valid, the refused ones."""
    valid = own.filter(pl.col("says") == Says.VALID)
    refused = own.filter(pl.col("says") == Says.REFUSED)
    if "shown" in winners.columns:
        shown = winners.select("cluster", value="shown").explode("value")
        beaten = valid.join(shown, on=["cluster", "value"], how="anti")
    else:
        silent = valid.join(winners, on="cluster", how="anti")  # an address without a postcode won
        beaten = pl.concat([unlike(valid, winners), silent])
    return (
        pl.concat([beaten, refused.join(valid, on="cluster", how="anti")])
        .group_by("cluster", "value")
        .agg(pl.len(), pl.col("trust", "age").min())
        .sort("cluster", "len", "trust", "age", "value", descending=[False, True, *[False] * 3])
        .group_by("cluster", maintain_order=True)
        .agg(alternates="value")
    )


def _no_provenance() -> pl.DataFrame:
    text = {name: pl.String() for name in ("field", "value", SOURCE, RECORD_ID, "rule")}
    return pl.DataFrame(
        schema={CLUSTER_ID: pl.Int64(), **text, "why": Why, "alternates": pl.List(pl.String)}
    )
