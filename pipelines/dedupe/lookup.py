"""Records looked up by hand or by the file: in an index that was kept, or one made on the spot."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cleansing import clean_table, infer_kinds
from dedup import Index, Verdict
from dedup.index import Candidate
from dedup.model import SavedModel
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.records import IDENTITY
from guiyi.spec import MatchSpec
from pipelines.dedupe.run import as_records
from pipelines.exporting import write_table
from pipelines.files.column_names import safe_names
from pipelines.files.customer_tables import choose
from pipelines.files.reading import read_places
from pipelines.files.stacked_tables import read_one
from pipelines.memory import Watch

EVERY = 100
"""Looked-up rows between two words of progress."""


@dataclass(frozen=True)
class Looked:
    """How a batch of look-ups ended."""

    queries: int
    found: int
    """Rows with a match."""


def open_index(place: str, match: MatchSpec, model: SavedModel | None, watch: Watch) -> Index:
    """Open a kept index, or index the rows of a file, their kinds inferred.

    Raises SpecError where a kept index is to judge by other settings than it was built with.
    """
    if (Path(place) / "manifest.json").is_file():
        _refuse_options(place, match, model)
        return Index.open(place)
    tables, _ = choose(read_places([place], watch))
    records = as_records(tables)
    guesses = infer_kinds(records.select(pl.exclude(*IDENTITY)))
    kinds = {name: guess.kind for name, guess in guesses.items()}
    watch("clean", records.height, records.height)
    clean = clean_table(records, kinds)
    return Index.build(clean, kinds, model, spec=match, progress=watch)


def _refuse_options(place: str, match: MatchSpec, model: SavedModel | None) -> None:
    usual = MatchSpec()
    given = {
        "--entity": match.entity != usual.entity,
        "--threshold": match.match_at != usual.match_at,
        "--model": model is not None,
    }
    named = ", ".join(option for option, is_given in given.items() if is_given)
    if named:
        raise SpecError(
            Message("a saved index scores as it was built; {option} has no effect", option=named),
            place=place,
            hint=Message(
                "leave out {option}, or build the index again with it: guiyi lookup "
                "FILE --save INDEX",
                option=named,
            ),
        )


def parse_record(text: str, index: Index) -> dict[str, str | None]:
    """Read `field=value,field=value` or a JSON object; a comma in a value does no harm."""
    if text.lstrip().startswith("{"):
        try:
            document = json.loads(text)
        except ValueError as error:
            raise SpecError(
                Message("`{text}…` is not a JSON object", text=text[:20]), hint=str(error)
            ) from None
        return {name: None if value is None else str(value) for name, value in document.items()}
    named = r",\s*(?=[^,=]+=)"
    record: dict[str, str | None] = {}
    for piece in re.split(named, text):
        name, sign, value = piece.partition("=")
        if not sign:
            raise SpecError(
                Message("`{text}` does not have the form field=value", text=name.strip()),
                hint=Message("the index has the fields {kinds}", kinds=", ".join(index.kinds)),
            )
        record[name.strip()] = value.strip()
    return record


def candidates_with_values(
    index: Index, candidates: list[Candidate], language: str
) -> list[dict[str, Any]]:
    """Candidates with the values of their records, as JSON can hold them."""
    shown = index.register.shown([c.row for c in candidates])
    return [
        c.as_dict(language)
        | {"values": {name: values.get(name) for name in index.kinds if name in values}}
        for c, values in zip(candidates, shown, strict=True)
    ]


def look_up_file(
    index: Index, place: str, out: Path, limit: int, least: float, watch: Watch
) -> Looked:
    """Look up every row of a file; the candidates stand in a table, the rows counted from 0."""
    table, _ = read_one(place, watch)
    names = safe_names(table.data.columns)
    data = table.data.rename(names)
    fields = [name for name in data.columns if name in index.kinds]
    if not fields:
        raise SpecError(
            "no column of the file is a field of the index",
            place=place,
            hint=Message("the index has the fields {kinds}", kinds=", ".join(index.kinds)),
        )
    rows: list[tuple[object, ...]] = []
    matched = 0
    for n, record in enumerate(data.select(fields).iter_rows(named=True)):
        found = index.find_raw(record, limit, least=least)
        matched += any(c.verdict is Verdict.MATCH for c in found)
        query = int(table.ordinals[n])
        for rank, c in enumerate(found, start=1):
            rows.append((query, rank, c.row, c.key, c.match_probability, str(c.verdict)))
        if (n + 1) % EVERY == 0 or n + 1 == data.height:
            watch("look up", n + 1, data.height)
    write_table(pl.DataFrame(rows, schema=COLUMNS, orient="row"), out)
    return Looked(data.height, matched)


COLUMNS = {
    "query": pl.Int64(),
    "rank": pl.Int64(),
    "row": pl.Int64(),
    "key": pl.String(),
    "match_probability": pl.Float64(),
    "verdict": pl.String(),
}
