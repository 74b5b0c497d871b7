"""What is known of customers that are to be entered: typed on the command line, or in a file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec import Project
from pipelines.exporting import write_table
from pipelines.files.column_names import safe_names
from pipelines.files.stacked_tables import read_one
from pipelines.finding.answers import SearchAnswer
from pipelines.finding.finder import CustomerFinder


def entity_asked(project: Project, entity: str | None) -> str:
    """The entity that is meant: the one named, or the only one whose records are compared."""
    if entity is not None:
        return entity
    compared = [name for name, spec in project.entities.items() if spec.match.enabled]
    if len(compared) == 1:
        return compared[0]
    raise SpecError(
        "the project has several entities",
        place=str(project.file),
        hint=Message("say which: --entity {names}", names=" | ".join(compared)),
    )


def typed_record(fields: Sequence[str], record: str | None) -> dict[str, str | None]:
    """A record from `FIELD=VALUE` texts or a JSON object; empty where neither is given."""
    typed: dict[str, str | None] = {}
    if record is not None:
        try:
            document = json.loads(record)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise SpecError("--record is not a JSON object", hint='for example {"name": "…"}')
        typed = {name: None if v is None else str(v) for name, v in document.items()}
    for text in fields:
        name, sign, value = text.partition("=")
        if not sign:
            raise SpecError("--field does not have the form FIELD=VALUE")
        typed[name.strip()] = value.strip() or None
    return typed


def find_each(
    finder: CustomerFinder, entity: str, place: str, options: dict[str, Any], out: Path | None
) -> list[tuple[int, SearchAnswer]]:
    """Find whom each row of a file may be; `out`: a table of all that was found.

    Rows are numbered as in the file. Raises SpecError where no column is a field.
    """
    table, _ = read_one(place, lambda *_: None)
    data = table.data.rename(safe_names(table.data.columns))
    kinds = finder.project.entities[entity].matched_kinds
    known = [name for name in data.columns if name in kinds]
    if not known:
        raise SpecError(
            "no column of the file is a field of the index",
            place=place,
            hint=Message("the index has the fields {kinds}", kinds=", ".join(kinds)),
        )
    records = data.select(known).iter_rows(named=True)
    nobody = SearchAnswer(entity)
    answers = [
        (int(row), finder.find(entity, record, **options) if any(record.values()) else nobody)
        for row, record in zip(table.ordinals, records, strict=True)
    ]
    if out is not None:
        write_table(_as_table(answers), out)
    return answers


_COLUMNS = {
    "row": pl.Int64,
    "rank": pl.Int64,
    "verdict": pl.String,
    "match_probability": pl.Float64,
    "customer": pl.String,
    "since": pl.String,
    "sources": pl.String,
    "protected_until": pl.String,
}


def _as_table(answers: list[tuple[int, SearchAnswer]]) -> pl.DataFrame:
    rows = [
        (
            row,
            rank,
            found.verdict,
            found.match_probability,
            found.name,
            found.since,
            "; ".join(found.sources),
            found.protection and found.protection.until.isoformat(),
        )
        for row, answer in answers
        for rank, found in enumerate(answer.customers, start=1)
    ]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")
