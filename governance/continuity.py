"""Knows the rows of a table without a key again, by what they say and not by where they stand.

    content = contents(rows.select("name", "phone"), names=["name"])
    recognised(content, ledger.unkeyed_rows("sheet", "firms"), "firms")   # a record id a row

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

import polars as pl
from rapidfuzz.distance import JaroWinkler, Levenshtein

from guiyi.even_chunks import even_chunks
from guiyi.records import RECORD_ID

FINGERPRINT, CELLS, NAMES = "fingerprint", "cells", "names"
CONTENT = {FINGERPRINT: pl.String, CELLS: pl.String, NAMES: pl.String}

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


def normalised(values: pl.Series) -> pl.Series:
    """The text of cells without what an export adds or loses: width, blanks around and between."""
    text = values.cast(pl.String).str.normalize("NFKC").str.replace_all(r"\s+", " ")
    text = text.str.strip_chars()
    return text.replace({"": None})


def contents(fields: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """What rows say: fingerprint, cells (short hashes by field) and names, row by row.

    `names` are the fields that name what a row is about.
    """
    plain = fields.select(normalised(fields[name]) for name in sorted(fields.columns))
    marked = plain.select(_of_each(plain[name], _cell(name)) for name in plain.columns)
    whole = plain.select(
        pl.concat_str(
            [pl.lit(f"{name}{SEPARATOR}") + pl.col(name) for name in plain.columns],
            separator="\x1e",
            ignore_nulls=True,
        ).alias("whole")
    )["whole"]
    shown = [name for name in sorted(names) if name in plain.columns]
    empty = pl.Series([""] * fields.height, dtype=pl.String)
    joined = pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).alias("joined")
    said = {
        FINGERPRINT: whole.map_elements(_fingerprint, return_dtype=pl.String),
        CELLS: marked.select(joined)["joined"].fill_null(""),
        NAMES: plain.select(shown).select(joined)["joined"].fill_null("") if shown else empty,
    }
    return even_chunks(pl.DataFrame(said))


def _of_each(values: pl.Series, make: Callable[[str], str]) -> pl.Series:
    """Apply a function to each distinct value once."""
    distinct = values.drop_nulls().unique()
    made = pl.Series([make(value) for value in distinct], dtype=pl.String)
    return values.replace_strict(distinct, made, default=None).alias(values.name)


def _cell(name: str) -> Callable[[str], str]:
    """The short hash of a cell of that field; it cannot be turned back into the value."""
    start = blake2b(f"{name}{SEPARATOR}".encode(), digest_size=5)

    def hashed(value: str) -> str:
        digest = start.copy()
        digest.update(value.encode())
        return digest.hexdigest()

    return hashed


def _fingerprint(text: str) -> str:
    return blake2b(text.encode(), digest_size=10).hexdigest()


def recognised(
    content: pl.DataFrame, known: pl.DataFrame, prefix: str, *, of_firms: bool = False
) -> pl.Series:
    """The record id of every row: that of a known row which it is, or a new one.

    `content` is what `contents` gives, `known` that of rows seen before beside their record_id. New
    ids are `prefix`~FINGERPRINT, with a number behind it where that one is taken. `of_firms`: the
    names are those of firms, which say more than a person's.
    """
    rows = content.with_row_index("at")
    ids = _equal(rows, known)
    rest = rows.filter(~pl.col("at").is_in(ids["at"].implode()))
    gone = known.filter(~pl.col(RECORD_ID).is_in(ids[RECORD_ID].implode()))
    if rest.height and gone.height:
        changed = _changed(rest, gone, rows, known, of_firms)
        ids = pl.concat([ids, changed])
        rest = rest.filter(~pl.col("at").is_in(changed["at"].implode()))
    ids = pl.concat([ids, _new(rest, set(known[RECORD_ID]), prefix)])
    return ids.sort("at")[RECORD_ID]


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    nth = pl.int_range(pl.len()).over(FINGERPRINT).alias("nth")
    return rows.with_columns(nth)


def _equal(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rows that say the same; among equal ones the first is the first."""
    ordered = known.sort(pl.col(RECORD_ID).str.len_chars(), RECORD_ID)
    same = _numbered(rows).join(_numbered(ordered), on=[FINGERPRINT, "nth"])
    return same.select(pl.col("at").cast(pl.UInt32), RECORD_ID)


def _cells(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Every filled cell of every row: `key` and its cell."""
    return (
        rows.select(key, pl.col(CELLS).str.split(" ").alias("cell"))
        .explode("cell")
        .filter(pl.col("cell").str.len_chars() > 0)
    )


def _changed(
    rest: pl.DataFrame,
    gone: pl.DataFrame,
    rows: pl.DataFrame,
    known: pl.DataFrame,
    of_firms: bool,
) -> pl.DataFrame:
    """Rows of which a part was changed, each beside the one row gone that it must be."""
    new, old = _cells(rest, "at"), _cells(gone, RECORD_ID)
    rare = [_rare(_cells(rows, "at")), _rare(_cells(known, RECORD_ID))]
    telling = [
        own.join(of, on="cell", how="semi") for own, of in zip((new, old), rare, strict=True)
    ]
    pairs = telling[0].join(telling[1], on="cell").select("at", RECORD_ID).unique()
    both = pairs.join(new, on="at").join(old, on=[RECORD_ID, "cell"])
    counted = (
        both.group_by("at", RECORD_ID)
        .agg(equal=pl.len())
        .join(new.group_by("at").agg(filled=pl.len()), on="at")
        .join(old.group_by(RECORD_ID).agg(held=pl.len()), on=RECORD_ID)
        .join(rest.select("at", NAMES), on="at")
        .join(gone.select(RECORD_ID, was=NAMES), on=RECORD_ID)
        .with_columns(filled=pl.max_horizontal("filled", "held"))
    )
    kept = pl.col("equal") >= KEPT_WITH_NAME * pl.col("filled")
    if of_firms:
        only = [table[NAMES].filter(~table[NAMES].is_duplicated()) for table in (rows, known)]
        kept |= pl.col(NAMES).is_in(only[0].implode()) & pl.col(NAMES).is_in(only[1].implode())
    same = counted.filter((pl.col(NAMES) == pl.col("was")) & (pl.col(NAMES) != "") & kept)
    rewritten = counted.filter(
        pl.col(NAMES) != pl.col("was"),
        pl.col("equal") >= 2,
        pl.col("equal") == pl.col("filled") - 1,
    )
    respelt = pl.Series(
        [one_name(a, b) for a, b in rewritten.select(NAMES, "was").iter_rows()], dtype=pl.Boolean
    )
    found = pl.concat([same, rewritten.filter(respelt)]).with_columns(
        share=pl.col("equal") / pl.col("filled")
    )
    best = pl.col("share") == pl.col("share").max()
    alone = pl.col("share").len() == 1
    for side in ("at", RECORD_ID):
        found = found.filter(best.over(side)).filter(alone.over(side))
    return found.select(pl.col("at").cast(pl.UInt32), RECORD_ID)


def _rare(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.group_by("cell").len().filter(pl.col("len") <= RARE)


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


def _new(rows: pl.DataFrame, taken: set[str], prefix: str) -> pl.DataFrame:
    """Ids by fingerprint, numbered from 2 where that one is taken or several rows say the same."""
    ids = []
    following: dict[str, int] = {}
    for fingerprint in rows[FINGERPRINT]:
        own = f"{prefix}~{fingerprint}"
        number = following.get(own, 1)
        name = own if number == 1 else f"{own}~{number}"
        while name in taken:
            number += 1
            name = f"{own}~{number}"
        following[own] = number + 1
        ids.append(name)
    return pl.DataFrame(
        {"at": rows["at"], RECORD_ID: ids}, schema={"at": pl.UInt32, RECORD_ID: pl.String}
    )
