"""Fields that move whole: which record gives each golden record all fields of a group.

Chosen apart, the columns of two addresses make a third at which nobody lives. So what the record
does not tell stays empty, and what was imputed in it stays so, unless another record of the very
house tells it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedField
from dedup.forms.value_quality import PLACEHOLDER
from dedup.survivorship.by_cluster import first
from dedup.survivorship.candidate_values import all_voices, choices
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.rules import LESS, MORE, ORDER, RULES, Criterion, reasons
from dedup.survivorship.strategies import Says, credit
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part
from guiyi.spec import EntitySpec, SurvivorshipRule

Fields = Mapping[str, CodedField]


@dataclass(frozen=True)
class FieldGroup:
    """Fields that one record gives together, such as the columns of an address."""

    columns: tuple[str, ...]
    street: str | None
    city: str | None
    choice: SurvivorshipRule
    """By which rule one record is chosen: that of the group, or of the street."""
    named: bool = False
    """Whether the spec names it; else kinds and headers do."""


@dataclass(frozen=True)
class Carriers:
    """Which record gives each golden record a group of fields."""

    orders: npt.NDArray[np.int64]
    """For each cluster that record's place in the order of trust, -1 where it has no record."""
    same_house: npt.NDArray[np.bool_]
    """By place in that order: whether a record names the house that its cluster's carrier names."""
    why: pl.Series
    """For each cluster why that record beat the others."""


def carriers(
    fields: Fields, standing: RankedMembers, entity: EntitySpec, group: FieldGroup
) -> Carriers:
    """Choose the record that gives each cluster a group of fields.

    The house most records name, or the rule of the group; of its records the one that tells most
    of it, then the best written, then by the values. Only clusters that disagree need a choice.
    """
    believed = standing.trusting(group.choice.sources) if group.choice.sources else standing
    members = believed.members
    clusters = members["cluster"].to_numpy()
    barred = believed.barred
    able = np.arange(len(clusters)) if barred is None else np.flatnonzero(~barred)
    own = clusters[able]
    orders = np.full(len(standing.cluster_ids), -1, np.int64)
    orders[own[::-1]] = able[::-1]
    signatures = _signatures(fields, group, members["row"].to_numpy())
    disputed = np.zeros(len(orders), np.bool_)
    disputed[own[signatures[able] != signatures[orders[own]]]] = True
    candidates = _candidates(fields, believed.among(disputed), entity, group)
    signature = pl.Series("signature", signatures[candidates["order"].to_numpy()])
    candidates = even_chunks(candidates.with_columns(signature))
    ranked, by = _ranked(candidates, group)
    best = first(ranked)
    orders[best["cluster"].to_numpy()] = best["order"].to_numpy()
    if RULES[group.choice.rule].waits:
        orders[disputed] = -1
    if group.choice.otherwise is not None:
        orders[~_says_anything(fields, group, members["row"].to_numpy(), orders)] = -1
    of = np.full(len(orders), -1, np.int64)
    of[best["cluster"].to_numpy()] = np.arange(best.height)
    why = reasons(ranked, best, by, "signature").gather(pl.Series(of).replace(-1, None))
    same = _in_same_house(candidates, best, members.height)
    return Carriers(orders, same, why)


def _says_anything(
    fields: Fields,
    group: FieldGroup,
    rows: npt.NDArray[np.int64],
    orders: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Of which clusters the chosen record has any field of the group."""
    says = np.zeros(len(orders), np.bool_)
    chosen = np.flatnonzero(orders >= 0)
    for name in group.columns:
        field = fields[name]
        held = field.cells[name].is_not_null().to_numpy()[field.codes[rows[orders[chosen]]]]
        says[chosen[held]] = True
    return says


def _in_same_house(
    candidates: pl.DataFrame, best: pl.DataFrame, members: int
) -> npt.NDArray[np.bool_]:
    """Which members name the house of the best, in the same town as far as both tell it."""
    chosen = candidates.join(best.select("cluster", own="house", town="city"), on="cluster")
    one_town = (pl.col("city") == pl.col("town")).fill_null(value=True)
    same = np.zeros(members, np.bool_)
    same[chosen.filter((pl.col("house") == pl.col("own")) & one_town)["order"].to_numpy()] = True
    return same


def _signatures(
    fields: Fields, group: FieldGroup, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """Equal numbers for equal addresses; an imputed part is never equal to one that was given."""
    signatures = np.zeros(len(rows), np.uint64)
    for name in group.columns:
        field = fields[name]
        hashed = field.cells[name].hash().to_numpy()
        imputed = part(name, "imputed")
        if imputed in field.cells.columns:
            hashed = hashed + field.cells[imputed].fill_null(value=False).to_numpy()
        signatures = signatures * np.uint64(0x9E3779B97F4A7C15) + hashed[field.codes[rows]]
    return signatures


_FACTS = ("filled", "detail", "form", "length", "repaired")


def _candidates(
    fields: Fields, standing: RankedMembers, entity: EntitySpec, group: FieldGroup
) -> pl.DataFrame:
    """What each member says of the group: how much, how well written, and of which house."""
    members = standing.members
    nothing = pl.zeros(members.height, pl.UInt32, eager=True)
    sums = dict.fromkeys(_FACTS, nothing)
    places = dict.fromkeys(("house", "city"), pl.repeat(None, members.height, eager=True))
    values, keys, imputed = [], [], nothing
    for name in group.columns:
        cells = fields[name].cells
        column = next(column for column in choices(cells, entity) if column.name == name)
        own = all_voices(cells, standing.holding(fields[name].codes), column)
        heard = (own["says"] == Says.VALID) & (own["lesser"] < PLACEHOLDER).fill_null(value=False)
        value = own["value"].set(~heard, None)
        detail = own["detail"] if column.kind is Kind.ADDRESS else nothing
        values.append(value.alias(f"value {name}"))
        keys.append(own["key"].set(~heard, None).fill_null("").alias(f"key {name}"))
        counts = {"filled": heard, "detail": detail, "form": own["form"].fill_null(0)}
        counts["length"] = value.str.len_chars().fill_null(0)
        counts["repaired"] = own["repaired"] if "repaired" in own.columns else nothing
        sums = {n: sums[n] + counts[n].cast(pl.UInt32) * heard.cast(pl.UInt32) for n in sums}
        imputed += (own["says"] == Says.IMPUTED).cast(pl.UInt32)
        for place, of in (("house", group.street), ("city", group.city)):
            if name == of:
                places[place] = own["place"].set(~heard, None)
    facts = [column.alias(n) for n, column in (sums | places | {"imputed": imputed}).items()]
    content = [*values, *keys] if _votes_by_content(group) else values
    found = even_chunks(pl.DataFrame([*members.get_columns(), *facts, *content]))
    return found.filter(~pl.col("barred")) if standing.barred is not None else found


def _votes_by_content(group: FieldGroup) -> bool:
    """Whether records vote for the whole content, for want of a house."""
    return group.named and group.street is None


def _ranked(
    candidates: pl.DataFrame, group: FieldGroup
) -> tuple[pl.DataFrame, tuple[Criterion, ...]]:
    """The members of all clusters, the one with the best group first; and by what they rank."""
    values = [f"value {name}" for name in group.columns]
    places = [f"key {n}" for n in group.columns] if _votes_by_content(group) else ["house", "city"]
    place = pl.concat_str(pl.col(*places).cast(pl.String).fill_null(""), separator="|")
    ranks = candidates.with_columns(
        empty=pl.col("filled") == 0,
        homeless=pl.col("house").is_null(),
        complete=pl.col("filled") + pl.col("detail"),
        place=place,
        alike=pl.len().over("cluster", pl.struct(values).hash()),
    ).with_columns(
        votes=pl.len().over("cluster", "place"),
        trusted=pl.col("trust").min().over("cluster", "place"),
        youngest=pl.col("age").min().over("cluster", "place"),
    )
    by = (
        Criterion("empty", LESS, "empty"),
        Criterion("homeless", LESS, "empty"),
        *RULES[group.choice.rule].whole,
        Criterion("imputed", LESS if group.named else MORE, "order"),
        *(Criterion(name, LESS, "order") for name in values),
    )
    if any(criterion.column == "credit" for criterion in by):
        ranks = ranks.with_columns(credit=credit(group.choice))
    order = (*by, ORDER)
    columns, descending = [c.column for c in order], [c.more for c in order]
    return ranks.sort(columns, descending=descending, nulls_last=True), by
