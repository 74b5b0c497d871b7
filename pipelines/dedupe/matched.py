"""A matching to ask about: made of files now, or taken up from a folder that a run has left."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from dedup import resolve
from dedup.model import read_model
from governance import Door, Masking, Reader
from guiyi.errors import SourceError, SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.record_key import record_key
from guiyi.records import IDENTITY, RECORD_ID
from guiyi.spec import EntitySpec, MatchSpec, load_project
from pipelines.dedupe.run import as_records, cleaned, data_rows
from pipelines.files.customer_tables import choose, chosen_before
from pipelines.files.reading import Loose, read_places
from pipelines.files.same_columns import same_columns
from pipelines.labelling.asking import Matched
from pipelines.labelling.teaching import read_model_file
from pipelines.memory import Watch
from pipelines.outputs import settle
from pipelines.stages.run import latest_run
from pipelines.stewarding.opening import opened

KEY = record_key()


@contextmanager
def door_to(places: tuple[str, ...], reader: Reader) -> Iterator[Door | None]:
    """The door to the customers of a project, for a reader who states a role; None for others, and
    for files.
    """
    folder = Path(places[0])
    if reader.role is None or len(places) > 1 or not (folder / "guiyi.yaml").is_file():
        yield None
        return
    with opened(folder) as (project, ledger):
        door = Door(project, ledger, reader)
        door.write_down(latest_run(project), {"label": True})
        yield door


def take_up(
    places: tuple[str, ...],
    entity: str | None,
    spec: EntitySpec | None,
    watch: Watch,
    door: Door | None = None,
) -> Matched:
    """A matching of these places: files, a folder of `guiyi dedupe`, a project, or a run folder.

    Customers of a project are shown as `door` says, or as anybody may see them. Raises SourceError
    or SpecError where there is nothing to ask about.
    """
    if len(places) == 1:
        folder = Path(places[0])
        if (folder / "guiyi.yaml").is_file():
            project = load_project(folder)
            return _of_run(folder / ".guiyi" / "runs" / latest_run(project), entity, door)
        if (folder / "manifest.json").is_file():
            return _of_run(folder, entity)
        settle(folder)
        if (folder / "pairs.parquet").is_file():
            if entity is not None or spec is not None:
                raise SpecError(
                    "--spec and --entity are of no use here: the folder has been matched",
                    place=places[0],
                    hint="name the files themselves to match them anew, or leave the options out",
                )
            return _of_dedupe(folder)
    subject = entity or (spec.match.entity if spec is not None else None)
    tables, _ = choose(read_places(places, watch), entity=subject)
    return _of_files(tables, entity, spec, watch)


def _of_files(
    tables: list[Loose], subject: str | None, spec: EntitySpec | None, watch: Watch
) -> Matched:
    match = spec.match if spec is not None else MatchSpec()
    if subject is not None:
        if subject not in ("person", "company"):
            raise SpecError(
                Message("no entity `{name}`", name=subject),
                hint="the rows of a file are: person, company",
            )
        match = match.model_copy(update={"entity": subject})
    entity, _, clean = cleaned(tables, spec, match, watch)
    resolution = resolve(
        clean, entity.matched_kinds, entity.match, keys=entity.key_kinds, progress=watch
    )
    numbers, keys = data_rows(tables), clean.select(key=KEY)["key"]
    rows = [resolution.pairs[side] for side in ("row_l", "row_r")]
    pairs = even_chunks(
        resolution.pairs.with_columns(
            keys.gather(rows[0]).alias("left"),
            keys.gather(rows[1]).alias("right"),
            numbers.gather(rows[0]).alias("row_l"),
            numbers.gather(rows[1]).alias("row_r"),
        )
    )
    return _matched(pairs, _shown(clean, keys, list(entity.fields)), resolution.model, "")


def _of_dedupe(folder: Path) -> Matched:
    """What `guiyi dedupe` wrote; the rows are read again from where it read them."""
    _, document = read_model_file(folder / "model.json")
    inputs = document.get("inputs")
    if not inputs:
        raise SourceError(
            "it does not say which files it was made from",
            place=str(folder),
            hint="name the files themselves: guiyi label FILE… --out labels.csv",
        )
    known = {name: Kind(kind) for name, kind in document.get("fields", {}).items()}
    tables, _ = same_columns(chosen_before(read_places(inputs), document), known)
    records = as_records(tables).with_columns(KEY.alias(RECORD_ID))
    pairs = pl.read_parquet(folder / "pairs.parquet")
    keys = even_chunks(
        pl.DataFrame({"row": data_rows(tables).cast(pl.UInt32), "key": records[RECORD_ID]})
    )
    for side, key in (("row_l", "left"), ("row_r", "right")):
        pairs = pairs.join(
            keys.rename({"row": side, "key": key}), on=side, how="left", maintain_order="left"
        )
    if pairs["left"].null_count() or pairs["right"].null_count():
        raise SourceError(
            "the files have changed since: they have fewer rows",
            place=str(folder),
            hint="dedupe them again",
        )
    return _matched(pairs, records.select(RECORD_ID, pl.exclude(IDENTITY)), document, str(folder))


def _of_run(folder: Path, entity: str | None, door: Door | None = None) -> Matched:
    """One entity of a project's run."""
    found = sorted(file.stem for file in (folder / "pairs").glob("*.parquet"))
    if not found:
        raise SpecError(
            "the run has no pairs to ask about",
            place=str(folder),
            hint="run it at least as far as the stage match",
        )
    if entity is None and len(found) > 1:
        raise SpecError(
            Message("it has {count} entities", count=len(found)),
            place=str(folder),
            hint=Message("choose one with --entity: {names}", names=", ".join(found)),
        )
    name = entity or found[0]
    if name not in found:
        raise SpecError(
            Message("no pairs of `{name}`", name=name),
            place=str(folder),
            hint=Message("there are: {names}", names=", ".join(found)),
        )
    pairs = pl.read_parquet(folder / "pairs" / f"{name}.parquet").drop("row_l", "row_r")
    clean = pl.read_parquet(folder / "clean" / f"{name}.parquet")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    kinds = {field: Kind(kind) for field, kind in manifest["kinds"][name].items()}
    masking = Masking.of_run(manifest)

    def show(rows: pl.DataFrame) -> pl.DataFrame:
        named = rows.rename({RECORD_ID: "record"})
        seen = masking.table(named, kinds) if door is None else door.table(name, named)
        return seen.rename({"record": RECORD_ID})

    _, document = read_model_file(folder / "models" / f"{name}.json")
    records = _shown(clean, clean.select(key=KEY)["key"], list(kinds))
    return replace(_matched(pairs, records, document, name), show=show)


def _shown(clean: pl.DataFrame, keys: pl.Series, fields: list[str]) -> pl.DataFrame:
    """What a person sees of each record: the values as they came."""
    raw = {f: f"{f}.raw" if f"{f}.raw" in clean.columns else f for f in fields}
    there = {field: column for field, column in raw.items() if column in clean.columns}
    return clean.select(
        keys.alias(RECORD_ID), *(pl.col(column).alias(field) for field, column in there.items())
    )


def _matched(
    pairs: pl.DataFrame, records: pl.DataFrame, document: dict[str, Any], place: str
) -> Matched:
    if not pairs.height:
        raise SourceError(
            "there are no pairs to ask about: no two records are alike", place=place or None
        )
    return Matched(pairs.sort("left", "right"), records, read_model(document), document)
