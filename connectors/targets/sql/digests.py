"""Rows that are in PostgreSQL as they should be: seen by digests that it makes, none is read.

Rows are ranges of external ids. A range is equal if as many rows are there and their texts, put
together in the order of the ids, have the same SHA-256.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import polars as pl
import sqlalchemy as sa

from connectors.targets.contract import EXTERNAL_ID
from connectors.targets.sql.reading import prefer_index
from connectors.targets.sql.tables import Shape

PART = 2000
"""Rows of one digest."""
VALUE_ENDS, ROW_ENDS = "\x1f", "\x1e"


def unlike(connection: sa.Connection, shape: Shape, rows: pl.DataFrame) -> pl.DataFrame:
    """Of rows of canonical text in the order of their ids, the ranges that are not as there."""
    parts = list(rows.iter_slices(PART))
    with ThreadPoolExecutor(1) as other:  # PostgreSQL works meanwhile
        there = other.submit(_there, connection, shape, rows.columns, parts)
        ours = list(_ours(rows))
        theirs = there.result()
    unequal = [part for part, own, its in zip(parts, ours, theirs, strict=True) if own != its]
    return pl.concat([rows.clear(), *unequal])


def digestible(shape: Shape, rows: pl.DataFrame) -> bool:
    """Whether rows can be compared by digests: text in the order of its ids, in columns of text."""
    plain = [shape.column(n).is_plain for n in (shape.external_id, *rows.columns[1:])]
    return all(plain) and rows.columns[0] == EXTERNAL_ID and rows[EXTERNAL_ID].is_sorted()


_Digest = tuple[int, bytes] | None
"""How many rows, and the digest of their text; None where the text may be read in two ways."""


def _ours(rows: pl.DataFrame) -> Iterator[_Digest]:
    ended = (pl.col(name).fill_null("") + VALUE_ENDS for name in rows.columns)
    texts = rows.select(pl.concat_str(*ended, pl.lit(ROW_ENDS))).to_series()
    for start in range(0, len(texts), PART):
        part = texts.slice(start, PART)
        text = str(part.str.join("").item()).encode()
        count = len(part)
        clear = text.count(ROW_ENDS.encode()) == count
        clear = clear and text.count(VALUE_ENDS.encode()) == count * rows.width
        yield (count, sha256(text).digest()) if clear else None


def _there(
    connection: sa.Connection, shape: Shape, columns: Sequence[str], parts: Sequence[pl.DataFrame]
) -> list[_Digest]:
    prefer_index(connection)
    preparer = connection.dialect.identifier_preparer
    key = preparer.quote(shape.external_id)
    names = [key, *(preparer.quote(shape.column(name).name) for name in columns[1:])]
    ended = (f"coalesce(t.{name}::text, '') || E'\\x1f'" for name in names)
    text = " || ".join([*ended, "E'\\x1e'"])
    query = f"""
        SELECT part.rows, part.digest
        FROM unnest(%(first)s::text[], %(last)s::text[]) WITH ORDINALITY AS ends(first, last, n),
        LATERAL (
            SELECT count(*) AS rows, sha256(convert_to(string_agg(row.text, ''), 'UTF8')) AS digest
            FROM (
                SELECT {text} AS text FROM {preparer.format_table(shape.table)} AS t
                WHERE t.{key} BETWEEN ends.first AND ends.last ORDER BY t.{key}
            ) AS row
        ) AS part ORDER BY ends.n"""
    ends: dict[str, Any] = {
        "first": [part[EXTERNAL_ID][0] for part in parts],
        "last": [part[EXTERNAL_ID][-1] for part in parts],
    }
    found = connection.exec_driver_sql(query, ends)
    return [(rows, bytes(digest or b"")) for rows, digest in found]
