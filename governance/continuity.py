"""Knows the rows of a table without a key again, by what they say and not by where they stand.

    fields = rows.select("name", "phone")
    recognised(fields, known, "firms/", names=["name"], former=...)    # a record id for each row

A row is named by the fingerprint of its content; among equal rows, their order counts. A row whose
fingerprint is new is taken for one that is gone where nearly all of it is as it was:

- its name is the same, and at least half of all cells that are filled, or the name alone if it is a
  firm's and no other row has it, or
- its name is written otherwise, but all other cells are the same;

where some cell in common is rare, and each of the two is the other's only best. In doubt a row is a
new one: another name, phone and mailbox at the same firm are a successor, not a correction.
"""

import unicodedata
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
import polars as pl
from rapidfuzz.distance import JaroWinkler, Levenshtein

from guiyi.even_chunks import even_chunks
from guiyi.records import RECORD_ID

FINGERPRINT = "fingerprint"
MARK = "~([0-9a-f]{20})"
"""How a fingerprint stands in a record id; the number of one among equals may follow."""
KNOWN = {RECORD_ID: pl.String, FINGERPRINT: pl.String}
"""What is known of rows seen before."""
Former = Callable[[pl.Series], pl.DataFrame]
"""The table as it was, rows with the given fingerprints among them as far as they are known:
fingerprint and the fields, normalised."""

RARE = 8
"""A cell that more rows share says nothing of which row this is."""
KEPT_WITH_NAME = 0.5
"""Share of the filled cells that must be as they were where the name is."""
LIKE_NAMES = 0.92
"""Jaro-Winkler similarity from which a name is taken for another spelling of one; a typo
in a name of twelve letters has .95, two given names of one family have .7 to .9."""
FIRM_LENGTH = 6
"""So long is a Chinese name that is a firm's. One sign of it may be a typo, two of a name twice as
long; signs side by side are another brand: 蓝天机械 and 白云机械."""
SEPARATOR = "\x1f"


def normalised(fields: pl.DataFrame) -> pl.DataFrame:
    """The text of cells without what an export adds or loses: width, blanks around and between."""
    text = fields.select(pl.all().cast(pl.String))
    wide = text.select((pl.all().str.len_bytes() != pl.all().str.len_chars()).any())
    some = [name for name in text.columns if wide[name][0]]
    narrow = text.with_columns(pl.col(some).str.normalize("NFKC"))
    even = pl.all().str.replace_all(r"\s+", " ").str.strip_chars()
    return narrow.select(even.replace({"": None}))


def fingerprints(fields: pl.DataFrame) -> pl.Series:
    """What rows say in 80 bits, whatever the order of the fields; null where they say nothing.

    Rows are taken a slice at a time, so that a large table is not held twice.
    """
    none = pl.Series(FINGERPRINT, [], dtype=pl.String)
    parts = [_marks(normalised(part)) for part in fields.iter_slices(SLICE)]
    return pl.concat([none, *parts], rechunk=True)


SLICE = 100_000
"""Rows whose text is put together at a time."""


def _marks(fields: pl.DataFrame) -> pl.Series:
    filled = [pl.lit(f"{name}{SEPARATOR}") + pl.col(name) for name in sorted(fields.columns)]
    whole = fields.select(pl.concat_str(filled, separator="\x1e", ignore_nulls=True).alias("whole"))
    return pl.Series(
        FINGERPRINT,
        [
            blake2b(text.encode(), digest_size=10).hexdigest() if text else None
            for text in whole["whole"]
        ],
        dtype=pl.String,
    )


def recognised(
    fields: pl.DataFrame,
    known: pl.DataFrame,
    prefix: str,
    *,
    names: Sequence[str] = (),
    of_firms: bool = False,
    former: Former | None = None,
) -> tuple[pl.Series, pl.Series]:
    """The record id and the fingerprint of every row; the id is that of a known row which it is.

    `known` has record_id and fingerprint of rows seen before; `former` gives what they said. New
    ids are `prefix`~FINGERPRINT, with a number behind it where that one is taken. `names` are the
    fields that name what a row is about, `of_firms` whether they are those of firms, which say more
    than a person's.
    """
    marks = fingerprints(fields)
    rows = marks.fill_null(_SILENT).to_frame().with_row_index("at")
    ids = _equal(rows, known)
    rest = rows.filter(~pl.col("at").is_in(ids["at"].implode()), pl.col(FINGERPRINT) != _SILENT)
    gone = known.filter(~pl.col(RECORD_ID).is_in(ids[RECORD_ID].implode()))
    if rest.height and gone.height and former is not None:
        values = normalised(fields)
        changed = _changed(values, rest["at"], gone, former(gone[FINGERPRINT]), names, of_firms)
        ids = pl.concat([ids, changed])
    rest = rows.filter(~pl.col("at").is_in(ids["at"].implode()))
    ids = pl.concat([ids, _new(rest, known[RECORD_ID], prefix)])
    return ids.sort("at")[RECORD_ID], marks


_SILENT = "0" * 20
"""The fingerprint of rows that say nothing."""


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their number among those that say the same, from 0; most say it alone."""
    twice = rows[FINGERPRINT].is_duplicated()
    few = rows.filter(twice).select(nth=pl.int_range(pl.len()).over(FINGERPRINT))["nth"]
    numbers = np.zeros(rows.height, np.int64)
    numbers[twice.to_numpy()] = few.to_numpy()
    return even_chunks(rows.with_columns(pl.Series("nth", numbers)))


def _equal(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rows that say the same; among equal ones the first is the first."""
    if known.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, RECORD_ID: pl.String})
    ordered = known.sort(pl.col(RECORD_ID).str.len_chars(), RECORD_ID)
    same = _numbered(rows).join(_numbered(ordered), on=[FINGERPRINT, "nth"])
    return same.select(pl.col("at").cast(pl.UInt32), RECORD_ID)


def _cells(fields: pl.DataFrame, key: pl.Series) -> pl.DataFrame:
    """Every filled cell of some rows: the row's key, field and value."""
    cells = [
        even_chunks(pl.DataFrame([key, fields[name].alias("value")]))
        .drop_nulls()
        .select(key.name, pl.lit(name).alias("field"), "value")
        for name in fields.columns
    ]
    return pl.concat(cells)


def _rare(cells: pl.DataFrame, among: pl.DataFrame) -> pl.DataFrame:
    """Those of some cells whose value few rows of a table have."""
    counts = [
        among[name]
        .filter(among[name].is_in(own["value"].unique().implode()))
        .alias("value")
        .value_counts(name="rows")
        .select(pl.lit(name).alias("field"), "value", "rows")
        for (name,), own in cells.group_by("field")
    ]
    few = pl.concat(counts).filter(pl.col("rows") <= RARE)
    return cells.join(few, on=["field", "value"], how="semi")


def _joined(fields: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    shown = [name for name in sorted(names) if name in fields.columns]
    if not shown:
        return pl.Series("name", [""] * fields.height, dtype=pl.String)
    joined = pl.concat_str(shown, separator=" ", ignore_nulls=True)
    return fields.select(joined.fill_null("").alias("name"))["name"]


def _changed(
    fields: pl.DataFrame,
    rest: pl.Series,
    gone: pl.DataFrame,
    was: pl.DataFrame,
    names: Sequence[str],
    of_firms: bool,
) -> pl.DataFrame:
    """Rows of which a part was changed, each beside the one row gone that it must be."""
    before = was.join(gone, on=FINGERPRINT).unique(RECORD_ID, keep="first", maintain_order=True)
    columns = [name for name in fields.columns if name in before.columns]
    if before.is_empty() or not columns:
        return pl.DataFrame(schema={"at": pl.UInt32, RECORD_ID: pl.String})
    now = fields[rest].select(columns)
    new, old = _cells(now, rest.alias("at")), _cells(before.select(columns), before[RECORD_ID])
    if new.is_empty() or old.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, RECORD_ID: pl.String})
    both = ["field", "value"]
    telling = _rare(new, fields), _rare(old, was)
    pairs = telling[0].join(telling[1], on=both).select("at", RECORD_ID).unique()
    named = even_chunks(pl.DataFrame([rest.alias("at"), _joined(now, names)]))
    formerly = even_chunks(
        pl.DataFrame([before[RECORD_ID], _joined(before.select(columns), names).alias("former")])
    )
    counted = (
        pairs.join(new, on="at")
        .join(old, on=[RECORD_ID, *both])
        .group_by("at", RECORD_ID)
        .agg(equal=pl.len())
        .join(new.group_by("at").agg(filled=pl.len()), on="at")
        .join(old.group_by(RECORD_ID).agg(held=pl.len()), on=RECORD_ID)
        .join(named, on="at")
        .join(formerly, on=RECORD_ID)
        .with_columns(filled=pl.max_horizontal("filled", "held"))
    )
    kept = pl.col("equal") >= KEPT_WITH_NAME * pl.col("filled")
    if of_firms:
        every = [_joined(fields, names), _joined(was, names)]
        only = [own.filter(~own.is_duplicated()).implode() for own in every]
        kept |= pl.col("name").is_in(only[0]) & pl.col("name").is_in(only[1])
    same = counted.filter((pl.col("name") == pl.col("former")) & (pl.col("name") != "") & kept)
    rewritten = counted.filter(
        pl.col("name") != pl.col("former"),
        pl.col("equal") >= 2,
        pl.col("equal") == pl.col("filled") - 1,
    )
    spelt = [one_name(a, b) for a, b in rewritten.select("name", "former").iter_rows()]
    found = pl.concat([same, rewritten.filter(pl.Series(spelt, dtype=pl.Boolean))]).with_columns(
        share=pl.col("equal") / pl.col("filled")
    )
    best = pl.col("share") == pl.col("share").max()
    alone = pl.col("share").len() == 1
    for side in ("at", RECORD_ID):
        found = found.filter(best.over(side)).filter(alone.over(side))
    return found.select(pl.col("at").cast(pl.UInt32), RECORD_ID)


def one_name(name: str, was: str) -> bool:
    """Whether one of two names may be the other with a typo, or spelt otherwise."""
    if not name or not was:
        return False
    if any(unicodedata.category(letter) == "Lo" for letter in name + was):
        # One character apart are another person in a name of two or three, a typo in a firm's.
        if min(len(name), len(was)) < FIRM_LENGTH:
            return False
        edits = [op for op in Levenshtein.opcodes(name, was) if op.tag != "equal"]
        lengths = [max(op.src_end - op.src_start, op.dest_end - op.dest_start) for op in edits]
        return max(lengths, default=0) <= 1 and sum(lengths) <= max(1, len(name) // FIRM_LENGTH)
    similarity = JaroWinkler.similarity(name.casefold(), was.casefold())
    return float(similarity) >= LIKE_NAMES


def _new(rows: pl.DataFrame, taken: pl.Series, prefix: str) -> pl.DataFrame:
    """Ids by fingerprint, numbered from 2 where several rows say the same or one is taken."""
    own = pl.concat_str(pl.lit(f"{prefix}~"), FINGERPRINT)
    nth = pl.col("nth")
    number = pl.when(nth > 0).then(pl.concat_str(pl.lit("~"), nth + 1)).otherwise(pl.lit(""))
    name = pl.concat_str(own, number).alias(RECORD_ID)
    named = _numbered(rows).select("at", FINGERPRINT, name)
    again = named[RECORD_ID].is_in(taken.implode())
    if again.any():
        given, last = set(taken), dict[str, int]()
        marks = named.filter(again)[FINGERPRINT].unique()
        ids = named[RECORD_ID].to_list()
        for at in named[FINGERPRINT].is_in(marks.implode()).arg_true():
            ids[at] = _untaken(f"{prefix}~{named[FINGERPRINT][at]}", given, last)
        named = even_chunks(named.with_columns(pl.Series(RECORD_ID, ids)))
    return named.select(pl.col("at").cast(pl.UInt32), RECORD_ID)


def _untaken(own: str, given: set[str], last: dict[str, int]) -> str:
    number = last.get(own, 0) + 1
    while (name := own if number == 1 else f"{own}~{number}") in given:
        number += 1
    last[own] = number
    return name
