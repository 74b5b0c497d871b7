"""Dedup and linkage of plain files, with no project: kinds, keys and threshold all inferred."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from cleansing import clean_table, infer_kinds
from cleansing.coded import Coded
from cleansing.coded_table import CodedTable
from dedup import link, resolve
from dedup.standing import Standing
from dedup.subject import Subject
from dedup.survivorship import surviving
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.near_names import did_you_mean
from guiyi.records import (
    CLUSTER_ID,
    EXTRACTED_AT,
    IDENTITY,
    PLACE,
    RECORD_ID,
    SOURCE,
    part,
)
from guiyi.spec import EntitySpec, FieldSpec, MatchSpec
from pipelines.clean_columns import CleanColumns
from pipelines.cleaned_fields import cleaned_fields, distinct_columns
from pipelines.column_names import safe_names
from pipelines.messages import language
from pipelines.outputs import whole_folder
from pipelines.reading import Loose
from pipelines.teaching import Teaching, write_model

NOTHING_TAUGHT = Teaching()

MERGED = ("golden.csv", "report.html")
"""What is written of merged records, beside what matching found."""

Columns = pl.DataFrame | Mapping[str, Coded]
"""The columns of raw records, whole or told by their distinct values."""

Watch = Callable[[str, int, int | None], None]
"""Told what is done, how many, of how many."""


@dataclass(frozen=True)
class Linked:
    """How a linkage of two files ended."""

    links: int
    notes: list[str]
    subject: Subject | None = None
    """Whether rows are persons or companies, and why."""


@dataclass(frozen=True)
class Deduped:
    """How a dedup of files ended."""

    rows: int
    clusters: int
    pairs: dict[str, int]
    """Pairs by verdict."""
    kinds: dict[str, dict[str, Any]]
    """Column → kind, confidence and why, as inferred."""
    notes: list[str]
    labels: dict[str, Any] | None = None
    """What labels brought, by cross-validation; None without enough of them."""
    subject: Subject | None = None
    """Whether rows are persons or companies, and why."""


class _Named(CleanColumns):
    """Keeps the names of records only, where nothing is merged."""

    def put(self, name: str, columns: Any) -> None:
        """Let the columns of a field go."""
        if not name:
            super().put(name, columns)


def dedupe(
    tables: list[Loose],
    out: Path,
    spec: EntitySpec | None,
    match: MatchSpec,
    watch: Watch,
    teaching: Teaching = NOTHING_TAUGHT,
    *,
    clusters_only: bool = False,
) -> Deduped:
    """Find the duplicates in and across tables; write clusters, pairs, golden records, report.

    `clusters_only` merges nothing and reports nothing, and takes an older merge of the folder away.
    What is no longer needed is let go of on the way: `tables` is empty afterwards.
    """
    started = datetime.now(UTC)
    numbers, inputs = data_rows(tables), inputs_of(tables)
    labels, model = teaching.read_labels(numbers), teaching.read_model()
    records = as_records(tables)
    tables.clear()
    with tempfile.TemporaryDirectory(prefix="guiyi-") as scratch, whole_folder(out) as folder:
        kept = _Named if clusters_only else CleanColumns
        clean = kept(Path(scratch), records.height)
        clean.put("", records.select(IDENTITY))
        columns = records.drop(IDENTITY).get_columns()
        del records
        distinct = distinct_columns(columns)
        entity, guesses = _entity_of(distinct, spec, match)
        rest = pl.DataFrame(height=clean.height)
        if labels is not None:
            rest = clean.read([SOURCE, RECORD_ID])
        compared = [CodedTable(cleaned_fields(distinct, clean, entity, watch), rest)]
        resolution = resolve(
            compared.pop(),
            entity.matched_kinds,
            entity.match,
            labels=labels,
            model=model,
            progress=watch,
        )
        clusters = resolution.clusters
        clusters.select(
            numbers.gather(clusters["row"]).alias("row"),
            numbers.gather(clusters[CLUSTER_ID]).alias(CLUSTER_ID),
        ).write_csv(folder / "clusters.csv")
        _write_pairs(resolution.pairs, numbers, folder / "pairs.parquet")
        write_model(resolution.model | {"inputs": inputs}, folder / "model.json")
        outcome = Deduped(
            clean.height,
            clusters[CLUSTER_ID].n_unique(),
            dict(resolution.pairs.group_by("verdict").len().sort("verdict").iter_rows()),
            guesses,
            list(resolution.notes),
            resolution.model.get("labels"),
            resolution.subject,
        )
        if clusters_only:
            for name in MERGED:
                (out / name).unlink(missing_ok=True)
        else:
            watch("merge", 0, None)
            golden = _merge(clean, clusters, entity)
            golden.write_csv(folder / "golden.csv")
            watch("report", 0, None)
            # Imported late: clusters alone need no templates.
            from pipelines.deduped_tables import DedupTables
            from pipelines.report import write_report

            tables_of = DedupTables(out.name, started, clean, resolution, golden, entity)
            write_report(tables_of, folder / "report.html", language())
    teaching.keep(resolution.model)
    return outcome


def cleaned(
    tables: Sequence[Loose], spec: EntitySpec | None, match: MatchSpec, watch: Watch
) -> tuple[EntitySpec, dict[str, dict[str, Any]], pl.DataFrame]:
    """The rows of tables as clean records, the entity they are, and how its kinds were found."""
    records = as_records(tables)
    entity, guesses = _entity_of(records.drop(IDENTITY), spec, match)
    watch("clean", records.height, records.height)
    return entity, guesses, clean_table(records, entity.kinds)


def link_tables(
    left: Loose,
    right: Loose,
    out: Path,
    match: MatchSpec,
    watch: Watch,
    teaching: Teaching = NOTHING_TAUGHT,
) -> Linked:
    """Find for each row of one table the rows of another that are the same; write links.csv."""
    numbers = data_rows([left, right])
    labels, model = teaching.read_labels(numbers), teaching.read_model()
    sides = [as_records([left]), as_records([right])]
    both = pl.concat(sides, how="diagonal")
    guesses = _kinds(both.drop(IDENTITY), None)
    kinds = {name: guess["kind"] for name, guess in guesses.items()}
    shared = {
        name: kind for name, kind in kinds.items() if all(name in side.columns for side in sides)
    }
    if not shared:
        had, have = (", ".join(table.data.columns) for table in (left, right))
        raise SpecError(
            "the two files have no column in common",
            place=f"{left.name}, {right.name}",
            hint=f"give the columns that mean the same the same header: {had} | {have}",
        )
    ours, theirs = (clean_table(side, shared) for side in sides)
    resolution = link(ours, theirs, shared, match, labels=labels, model=model, progress=watch)
    links = resolution.links.select(
        left.ordinals.gather(resolution.links["left_row"]).alias("left_row"),
        right.ordinals.gather(resolution.links["right_row"]).alias("right_row"),
        "match_probability",
    )
    with whole_folder(out) as folder:
        links.sort("left_row", "right_row").write_csv(folder / "links.csv")
        write_model(resolution.model, folder / "model.json")
    teaching.keep(resolution.model)
    return Linked(links.height, list(resolution.notes), resolution.subject)


def inputs_of(tables: Sequence[Loose]) -> list[str]:
    """The files the tables are in, for taking the folder up again; a URL may hold secrets."""
    files = [Path(table.place) for table in tables if table.place and Path(table.place).exists()]
    return list(dict.fromkeys(str(file.resolve()) for file in files))


def data_rows(tables: Sequence[Loose]) -> pl.Series:
    """Number the rows across the inputs in order, as whoever reads clusters.csv counts them."""
    numbers, start = [], 0
    for table in tables:
        numbers.append(table.ordinals + start)
        start += table.height
    return pl.concat(numbers)


def as_records(tables: Sequence[Loose]) -> pl.DataFrame:
    """The rows of tables as source records, named by table and row."""
    now = datetime.now(UTC).replace(microsecond=0)
    frames = []
    for table in tables:
        data = table.data.rename(safe_names(table.data.columns))
        frames.append(
            data.with_columns(
                pl.lit(table.name).alias(SOURCE),
                table.rows["_row"].cast(pl.String).alias(RECORD_ID),
                pl.lit(now).dt.cast_time_unit("us").alias(EXTRACTED_AT),
                table.rows["_place"].alias(PLACE),
            )
        )
    both = pl.concat(frames, how="diagonal")
    return both.select(*IDENTITY, pl.exclude(*IDENTITY))


def _kinds(columns: Columns, spec: EntitySpec | None) -> dict[str, dict[str, Any]]:
    if spec is not None:
        return {
            name: {"kind": kind, "confidence": 1.0, "why": "given"}
            for name, kind in spec.kinds.items()
        }
    return {
        name: {"kind": guess.kind, "confidence": round(guess.confidence, 3), "why": guess.why}
        for name, guess in infer_kinds(columns).items()
    }


def _entity_of(
    columns: Columns, spec: EntitySpec | None, match: MatchSpec
) -> tuple[EntitySpec, dict[str, dict[str, Any]]]:
    """The entity of the columns, matched by `match`, and how its kinds were found."""
    names = columns.columns if isinstance(columns, pl.DataFrame) else list(columns)
    unknown = [name for name in (spec.fields if spec is not None else ()) if name not in names]
    if unknown:
        raise SpecError(f"no column `{unknown[0]}`", hint=did_you_mean(unknown[0], names))
    guesses = _kinds(columns, spec)
    kinds = {name: guess["kind"] for name, guess in guesses.items()}
    entity = _entity(kinds, match) if spec is None else spec.model_copy(update={"match": match})
    return entity, guesses


def _entity(kinds: dict[str, Kind], match: MatchSpec) -> EntitySpec:
    # Column names are the user's own here, so they are not held to the spec's naming rule.
    fields = {
        name: FieldSpec(kind=kind, match=kind is not Kind.KEY) for name, kind in kinds.items()
    }
    return EntitySpec.model_construct(fields=fields, match=match, updated=None, survivorship={})


def _merge(clean: CleanColumns, clusters: pl.DataFrame, entity: EntitySpec) -> pl.DataFrame:
    """The golden records, field by field.

    A record that stands alone is its own golden record under every rule, so it needs no vote.
    """
    places = clusters.select(pl.col("row").cast(pl.Int64), CLUSTER_ID)
    several = places[CLUSTER_ID].is_duplicated()
    voting, alone = places.filter(several), places.filter(~several)
    known = clean.columns
    identity = [n for n in (SOURCE, RECORD_ID, EXTRACTED_AT, entity.updated) if n in known]
    standing = Standing.of(clean.read(identity), voting, entity.updated, _sources(clean))
    ids = pl.concat([standing.cluster_ids, alone[CLUSTER_ID]])
    order = ids.arg_sort()
    counts = pl.concat([standing.sizes, pl.repeat(1, alone.height, dtype=pl.Int64, eager=True)])
    golden = [ids.gather(order), counts.gather(order).alias("members")]
    for name in entity.fields:
        if name in known:
            aside = (part(name, "raw"), part(name, "reason"))  # what was refused does not survive
            parts = (c for c in known if c.startswith(part(name, "")) and c not in aside)
            field = clean.field([name, *parts])
            won = surviving(field.cells, standing, entity, name, field.codes)
            own = field.cells[name].gather(field.codes[alone["row"].to_numpy()])
            golden.append(pl.concat([won, own]).gather(order))
    return pl.DataFrame(golden)


def _sources(clean: CleanColumns) -> list[str]:
    return list(dict.fromkeys(clean.read([SOURCE])[SOURCE].unique(maintain_order=True)))


def _write_pairs(pairs: pl.DataFrame, numbers: pl.Series, file: Path) -> None:
    front = ["row_l", "row_r", "match_weight", "match_probability", "verdict"]
    pairs.select(*front, pl.exclude(front)).with_columns(
        numbers.gather(pairs[side]).cast(pl.UInt32).alias(side) for side in ("row_l", "row_r")
    ).write_parquet(file)
