"""Takes a person's traces out of a run's folder: cells become empty, texts get a mark.

Tables keep their rows, since others name them by number.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from governance.personal_values import MARK
from governance.redaction import ERASED
from governance.run_folder import PLACE, ROWS_OF_A_GROUP
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from pipelines.erasing.traces import Traces
from pipelines.outputs import whole_file

TEXTS = (".html", ".json", ".md", ".xml", ".csv", ".txt", ".yaml", ".js")
_SHAPE = frozenset(
    {SOURCE, GOLDEN_ID, "external_id", "entity", "crm_entity", "action", "verdict", "suite",
     "expectation", "rule", "stage", "scope", "field", "column", "superseded_by"}
)  # fmt: skip
"""Columns that say what a row is about, and nothing of the person."""
_VALUES = frozenset(
    {"value", "old", "new", "sent", "found", "ours", "theirs", "last", "detail", "message"}
)
"""Columns that quote values of any field."""


def blank(folder: Path, traces: Traces, entity: str) -> int:
    """Take the traces of a person, a record of that entity, out of every file of a run's folder;
    return how many files had any.
    """
    changed = 0
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".parquet":
            of_entity = file.parent == folder or file.stem == entity
            keys = traces.keys if of_entity else traces.telling_keys
            changed += _blank_table(
                file, replace(traces, keys=keys), _names_of_others(file, traces)
            )
        elif file.suffix in TEXTS:
            changed += _blank_text(file, traces)
    return changed


def _names_of_others(file: Path, traces: Traces) -> frozenset[str]:
    """The fields of a table in which a name is that of the row's own person or firm."""
    named = (traces.naming.own_names, traces.naming.kept)
    return frozenset[str]().union(*(of.get(file.stem, frozenset()) for of in named))


def _blank_table(file: Path, traces: Traces, names_of_others: frozenset[str]) -> bool:
    table = pl.read_parquet(file)
    cleaned = without(table, traces, names_of_others)
    if cleaned.equals(table):
        return False
    about = {n: v for n, v in pl.read_parquet_metadata(file).items() if n != "ARROW:schema"}
    unready = file.with_name(f".{file.name}")
    cleaned.write_parquet(
        unready,
        compression_level=1,
        statistics=False,
        metadata=about,
        row_group_size=ROWS_OF_A_GROUP,
    )
    os.replace(unready, file)
    return True


def without(
    table: pl.DataFrame, traces: Traces, names_of_others: frozenset[str] = frozenset()
) -> pl.DataFrame:
    """A table of a run without what it says of a person: as many rows, in the same order.

    `names_of_others`: fields in which a name is that of the row's own person or firm.
    """
    own, of_row = _own_rows(table.columns, traces), _rows_at(table.columns, traces)
    texts = [n for n, of in table.schema.items() if of == pl.String and n not in _SHAPE]
    says_key = _about_touched(table.columns, traces) | traces.naming.says_key_in(texts)
    table = table.with_columns(says_key.alias(_SAYS_KEY))
    here = pl.col(_SAYS_KEY)
    return table.with_columns(
        _cell(
            name,
            kind,
            (own, of_row, None if name.split(".")[0] in names_of_others else here),
            traces,
        )
        for name, kind in table.schema.items()
        if name not in _SHAPE and kind in (pl.String, pl.List(pl.String))
    ).drop(_SAYS_KEY)


_SAYS_KEY = "_says_key"


def _about_touched(columns: list[str], traces: Traces) -> pl.Expr:
    """Which rows are about records of others that are known to say the person."""
    touched, found = list(traces.naming.touched), pl.lit(value=False)
    if SOURCE in columns and RECORD_ID in columns:
        found |= record_key().is_in(touched)
    for name in (GOLDEN_ID, "external_id"):
        if name in columns:
            found |= pl.col(name).is_in(touched)
    if PLACE in columns:
        found |= pl.col(PLACE).is_in(touched)
    return found.fill_null(value=False)


def _own_rows(columns: list[str], traces: Traces) -> pl.Expr:
    """Which rows are about the person alone."""
    own = pl.lit(value=False)
    if SOURCE in columns and RECORD_ID in columns:
        own |= record_key().is_in(list(traces.keys))
    for name in (GOLDEN_ID, "external_id"):
        if name in columns:
            own |= pl.col(name).is_in(traces.golden_ids)
    return own.fill_null(value=False)


def _rows_at(columns: list[str], traces: Traces) -> pl.Expr:
    """Which rows are those of a source that hold the person, perhaps beside a firm."""
    if PLACE not in columns:
        return pl.lit(value=False)
    return pl.col(PLACE).is_in(traces.places).fill_null(value=False)


def _cell(
    name: str,
    kind: pl.DataType,
    rows: tuple[pl.Expr, pl.Expr, pl.Expr | None],
    traces: Traces,
) -> pl.Expr:
    """What is left of a column. `rows`: which are about the person alone, which hold the person
    beside others, and in which of others a name is the person's.
    """
    own, of_row, here = rows
    value, keys = pl.col(name), [*traces.keys]
    if kind == pl.List(pl.String):
        rest = value.list.filter(~pl.element().is_in([*traces.own, *keys]))
        if here is not None:
            without_name = rest.list.filter(~pl.element().is_in([*traces.naming.known]))
            rest = pl.when(here).then(without_name).otherwise(rest)
        return pl.when(~own).then(rest).alias(name)
    gone = own | (of_row & value.is_in(traces.values)) | value.is_in(keys)
    if name in _VALUES:
        gone |= value.is_in(traces.own)
    gone = gone.fill_null(value=False)
    if name == RECORD_ID:  # a record has an id, if one that says nothing
        hit = gone | traces.naming.said_in(name)
        return pl.when(hit & value.is_not_null()).then(pl.lit(ERASED)).otherwise(value).alias(name)
    return pl.when(~gone).then(traces.naming.taken_out(name, here)).alias(name)


def _blank_text(file: Path, traces: Traces) -> bool:
    if file.name in _SIGNED:
        return False
    text = file.read_text(encoding="utf-8")
    cleaned = _json(text, traces) if file.suffix == ".json" else _marked(text, traces)
    if cleaned == text:
        return False
    with whole_file(file) as unready:
        unready.write_text(cleaned, encoding="utf-8")
    return True


def _marked(text: str, traces: Traces) -> str:
    return traces.in_texts.sub(MARK, text)


def _json(text: str, traces: Traces) -> str:
    """A document with its texts marked; names, numbers and dates stay what they are."""

    def marked(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: marked(of) for name, of in value.items()}
        if isinstance(value, list):
            return [marked(one) for one in value]
        return _marked(value, traces) if isinstance(value, str) else value

    document = json.loads(text)
    cleaned = marked(document)
    return text if cleaned == document else json.dumps(cleaned, ensure_ascii=False, indent=2)


_SIGNED = ("checkpoint.json",)
"""Hashes alone, and signed: nothing personal."""
