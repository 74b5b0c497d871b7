"""Which value of a cluster survives into its golden record, whose it was, and what it beat.

One pass a field over all clusters at once. A value that a cleaner refused never beats a valid one,
and an imputed value never votes: it fills a field no record could, and stays marked as imputed. The
columns of one address come from one record (`dedup.survivorship.whole_address`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedField
from dedup.survivorship.by_cluster import unlike
from dedup.survivorship.candidate_values import FieldChoice, voices
from dedup.survivorship.field_groups import Carriers, carriers
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.rules import RULES, Why
from dedup.survivorship.strategies import IMPUTED, Says, awaited, decide
from dedup.survivorship.whole_address import field_groups
from guiyi.even_chunks import even_chunks
from guiyi.records import part, raw
from guiyi.spec import EntitySpec, SurvivorshipRule

_HEARD = (Says.VALID, Says.IMPUTED)
_GIVEN = (Says.VALID, Says.BARRED)


@dataclass(frozen=True)
class GoldenField:
    """One field of every golden record."""

    value: pl.Series
    """By cluster."""
    rows: pl.Series
    """By cluster the record that gave it, the most believed of several; null for none."""
    lists: dict[str, pl.Series]
    """By cluster what a union has of the parts that are lists: the items of all its records."""
    chosen: pl.DataFrame
    """cluster (its position), value, row (of the record that gave it), rule, why and alternates, of
    the clusters that say anything of the field."""

    def or_else(self, other: "GoldenField", clusters: npt.NDArray[np.bool_]) -> "GoldenField":
        """This, but for some clusters what another rule chose."""
        instead = pl.Series(clusters)
        own = self.chosen.filter(~instead.gather(self.chosen["cluster"]))
        others = other.chosen.filter(instead.gather(other.chosen["cluster"]))
        return GoldenField(
            _either(instead, other.value, self.value),
            _either(instead, other.rows, self.rows),
            {name: _either(instead, other.lists.get(name), own_lists)
             for name, own_lists in self.lists.items()},
            pl.concat([own, others]).sort("cluster"),
        )  # fmt: skip


def _either(instead: pl.Series, other: pl.Series | None, own: pl.Series) -> pl.Series:
    if other is None:
        other = pl.repeat(None, len(own), dtype=own.dtype, eager=True)
    return even_chunks(pl.DataFrame([instead.alias("?"), other.alias("other"), own])).select(
        pl.when("?").then("other").otherwise(own.name).alias(own.name)
    )[own.name]


def carried(
    fields: Mapping[str, CodedField],
    standing: Callable[[SurvivorshipRule], RankedMembers],
    entity: EntitySpec,
) -> dict[str, Carriers]:
    """For each field that moves with others: which record gives it, the same for all of a group.

    `standing`: the members as a rule lets them give values.
    """
    return {
        name: chosen
        for group in field_groups(entity, fields)
        for chosen in [carriers(fields, standing(group.choice), entity, group)]
        for name in group.columns
    }


def coded_by_row(records: pl.DataFrame, names: Iterable[str]) -> dict[str, CodedField]:
    """Some fields of clean records, as they stand where each distinct cell is kept once."""
    every = np.arange(records.height, dtype=np.int32)
    own = {name: (name, part(name, "")) for name in names if name in records.columns}
    return {
        name: CodedField(
            records.select(c for c in records.columns if c == column or c.startswith(parts)), every
        )
        for name, (column, parts) in own.items()
    }


def surviving(
    records: pl.DataFrame,
    standing: RankedMembers,
    column: FieldChoice,
    codes: npt.NDArray[np.int32] | None = None,
    carrier: Carriers | None = None,
) -> GoldenField:
    """One field of every golden record, for tables too large to be merged whole.

    Where all who say something say the same, that is it under any rule; the others are decided.
    `codes`: for each row, which of `records` it holds, where those are kept but once. `carrier`:
    the records that give each golden record its address, for a column of one.
    """
    field = column.name
    believed = _ranked_by_field(standing, column)
    records_of = believed.members["row"].to_numpy()
    if codes is not None:
        believed = believed.holding(codes)
    values, united = records[field], RULES[column.choice.rule].joins
    imputed = _imputed(records, field)
    orders, disputed = _agreed(values, imputed, believed)
    rows = believed.members["row"].to_numpy()
    if raw(field) in records.columns:  # where nobody has a value, what was refused is kept
        refused = (values.is_null() & records[raw(field)].is_not_null()).to_numpy()[rows]
        reported = np.zeros(len(orders), np.bool_)
        reported[believed.members["cluster"].to_numpy()[refused]] = True
        disputed |= reported & (orders < 0)
    if united:
        disputed[:] = True
    if believed.barred is not None:
        disputed[believed.members["cluster"].to_numpy()[believed.barred]] = True
    if carrier is not None:
        heard = values if imputed is None else values.set(imputed, None)
        absent = heard.gather(_at(rows, carrier.orders)).is_null().to_numpy()
        disputed |= absent & (orders >= 0)
        orders = carrier.orders.copy()
    own = voices(records, believed.among(disputed), column)
    winners = _winners(own, column, carrier)
    decided = winners["cluster"].to_numpy()
    orders[disputed] = -1
    orders[decided] = winners["order"].to_numpy()
    whose = np.where(orders < 0, -1, rows[orders] if len(rows) else -1)
    if united:
        whose[decided] = len(values) + np.arange(winners.height)
        values = pl.concat([values, winners["value"]])
    value = values.gather(pl.Series(whose).replace(-1, None))
    every, given = _every(len(orders)), _at(records_of, orders).alias("row")
    golden = even_chunks(pl.DataFrame([every, value.alias("value"), given]))
    provenance = _provenance(golden, own, winners, column)
    joint = [n for n in column.parts if united and isinstance(records[n].dtype, pl.List)]
    lists = {n: _all_of(records[n], own, every.to_frame()) for n in joint}
    return GoldenField(value, given, lists, provenance)


def _provenance(
    golden: pl.DataFrame, own: pl.DataFrame, winners: pl.DataFrame, column: FieldChoice
) -> pl.DataFrame:
    """Which rule gave each value, why it beat the others, and what it beat."""
    rule = str(column.choice.rule)
    found = (
        golden.join(
            winners.select("cluster", "rule", "why"),
            on="cluster",
            how="left",
            maintain_order="left",
        )
        .join(_alternates(own, winners), on="cluster", how="left", maintain_order="left")
        .filter(pl.col("value").is_not_null() | pl.col("alternates").is_not_null())
        .with_columns(
            rule=pl.when(pl.col("value").is_not_null()).then(pl.col("rule").fill_null(rule))
        )
    )
    reason = awaited(column.choice)
    if reason is None:
        return found
    waiting = own.filter(pl.col("says") == Says.VALID)["cluster"].unique()
    waits = pl.col("value").is_null() & pl.col("cluster").is_in(waiting.implode())
    return found.with_columns(
        rule=pl.when(waits).then(pl.lit(rule)).otherwise("rule"),
        why=pl.when(waits).then(pl.lit(reason, Why)).otherwise("why"),
    )


def _at(rows: npt.NDArray[np.int64], orders: npt.NDArray[np.int64]) -> pl.Series:
    """The rows of some members; null for none."""
    if not len(rows):
        return pl.Series([None] * len(orders), dtype=pl.Int64)
    return pl.Series(np.where(orders < 0, -1, rows[orders])).replace(-1, None)


def _ranked_by_field(standing: RankedMembers, column: FieldChoice) -> RankedMembers:
    return standing.trusting(column.choice.sources) if column.choice.sources else standing


def _imputed(records: pl.DataFrame, field: str) -> pl.Series | None:
    name = part(field, "imputed")
    return records[name].fill_null(value=False) if name in records.columns else None


def _agreed(
    values: pl.Series, imputed: pl.Series | None, standing: RankedMembers
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Which member each cluster believes first, -1 if none; the clusters to decide between members.

    Those are the ones whose rows say different things, or hold nothing but imputed values.
    """
    rows, clusters = (standing.members[name].to_numpy() for name in ("row", "cluster"))
    speaks = values.is_not_null() if imputed is None else values.is_not_null() & ~imputed
    heard = np.flatnonzero(speaks.to_numpy()[rows])
    of = clusters[heard]
    whose = np.full(len(standing.cluster_ids), -1, np.int64)
    whose[of[::-1]] = heard[::-1]
    others = heard != whose[of]
    heard, of = heard[others], of[others]
    unlike = values.gather(rows[heard]) != values.gather(rows[whose[of]])
    disputed = whose < 0 if imputed is not None else np.zeros(len(whose), np.bool_)
    disputed[of[unlike.to_numpy()]] = True
    return whose, disputed


def _winners(own: pl.DataFrame, column: FieldChoice, carrier: Carriers | None) -> pl.DataFrame:
    """The winning voices: by the rule, or what the record says that gives the whole address.

    Where that was imputed, and a record of the same house has it, what is given wins.
    """
    if carrier is None:
        return decide(own, column.choice)
    chosen = pl.Series(carrier.orders).gather(own["cluster"])
    voice = own.filter((own["order"].cast(pl.Int64) == chosen) & own["says"].is_in(_HEARD))
    imputed = voice.filter(pl.col("says") == Says.IMPUTED)
    guessed = pl.col("says") == Says.IMPUTED
    voice = even_chunks(voice.with_columns(why=carrier.why.gather(voice["cluster"])))
    voice = voice.with_columns(
        why=pl.when(~guessed).then("why"),
        rule=pl.when(guessed).then(pl.lit(IMPUTED)).otherwise(pl.lit(str(column.choice.rule))),
    )
    if not imputed.height:
        return voice
    near = own.filter(pl.Series(carrier.same_house).gather(own["order"]))
    near = near.filter(pl.col("says") == Says.VALID)
    decided = decide(near.join(imputed, on="cluster", how="semi"), column.choice)
    return pl.concat([voice.join(decided, on="cluster", how="anti"), decided.select(voice.columns)])


def _all_of(lists: pl.Series, own: pl.DataFrame, every: pl.DataFrame) -> pl.Series:
    heard = own.filter(pl.col("says") == Says.VALID)
    items = heard.select("cluster", lists.gather(heard["row"])).explode(lists.name).drop_nulls()
    distinct = (
        items.unique(maintain_order=True).group_by("cluster", maintain_order=True).agg(pl.all())
    )
    return every.join(distinct, on="cluster", how="left", maintain_order="left")[lists.name]


def _every(clusters: int) -> pl.Series:
    return pl.int_range(clusters, dtype=pl.UInt32, eager=True).alias("cluster")


def _alternates(own: pl.DataFrame, winners: pl.DataFrame) -> pl.DataFrame:
    """The distinct valid values that did not win; where none was valid, the refused ones."""
    valid = own.filter(pl.col("says").is_in(_GIVEN))
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
