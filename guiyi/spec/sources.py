"""Where records come from, and which of them are in scope."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from guiyi.messages import Message
from guiyi.plugins import SOURCES
from guiyi.spec.base import Columns, FieldName, Name, Spec
from guiyi.spec.by_kind import ByKind


class Window(Spec):
    """A time window: rows whose date lies before it are out of scope."""

    column: str
    """The source column holding the date."""
    years: int | None = Field(default=None, ge=1)
    """How many years back from `until` (or from the run's start)."""
    since: date | None = None
    """The first day in scope, instead of `years`."""
    until: date | None = None
    """The last day in scope; the run's day if not given."""

    @model_validator(mode="after")
    def _one_start(self) -> "Window":
        if (self.years is None) == (self.since is None):
            raise ValueError("give either `years` or `since`")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("`since` is after `until`")
        return self


class RefSpec(Spec):
    """A relation to another record: which of its keys this row holds."""

    entity: Name
    """The entity pointed to."""
    columns: Columns | None = None
    """The columns holding the other record's key; if none, the record made from the same row."""
    table: str | None = None
    """The table the other record comes from; needed with `columns`."""
    source: Name | None = None
    """The source it comes from; this one if not given."""

    @model_validator(mode="after")
    def _key_needs_table(self) -> "RefSpec":
        if (self.columns is None) != (self.table is None):
            raise ValueError("`columns` and `table` go together")
        return self


class TableSpec(Spec):
    """One table of a source, and the entity its rows become."""

    table: str | None = None
    """The sheet, table, or stream (`contacts` for mail, vCards, address books and business cards);
    the only one if not given."""
    query: str | None = None
    """A SQL query to read instead of a whole table; `table` then only names it."""
    entity: Name
    """The entity a row becomes."""
    key: Columns = ()
    """The columns of the source's own key. If not given, a row is known again by what it says:
    wherever it stands, and if a part of it was changed, by its name and the rest."""
    namespace: str | None = Field(default=None, pattern=r"^[^/\s:][^/:]*$")
    """What the table is called in record ids, whatever its file or sheet is renamed to; its name
    if not given."""
    repeats: Literal["apart", "together"] = "apart"
    """What rows are that hold the same key: `apart`, records of their own, all but one named by
    their content as well (rows that say the same in every column are one); `together`, one record
    with the most frequent value of each column, such as a company in a list of its contacts. Needs
    `key`."""
    columns: dict[FieldName, Columns]
    """Entity field ← source column. Several columns are joined: phones, e-mails and text with `; `,
    the parts of anything else with a space."""
    refs: dict[Name, RefSpec] = {}
    """Relations of this row to other records, by name."""
    ignore: tuple[str, ...] = ()
    """Columns left out on purpose; any other column that is not mapped is reported."""
    where: str | None = None
    """A SQL condition over the source columns; other rows are out of scope."""
    window: Window | None = None
    """The time window in scope."""
    incremental: str | None = None
    """A database column that grows with every change of a row (a change time, a version) or with
    every new row (an ascending key): a run reads only rows at or beyond its last value, and keeps
    the others from the run before. Needs `key`."""

    @model_validator(mode="after")
    def _query_is_named(self) -> "TableSpec":
        if self.query is not None and self.table is None:
            raise ValueError("a `query` needs `table` as its name")
        if self.repeats == "together" and not self.key:
            raise ValueError("`repeats: together` needs `key`, by which rows are one record")
        if self.incremental is not None and (self.query is not None or not self.key):
            raise ValueError("`incremental` needs a `table` with a `key`, and no `query`")
        return self


class SourceSpec(Spec):
    """One source system; each kind adds keys of its own."""

    reads_changes: ClassVar[bool] = False
    """Whether `incremental` can be asked of its tables."""

    kind: str
    """What it is."""
    tables: tuple[TableSpec, ...] = Field(min_length=1)
    """The tables to read."""

    @model_validator(mode="after")
    def _incremental(self) -> "SourceSpec":
        if not self.reads_changes and any(table.incremental for table in self.tables):
            raise ValueError(
                Message(
                    "`incremental` is for databases; a source of kind `{kind}` is read whole",
                    kind=self.kind,
                )
            )
        named = [(table.entity, table.namespace) for table in self.tables if table.namespace]
        for entity, namespace in named:
            if named.count((entity, namespace)) > 1:
                raise ValueError(
                    Message(
                        "two tables make records of `{entity}` under the same name `{namespace}`: "
                        "their keys would collide",
                        entity=entity,
                        namespace=namespace,
                    )
                )
        growing = {(table.table, table.incremental) for table in self.tables}
        if len(growing) > len({table.table for table in self.tables}):
            raise ValueError("every entry of one table needs the same `incremental`")
        return self


class FileSourceSpec(SourceSpec):
    """A source that is a file or a folder of them."""

    path: str
    """The file or folder, relative to guiyi.yaml."""


AnySource = Annotated[SourceSpec, ByKind(SOURCES, SourceSpec)]
"""A source of whatever kind: its keys are those of the kind."""
