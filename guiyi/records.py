"""The shapes in which records travel between the rooms.

Every table is a polars DataFrame. Text columns are String, and a missing value is null, never "".

A **source record** (one row of `records/ENTITY.parquet`) has

    source        the source's name in the spec
    record_id     TABLE/KEY: the sheet or table, then the source's own key or row number
    extracted_at  when it was read, UTC
    place         where a person finds it, e.g. `客户.xlsx!客户资料 row 17`
    FIELD         the raw value of each field of the entity, as text
    ref.NAME      the record key of the record it points to, for each relation

A **clean record** has the same columns, but each FIELD now holds the clean value, beside

    FIELD.raw     the raw value, unchanged
    FIELD.reason  why the clean value differs or is missing; null when nothing changed
    FIELD.PART    what the kind's cleaner took apart, e.g. `name.brand`; FIELD.key is the
                  comparison key. `cleansing.parts(kind)` lists them

and, for a field the spec has imputed (`impute`), what marks a value that no source gave:

    FIELD.imputed     whether the value is imputed; its FIELD.raw stays as the source left it
    FIELD.method      inferred, mean, median, mode or nearest
    FIELD.confidence  from 0 to 1: how often such a value is right in this very table

An imputed value is never evidence, never votes and never counts as given:
`cleansing.imputation.observed` takes it out again.
"""

from typing import NewType

GoldenId = NewType("GoldenId", str)

SOURCE = "source"
RECORD_ID = "record_id"
EXTRACTED_AT = "extracted_at"
PLACE = "place"
GOLDEN_ID = "golden_id"
CLUSTER_ID = "cluster_id"
CONFLICTING_IDS = "conflicting_ids"
"""The column of golden records that names the fields in which their records hold different valid
numbers, such as two credit codes."""
IDENTITY = (SOURCE, RECORD_ID, EXTRACTED_AT, PLACE)
"""The columns every source record starts with."""

RESERVED = frozenset({*IDENTITY, GOLDEN_ID, CLUSTER_ID, "members", CONFLICTING_IDS, "row", "ref"})
"""Names of our own that no field may have."""


def raw(field: str) -> str:
    """Name the column that keeps a field's raw value."""
    return f"{field}.raw"


def reason(field: str) -> str:
    """Name the column that says why a clean value differs from its raw value."""
    return f"{field}.reason"


def part(field: str, name: str) -> str:
    """Name the column holding one part of a field, such as its comparison key."""
    return f"{field}.{name}"


def imputed(field: str) -> str:
    """Name the column that says whether a field's value is imputed."""
    return part(field, "imputed")


def ref(relation: str) -> str:
    """Name the column that points to another record."""
    return f"ref.{relation}"
