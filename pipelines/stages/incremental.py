"""New records are matched against the clusters of an earlier run, instead of all of them anew.

Only where the spec says `match.incremental`, and only where nothing but new records has come: the
same guiyi.yaml and files it names, no decision taken back, every record of that run still here and
as it was, few new ones. In any other case everything is matched, and a note says why.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from cleansing.imputation import observed
from dedup import Resolution
from dedup.incremental import resolve_new
from dedup.index import Index
from dedup.model import SavedModel, read_model
from dedup.verdict import Verdict
from governance.run_folder import CLEAN, MATCHES, PAIRS, RunFolder
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message
from guiyi.record_key import record_key
from guiyi.records import CLUSTER_ID, RECORD_ID, SOURCE, part
from guiyi.spec import EntitySpec
from pipelines.stages.rekeying import under_new_names
from pipelines.stages.run import Run
from pipelines.stages.standing import StandingRecords

MOST_NEW = 0.1
"""Share of the records that may be new: more of them are worth a model of their own."""
KEYS = [SOURCE, RECORD_ID]
DECIDED = ["left", "right", "decision"]
KNOWN_BY, DECISIONS = "guiyi.known_by", "guiyi.decisions"
"""What the matches of a run say of themselves: what they follow from beside the records."""


@dataclass(frozen=True)
class Earlier:
    """What an earlier run found, by the rows that its records have now."""

    run_id: str
    clusters: pl.DataFrame
    """row and cluster_id (the smallest of its rows) of every record it had."""
    pairs: pl.DataFrame
    model: SavedModel
    document: dict[str, Any]
    """The model as it was written."""
    new: pl.Series
    """Which of today's records it did not have."""


def match_new(
    run: Run, entity: str, records: StandingRecords, aliases: pl.DataFrame | None
) -> Resolution | None:
    """Match the new records alone; None where all must be matched, which a note reports."""
    spec = run.project.entities[entity]
    earlier = _earlier(run, entity, records, spec)
    if isinstance(earlier, Message):
        run.note(
            Message("{entity}: all records were matched anew: {why}", entity=entity, why=earlier)
        )
        return None
    table = observed(records.read([*KEYS, *_columns(records, spec)]), spec.fields)
    known, new = table.filter(~earlier.new), table.filter(earlier.new)
    index = Index.build(
        known,
        spec.matched_kinds,
        earlier.model,
        spec=spec.match,
        aliases=aliases,
        progress=run.progress.step,
        homes=spec.homes,
    )
    order = pl.concat([(~earlier.new).arg_true(), earlier.new.arg_true()]).cast(pl.Int64)
    place = order.arg_sort()
    found = resolve_new(
        index,
        new,
        clusters=earlier.clusters.select(
            place.gather(earlier.clusters[name]).cast(pl.Int64).alias(name)
            for name in ("row", CLUSTER_ID)
        ),
        decisions=under_new_names(run, entity, run.ledger.decisions(entity), "left", "right"),
        progress=run.progress.step,
    )
    note = Message.counted(
        "{n} new record was matched against the {known} of run {run}",
        "{n} new records were matched against the {known} of run {run}",
        n=new.height,
        known=known.height,
        run=earlier.run_id,
    )
    clusters = _clusters(found.clusters, order, earlier)
    pairs = _pairs(found.pairs, order, earlier.pairs, clusters)
    return Resolution(pairs, clusters, earlier.document, [note, *found.notes])


def _clusters(found: pl.DataFrame, order: pl.Series, earlier: Earlier) -> pl.DataFrame:
    """The clusters by today's rows; those with the same records hold together as they did."""
    named = found.select(
        order.gather(found["row"]).alias("row"), pl.col(CLUSTER_ID).alias("own"), "cohesion"
    ).sort("row")
    former = earlier.clusters.select(
        "row", pl.col(CLUSTER_ID).alias("former"), pl.col("cohesion").alias("was")
    )
    both = named.join(former, on="row", how="left", maintain_order="left")
    alone = pl.col("former").n_unique().over("own") == 1
    whole = pl.len().over("own") == pl.len().over("former")
    return both.select(
        "row",
        pl.col("row").min().over("own").alias(CLUSTER_ID),
        pl.when(alone & whole)
        .then(pl.coalesce("was", "cohesion"))
        .otherwise("cohesion")
        .alias("cohesion"),
    )


def _pairs(
    found: pl.DataFrame, order: pl.Series, earlier: pl.DataFrame, clusters: pl.DataFrame
) -> pl.DataFrame:
    """The pairs of the earlier run and those with a new record, judged by today's clusters."""
    sides = [order.gather(found[side]) for side in ("row_l", "row_r")]
    frame = even_chunks(pl.DataFrame({"one": sides[0], "other": sides[1]}))
    both = frame.select(
        row_l=pl.min_horizontal("one", "other"), row_r=pl.max_horizontal("one", "other")
    )
    new = even_chunks(found.with_columns(both.select(pl.all().cast(pl.UInt32)).get_columns()))
    pairs = pl.concat([earlier, new.select(earlier.columns)]).sort("row_l", "row_r")
    ids = clusters[CLUSTER_ID]
    together = ids.gather(pairs["row_l"]) == ids.gather(pairs["row_r"])
    verdict = pl.col("verdict")
    return even_chunks(
        pairs.with_columns(
            pl.when(pl.Series(together))
            .then(verdict.replace({str(Verdict.NON_MATCH): str(Verdict.MATCH)}))
            .otherwise(verdict.replace({str(Verdict.MATCH): str(Verdict.REVIEW)}))
            .alias("verdict")
        )
    )


def _columns(records: StandingRecords, spec: EntitySpec) -> list[str]:
    names = {**spec.matched_kinds, **spec.key_kinds}
    return [c for c in records.columns if any(c == n or c.startswith(part(n, "")) for n in names)]


def _earlier(
    run: Run, entity: str, records: StandingRecords, spec: EntitySpec
) -> Earlier | Message:
    """What the latest run of this very spec has found, or why it is of no use."""
    folder = _usable(run, entity, spec)
    if isinstance(folder, Message):
        return folder
    document = json.loads((folder.path / "models" / f"{entity}.json").read_text(encoding="utf-8"))
    try:
        model = read_model(document)
    except SpecError as error:  # another version's, or of records that had nothing to compare
        return as_message(error.what)
    columns = [*KEYS, *_columns(records, spec)]
    if not set(columns) <= set(folder.columns(CLEAN, entity)):
        return Message("the fields have different parts than before")
    today = records.read(columns)
    known = folder.read(MATCHES, entity).join(
        today.select(KEYS).with_row_index("row"), on=KEYS, how="left", maintain_order="left"
    )
    if known["row"].null_count():
        gone = known["row"].null_count()
        return Message.counted(
            "{n} record of run {run} is gone",
            "{n} records of run {run} are gone",
            n=gone,
            run=folder.path.name,
        )
    was = known.select(KEYS).join(
        folder.read(CLEAN, entity, columns), on=KEYS, how="left", maintain_order="left"
    )
    changed = int((was.hash_rows() != today[known["row"]].hash_rows()).sum())
    if changed:
        return Message.counted(
            "{n} record has changed since run {run}",
            "{n} records have changed since run {run}",
            n=changed,
            run=folder.path.name,
        )
    rows = known["row"].cast(pl.Int64)
    new = pl.repeat(True, today.height, eager=True).scatter(rows, False)
    if int(new.sum()) > MOST_NEW * today.height:
        return Message("{count} of {total} are new", count=int(new.sum()), total=today.height)
    clusters = _known(known)
    keys = today.select(record_key().alias("key")).with_row_index("row")
    pairs = _paired(folder.read(PAIRS, entity), keys)
    return Earlier(folder.path.name, clusters, pairs, model, document, new)


def _usable(run: Run, entity: str, spec: EntitySpec) -> RunFolder | Message:
    """The run to go on from, or why there is none, whatever the records are."""
    if spec.match.engine != "guiyi":
        return Message("{engine} fits a new model in every run", engine=spec.match.engine)
    if spec.match.labels is not None:
        return Message("labels may have been added, and the model learns from them")
    folder = _latest(run, entity)
    if folder is None:
        return Message("no earlier run has matched with this guiyi.yaml and the files it names")
    decided = {tuple(one) for one in json.loads(folder.about(MATCHES, entity)[DECISIONS])}
    if not decided <= set(run.ledger.decisions(entity).select(DECIDED).iter_rows()):
        return Message("decisions were taken back")
    return folder


def _known(matches: pl.DataFrame) -> pl.DataFrame:
    row = pl.col("row").cast(pl.Int64)
    return matches.select(
        row.alias("row"), row.min().over(CLUSTER_ID).alias(CLUSTER_ID), "cohesion"
    )


def _paired(pairs: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The pairs of an earlier run by the rows that their records have today."""
    columns = [name for name in pairs.columns if name not in ("left", "right")]
    for side, row in (("left", "one"), ("right", "other")):
        named = keys.rename({"key": side, "row": row})
        pairs = pairs.join(named, on=side, how="left", maintain_order="left")
    return pairs.with_columns(_in_order()).select(columns)


def _in_order() -> list[pl.Expr]:
    both = (pl.min_horizontal("one", "other"), pl.max_horizontal("one", "other"))
    return [
        row.cast(pl.UInt32).alias(name) for row, name in zip(both, ("row_l", "row_r"), strict=True)
    ]


def _latest(run: Run, entity: str) -> RunFolder | None:
    """The latest run before this one that has matched the entity by the same knowledge."""
    known = known_by(run, entity)
    for path in sorted(run.folder.parent.glob("*"), reverse=True):
        folder = RunFolder(path)
        if folder.has(MATCHES, entity) and folder.about(MATCHES, entity).get(KNOWN_BY) == known:
            return folder
    return None


def about(run: Run, entity: str) -> dict[str, str]:
    """What the matches of a run say of themselves, so that a later run may go on from them."""
    decided = run.ledger.decisions(entity).select(DECIDED).rows()
    return {KNOWN_BY: known_by(run, entity), DECISIONS: json.dumps(decided, ensure_ascii=False)}


def known_by(run: Run, entity: str) -> str:
    """The SHA-256 of guiyi.yaml and of the files it names for matching."""
    named = run.project.aliases, run.project.entities[entity].match.model
    digest = hashlib.sha256(run.spec_digest.encode())
    for name in named:
        file = b"" if name is None else (run.project.folder / name).read_bytes()
        digest.update(hashlib.sha256(file).digest())
    return digest.hexdigest()
