"""Takes a person out of rows of the ledger, whichever table or event they are of."""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from governance.personal_values import PersonalValues
from governance.stewardship import PARENTS
from guiyi.record_key import key_of, parted, record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE

ERASED = "erased"
"""What stands where something said who a person was; the scope of such rows, their ids' status."""
_NONE = pl.lit(value=False)
_PERSONAL: Mapping[str, str | None] = {
    "value": None,
    "why": None,
    "message": None,
    "reason": ERASED,
    "fingerprint": ERASED,
}
"""Columns that may say something of a record, and what stands there afterwards."""


@dataclass(frozen=True)
class Redaction:
    """What is taken out of rows, and what stands in its place."""

    entity: str
    golden_ids: Collection[str]
    versions: Collection[tuple[str, str]]
    """Golden id, run: versions of others' golden records which the person had a part in."""
    tokens: Mapping[str, str]
    """Record key → the key that stands in its place."""
    values: PersonalValues
    """What only this person is known by: taken out of records of others, too."""
    registrations: Collection[int] = ()
    """The numbers of registrations that are the person's."""

    @cached_property
    def elsewhere(self) -> list[str]:
        """Record keys that name the person in other entities, too."""
        return [key for key in self.tokens if self.values.mentions(key)]

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows without the person; as many, in the same order.

        They have an entity; those with values have valid_from, the run they came from.
        """
        own = pl.col("entity") == self.entity
        held, changes = self._named(rows.columns, own)
        if GOLDEN_ID in rows.columns and "stage" in rows.columns:
            held |= own & pl.col(GOLDEN_ID).is_in(list(self.golden_ids)).fill_null(value=False)
        for name, instead in _PERSONAL.items():
            if name in rows.columns:
                gone = held | self.values.said_in(name)
                gone |= self._names_it(rows.columns, name)
                changes.append(pl.when(gone).then(pl.lit(instead)).otherwise(name).alias(name))
        if "fields" in rows.columns:
            is_registration = "until" in rows.columns
            gone = self._is_own_registration(own) if is_registration else self._is_own_version(own)
            kept = pl.when(~gone).then(self._without_values())
            changes.append(kept.alias("fields"))
        if "members" in rows.columns:
            changes.append(pl.when(own).then(self._renamed()).otherwise("members").alias("members"))
        return rows.with_columns(changes)

    def _named(self, columns: list[str], own: pl.Expr) -> tuple[pl.Expr, list[pl.Expr]]:
        """Which rows name a record of the person, and the names that stand there instead."""
        held, changes = _NONE, []
        record_ids = {key: parted(token)[1] for key, token in self.tokens.items()}
        for name in {RECORD_ID, "former"} & set(columns):
            key = record_key(SOURCE, name)
            hit = self._is_named(key, own)
            other = key.replace_strict(record_ids, default=None, return_dtype=pl.String)
            changes.append(pl.when(hit).then(other).otherwise(name).alias(name))
            held |= hit
        for name in {"left", "right"} & set(columns):
            key = pl.col(name)
            hit = self._is_named(key, self._is_parent(columns, own) if name == "right" else own)
            other = key.replace_strict(dict(self.tokens), default=None, return_dtype=pl.String)
            changes.append(pl.when(hit).then(other).otherwise(name).alias(name))
            held |= hit
        return held, changes

    def _names_it(self, columns: list[str], name: str) -> pl.Expr:
        """Which texts about a record of others that is known to say the person say the name."""
        touched = list(self.values.touched)
        if not touched:
            return _NONE
        about = _NONE
        if {SOURCE, RECORD_ID} <= set(columns):
            about |= record_key().is_in(touched)
        for key in {"left", "right"} & set(columns):
            about |= pl.col(key).is_in(touched)
        names = pl.col(name).map_elements(self.values.names_in, return_dtype=pl.Boolean)
        return (about & names).fill_null(value=False)

    def _is_parent(self, columns: list[str], own: pl.Expr) -> pl.Expr:
        """Whether the second record of a decision is of the entity; a parent may be of another."""
        if not {"decision", "value"} <= set(columns):
            return own
        of_parent = pl.col("decision").is_in(sorted(PARENTS))
        return pl.when(of_parent).then(pl.col("value") == self.entity).otherwise(own)

    def _is_named(self, key: pl.Expr, own: pl.Expr) -> pl.Expr:
        anywhere = key.is_in(self.elsewhere)
        return (anywhere | (own & key.is_in(list(self.tokens)))).fill_null(value=False)

    def _is_own_version(self, own: pl.Expr) -> pl.Expr:
        part = pl.concat_str(GOLDEN_ID, "valid_from", separator="\n")
        shared = part.is_in(["\n".join(version) for version in self.versions])
        return own & (pl.col(GOLDEN_ID).is_in(list(self.golden_ids)) | shared)

    def _is_own_registration(self, own: pl.Expr) -> pl.Expr:
        """Of the person's golden record, or of somebody who is known by the same values."""
        of_record = pl.col(GOLDEN_ID).is_in(list(self.golden_ids)).fill_null(value=False)
        named = pl.col("id").is_in(list(self.registrations))
        return own & (of_record | named | self.values.said_in("fields"))

    def _without_values(self) -> pl.Expr:
        """Images of others without the values, where they have any."""
        touched = pl.col(GOLDEN_ID).is_in(list(self.values.touched)).fill_null(value=False)
        both = pl.struct("entity", "fields", touched=touched)
        emptied = both.map_elements(
            lambda row: self.emptied(row["entity"], row["fields"], touched=row["touched"]),
            return_dtype=pl.String,
        )
        return pl.when(self.values.may_hold("fields")).then(emptied).otherwise("fields")

    def emptied(self, entity: str, image: str | None, *, touched: bool = False) -> str | None:
        """An image (JSON, as polars writes it) of an entity, or CRM entity, without the values."""
        if image is None or not any(one in image for one in self.values.spellings):
            return image
        fields = self.values.without(entity, json.loads(image), touched=touched)
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    def _renamed(self) -> pl.Expr:
        """Record keys listed as JSON, with those of the person replaced."""

        def renamed(members: str) -> str:
            keys = json.loads(members)
            return json.dumps([self.tokens.get(key, key) for key in keys], ensure_ascii=False)

        return pl.col("members").map_elements(renamed, return_dtype=pl.String)


def tokens(names: Collection[str], parts: Iterable[str]) -> dict[str, str]:
    """Another name for each record key, made of its part: of the same source and table.

    A record whose source was renamed has one part, that of its last name, which comes first: so the
    renaming still finds it.
    """
    of_records: dict[str, str] = {}
    made = {}
    for key, part in zip(names, parts, strict=False):
        source, record_id = parted(key)
        made[key] = key_of(source, erased_id(record_id, of_records.setdefault(record_id, part)))
    return made


def random_parts() -> Iterator[str]:
    """Parts of names that say nothing, without end."""
    while True:
        yield secrets.token_hex(8)


def erased_id(record_id: str, part: str) -> str:
    """The record id that stands in the place of one: of the same table."""
    return f"{record_id.partition('/')[0]}/{ERASED}-{part}"
