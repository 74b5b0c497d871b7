"""Clean: every field gets its clean value, its comparison key and the reason for any change.

Each distinct value is cleaned once, and the clean table is written piece by piece.
"""

from collections.abc import Mapping
from functools import partial

import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from cleansing.completion import amended
from cleansing.distinct import distinct_of
from cleansing.imputation import imputed_fields
from cleansing.side_by_side import side_by_side
from cleansing.table import clean_fields
from governance.run_folder import CLEAN, RECORDS, ROWS_OF_A_GROUP
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.records import RECORD_ID, SOURCE, raw, reason
from pipelines.stages.rekeying import corrections_now
from pipelines.stages.run import Run
from pipelines.stages.tally import Tally

CORRECTED = "corrected by a steward"


def clean(run: Run) -> Tally:
    """Clean the records of every entity, by the kind of each field."""
    rows = changed = 0
    for entity in run.entities:
        height = run.tables.height(RECORDS, entity)
        fields = _fields(run, entity, height)
        _write(run, entity, fields, height)
        run.progress.step(entity, height)
        rows += height
        changed += sum(field.column(reason(name)).filled for name, field in fields.items())
    return Tally(rows, rows, _told(changed))


def _told(changed: int) -> Message:
    return Message.counted(
        "{n:,} cell changed, with its reason",
        "{n:,} cells changed, each with its reason",
        n=changed,
    )


def _fields(run: Run, entity: str, height: int) -> dict[str, CodedField]:
    """The clean columns of every field, each distinct cell once."""
    spec = run.project.entities[entity]
    given = _corrections(run, entity)
    kinds = spec.kinds
    columns: dict[str, Coded] = dict(
        zip(kinds, side_by_side(partial(_read, run, entity, given), kinds), strict=True)
    )
    fields = {}
    for name, field in clean_fields(columns, kinds, height, spec.homes):
        fields[name] = field
        if name in given:
            rows, _ = given[name]
            was = run.get(f"records/{entity}", [name])[name].gather(rows)
            fields[name] = _value_of_source(name, field, rows, was)
    return imputed_fields({name: fields[name] for name in kinds}, kinds, spec.imputations)


Given = Mapping[str, tuple[pl.Series, pl.Series]]
"""By field: the rows for which a steward has given a value, and the values."""


def _read(run: Run, entity: str, given: Given, field: str) -> Coded:
    column = run.get(f"records/{entity}", [field])[field]
    if field in given:
        column = column.scatter(*given[field])
    return distinct_of(column)


def _corrections(run: Run, entity: str) -> Given:
    """The values a steward has given for records in quarantine; the last one counts."""
    corrections = corrections_now(run, entity, run.ledger.corrections(entity))
    if corrections.is_empty():
        return {}
    last = corrections.unique([SOURCE, RECORD_ID, "field"], keep="last", maintain_order=True)
    rows = run.get(f"records/{entity}", [SOURCE, RECORD_ID]).with_row_index("row")
    here = last.join(rows, on=[SOURCE, RECORD_ID])
    fields = run.project.entities[entity].fields
    return {
        name: (own["row"], own["value"])
        for (name,), own in here.group_by("field", maintain_order=True)
        if name in fields
    }


def _value_of_source(name: str, field: CodedField, rows: pl.Series, was: pl.Series) -> CodedField:
    """The raw value stays what the source said; the reason says where a steward changed it."""
    now = field.cells[raw(name)].gather(field.codes[rows.to_numpy()])
    differs = now.ne_missing(was)
    sourced = even_chunks(
        was.filter(differs).to_frame(raw(name)).with_columns(pl.lit(CORRECTED).alias(reason(name)))
    )
    return amended(field, rows.filter(differs).to_numpy(), sourced)


def _write(run: Run, entity: str, fields: Mapping[str, CodedField], height: int) -> None:
    """Write the clean table: who a record is, its fields, and whom it points to."""
    columns = run.tables.columns(RECORDS, entity)
    aside = run.get(f"records/{entity}", [name for name in columns if name not in fields])
    pieces = (
        _piece(columns, fields, aside, slice(start, start + ROWS_OF_A_GROUP))
        for start in range(0, max(1, height), ROWS_OF_A_GROUP)
    )
    run.tables.write_pieces(CLEAN, pieces, entity)


def _piece(
    columns: list[str], fields: Mapping[str, CodedField], aside: pl.DataFrame, rows: slice
) -> pl.DataFrame:
    made: list[pl.Series] = []
    for name in columns:
        if name in fields:
            made += fields[name].cells[fields[name].codes[rows]].get_columns()
        else:
            made.append(aside[name][rows])
    return even_chunks(pl.DataFrame(made))
