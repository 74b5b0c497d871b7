"""Dedup and linkage of plain files, with no project: kinds, keys and threshold all inferred."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from cleansing import clean_table, infer_kinds
from dedup import Resolution, link, resolve, survive
from dedup.survivorship import LEVELS, Golden
from guiyi.kinds import Kind
from guiyi.records import (
    CLUSTER_ID,
    EXTRACTED_AT,
    GOLDEN_ID,
    IDENTITY,
    PLACE,
    RECORD_ID,
    SOURCE,
    part,
)
from guiyi.spec import EntitySpec, FieldSpec, MatchSpec
from pipelines.column_names import safe_names
from pipelines.messages import language
from pipelines.outputs import whole_folder
from pipelines.reading import Loose
from pipelines.report import write_report
from pipelines.teaching import Teaching, write_model

NOTHING_TAUGHT = Teaching()

Watch = Callable[[str, int, int | None], None]
"""Told what is done, how many, of how many."""


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


def dedupe(
    tables: Sequence[Loose],
    out: Path,
    spec: EntitySpec | None,
    match: MatchSpec,
    watch: Watch,
    teaching: Teaching = NOTHING_TAUGHT,
) -> Deduped:
    """Find the duplicates in and across tables; write clusters, pairs, golden records, report."""
    numbers = data_rows(tables)
    labels, model = teaching.read_labels(numbers), teaching.read_model()
    entity, guesses, clean = cleaned(tables, spec, match, watch)
    fields = [name for name in clean.columns if name in entity.fields]
    resolution = resolve(
        clean, entity.matched_kinds, match, labels=labels, model=model, progress=watch
    )
    clusters = resolution.clusters.sort("row")
    clean = _spoken(clean, fields)
    golden, provenance = _merge(clean, clusters, entity, fields)
    front = ["row_l", "row_r", "match_weight", "match_probability", "verdict"]
    verdicts = dict(resolution.pairs.group_by("verdict").len().sort("verdict").iter_rows())
    outcome = Deduped(
        clean.height,
        golden.height,
        verdicts,
        guesses,
        list(resolution.notes),
        resolution.model.get("labels"),
    )
    with whole_folder(out) as folder:
        clusters.select(
            numbers.gather(clusters["row"]).alias("row"),
            numbers.gather(clusters[CLUSTER_ID]).alias(CLUSTER_ID),
        ).write_csv(folder / "clusters.csv")
        resolution.pairs.select(*front, pl.exclude(front)).with_columns(
            numbers.gather(resolution.pairs[side]).cast(pl.UInt32).alias(side)
            for side in ("row_l", "row_r")
        ).write_parquet(folder / "pairs.parquet")
        golden.write_csv(folder / "golden.csv")
        write_model(resolution.model | {"inputs": inputs_of(tables)}, folder / "model.json")
        report = folder / "report.html"
        merged = Golden(golden, provenance)
        _report(report, out.name, clean, resolution, merged, entity, outcome)
    teaching.keep(resolution.model)
    return outcome


def cleaned(
    tables: Sequence[Loose], spec: EntitySpec | None, match: MatchSpec, watch: Watch
) -> tuple[EntitySpec, dict[str, dict[str, Any]], pl.DataFrame]:
    """The rows of tables as clean records, the entity they are, and how its kinds were found."""
    records = as_records(tables)
    guesses = _kinds(records, spec)
    entity = spec or _entity({name: guess["kind"] for name, guess in guesses.items()}, match)
    watch("clean", records.height, records.height)
    return entity, guesses, clean_table(records, entity.kinds)


def link_tables(
    left: Loose,
    right: Loose,
    out: Path,
    match: MatchSpec,
    watch: Watch,
    teaching: Teaching = NOTHING_TAUGHT,
) -> int:
    """Find for each row of one table the rows of another that are the same; write links.csv."""
    numbers = data_rows([left, right])
    labels, model = teaching.read_labels(numbers), teaching.read_model()
    sides = [as_records([left]), as_records([right])]
    both = pl.concat(sides, how="diagonal")
    guesses = _kinds(both, None)
    kinds = {name: guess["kind"] for name, guess in guesses.items()}
    shared = {
        name: kind for name, kind in kinds.items() if all(name in side.columns for side in sides)
    }
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
    return links.height


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


def _kinds(records: pl.DataFrame, spec: EntitySpec | None) -> dict[str, dict[str, Any]]:
    if spec is not None:
        return {
            name: {"kind": kind, "confidence": 1.0, "why": "given"}
            for name, kind in spec.kinds.items()
        }
    data = records.select(pl.exclude(*IDENTITY))
    return {
        name: {"kind": guess.kind, "confidence": round(guess.confidence, 3), "why": guess.why}
        for name, guess in infer_kinds(data).items()
    }


def _entity(kinds: dict[str, Kind], match: MatchSpec) -> EntitySpec:
    # Column names are the user's own here, so they are not held to the spec's naming rule.
    fields = {
        name: FieldSpec(kind=kind, match=kind is not Kind.KEY) for name, kind in kinds.items()
    }
    return EntitySpec.model_construct(fields=fields, match=match, updated=None, survivorship={})


def _spoken(clean: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    """What merging and the report read: every part that only matching compares is let go."""
    heard = {
        "raw",
        "reason",
        "key",
        "imputed",
        *(part for parts in LEVELS.values() for part in parts),
    }
    compared = [
        name
        for field in fields
        for name in clean.columns
        if name.startswith(part(field, "")) and name.removeprefix(part(field, "")) not in heard
    ]
    return clean.drop(compared)


def _merge(
    clean: pl.DataFrame, clusters: pl.DataFrame, entity: EntitySpec, fields: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Golden records, and the provenance of those that stand for several records.

    A record that stands alone is its own golden record under every rule, so it needs no vote.
    """
    places = clusters.select(pl.col("row").cast(pl.Int64), CLUSTER_ID)
    several = pl.col(CLUSTER_ID).is_duplicated()
    voting, alone = places.filter(several), places.filter(~several)
    merged = survive(clean, voting, entity, list(dict.fromkeys(clean[SOURCE])))
    front = [CLUSTER_ID, "members"]
    single = alone.select(CLUSTER_ID, members=pl.lit(1, pl.Int64)).hstack(
        clean.select(fields)[alone["row"]]
    )
    golden = pl.concat([merged.golden.select(*front, *fields), single]).sort(CLUSTER_ID)
    return golden, merged.provenance


def _report(
    report: Path,
    name: str,
    clean: pl.DataFrame,
    resolution: Resolution,
    merged: Golden,
    entity: EntitySpec,
    outcome: Deduped,
) -> None:
    """Lay the tables out as a run folder has them, and let the run's report be made of it."""
    identity = clean.select(IDENTITY)
    keys = identity.select(key=pl.format("{}:{}", SOURCE, RECORD_ID))["key"]
    name_golden = pl.format("C{}", CLUSTER_ID).alias(GOLDEN_ID)
    clusters = resolution.clusters.sort("row")
    sources = list(dict.fromkeys(clean[SOURCE]))
    tables = {
        "records": identity,
        "clean": clean,
        "pairs": resolution.pairs.with_columns(
            left=keys.gather(resolution.pairs["row_l"]),
            right=keys.gather(resolution.pairs["row_r"]),
        ),
        "clusters": pl.concat(
            [identity.select(SOURCE, RECORD_ID), clusters.drop("row")], how="horizontal"
        ).with_columns(name_golden),
        "golden": merged.golden.with_columns(name_golden),
        "provenance": merged.provenance.with_columns(name_golden),
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, table in tables.items():
            (folder / name).mkdir()
            # Read once and thrown away: packing it would cost more than it saves.
            file = folder / name / "records.parquet"
            table.write_parquet(file, compression="uncompressed", statistics=False)
        (folder / "models").mkdir()
        write_model(resolution.model, folder / "models" / "records.json")
        manifest = {
            "run_id": name,
            "project": ", ".join(sources),
            "started": clean[EXTRACTED_AT][0].isoformat(),
            "finished": datetime.now(UTC).isoformat(),
            "dry_run": True,
            "sources": sources,
            "kinds": {"records": entity.kinds},
            "privacy": {"mask": []},
            "notes": outcome.notes,
            "stages": [],
            "laws": [],
            "gate": None,
            "load": {},
            "stopped": None,
        }
        write_model(manifest, folder / "manifest.json")
        write_report(folder, report, language())
