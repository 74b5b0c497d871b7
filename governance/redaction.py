"""Takes a person out of rows of the ledger, whichever table or event they are of."""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from guiyi.record_key import key_of, parted, record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE

ERASED = "erased"
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
    values: Collection[str]
    """What only this person is known by: taken out of records of other entities, too."""
    registrations: Collection[int] = ()
    """The numbers of registrations that are the person's."""

    @cached_property
    def elsewhere(self) -> list[str]:
        """Record keys that name the person in other entities, too."""
        return [key for key in self.tokens if any(value in key for value in self.values)]

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
                gone = held | self._says(name)
                changes.append(pl.when(gone).then(pl.lit(instead)).otherwise(name).alias(name))
        if "fields" in rows.columns:
            is_registration = "until" in rows.columns
            gone = self._is_own_registration(own) if is_registration else self._is_own_version(own)
            kept = pl.when(~gone).then(self._without_values("fields"))
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
            hit = self._is_named(key, own)
            other = key.replace_strict(dict(self.tokens), default=None, return_dtype=pl.String)
            changes.append(pl.when(hit).then(other).otherwise(name).alias(name))
            held |= hit
        return held, changes

    def _is_named(self, key: pl.Expr, own: pl.Expr) -> pl.Expr:
        anywhere = key.is_in(self.elsewhere)
        return (anywhere | (own & key.is_in(list(self.tokens)))).fill_null(value=False)

    def _says(self, name: str) -> pl.Expr:
        """Whether a text holds one of the values."""
        if not self.values:
            return _NONE
        return pl.col(name).str.contains_any(list(self.values)).fill_null(value=False)

    def _is_own_version(self, own: pl.Expr) -> pl.Expr:
        part = pl.concat_str(GOLDEN_ID, "valid_from", separator="\n")
        shared = part.is_in(["\n".join(version) for version in self.versions])
        return own & (pl.col(GOLDEN_ID).is_in(list(self.golden_ids)) | shared)

    def _is_own_registration(self, own: pl.Expr) -> pl.Expr:
        """Of the person's golden record, or of somebody who is known by the same values."""
        of_record = pl.col(GOLDEN_ID).is_in(list(self.golden_ids)).fill_null(value=False)
        named = pl.col("id").is_in(list(self.registrations))
        return own & (of_record | named | self._says("fields"))

    def _without_values(self, name: str) -> pl.Expr:
        """An image without the values, where it has any."""
        emptied = pl.col(name).map_elements(self.emptied, return_dtype=pl.String)
        return pl.when(self._says(name)).then(emptied).otherwise(name)

    def emptied(self, image: str) -> str:
        """An image (JSON, as polars writes it) in which texts that hold a value are null."""
        fields = {name: self._emptied(value) for name, value in json.loads(image).items()}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    def _emptied(self, value: Any) -> Any:
        if isinstance(value, list):
            return [one for one in value if self._emptied(one) is not None]
        holds = isinstance(value, str) and any(one in value for one in self.values)
        return None if holds else value

    def _renamed(self) -> pl.Expr:
        """Record keys listed as JSON, with those of the person replaced."""

        def renamed(members: str) -> str:
            keys = json.loads(members)
            return json.dumps([self.tokens.get(key, key) for key in keys], ensure_ascii=False)

        return pl.col("members").map_elements(renamed, return_dtype=pl.String)


def random_tokens(names: Collection[str]) -> dict[str, str]:
    """Another name for each: of the same source and table, and otherwise random.

    A record whose source was renamed keeps its random part, so that the renaming still finds it.
    """
    random: dict[str, str] = {}
    tokens = {}
    for key in names:
        source, record_id = parted(key)
        token = random.setdefault(record_id, secrets.token_hex(8))
        tokens[key] = key_of(source, f"{record_id.partition('/')[0]}/{ERASED}-{token}")
    return tokens
