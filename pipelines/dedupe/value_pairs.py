"""Judges each pair of values of a file: are the two the same customer's?"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from dedup import compare_values
from guiyi.errors import SourceError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from pipelines.exporting import formulas_note, write_table
from pipelines.files.reading import COUNTED, EMPTY_LINE, Loose, Step, read_place
from pipelines.language.messages import language

SIDES = (
    ("left", "right"), ("左", "右"), ("1", "2"), ("a", "b"), ("一", "二"), ("甲", "乙"), ("x", "y"),
    ("source", "target"), ("first", "second"),
)  # fmt: skip
"""How the headers of the two columns differ: name1 and name2, 企业名称（左） and 企业名称（右）."""
ADDED = ("match_probability", "verdict", "reason")


def compare_file(
    place: str,
    kind: str,
    out: Path,
    aliases: str | None = None,
    step: Step | None = None,
    columns: Sequence[str] = (),
) -> tuple[dict[str, int], list[Message]]:
    """Add match_probability, verdict and reason to a table of pairs.

    The two values stand in `columns`, or in the two whose headers say so (left and right, name1 and
    name2). One row out for each row in, in order, blank ones too. `aliases` names a table whose
    every row has all the names of one firm; `step` is called with how far it is. Returns how many
    pairs there are of each verdict, and what to know of the file.
    """
    table = read_place(place, step)
    data = _every_row(table).drop(ADDED, strict=False)
    left, right = _named(data.columns, columns, place) if columns else _sides(data.columns, place)
    known = None if aliases is None else read_place(aliases).data
    judged = compare_values(
        data[left],
        data[right],
        Kind(kind),
        aliases=known,
        language=language(),
        progress=step,
    )
    result = even_chunks(pl.concat([data, judged.select(ADDED)], how="horizontal"))
    notes = formulas_note(write_table(result, out))
    counts = dict(judged.group_by("verdict").len().iter_rows())
    return {name: counts.get(name, 0) for name in ("match", "review", "non-match")}, notes


def _named(columns: list[str], asked: Sequence[str], place: str) -> tuple[str, str]:
    """The two columns that were asked for."""
    by_name = {column.strip(): column for column in columns}
    missing = [name for name in asked if name.strip() not in by_name]
    if missing:
        raise SourceError(
            Message("no column {columns}", columns=", ".join(missing)),
            place=place,
            hint=did_you_mean(missing[0], columns),
        )
    left, right = (by_name[name.strip()] for name in asked)
    return left, right


def _sides(columns: list[str], place: str) -> tuple[str, str]:
    """The two columns whose headers differ in nothing but the side, if there are no other such."""
    by_side = {side: column for column in columns for side in _without_side(column)}
    twins = list(
        dict.fromkeys(
            (column, by_side[rest, words, 1])
            for (rest, words, side), column in by_side.items()
            if side == 0 and (rest, words, 1) in by_side
        )
    )
    if len(twins) == 1:
        return twins[0]
    if twins:
        raise SourceError(
            Message("{count} pairs of columns, where one is expected", count=len(twins)),
            place=place,
            hint=Message(
                "choose one with --columns: {pairs}",
                pairs="; ".join(",".join(pair) for pair in twins),
            ),
        )
    missing = [side for side in ("left", "right") if side not in map(_plain, columns)]
    raise SourceError(
        Message("no column {columns}", columns=", ".join(missing)),
        place=place,
        hint=Message(
            "the pairs stand in the columns `left` and `right`, `name1` and `name2`"
            " or the like; or name them with --columns; there are: {columns}",
            columns=", ".join(columns),
        ),
    )


def _without_side(header: str) -> Iterator[tuple[str, int, int]]:
    """What is left of a header without its side, which words named the side, and which side."""
    text = _plain(header)
    for words, pair in enumerate(SIDES):
        for side, word in enumerate(pair):
            letter = len(word) == 1 and word.isascii() and word.isalpha()
            before = r"(?:|.*[_\W\u3400-\u9fff])" if letter else r"(?:|.*\D)"
            if re.fullmatch(before + word, text):
                yield text.removesuffix(word).strip("_- "), words, side
            elif len(word) > 1 and text.startswith(word):
                yield text.removeprefix(word).strip("_- "), words, side


def _plain(header: str) -> str:
    """A header in small letters, without spaces around it and brackets at its end."""
    return re.sub(r"[（(]\s*(\w+)\s*[）)]$", r"_\1", header.strip().lower())


def _every_row(table: Loose) -> pl.DataFrame:
    """The rows as the file has them: what was left out as blank or as a total comes back empty."""
    left_out = table.damage.filter(
        pl.col("problem").is_in(COUNTED), pl.col("detail") != EMPTY_LINE
    ).select("_row")
    every = pl.concat([table.rows.select("_row"), left_out]).unique().sort("_row")
    if every.height == table.rows.height:
        return table.data
    kept = table.rows.drop("_place", strict=False)
    return every.join(kept, on="_row", how="left", maintain_order="left").drop("_row")
