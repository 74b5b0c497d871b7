"""The folder of one run: which tables it holds, what their columns are, and how they are kept.

    folder = RunFolder(project / ".guiyi" / "runs" / RUN_ID)
    folder.write(GOLDEN, table, "company")                       # there whole, or not at all
    folder.read(GOLDEN, "company", columns=["golden_id", "name"])

Every stage of a run, its report, labelling and a console read and write these tables here and
nowhere else. A table has the columns named below, in any order; one that is `wide` has those of its
entity's fields (or of its source) beside them.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from guiyi.errors import SourceError
from guiyi.messages import Message
from guiyi.records import CLUSTER_ID, CONFLICTING_IDS, EXTRACTED_AT, GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.records import PLACE as RECORD_PLACE

Columns = Mapping[str, "pl.DataType | type[pl.DataType]"]

ROW, PLACE = "_row", "_place"
"""Of a row of a source: its number and where a person finds it."""


def _text(*names: str) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(names, pl.String)


@dataclass(frozen=True)
class RunTable:
    """One table of a run folder, or one of a kind for each entity."""

    name: str
    """Where it is kept: `golden` is golden/ENTITY.parquet, `quarantine` quarantine.parquet."""
    columns: Columns = field(hash=False)
    """The columns it always has."""
    per: str = ""
    """Of what there is one each: entity, CRM entity, source table; empty where there is but one."""
    wide: bool = False
    """Whether there are further columns."""

    def __str__(self) -> str:
        return self.name

    @property
    def schema(self) -> pl.Schema:
        """Its columns and their types."""
        return pl.Schema(dict(self.columns))

    def check(self, found: Mapping[str, pl.DataType]) -> None:
        """Refuse columns that are not those of this table: a mistake of ours, not of a user."""
        absent = [f"{n} {of}" for n, of in self.schema.items() if found.get(n) != of]
        further = [] if self.wide else [name for name in found if name not in self.columns]
        if absent or further:
            raise TypeError(f"{self.name}: lacks {absent}, has {further} besides")


_SCORES = {"row_l": pl.UInt32, "row_r": pl.UInt32, "match_weight": pl.Float32}
_COUNTED = dict.fromkeys(("rows", "created", "updated", "unchanged", "rejected"), pl.Int64)
_IDENTITY = _text(SOURCE, RECORD_ID)
_RECORD: Columns = {
    **_IDENTITY, EXTRACTED_AT: pl.Datetime("us", "UTC"), **_text(RECORD_PLACE)
}  # fmt: skip
_COMPARED: Columns = {
    **_text("external_id", "crm_entity", "column", "sent", "found"), "equal": pl.Boolean
}  # fmt: skip

EXTRACT = RunTable("extract", {ROW: pl.Int64, PLACE: pl.String}, "source table", wide=True)
EXTRACT_DAMAGE = RunTable(
    "extract/damage",
    {ROW: pl.Int64, **_text("column", "problem", "detail", "message")},
    "source table",
)
SCOPE = RunTable("scope", {**_IDENTITY, **_text(RECORD_PLACE, "scope")}, "entity")
UNKEYED = RunTable("unkeyed", _text(SOURCE, "table", RECORD_ID, "fingerprint"), "entity")
REKEYED = RunTable("rekeyed", {**_IDENTITY, **_text("former")}, "entity")
DAMAGE = RunTable(
    "damage",
    {**_IDENTITY, **_text(RECORD_PLACE, "column", "problem", "detail", "message")},
)
RECORDS = RunTable("records", _RECORD, "entity", wide=True)
CLEAN = RunTable("clean", _RECORD, "entity", wide=True)
PAIRS = RunTable(
    "pairs",
    {**_SCORES, "match_probability": pl.Float64, **_text("verdict", "left", "right")},
    "entity",
    wide=True,
)
MODELS = RunTable(
    "models", {**_text("field", "what"), "term": pl.UInt64, "value": pl.Float64}, "entity"
)
CONTENTS = RunTable(
    "contents",
    {
        **_IDENTITY,
        "content": pl.UInt64,
        "crowded": pl.UInt64,
        "groups": pl.UInt64,
        "first": pl.Int64,
    },
    "entity",
)
MATCHES = RunTable("matches", {**_IDENTITY, CLUSTER_ID: pl.Int64, "cohesion": pl.Float64}, "entity")
CLUSTERS = RunTable("clusters", {**MATCHES.columns, GOLDEN_ID: pl.String}, "entity")
ABSENT = RunTable("absent", {**_IDENTITY, **_text(GOLDEN_ID, "why", "since")}, "entity")
MOVED = RunTable("moved", {**_IDENTITY, **_text("former", GOLDEN_ID)}, "entity")
GOLDEN = RunTable(
    "golden",
    {GOLDEN_ID: pl.String, "members": pl.Int64, CONFLICTING_IDS: pl.String},
    "entity",
    wide=True,
)
PROVENANCE = RunTable(
    "provenance",
    {
        **_text(GOLDEN_ID, "field", "value", SOURCE, RECORD_ID, "rule", "why"),
        "alternates": pl.List(pl.String),
    },
    "entity",
)
QUARANTINE = RunTable(
    "quarantine",
    _text(
        "entity",
        "stage",
        SOURCE,
        RECORD_ID,
        GOLDEN_ID,
        "suite",
        "expectation",
        "column",
        "reason",
        "message",
    ),
)
FAILURES = RunTable("failures", _text("rule_id", "key"))
CRM = RunTable("crm", _text("external_id"), "CRM entity", wide=True)
UNMAPPED_CODES = RunTable(
    "unmapped_codes", {**_text("crm_entity", "field", "code_list", "code"), "rows": pl.Int64}
)
DIFF = RunTable("diff", _text("external_id", "action", "column", "old", "new"), "CRM entity")
UNFIT = RunTable("load/unfit", _text("crm_entity", "external_id", "column", "reason", "message"))
CONFLICTS = RunTable(
    "load/conflicts",
    _text("crm_entity", "external_id", "column", "ours", "theirs", "last", "reason"),
)
OTHER_FORMS = RunTable("load/other_forms", CONFLICTS.columns)
HANDED = RunTable("load/handed", _text("external_id"), "CRM entity", wide=True)
KEPT = RunTable("load/kept", _text("external_id", "column", "theirs"), "CRM entity")
FORETOLD = RunTable(
    "load/foretold", _text("crm_entity", "external_id", "action", "column", "old", "new")
)
SINCE_SIGNED = RunTable(
    "load/since_signed",
    _text("crm_entity", "external_id", "records", "column", "signed", "now", "changed"),
)
BATCHES = RunTable(
    "load/batches", {**_text("batch_id", "crm_entity", "phase", "status"), **_COUNTED}
)
REJECTIONS = RunTable("load/rejections", UNFIT.columns)
VERIFICATION = RunTable("load/verification", _COMPARED)
MISMATCHES = RunTable("load/mismatches", _COMPARED)
SUPERSEDED = RunTable(
    "load/superseded", _text("crm_entity", "external_id", "reason", "superseded_by")
)

TABLES: tuple[RunTable, ...] = (
    EXTRACT, EXTRACT_DAMAGE, SCOPE, UNKEYED, REKEYED, DAMAGE, RECORDS, CLEAN, PAIRS, MODELS,
    CONTENTS, MATCHES, CLUSTERS, ABSENT, MOVED, GOLDEN, PROVENANCE, QUARANTINE, CRM,
    UNMAPPED_CODES, DIFF, UNFIT, CONFLICTS, OTHER_FORMS, HANDED, KEPT, FORETOLD, SINCE_SIGNED,
    FAILURES, BATCHES, REJECTIONS, VERIFICATION, MISMATCHES, SUPERSEDED,
)  # fmt: skip
"""All tables, in the order in which a run writes them."""

_NAMED = {table.name: table for table in TABLES}


def named(name: str) -> tuple[RunTable, str]:
    """The table that `golden/company` or `load/batches` names, and of what it is."""
    if name in _NAMED and not _NAMED[name].per:
        return _NAMED[name], ""
    for table in sorted(TABLES, key=lambda table: -len(table.name)):
        if table.per and name.startswith(f"{table.name}/"):
            return table, name.removeprefix(f"{table.name}/")
    raise KeyError(f"no table of a run folder: {name}")


@dataclass(frozen=True)
class RunFolder:
    """The tables of one run; a table that is not there means its stage did not run."""

    path: Path

    def file(self, table: RunTable, of: str = "") -> Path:
        """Where a table is kept."""
        if not table.per:
            return self.path / f"{table.name}.parquet"
        return self.path / table.name / (re.sub(r"[^\w.-]", "_", of) + ".parquet")

    def has(self, table: RunTable, of: str = "") -> bool:
        """Tell whether a table was written."""
        return self.file(table, of).exists()

    def names(self, table: RunTable) -> list[str]:
        """Of what there are tables of a kind: the entities that have golden records, say."""
        return sorted(file.stem for file in (self.path / table.name).glob("*.parquet"))

    def forget(self, table: RunTable) -> None:
        """Delete the tables of a kind, where a run goes on without them."""
        for file in (self.path / table.name).glob("*.parquet"):
            file.unlink(missing_ok=True)

    def scan(self, table: RunTable, of: str = "") -> pl.LazyFrame:
        """A table, not read yet. Raises SourceError if it was not written."""
        file = self.file(table, of)
        if not file.exists():
            raise SourceError(
                Message("the run has no table {table}", table=table.name), place=str(file)
            )
        return pl.scan_parquet(file)

    def read(
        self, table: RunTable, of: str = "", columns: Collection[str] | None = None
    ) -> pl.DataFrame:
        """A table, or some of its columns. Raises SourceError if it was not written."""
        found = self.scan(table, of)
        return (found if columns is None else found.select(columns)).collect()

    def columns(self, table: RunTable, of: str = "") -> list[str]:
        """The columns of a table. Raises SourceError if it was not written."""
        return self.scan(table, of).collect_schema().names()

    def height(self, table: RunTable, of: str = "") -> int:
        """How many rows a table has. Raises SourceError if it was not written."""
        return int(self.scan(table, of).select(pl.len()).collect().item())

    def about(self, table: RunTable, of: str = "") -> dict[str, str]:
        """What the file of a table says of itself."""
        return pl.read_parquet_metadata(self.file(table, of))

    def write(
        self,
        table: RunTable,
        rows: pl.DataFrame | pl.LazyFrame,
        of: str = "",
        about: Mapping[str, str] | None = None,
    ) -> None:
        """Write a table, whole or not at all; `about`: what its file says of itself.

        A lazy table is written piece by piece and is never whole in memory.
        """
        table.check(dict(rows.collect_schema()))
        file = self.file(table, of)
        file.parent.mkdir(parents=True, exist_ok=True)
        unready = file.with_name(f".{file.name}")
        # Written once and read by columns: statistics and a higher level cost more than they save.
        if isinstance(rows, pl.LazyFrame):
            rows.sink_parquet(
                unready,
                compression_level=1,
                statistics=False,
                metadata=dict(about or {}),
                row_group_size=ROWS_OF_A_GROUP,
            )
        else:
            rows.write_parquet(
                unready, compression_level=1, statistics=False, metadata=dict(about or {})
            )
        os.replace(unready, file)

    def write_pieces(self, table: RunTable, pieces: Iterator[pl.DataFrame], of: str = "") -> None:
        """Write a table from its pieces, of which there is at least one, as they are made."""
        first = next(pieces)

        def made(*_: object) -> Iterator[pl.DataFrame]:
            yield first
            yield from pieces

        self.write(table, register_io_source(made, schema=first.schema), of)


def kept_runs(project: Path) -> list[RunFolder]:
    """The runs that are kept in a project's folder, the latest first."""
    return [RunFolder(path) for path in sorted((project / ".guiyi" / "runs").glob("*"))[::-1]]


ROWS_OF_A_GROUP = 100_000
"""Rows that are written, and can be read, at a time."""
