"""Dedup and linkage of plain files, with no project: kinds, keys and threshold all inferred."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from cleansing import clean_table, infer_kinds
from cleansing.coded import Coded
from cleansing.coded_table import CodedTable
from dedup import Resolution, link, resolve
from dedup.fields import KEPT_APART, Subject
from dedup.survivorship import identifiers
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.records import (
    CLUSTER_ID,
    EXTRACTED_AT,
    GOLDEN_ID,
    IDENTITY,
    PLACE,
    RECORD_ID,
    SOURCE,
)
from guiyi.spec import EntitySpec, FieldSpec, MatchSpec, PrivacySpec
from pipelines.dedupe.clean_columns import CleanColumns
from pipelines.dedupe.cleaned_fields import cleaned_fields, distinct_columns
from pipelines.dedupe.merged_records import (
    alternates_of,
    golden_ids,
    merge,
    reviewed,
    write_members,
)
from pipelines.exporting import formulas_note, write_csv
from pipelines.files.column_names import safe_names
from pipelines.files.pooled_tables import pooled
from pipelines.files.reading import Loose
from pipelines.files.same_columns import TELLING, same_columns
from pipelines.labelling.teaching import Teaching, write_model
from pipelines.language.messages import language
from pipelines.memory import Watch, giving_back
from pipelines.outputs import whole_folder
from pipelines.reporting import reported

NOTHING_TAUGHT = Teaching()

MERGED = ("golden.csv", "provenance.parquet", "alternates.csv", "members.csv", "report.html")
"""What is written of merged records, beside what matching found."""

Columns = pl.DataFrame | Mapping[str, Coded]
"""The columns of raw records, whole or told by their distinct values."""


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
    unreported: str | None = None
    """Why there is no report, if there is none though everything else is written."""


class _NamesOnly(CleanColumns):
    """Keeps the names of records only, and proven numbers, where nothing is merged."""

    wanted: frozenset[str] = frozenset({""})

    def put(self, name: str, columns: Any) -> None:
        """Let the columns of any other field go."""
        if name in self.wanted:
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
    masked: Collection[Kind] = PrivacySpec().mask,
) -> Deduped:
    """Find the duplicates in and across tables; write clusters, pairs, golden records, report.

    Values of the kinds `masked` are masked in the report alone: the data are the user's own.
    `clusters_only` merges nothing and reports nothing, and takes an older merge of the folder away.
    What is no longer needed is let go of on the way: `tables` is empty afterwards. All data are in
    the folder before a report is begun.
    """
    started = datetime.now(UTC)
    watch = giving_back(watch)
    numbers, read = data_rows(tables), read_as(tables, spec)
    labels, model = teaching.read_labels(numbers), teaching.read_model()
    same, notes = _one_table(tables, spec)
    tables.clear()
    identity, columns = identity_of(same), raw_columns(same)
    del same
    with tempfile.TemporaryDirectory(prefix="guiyi-") as scratch:
        with whole_folder(out, MERGED) as folder:
            clean = (_NamesOnly if clusters_only else CleanColumns)(Path(scratch), identity.height)
            clean.put("", identity)
            del identity
            distinct = distinct_columns(columns)
            entity, guesses = _entity_of(distinct, spec, match, notes)
            if isinstance(clean, _NamesOnly):
                clean.wanted |= frozenset(identifiers(entity))
            rest = pl.DataFrame(height=clean.height)
            if labels is not None:
                rest = clean.read([SOURCE, RECORD_ID])
            compared = [CodedTable(cleaned_fields(distinct, clean, entity, watch), rest)]
            resolution = resolve(
                compared.pop(),
                entity.matched_kinds,
                entity.match,
                keys=entity.key_kinds,
                labels=labels,
                model=model,
                progress=watch,
            )
            resolution = reviewed(resolution, clean, entity)
            _write_matched(resolution, numbers, read, folder)
            golden = None
            if not clusters_only:
                watch("merge", 0, None)
                golden, formulas = _write_merged(
                    clean, resolution.clusters, entity, numbers, folder
                )
                notes += formulas_note(formulas)
        teaching.keep(resolution.model)
        outcome = Deduped(
            clean.height,
            resolution.clusters[CLUSTER_ID].n_unique(),
            dict(resolution.pairs.group_by("verdict").len().sort("verdict").iter_rows()),
            guesses,
            [*notes, *resolution.notes],
            resolution.model.get("labels"),
            resolution.subject,
        )
        if golden is None:
            return outcome
        watch("report", 0, None)

        def report(file: Path) -> None:
            # Imported late: clusters alone need no templates.
            from pipelines.dedupe.report_tables import DedupTables
            from pipelines.report import write_report

            about = DedupTables(
                out.name, started, clean, resolution, golden, entity, numbers, masked
            )
            write_report(about, file, language())

        return replace(outcome, unreported=reported(report, out / "report.html"))


def _write_matched(
    resolution: Resolution, numbers: pl.Series, read: dict[str, Any], folder: Path
) -> None:
    """Write what matching found: clusters, pairs and the model."""
    clusters = resolution.clusters
    numbered = clusters.select(
        numbers.gather(clusters["row"]).alias("row"),
        numbers.gather(clusters[CLUSTER_ID]).alias(CLUSTER_ID),
    )
    write_csv(numbered, folder / "clusters.csv")
    _write_pairs(resolution.pairs, numbers, folder / "pairs.parquet")
    write_model(resolution.model | read, folder / "model.json")


def _write_merged(
    clean: CleanColumns,
    clusters: pl.DataFrame,
    entity: EntitySpec,
    numbers: pl.Series,
    folder: Path,
) -> tuple[pl.DataFrame, int]:
    """Write what the records were merged into, where it came from, and who became what; tell how
    many cells got an apostrophe (`write_csv`).
    """
    merged = merge(clean, clusters, entity)
    ids = numbers.gather(merged.golden[CLUSTER_ID])
    golden = merged.golden.with_columns(ids.alias(CLUSTER_ID), golden_ids(ids))
    front = [CLUSTER_ID, GOLDEN_ID]
    in_front = even_chunks(golden).select(*front, pl.exclude(front))
    formulas = write_csv(in_front, folder / "golden.csv")
    ids = numbers.gather(merged.provenance[CLUSTER_ID])
    whence = even_chunks(
        merged.provenance.with_columns(
            ids.alias(CLUSTER_ID),
            golden_ids(ids),
            numbers.gather(merged.provenance["row"]).alias("row"),
            pl.col("why").cast(pl.String),
        )
    ).select(*front, pl.exclude(front))
    whence.write_parquet(folder / "provenance.parquet", compression="lz4", statistics=False)
    formulas += write_csv(alternates_of(whence), folder / "alternates.csv")
    placed = numbers.gather(clusters.sort("row")[CLUSTER_ID])
    formulas += write_members(clean, entity, numbers, placed, folder / "members.csv")
    return merged.golden, formulas


def cleaned(
    tables: Sequence[Loose], spec: EntitySpec | None, match: MatchSpec, watch: Watch
) -> tuple[EntitySpec, dict[str, dict[str, Any]], pl.DataFrame]:
    """The rows of tables as clean records, the entity they are, and how its kinds were found."""
    same, notes = _one_table(tables, spec)
    records = as_records(same)
    entity, guesses = _entity_of(records.drop(IDENTITY), spec, match, notes)
    watch("clean", records.height, records.height)
    return entity, guesses, clean_table(records, entity.kinds, entity.homes)


def _one_table(tables: Sequence[Loose], spec: EntitySpec | None) -> tuple[list[Loose], list[str]]:
    """The tables with one header a column, and what to know of how they were put together."""
    known = spec.kinds if spec is not None else None
    # Two columns of a kind of which each fills the gaps of the other are one to the matcher.
    same, notes = same_columns(tables, known, TELLING.difference(KEPT_APART))
    return same, pooled(tables) + notes


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
    (left, right), notes = same_columns([left, right])
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
            hint=Message(
                "give the columns that mean the same the same header: {had} | {have}",
                had=had,
                have=have,
            ),
        )
    ours, theirs = (clean_table(side, shared) for side in sides)
    resolution = link(ours, theirs, shared, match, labels=labels, model=model, progress=watch)
    links = resolution.links.select(
        left.ordinals.gather(resolution.links["left_row"]).alias("left_row"),
        right.ordinals.gather(resolution.links["right_row"]).alias("right_row"),
        "match_probability",
    )
    with whole_folder(out) as folder:
        write_csv(links.sort("left_row", "right_row"), folder / "links.csv")
        write_model(resolution.model, folder / "model.json")
    teaching.keep(resolution.model)
    return Linked(links.height, [*notes, *resolution.notes], resolution.subject)


def read_as(tables: Sequence[Loose], spec: EntitySpec | None) -> dict[str, Any]:
    """What it takes to read the rows again: the files, and the fields of a spec that named columns.

    A database is not among them: its URL may hold secrets.
    """
    files = [Path(table.place) for table in tables if table.place and Path(table.place).exists()]
    inputs = list(dict.fromkeys(str(file.resolve()) for file in files))
    fields = {} if spec is None else {"fields": spec.kinds}
    return {"inputs": inputs, "tables": [table.info.name for table in tables], **fields}


def data_rows(tables: Sequence[Loose]) -> pl.Series:
    """Number the rows across the inputs in order, as whoever reads clusters.csv counts them."""
    numbers, start = [], 0
    for table in tables:
        numbers.append(table.ordinals + start)
        start += table.height
    return pl.concat(numbers)


def as_records(tables: Sequence[Loose]) -> pl.DataFrame:
    """The rows of tables as source records, named by table and row."""
    columns = raw_columns(tables)
    return even_chunks(identity_of(tables).hstack(columns))


def identity_of(tables: Sequence[Loose]) -> pl.DataFrame:
    """Of the rows of tables as source records: what names them."""
    now = datetime.now(UTC).replace(microsecond=0)
    named = (
        table.rows.select(
            pl.lit(table.name).alias(SOURCE),
            pl.col("_row").cast(pl.String).alias(RECORD_ID),
            pl.lit(now).dt.cast_time_unit("us").alias(EXTRACTED_AT),
            pl.col("_place").alias(PLACE),
        )
        for table in tables
    )
    return even_chunks(pl.concat(named))


def raw_columns(tables: Sequence[Loose]) -> list[pl.Series]:
    """The columns of the source, all tables one behind the other, in as many chunks as they came.

    Whoever takes the columns one after the other need not have them copied into one chunk first.
    """
    data = (table.data.rename(safe_names(table.data.columns)) for table in tables)
    return pl.concat(data, how="diagonal", rechunk=False).get_columns()


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
    columns: Columns, spec: EntitySpec | None, match: MatchSpec, notes: list[str]
) -> tuple[EntitySpec, dict[str, dict[str, Any]]]:
    """The entity of the columns, matched by `match`, and how its kinds were found."""
    names = columns.columns if isinstance(columns, pl.DataFrame) else list(columns)
    if spec is not None:
        spec = _without_absent_keys(spec, names, notes)
    guesses = _kinds(columns, spec)
    kinds = {name: guess["kind"] for name, guess in guesses.items()}
    entity = _entity(kinds, match) if spec is None else spec.model_copy(update={"match": match})
    return entity, guesses


def _without_absent_keys(spec: EntitySpec, names: list[str], notes: list[str]) -> EntitySpec:
    """The spec of columns that are there; only a key may be absent, since it is no evidence."""
    absent = [name for name in spec.fields if name not in names]
    unknown = [name for name in absent if spec.fields[name].kind is not Kind.KEY]
    if unknown:
        raise SpecError(
            Message("no column `{column}`", column=unknown[0]), hint=did_you_mean(unknown[0], names)
        )
    notes += [
        Message("no column `{name}`: a key is not compared, so the results are the same", name=name)
        for name in absent
    ]
    there = {name: own for name, own in spec.fields.items() if name not in absent}
    return spec.model_copy(update={"fields": there}) if absent else spec


def _entity(kinds: dict[str, Kind], match: MatchSpec) -> EntitySpec:
    # Column names are the user's own here, so they are not held to the spec's naming rule.
    fields = {
        name: FieldSpec(kind=kind, match=kind is not Kind.KEY) for name, kind in kinds.items()
    }
    return EntitySpec.model_construct(fields=fields, match=match, updated=None, survivorship={})


def _write_pairs(pairs: pl.DataFrame, numbers: pl.Series, file: Path) -> None:
    front = ["row_l", "row_r", "match_weight", "match_probability", "verdict"]
    even_chunks(
        pairs.select(*front, pl.exclude(front)).with_columns(
            numbers.gather(pairs[side]).cast(pl.UInt32).alias(side) for side in ("row_l", "row_r")
        )
    ).write_parquet(file)
