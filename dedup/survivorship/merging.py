"""Clusters become golden records, one field after the other: no more than one is held at a time.

    merging = Merging.of(clean, clusters, entity, sources)
    for field in merging.fields():
        field.columns          # FIELD and its parts, one value for each of merging.cluster_ids
        field.provenance       # cluster_id, value, row, rule, alternates

A record that stands alone is its own golden record under every rule, so it needs no vote.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from cleansing.coded import Codes
from cleansing.coded_table import CodedField
from dedup.survivorship.candidate_values import DANGLING, FieldChoice, choices
from dedup.survivorship.clean_fields import CleanFields, WholeTable
from dedup.survivorship.conditions import conditions_met, without_conditions
from dedup.survivorship.field_groups import Carriers
from dedup.survivorship.golden import GoldenField, carried, surviving
from dedup.survivorship.id_conflicts import conflicting_ids, identifiers
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.rules import DATED, Why
from dedup.survivorship.strategies import IMPUTED
from dedup.survivorship.whole_address import field_groups
from guiyi.even_chunks import even_chunks
from guiyi.records import (
    CLUSTER_ID,
    EXTRACTED_AT,
    RECORD_ID,
    SOURCE,
    part,
    raw,
    reason,
)
from guiyi.spec import EntitySpec, SurvivorshipRule

Absent = Callable[[str, pl.Series], pl.Series]
"""Of a relation and some record keys in it, those that no record has."""


def none_absent(relation: str, keys: pl.Series) -> pl.Series:
    """Take every record a relation names to be there."""
    return keys.clear()


@dataclass(frozen=True)
class MergedField:
    """One field of every golden record, and where its values came from."""

    name: str
    columns: list[pl.Series]
    """The field and its parts, in the order of the cluster ids."""
    provenance: pl.DataFrame
    """cluster_id, value, row, rule, why, alternates; a row for each golden record that has a value,
    or had something that could not become one."""


_WHENCE: dict[str, "type[pl.DataType] | pl.DataType"] = {
    CLUSTER_ID: pl.Int64,
    "value": pl.String,
    "row": pl.Int64,
    "rule": pl.String,
    "why": Why,
    "alternates": pl.List(pl.String),
}


@dataclass(frozen=True)
class Merging:
    """The clusters of a clean table, ready to be merged field by field."""

    clean: CleanFields
    entity: EntitySpec
    several: RankedMembers
    """The members of clusters of several records."""
    alone: pl.DataFrame
    """row and cluster_id of the records that stand alone."""
    cluster_ids: pl.Series
    """All cluster ids, ascending unless `ordered` otherwise."""
    order: pl.Series
    """Where each of them is, of those of several and then those alone."""
    conditions: dict[str, pl.Series]
    """By SQL condition of a rule which records meet it."""
    absent: Absent
    """Of the keys in a relation, those that no record has."""

    @classmethod
    def of(
        cls,
        clean: CleanFields,
        clusters: pl.DataFrame,
        entity: EntitySpec,
        source_order: Sequence[str],
        absent: Absent = none_absent,
    ) -> "Merging":
        """`clusters` has `row` and `cluster_id`; a record it leaves out is left out here. `absent`:
        of a relation (`ref.NAME`) and some keys in it, those no record has; they count less.

        Raises SpecError where the condition of a rule is no SQL over the table's columns.
        """
        places = clusters.select(pl.col("row").cast(pl.Int64), pl.col(CLUSTER_ID).cast(pl.Int64))
        several = places[CLUSTER_ID].is_duplicated()
        voting = standing(clean, places.filter(several), entity, source_order)
        alone = places.filter(~several)
        ids = pl.concat([voting.cluster_ids, alone[CLUSTER_ID]])
        order = ids.arg_sort()
        met = conditions_met(clean, entity)
        return cls(clean, entity, voting, alone, ids.gather(order), order, met, absent)

    def ordered(self, by: pl.Series) -> "Merging":
        """The same with its golden records in the order of these values of theirs."""
        order = by.arg_sort()
        return replace(
            self, cluster_ids=self.cluster_ids.gather(order), order=self.order.gather(order)
        )

    @property
    def members(self) -> pl.Series:
        """How many records each golden record stands for."""
        return self._placed(self.several.sizes, pl.repeat(1, self.alone.height, eager=True))

    def conflicting_ids(self) -> pl.Series:
        """The fields in which its records hold different valid numbers; null for none."""
        fields = whole_fields(self.clean, identifiers(self.entity))
        found = conflicting_ids(fields, self.several, self.entity)
        return self._placed(found, pl.repeat(None, self.alone.height, eager=True))

    def fields(self, *, whole: bool = True) -> Iterator[MergedField]:
        """Merge one field after the other, and every relation.

        The `whole` of it: with what the cleaner took apart, with raw values that the cleaner
        refused as alternates of golden records that have no better one, and with the provenance of
        records that stand alone.
        """
        columns = self._choices()
        carriers = self._carriers(columns, self.entity)
        later = without_conditions(self.entity)
        instead = None if later is None else self._carriers(columns, later)
        for column in columns:
            rounds = [Round(column, carriers.get(column.name))]
            second = column.choice.without_condition
            if instead is not None and second is not None:
                rounds.append(Round(replace(column, choice=second), instead.get(column.name)))
            yield self._merged(rounds, whole)

    def _choices(self) -> list[FieldChoice]:
        head = pl.DataFrame(schema=dict.fromkeys(self.clean.columns, pl.String))
        return list(choices(head, self.entity))

    def _carriers(self, columns: Sequence[FieldChoice], entity: EntitySpec) -> dict[str, Carriers]:
        """For each field that moves with others the records that give it."""
        groups = field_groups(entity, self.clean.columns)
        wanted = {name for group in groups for name in group.columns}
        found = {}
        for column in columns:
            if column.name in wanted:
                heard = {part(column.name, n) for n in column.heard} | {*column.aside}
                own = [name for name in self.clean.columns if name in heard]
                found[column.name] = self.clean.field([column.name, *own])
        return carried(found, self._standing, entity)

    def _standing(self, choice: SurvivorshipRule) -> RankedMembers:
        """The members of clusters of several records, as a rule lets them give values."""
        if choice.when is None:
            return self.several
        return self.several.meeting(self.conditions[choice.when])

    def _merged(self, rounds: "Sequence[Round]", whole: bool) -> MergedField:
        column = rounds[0].column
        name = column.name
        if name not in self.clean.columns:
            nothing = pl.repeat(None, len(self.cluster_ids), dtype=pl.String, eager=True)
            return MergedField(name, [nothing.alias(name)], pl.DataFrame(schema=_WHENCE))
        aside = {raw(name)} if whole else set()
        aside = aside.union(*(one.column.aside for one in rounds))
        there = [other for other in self.clean.columns if other in aside]
        field = self.clean.field([name, *column.parts, *there])
        if column.kind is None:
            field = self._with_dangling(field, name)
        won = self._won(field, rounds)
        cells = field.codes[self.alone["row"].to_numpy()]
        columns = [self._placed(won.value, field.cells[name].gather(cells))]
        if whole:
            columns += self._parts(column, won, field, cells)
        return MergedField(name, columns, self._provenance(column, won.chosen, field, cells, whole))

    def _with_dangling(self, field: CodedField, name: str) -> CodedField:
        """A relation with whether it points to a record that is not here."""
        held = field.codes[self.several.members["row"].to_numpy()]
        gone = self.absent(name, field.cells[name].gather(held).drop_nulls().unique())
        if gone.is_empty():
            return field
        dangling = field.cells[name].is_in(gone.implode()).alias(part(name, DANGLING))
        return CodedField(even_chunks(field.cells.with_columns(dangling)), field.codes)

    def _won(self, field: CodedField, rounds: "Sequence[Round]") -> GoldenField:
        """What its rule chooses; where no record meets the condition, what the other rule does."""
        one, *rest = rounds
        won = surviving(
            field.cells, self._standing(one.column.choice), one.column, field.codes, one.carrier
        )
        for other in rest:
            empty = won.value.is_null().to_numpy()
            if one.carrier is not None:
                empty = one.carrier.orders < 0
            instead = surviving(field.cells, self.several, other.column, field.codes, other.carrier)
            won = won.or_else(instead, empty)
        return won

    def _parts(
        self, column: FieldChoice, won: GoldenField, field: CodedField, alone: Codes
    ) -> Iterator[pl.Series]:
        """The parts of a field, of the record that gave its value."""
        rows = won.rows.fill_null(0).to_numpy()
        held = pl.Series(field.codes[rows] if len(field.codes) else rows)
        held = held.set(won.rows.is_null(), None)
        own = pl.Series(alone).set(field.cells[column.name].gather(alone).is_null(), None)
        at = self._placed(held, own).cast(pl.UInt32)
        mark = part(column.name, "imputed")
        marked = field.cells[mark].gather(alone) if mark in field.cells.columns else None
        for name in column.parts:
            if name in won.lists:
                mine = _distinct(field.cells[name].gather(own), marked)
                yield self._placed(won.lists[name], mine).alias(name)
            else:
                yield field.cells[name].gather(at)

    def _provenance(
        self,
        column: FieldChoice,
        chosen: pl.DataFrame,
        field: CodedField,
        cells: Codes,
        whole: bool,
    ) -> pl.DataFrame:
        several = chosen.select(
            self.several.cluster_ids.gather(chosen["cluster"]).alias(CLUSTER_ID),
            "value",
            pl.col("row").cast(pl.Int64),
            "rule",
            "why",
            pl.col("alternates").fill_null([]),
        )
        if not whole:
            return several
        single = field.cells.select(_single_value(column, field.cells))[cells]
        own = even_chunks(single.with_columns(self.alone["row"], self.alone[CLUSTER_ID]))
        nothing = pl.col("value").is_null()
        refused = pl.col("refused").is_not_null()
        alone = own.filter(~nothing | refused).select(
            CLUSTER_ID,
            "value",
            pl.when(~nothing).then("row").alias("row"),
            pl.when(~nothing).then("rule").alias("rule"),
            pl.lit(None, Why).alias("why"),
            pl.when(nothing).then(pl.concat_list("refused")).otherwise([]).alias("alternates"),
        )
        return pl.concat([several, alone]).sort(CLUSTER_ID, maintain_order=True)

    def _placed(self, several: pl.Series, alone: pl.Series) -> pl.Series:
        """Values of clusters of several records and of those alone, in the order of cluster ids."""
        both = pl.concat([several, alone.cast(several.dtype).alias(several.name)])
        return both.gather(self.order)


@dataclass(frozen=True)
class Round:
    """One rule for a column, and the records that give it where it moves with others."""

    column: FieldChoice
    carrier: Carriers | None


def _single_value(column: FieldChoice, cells: pl.DataFrame) -> list[pl.Expr]:
    """What a record that stands alone says of a field: its value, or what was refused; the rule."""
    name, rule = column.name, pl.lit(str(column.choice.rule))
    mark = part(name, "imputed")
    if mark in cells.columns:
        rule = pl.when(pl.col(mark).fill_null(value=False)).then(pl.lit(IMPUTED)).otherwise(rule)
    raws = pl.col(raw(name)) if raw(name) in cells.columns else pl.lit(None, pl.String)
    refused = pl.when(pl.col(name).is_null()).then(raws)
    return [pl.col(name).alias("value"), rule.alias("rule"), refused.alias("refused")]


def _distinct(lists: pl.Series, marked: pl.Series | None) -> pl.Series:
    """The list of a record alone as a union would have it: each item once, of imputed ones none."""
    once = lists.list.drop_nulls().list.unique(maintain_order=True)
    kept = once.list.len() > 0
    if marked is not None:
        kept &= ~marked.fill_null(value=False)
    return pl.select(pl.when(kept).then(once)).to_series()


def standing(
    clean: CleanFields, clusters: pl.DataFrame, entity: EntitySpec, source_order: Sequence[str]
) -> RankedMembers:
    """The members of some clusters, each with its place in the order of trust."""
    own = [SOURCE, RECORD_ID, EXTRACTED_AT]
    if entity.updated is not None:
        own += [entity.updated, part(entity.updated, "key")]
    known = clean.read([name for name in own if name in clean.columns])
    dated = any(not DATED.isdisjoint(rule.strategies) for rule in entity.survivorship.values())
    return RankedMembers.of(known, clusters, entity.updated, source_order, dated=dated)


def whole_fields(clean: CleanFields, names: Collection[str]) -> dict[str, CodedField]:
    """Whole fields, without what the cleaner refused and why."""
    found = {}
    for name in names:
        if name in clean.columns:
            aside = (raw(name), reason(name))
            parts = (n for n in clean.columns if n.startswith(part(name, "")) and n not in aside)
            found[name] = clean.field([name, *parts])
    return found


@dataclass(frozen=True)
class Golden:
    """The merged records, and where each of their values came from."""

    golden: pl.DataFrame
    """cluster_id, every field with its parts, every relation, `members`: how many source records it
    stands for, and `conflicting_ids`: the fields in which they hold different valid numbers."""
    provenance: pl.DataFrame
    """cluster_id, field, value, source, record_id, rule, why (a code of `REASONS`, null where
    nothing was beaten), alternates: field by field, one row for each that has a value, or had
    something that could not become one."""


def survive(
    records: pl.DataFrame,
    clusters: pl.DataFrame,
    entity: EntitySpec,
    source_order: Sequence[str],
    absent: Absent = none_absent,
) -> Golden:
    """Merge each cluster's records into one golden record, field by field.

    `clusters` has `row` (row numbers of `records`) and `cluster_id`; a record it leaves out is left
    out here. `absent`: of a relation (`ref.NAME`) and some keys in it, those no record has; a valid
    relation beats a dangling one. The result does not depend on the order of the records.

    Raises SpecError where the condition of a rule is no SQL over the columns of `records`.
    """
    merging = Merging.of(WholeTable(records), clusters, entity, source_order, absent)
    names = identities(merging.clean)
    golden, provenance = [merging.cluster_ids], [no_provenance()]
    for field in merging.fields():
        golden.extend(field.columns)
        provenance.append(named_provenance(field, names))
    rest = [merging.conflicting_ids(), merging.members]
    return Golden(even_chunks(pl.DataFrame([*golden, *rest])), pl.concat(provenance))


def identities(clean: CleanFields) -> pl.DataFrame:
    """The source and record id of every row; null where the table has none."""
    there = [name for name in (SOURCE, RECORD_ID) if name in clean.columns]
    own = clean.read(there)
    absent = {name: pl.lit(None, pl.String) for name in (SOURCE, RECORD_ID) if name not in there}
    return own.with_columns(**absent).select(SOURCE, RECORD_ID)


def named_provenance(field: MergedField, names: pl.DataFrame) -> pl.DataFrame:
    """The provenance of a field with the source and record id of the record that gave the value."""
    provenance = field.provenance
    return even_chunks(
        provenance.select(
            CLUSTER_ID,
            pl.lit(field.name).alias("field"),
            "value",
            *(names[name].gather(provenance["row"]) for name in (SOURCE, RECORD_ID)),
            "rule",
            "why",
            "alternates",
        )
    )


def no_provenance() -> pl.DataFrame:
    """The columns of a provenance."""
    text = dict.fromkeys(("field", "value", SOURCE, RECORD_ID, "rule"), pl.String)
    return pl.DataFrame(
        schema={CLUSTER_ID: pl.Int64, **text, "why": Why, "alternates": pl.List(pl.String)}
    )
