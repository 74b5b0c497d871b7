"""What each record says of a field, and how it counts."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from dedup.forms.value_quality import quality
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.strategies import Says
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason, ref
from guiyi.spec import EntitySpec, SurvivorshipRule, SurvivorshipStrategy

LEVELS = {
    Kind.ADDRESS: ("province", "city", "district", "road", "number", "room"),
    Kind.PERSON_NAME: ("surname", "given"),
}
"""Parts whose presence makes a value more complete than a longer one without them."""


@dataclass(frozen=True)
class FieldChoice:
    """One column to decide: a field of the entity, or a relation."""

    name: str
    kind: Kind | None
    choice: SurvivorshipRule
    parts: tuple[str, ...]

    @property
    def levels(self) -> tuple[str, ...]:
        """The parts that make a value more complete."""
        return LEVELS.get(self.kind, ()) if self.kind is not None else ()


def choices(records: pl.DataFrame, entity: EntitySpec) -> Iterator[FieldChoice]:
    """The columns of golden records, each with the rule by which its value is chosen."""
    for name, field in entity.fields.items():
        aside = (raw(name), reason(name))
        parts = (c for c in records.columns if c.startswith(part(name, "")) and c not in aside)
        yield FieldChoice(name, field.kind, rule_of(entity, name), tuple(parts))
    default = rule_of(entity, "default")
    one = (
        default
        if default.rule is not SurvivorshipStrategy.UNION
        else SurvivorshipRule(rule=SurvivorshipStrategy.SOURCE_PRIORITY)
    )
    for name in records.columns:
        if name.startswith(ref("")):
            yield FieldChoice(name, None, one, ())


def rule_of(entity: EntitySpec, field: str) -> SurvivorshipRule:
    """The rule by which a field's value is chosen."""
    default = entity.survivorship.get(
        "default", SurvivorshipRule(rule=SurvivorshipStrategy.MOST_FREQUENT)
    )
    return entity.survivorship.get(field, default)


def voices(records: pl.DataFrame, standing: RankedMembers, column: FieldChoice) -> pl.DataFrame:
    """What each member says of a field, in order of trust: the value, and how it counts.

    A refused voice is a raw value the cleaner could make nothing of.
    """
    return all_voices(records, standing, column).filter(pl.col("value").is_not_null())


def all_voices(records: pl.DataFrame, standing: RankedMembers, column: FieldChoice) -> pl.DataFrame:
    """The voices of all members, those who say nothing included."""
    name = column.name
    wanted = {name, raw(name), *(part(name, n) for n in ("imputed", "key", *column.levels))}
    have = wanted.intersection(records.columns)
    cells = [records[name].gather(standing.members["row"]) for name in sorted(have)]
    cells_of_all = even_chunks(pl.DataFrame(cells or None, height=standing.members.height))

    def column_or(name: str, instead: pl.Expr) -> pl.Expr:
        return pl.col(name) if name in have else instead

    nothing = pl.lit(None, dtype=pl.String)
    value = column_or(name, nothing)
    imputed = column_or(part(name, "imputed"), pl.lit(False)).fill_null(False)
    levels = {n: pl.col(part(name, n)) for n in column.levels if part(name, n) in have}
    cells_of_all = cells_of_all.with_columns(
        pl.coalesce(value, column_or(raw(name), nothing)).alias("value"),
        pl.coalesce(column_or(part(name, "key"), value), value).alias("key"),
        pl.when(value.is_null())
        .then(pl.lit(Says.REFUSED))
        .when(imputed)
        .then(pl.lit(Says.IMPUTED))
        .otherwise(pl.lit(Says.VALID))
        .cast(pl.UInt8)
        .alias("says"),
        *(level.alias(f"part {n}") for n, level in levels.items()),
    ).select("value", "key", "says", *(f"part {n}" for n in levels))
    parts = {n: pl.col(f"part {n}") for n in levels}
    judged = cells_of_all.with_columns(
        **quality(column.kind, parts), place=_place(column.kind, parts)
    )
    judged = judged.drop(f"part {n}" for n in levels)
    return even_chunks(standing.members.hstack(judged))


def _place(kind: Kind | None, parts: dict[str, pl.Expr]) -> pl.Expr:
    """What records vote for together: a house, with or without the flat; else a comparison key."""
    if kind is not Kind.ADDRESS or not {"road", "number"} <= set(parts):
        return pl.col("key")
    return pl.coalesce(
        pl.concat_str(parts["road"], parts["number"], separator=" ").str.replace_all(" ", ""), "key"
    )
