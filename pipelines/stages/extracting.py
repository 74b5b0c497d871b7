"""Extract: every source is read, every row gets its key, and scope is decided and counted."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from connectors.sources import DOUBTFUL, UNREADABLE, Source, open_source
from connectors.sources.database import DatabaseSource
from governance.run_folder import DAMAGE
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import PLACE, RECORD_ID, SOURCE
from guiyi.spec import RefSpec, SourceSpec, SpecPlace, TableSpec
from pipelines.stages.erased_mentions import without_mentions
from pipelines.stages.extraction import (
    IN_SCOPE,
    check_columns,
    scope,
    to_records,
    torn,
    with_ref,
)
from pipelines.stages.knowledge import alias_table, refuse_mistakes
from pipelines.stages.parents import with_parents
from pipelines.stages.rekeying import rekeyed
from pipelines.stages.repeats import REPEATED, put_together, without_copies
from pipelines.stages.rereading import TableReading, gathered, read_growing
from pipelines.stages.row_names import RowMemory, RowNames, name_rows, naming_fields
from pipelines.stages.row_numbers import former_rows, formerly_by_number
from pipelines.stages.run import Run
from pipelines.stages.suppression import (
    ErasedRows,
    leave_out,
    without_erased,
    without_references,
)
from pipelines.stages.tally import Tally


@dataclass
class _SourceTable:
    """One table of one source, read, with the record id and scope of every row."""

    spec: TableSpec
    name: str
    place: SpecPlace
    rows: pl.DataFrame
    damage: pl.DataFrame
    content: pl.DataFrame
    """What the ledger is to remember of rows that are named by what they say."""


def extract(run: Run) -> Tally:
    """Read every source record of the entities asked for."""
    refuse_mistakes(run.project, run.entities)
    _tell_ambiguous(run)
    records: dict[str, list[pl.DataFrame]] = defaultdict(list)
    scopes: dict[str, list[pl.DataFrame]] = defaultdict(list)
    contents: dict[str, list[pl.DataFrame]] = defaultdict(list)
    renamed: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for name, source in run.project.sources.items():
        tables = list(_read(run, name, source))
        for entity in {table.spec.entity for table in tables}:
            own = [(table.rows, table.spec) for table in tables if table.spec.entity == entity]
            renamed[entity].append(rekeyed(run, entity, name, own))
        for table in tables:
            entity = table.spec.entity
            rows = _refer(run, table, tables, name)
            in_scope = rows.filter(pl.col("scope") == IN_SCOPE)
            kinds = run.project.entities[entity].kinds
            records[entity].append(to_records(in_scope, table.spec, name, kinds, run.started))
            scopes[entity].append(_scope_of(rows, name))
            contents[entity].append(_content_of(table, name))
            _hold_untrusted(run, table, in_scope, name)
        _keep_damage(run, tables, name)
    total = kept = 0
    read = [entity for entity in run.entities if scopes[entity]]
    for entity in read:
        run.put(f"rekeyed/{entity}", pl.concat(renamed[entity]))
    for entity in read:
        rows = pl.concat(records[entity], how="diagonal")
        kept += run.put(f"records/{entity}", with_parents(run, entity, rows, records)).height
        total += run.put(f"scope/{entity}", pl.concat(scopes[entity])).height
        run.put(f"unkeyed/{entity}", pl.concat(contents[entity]))
    return Tally(total, kept, Message("{n:,} out of scope", n=total - kept))


def _tell_ambiguous(run: Run) -> None:
    known = alias_table(run.project)
    if known is not None and known.ambiguous:
        some = ", ".join(known.ambiguous[:5])
        count = len(known.ambiguous)
        run.note(
            Message.counted(
                "aliases: {n} short name stands for several firms, and is not resolved: {names}",
                "aliases: {n} short names stand for several firms, and are not resolved: {names}",
                n=count,
                names=some,
            )
        )


def _read(run: Run, name: str, source: SourceSpec) -> Iterator[_SourceTable]:
    wanted = [(n, t) for n, t in enumerate(source.tables) if t.entity in run.entities]
    if not wanted:
        return
    opened = open_source(name, source, run.project.folder)
    seen: dict[tuple[str | None, str | None], TableReading] = {}
    kept: dict[tuple[str | None, str | None], pl.DataFrame] = {}
    as_read: dict[tuple[str | None, str | None], pl.DataFrame] = {}
    erased: dict[tuple[str | None, str | None], ErasedRows] = {}
    for number, spec in wanted:
        place = SpecPlace(run.project.file, f"sources.{name}.tables.{number}")
        what = (spec.table, spec.query)
        own = [t for _, t in wanted if (t.table, t.query) == what]
        if what not in seen:
            seen[what] = _table(run, opened, spec, name)
            erased[what] = ErasedRows.find(run, seen[what].rows, own)
            as_read[what] = seen[what].rows
            rest = without_mentions(run, as_read[what], own, f"{name}.{spec.table or ''}")
            seen[what] = replace(seen[what], rows=rest)
        rows = erased[what].for_others(seen[what].rows, spec.entity)
        table = spec.table or opened.tables()[0].name
        unused = check_columns(rows, spec, place)
        if unused and not any(other.table == spec.table for _, other in wanted if other != spec):
            run.note(
                Message(
                    "{table}: not mapped and not ignored: {columns}",
                    table=f"{name}.{table}",
                    columns=", ".join(unused),
                )
            )
        damage = seen[what].damage
        unkeyed = torn(damage)
        whole = erased[what].for_others(as_read[what], spec.entity)
        names = _names(run, name, table, spec, whole, unkeyed)  # a row stays what it was
        decided = rows.with_columns(scope(rows, spec, place, run.started.date(), unkeyed))
        if spec.repeats == "together":
            bad = damage.filter(pl.col("problem").str.contains(f"^(?:{UNREADABLE}|{DOUBTFUL})"))
            decided = put_together(decided.with_columns(names.keys), names.apart, bad["_row"])
        else:
            decided = without_copies(decided.with_columns(names.ids), names.copies)
            damage = pl.concat([damage, _repeated(rows.filter(names.repeated), spec.key)])
        decided, gone = leave_out(run, name, spec, decided, erased[what])
        personal = erased[what].personal.get(spec.entity, frozenset())
        others = [t for t in own if t != spec]
        kept[what] = without_erased(kept.get(what, seen[what].rows), gone, spec, others, personal)
        yield _SourceTable(spec, table, place, decided, damage, names.content)
        run.put(f"extract/{name}.{table}", kept[what], seen[what].about)


def _names(
    run: Run,
    source: str,
    table: str,
    spec: TableSpec,
    rows: pl.DataFrame,
    no_key: pl.Series,
) -> RowNames:
    """The record ids of a table's rows; those without a key are known again by what they say."""
    entity = run.project.entities[spec.entity]
    prefix = spec.namespace or table
    named = f"{source}.{table}"
    naming = naming_fields(spec, entity.kinds, entity.match.entity)
    changed = run.ledger.unkeyed_rows(spec.entity, source, prefix)

    def unkeyed() -> pl.DataFrame:
        """The rows without a key that the ledger knows, those of an older Guiyi among them."""
        known = run.ledger.known_by_content(spec.entity, source, prefix)
        if known.is_empty():
            return formerly_by_number(run, named, spec, prefix)
        return known

    return name_rows(
        rows,
        spec,
        prefix,
        naming=naming,
        of_firms=all(entity.kinds[name] == Kind.COMPANY_NAME for name in naming),
        memory=RowMemory(changed, unkeyed, partial(former_rows, run, named, spec)),
        torn=no_key,
    )


def _repeated(rows: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """What is wrong with rows whose key stands on others too."""
    return rows.select(
        "_row",
        pl.lit(", ".join(key)).alias("column"),
        pl.lit("repeated key").alias("problem"),
        pl.lit("several rows have this key; all but one are identified by their content too").alias(
            "detail"
        ),
        pl.lit(None, pl.String).alias("message"),
    )


def _table(run: Run, source: Source, spec: TableSpec, name: str) -> TableReading:
    if spec.incremental is not None and isinstance(source, DatabaseSource):
        return read_growing(run, source, spec, name)
    return gathered(run, source.read(spec), f"{name} {spec.table or ''}".strip())


def _refer(run: Run, table: _SourceTable, tables: list[_SourceTable], source: str) -> pl.DataFrame:
    rows = table.rows

    def prefix(link: RefSpec) -> str:
        """What the record ids of the table pointed to begin with."""
        there = run.project.sources[link.source or source].tables
        names = [t.namespace for t in there if t.table in (link.table, None) and t.namespace]
        return names[0] if names else str(link.table)

    for name, link in table.spec.refs.items():
        own = _same_row(table, tables, name, link)
        rows = with_ref(rows, name, link, source, prefix(link), own)
        rows = without_references(run, rows, name, link.entity)
    return rows


def _same_row(
    table: _SourceTable, tables: list[_SourceTable], name: str, link: RefSpec
) -> pl.Series | None:
    if link.columns is not None:
        return None
    for other in tables:
        same = (other.spec.table, other.spec.query) == (table.spec.table, table.spec.query)
        if same and other.spec.entity == link.entity:
            made = other.rows["scope"].is_in([IN_SCOPE, REPEATED])
            return other.rows.select(pl.when(made).then(RECORD_ID).alias("own"))["own"]
    raise table.place.at("refs", name).mistake(
        Message("no record of `{entity}` is made from this table", entity=link.entity),
        hint="name the columns that hold its key, or add a table entry for that entity",
    )


def _scope_of(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    return rows.select(
        pl.lit(source).alias(SOURCE), RECORD_ID, pl.col("_place").alias(PLACE), "scope"
    )


def _content_of(table: _SourceTable, source: str) -> pl.DataFrame:
    """What the rows named by their content say; of rows in scope alone."""
    prefix = table.spec.namespace or table.name
    in_scope = table.rows.filter(pl.col("scope") == IN_SCOPE).select(RECORD_ID)
    own = table.content.join(in_scope, on=RECORD_ID, how="semi", maintain_order="left")
    return own.select(pl.lit(source).alias(SOURCE), pl.lit(prefix).alias("table"), pl.all())


def _hold_untrusted(run: Run, table: _SourceTable, rows: pl.DataFrame, source: str) -> None:
    damaged = rows.select("_row", RECORD_ID).join(table.damage, on="_row")
    broken = damaged.filter(pl.col("problem").str.starts_with(UNREADABLE))
    doubtful = damaged.filter(pl.col("problem").str.starts_with(DOUBTFUL))
    if doubtful.height:
        given = run.ledger.corrections(table.spec.entity).filter(pl.col(SOURCE) == source)
        doubtful = _unconfirmed(doubtful, table.spec, given)
    run.hold_back(
        [
            pl.concat([broken, doubtful]).select(
                pl.lit(table.spec.entity).alias("entity"),
                pl.lit("extract").alias("stage"),
                pl.lit(source).alias(SOURCE),
                RECORD_ID,
                pl.col("problem").alias("expectation"),
                "column",
                pl.col("detail").alias("reason"),
                "message",
            )
        ]
    )


def _unconfirmed(doubtful: pl.DataFrame, spec: TableSpec, given: pl.DataFrame) -> pl.DataFrame:
    """Of the doubtful cells, those that some field is read from and no steward has settled."""
    used = [(column, name) for name, columns in spec.columns.items() for column in columns]
    fields = pl.DataFrame(used, schema={"column": pl.String, "field": pl.String}, orient="row")
    settled = given.select(RECORD_ID, "field").unique()
    open_ = doubtful.join(fields, on="column").join(settled, on=[RECORD_ID, "field"], how="anti")
    return open_.select(doubtful.columns).unique(maintain_order=True)


def _keep_damage(run: Run, tables: list[_SourceTable], source: str) -> None:
    found = [
        table.damage.join(
            table.rows.select("_row", RECORD_ID, "_place"), on="_row", how="left"
        ).select(
            pl.lit(source).alias(SOURCE),
            pl.coalesce(RECORD_ID, pl.concat_str(pl.lit(table.name), "_row", separator="/")).alias(
                RECORD_ID
            ),
            pl.col("_place").alias(PLACE),
            "column",
            "problem",
            "detail",
            "message",
        )
        for table in tables
    ]
    earlier = [run.get("damage")] if run.has("damage") else []
    run.put(
        "damage",
        pl.concat([*earlier, *found, pl.DataFrame(schema=DAMAGE.schema)]).unique(
            maintain_order=True
        ),
    )
