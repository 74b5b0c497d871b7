"""Two valid numbers of one kind in one cluster: an organisation or a person has but one.

A mistyped number is refused by its check character, so two valid ones that differ are evidence that
two customers were merged, or that a source holds a number of somebody else. Both are a steward's to
decide.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded_table import CodedField
from dedup.results import Resolution
from dedup.survivorship.ranked_members import RankedMembers
from dedup.verdict import Verdict
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import CLUSTER_ID, CONFLICTING_IDS, part
from guiyi.spec import EntitySpec

PROVEN = (Kind.USCC, Kind.ID_CARD)
"""Kinds whose values are proved by a check character and given for life."""


def identifiers(entity: EntitySpec) -> list[str]:
    """The fields that hold proven numbers."""
    return [name for name, field in entity.fields.items() if field.kind in PROVEN]


def numbers_of(cells: pl.DataFrame, field: str, kind: Kind) -> pl.DataFrame:
    """Of what sort a cell's number is, and which: only numbers of one sort can conflict.

    A credit code and the organisation code inside it are one number; a registration number of the
    years before 2015 is of another sort, and so are VAT numbers of two countries.
    """
    valid = pl.col(field).is_not_null()
    key = pl.col(part(field, "key") if part(field, "key") in cells.columns else field)
    org = pl.col(part(field, "org")) if part(field, "org") in cells.columns else pl.lit(None)
    country = key.str.extract(r"^(\p{L}{0,2})")
    letters = country if kind is Kind.USCC else country.str.replace_all(r"\p{L}", "A")
    shape = pl.concat_str(letters, key.str.len_chars())
    return cells.select(
        sort=pl.when(valid & org.is_not_null()).then(pl.lit("org")).when(valid).then(shape),
        number=pl.when(valid).then(pl.coalesce(org.cast(pl.String), key)),
    )


def _conflicts(numbers: pl.DataFrame, standing: RankedMembers) -> pl.Series:
    """The clusters (by position) whose members hold different numbers of one sort."""
    held = even_chunks(numbers.with_columns(standing.members["cluster"]))
    numbered = held.filter(pl.col("number").is_not_null())
    kinds = numbered.group_by("cluster", "sort").agg(pl.col("number").n_unique())
    return kinds.filter(pl.col("number") > 1)["cluster"].unique().sort()


def conflicting_ids(
    fields: Mapping[str, CodedField], standing: RankedMembers, entity: EntitySpec
) -> pl.Series:
    """For each cluster the fields whose valid numbers conflict, joined with `; `; null for none."""
    rows = standing.members["row"].to_numpy()
    values: list[str | None] = [None] * len(standing.cluster_ids)
    for field in identifiers(entity):
        if field in fields:
            own = fields[field]
            numbers = numbers_of(own.cells, field, entity.kinds[field])[own.codes[rows]]
            for cluster in _conflicts(numbers, standing).to_list():
                values[cluster] = "; ".join(filter(None, (values[cluster], field)))
    return pl.Series(CONFLICTING_IDS, values, dtype=pl.String)


def for_review(
    found: Resolution,
    fields: Mapping[str, CodedField],
    standing: RankedMembers,
    entity: EntitySpec,
) -> Resolution:
    """What matching found, with those merges for review that conflicting numbers speak against.

    They stay merged, as the records agree in all else; a note counts them. Where no pair between
    records of different numbers was compared, all that hold the cluster together are for review.
    """
    doubted = conflicting_ids(fields, standing, entity).is_not_null()
    count = int(doubted.sum())
    if not count:
        return found
    chosen = _doubtful(found, fields, entity, standing.cluster_ids.filter(doubted))
    review = pl.when(pl.Series(chosen)).then(pl.lit(str(Verdict.REVIEW)))
    pairs = even_chunks(found.pairs.with_columns(verdict=review.otherwise("verdict")))
    names = ", ".join(name for name in identifiers(entity) if name in fields)
    note = Message(
        "clusters whose records hold different valid numbers ({fields}): "
        "{count}; for review, though merged",
        fields=names,
        count=count,
    )
    return replace(found, pairs=pairs, notes=[*found.notes, note])


def _doubtful(
    found: Resolution, fields: Mapping[str, CodedField], entity: EntitySpec, ids: pl.Series
) -> npt.NDArray[np.bool_]:
    """Which pairs lie in one of these clusters and are between records of different numbers."""
    ours = found.clusters.filter(pl.col(CLUSTER_ID).is_in(ids.implode())).select(
        pl.col("row").cast(pl.UInt32), CLUSTER_ID
    )
    at = found.pairs.select("row_l", "row_r").with_row_index("at")
    inside = at.join(ours.rename({"row": "row_l"}), on="row_l").join(
        ours.rename({"row": "row_r"}), on=["row_r", CLUSTER_ID]
    )
    apart = np.zeros(inside.height, np.bool_)
    for name, field in fields.items():
        numbers = numbers_of(field.cells, name, entity.kinds[name])
        left, right = (numbers[field.codes[inside[side].to_numpy()]] for side in ("row_l", "row_r"))
        differ = (left["sort"] == right["sort"]) & (left["number"] != right["number"])
        apart |= differ.fill_null(value=False).to_numpy()
    judged = even_chunks(inside.with_columns(pl.Series("apart", apart)))
    compared = pl.col("apart").any().over(CLUSTER_ID)
    doubtful = np.zeros(found.pairs.height, np.bool_)
    doubtful[judged.filter(pl.col("apart") | ~compared)["at"].to_numpy()] = True
    return doubtful
