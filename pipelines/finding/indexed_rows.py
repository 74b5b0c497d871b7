"""What an index of customers holds: golden records, what their records say, and reported customers.

A row is named by its golden id and a digest of its values, so that the same values stand there
once, and a row whose values change is another row. Record keys are not needed to find anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from cleansing import clean_table
from cleansing.imputation import observed
from governance import Ledger
from governance.run_folder import CLEAN, CLUSTERS, RunFolder
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE, part, raw
from guiyi.spec import EntitySpec

REGISTRATION = "registration-"
"""Before the number of a registration, which stands where others have a golden id."""
GOLDEN, MEMBER, REPORTED = "g", "m", "r"
"""What a row comes from, before its digest."""
NAMES = (SOURCE, RECORD_ID)
"""The columns that name a row."""


@dataclass(frozen=True)
class CustomerRows:
    """The rows of an entity, by the ledger as it is now and the last run that published."""

    ledger: Ledger
    entity: str
    spec: EntitySpec
    folder: RunFolder | None
    """Where that run keeps its tables; None where they are gone, or lack the entity."""

    @property
    def kinds(self) -> dict[str, Kind]:
        """The fields that are looked at."""
        return self.spec.matched_kinds

    def all(self) -> pl.DataFrame:
        """Every row there should be, with its values: source (the golden id), record_id (the
        digest), FIELD as text.
        """
        return self._together(self._golden(None), self.members(), self.reported())

    def of(self, golden_ids: Collection[str], members: pl.DataFrame) -> pl.DataFrame:
        """The rows there should be of some golden ids; `members` as this makes them."""
        own = members.filter(pl.col(SOURCE).is_in(list(golden_ids)))
        return self._together(self._golden(golden_ids), own)

    def members(self) -> pl.DataFrame:
        """What the records of golden records say, each content once."""
        if self.folder is None:
            return self._shaped(pl.DataFrame(schema={GOLDEN_ID: pl.String}), MEMBER)
        return self._shaped(self._records([*self.kinds, *map(raw, self.kinds)]), MEMBER)

    def reported(self) -> pl.DataFrame:
        """What was reported of customers; each is a row of its own."""
        given = self.ledger.registrations(self.entity).select(
            pl.concat_str(pl.lit(REGISTRATION), pl.col("id").cast(pl.String)).alias(GOLDEN_ID),
            "fields",
        )
        return self._shaped(self._unpacked(given), REPORTED)

    def clean(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows as matching reads them: what records say as the run cleaned it, the rest anew."""
        is_member = pl.col(RECORD_ID).str.starts_with(MEMBER)
        typed = rows.filter(~is_member)
        found = [self._cleaned_by_run(rows.filter(is_member))]
        if typed.height:
            found.append(clean_table(typed, self.kinds, self.spec.homes))
        return even_chunks(pl.concat(found, how="diagonal_relaxed"))

    def _cleaned_by_run(self, rows: pl.DataFrame) -> pl.DataFrame:
        if self.folder is None or rows.is_empty():
            return pl.DataFrame(schema=dict.fromkeys(NAMES, pl.String))
        own = [
            name
            for name in self.folder.columns(CLEAN, self.entity)
            if any(name == field or name.startswith(part(field, "")) for field in self.kinds)
        ]
        records = self._records(own)
        named = self._named(records, MEMBER)
        return named.unique(NAMES, keep="first", maintain_order=True).join(
            rows.select(*NAMES), on=NAMES, how="semi"
        )

    def _records(self, columns: list[str]) -> pl.DataFrame:
        """Columns of the records of the run, with their golden ids; imputed values are none."""
        assert self.folder is not None
        there = set(self.folder.columns(CLEAN, self.entity))
        marks = [part(field, "imputed") for field in self.kinds]
        wanted = [name for name in dict.fromkeys([*columns, *marks]) if name in there]
        keys = [SOURCE, RECORD_ID]
        clusters = self.folder.read(CLUSTERS, self.entity, [*keys, GOLDEN_ID])
        records = self.folder.read(CLEAN, self.entity, [*keys, *wanted])
        both = records.join(clusters, on=keys, how="inner").drop(keys)
        return observed(both, [name for name in self.kinds if name in both.columns])

    def _golden(self, golden_ids: Collection[str] | None) -> pl.DataFrame:
        """The values of golden records; those of fields that may be imputed are left out."""
        rows = self._unpacked(self.ledger.golden_fields(self.entity, golden_ids))
        imputed = [name for name in self.kinds if name in self.spec.imputations]
        return self._shaped(
            rows.with_columns(pl.lit(None, pl.String).alias(name) for name in imputed), GOLDEN
        )

    def _unpacked(self, rows: pl.DataFrame) -> pl.DataFrame:
        """golden_id and FIELD, from golden_id and the fields as JSON."""
        shape = pl.Struct(dict.fromkeys(self.kinds, pl.String))
        return rows.select(GOLDEN_ID, pl.col("fields").str.json_decode(shape)).unnest("fields")

    def _shaped(self, rows: pl.DataFrame, kind: str) -> pl.DataFrame:
        """Rows by name, with the values they are known by; one that says nothing is none."""
        named = self._named(rows, kind)
        filled = named.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in self.kinds))
        return filled.select(*NAMES, *self.kinds).unique(NAMES, keep="first", maintain_order=True)

    def _named(self, rows: pl.DataFrame, kind: str) -> pl.DataFrame:
        """Rows with the golden id for a source and the digest for a record id.

        Of a value no cleaner took, what was typed counts.
        """
        known = [
            pl.coalesce(name, raw(name)) if raw(name) in rows.columns else pl.col(name)
            for name in self.kinds
            if name in rows.columns
        ]
        lacking = [pl.lit(None, pl.String).alias(n) for n in self.kinds if n not in rows.columns]
        digest = pl.struct(name for name in self.kinds).hash(seed=0).cast(pl.String)
        values = rows.select(known).with_columns(lacking)
        names = values.select(pl.concat_str(pl.lit(kind), digest).alias(RECORD_ID))
        return rows.rename({GOLDEN_ID: SOURCE}).with_columns(*lacking, names[RECORD_ID])

    def _together(self, golden: pl.DataFrame, *others: pl.DataFrame) -> pl.DataFrame:
        """A golden record that says what one of its records says is that row; records whose golden
        record does not live are none.
        """
        members, *reported = others
        alive = golden.select(SOURCE).unique()
        members = members.join(alive, on=SOURCE, how="semi")
        content = pl.col(RECORD_ID).str.slice(1).alias("content")
        known = members.select(SOURCE, content)
        own = golden.with_columns(content).join(known, on=[SOURCE, "content"], how="anti")
        return pl.concat([members, own.drop("content"), *reported])
