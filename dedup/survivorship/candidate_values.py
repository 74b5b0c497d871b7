"""What each record says of a field, and how it counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from dedup.forms.value_quality import PARTIAL, WHOLE, quality
from dedup.survivorship.ranked_members import RankedMembers
from dedup.survivorship.strategies import Says
from dedup.survivorship.validity import doubt
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason, ref
from guiyi.spec import EntitySpec, SurvivorshipRule, SurvivorshipStrategy
from guiyi.spec.survivorship import DEFAULT, ORDERED

_USUAL = SurvivorshipRule(rule=SurvivorshipStrategy.MOST_FREQUENT)
_BY_SOURCE = SurvivorshipRule(rule=SurvivorshipStrategy.SOURCE_PRIORITY)

LEVELS = {
    Kind.ADDRESS: ("province", "city", "district", "road", "number", "room"),
    Kind.PERSON_NAME: ("surname", "given"),
}
"""Parts whose presence makes a value more complete than a longer one without them."""


LINES = ("mobile", "landline")
"""Types of telephone line; others, such as a service number, fit any field."""

DANGLING = "dangling"
"""The part of a relation that says whether it points to a record that is not here."""

_MOBILE = re.compile(r"(?i)mobile|(?:^|_)(?:cell|shou_?ji)|手机|手機|移动电话|移動電話")
_LANDLINE = re.compile(
    r"(?i)landline|switchboard|(?:home|office|work|desk)_?(?:phone|tel)|(?:^|_)(?:zuo_?ji|gu_?hua)"
    r"|座机|座機|固话|固話|固定电话|固定電話|办公电话|辦公電話|总机|總機"
)


@dataclass(frozen=True)
class FieldChoice:
    """One column to decide: a field of the entity, or a relation."""

    name: str
    kind: Kind | None
    choice: SurvivorshipRule
    parts: tuple[str, ...]
    line: str | None = None
    """Of a telephone the type of line it is for, where mobiles and landlines have fields of their
    own: a number of the other type, typed into the wrong column, then counts less."""

    @property
    def levels(self) -> tuple[str, ...]:
        """The parts that make a value more complete."""
        return LEVELS.get(self.kind, ()) if self.kind is not None else ()

    @property
    def heard(self) -> tuple[str, ...]:
        """The parts by which its values are judged."""
        typed = ("type",) if self.line is not None else ()
        return ("imputed", "key", DANGLING, *typed, *self.levels)

    @property
    def aside(self) -> tuple[str, ...]:
        """Columns besides the parts that its rule looks at."""
        valid = SurvivorshipStrategy.MOST_VALID in self.choice.strategies
        return (reason(self.name),) if valid else ()


def choices(records: pl.DataFrame, entity: EntitySpec) -> Iterator[FieldChoice]:
    """The columns of golden records, each with the rule by which its value is chosen."""
    for name, field in entity.fields.items():
        aside = (raw(name), reason(name))
        parts = (c for c in records.columns if c.startswith(part(name, "")) and c not in aside)
        rule, line = rule_of(entity, name), line_of(entity, name)
        yield FieldChoice(name, field.kind, rule, tuple(parts), line)
    default = rule_of(entity, "default")
    several = default.rule is SurvivorshipStrategy.UNION
    one = _BY_SOURCE.model_copy(update={"when": default.when}) if several else default
    for name in records.columns:
        if name.startswith(ref("")):
            yield FieldChoice(name, None, one, ())


def rule_of(entity: EntitySpec, field: str) -> SurvivorshipRule:
    """The rule by which a field's value is chosen."""
    rules = entity.survivorship
    if field in rules:
        return rules[field]
    group = (rule for rule in rules.values() if field in rule.fields)
    return next(group, rules.get(DEFAULT, _USUAL))


def line_of(entity: EntitySpec, field: str) -> str | None:
    """The type of line a telephone field is for, if there is another for the other type."""
    phones = [name for name, kind in entity.kinds.items() if kind is Kind.PHONE]
    mobiles = [name for name in phones if _MOBILE.search(name)]
    if field not in phones or not mobiles or len(mobiles) == len(phones):
        return None
    if field in mobiles:
        return "mobile"
    apart = any(_LANDLINE.search(name) for name in phones)
    return "landline" if _LANDLINE.search(field) or not apart else None


def voices(records: pl.DataFrame, standing: RankedMembers, column: FieldChoice) -> pl.DataFrame:
    """What each member says of a field, in order of trust: the value, and how it counts.

    A refused voice is a raw value the cleaner could make nothing of.
    """
    return all_voices(records, standing, column).filter(pl.col("value").is_not_null())


def all_voices(records: pl.DataFrame, standing: RankedMembers, column: FieldChoice) -> pl.DataFrame:
    """The voices of all members, those who say nothing included."""
    name = column.name
    wanted = {name, raw(name), *column.aside, *(part(name, n) for n in column.heard)}
    have = wanted.intersection(records.columns)
    cells = [records[name].gather(standing.members["row"]) for name in sorted(have)]
    cells_of_all = even_chunks(pl.DataFrame(cells or None, height=standing.members.height))

    def column_or(name: str, instead: pl.Expr) -> pl.Expr:
        return pl.col(name) if name in have else instead

    nothing = pl.lit(None, dtype=pl.String)
    value = column_or(name, nothing)
    imputed = column_or(part(name, "imputed"), pl.lit(False)).fill_null(False)
    levels = {n: pl.col(part(name, n)) for n in column.levels if part(name, n) in have}
    aside = {n: e for n, e in _aside(column).items() if not have.isdisjoint(e.meta.root_names())}
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
        **aside,
    ).select("value", "key", "says", *(f"part {n}" for n in levels), *aside)
    parts = {n: pl.col(f"part {n}") for n in levels}
    judged = cells_of_all.with_columns(
        **quality(column.kind, parts), place=_place(column.kind, parts)
    )
    judged = judged.drop(f"part {n}" for n in levels)
    found = even_chunks(standing.members.hstack(judged))
    if "misplaced" in aside:
        found = found.with_columns(lesser=pl.max_horizontal("lesser", "misplaced"))
    if standing.barred is not None:
        barred = pl.col("barred") & (pl.col("says") != Says.REFUSED)
        found = found.with_columns(
            says=pl.when(barred).then(pl.lit(Says.BARRED, pl.UInt8)).otherwise("says")
        )
    return found


def _aside(column: FieldChoice) -> dict[str, pl.Expr]:
    """What only some columns and rules look at: is it in the wrong place, was it repaired, how much
    is it.
    """
    found = {}
    dangling = pl.col(part(column.name, DANGLING)).fill_null(value=False)
    if column.kind is None:
        found["misplaced"] = pl.when(dangling).then(pl.lit(PARTIAL)).otherwise(pl.lit(WHOLE))
    if column.line is not None:
        line = pl.col(part(column.name, "type"))
        other = line.is_in([*LINES]) & (line != column.line)
        found["misplaced"] = pl.when(other).then(pl.lit(PARTIAL)).otherwise(pl.lit(WHOLE))
    if column.aside:
        found["repaired"] = doubt(pl.col(reason(column.name)))
    if not ORDERED.isdisjoint(column.choice.strategies):
        value = pl.col(column.name)
        if column.kind is Kind.DATE:
            value = value.str.head(10).str.replace_all("-", "").str.pad_end(8, "0")
        found["number"] = value.cast(pl.Float64, strict=False)
    return found


def _place(kind: Kind | None, parts: dict[str, pl.Expr]) -> pl.Expr:
    """What records vote for together: a house, with or without the flat; else a comparison key."""
    if kind is not Kind.ADDRESS or not {"road", "number"} <= set(parts):
        return pl.col("key")
    return pl.coalesce(
        pl.concat_str(parts["road"], parts["number"], separator=" ").str.replace_all(" ", ""), "key"
    )
