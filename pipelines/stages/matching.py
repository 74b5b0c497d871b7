"""Match and merge: clean records → pairs → clusters → golden records with permanent ids."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from threading import Thread
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup import Resolution, resolve
from dedup.survivorship import (
    Golden,
    Merging,
    for_review,
    identifiers,
    identities,
    named_provenance,
    no_provenance,
    standing,
    whole_fields,
)
from governance.run_folder import CLEAN, PROVENANCE, ROWS_OF_A_GROUP
from guiyi.errors import GuiyiError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message
from guiyi.record_key import record_key
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE, raw, ref
from guiyi.spec import EntitySpec
from pipelines.labelling.teaching import write_model
from pipelines.stages.columns_aside import ColumnsAside
from pipelines.stages.expiring import last_days, without_expired
from pipelines.stages.identity_changes import write_changes
from pipelines.stages.knowledge import read_aliases
from pipelines.stages.parents import lead_as_decided
from pipelines.stages.rekeying import under_new_names
from pipelines.stages.resolving import match_by_pinned_model
from pipelines.stages.run import Run
from pipelines.stages.split_parts import shown_by_parts
from pipelines.stages.standing import StandingRecords
from pipelines.stages.tally import Tally
from pipelines.stages.value_choices import absent, choose, disputed


def match(run: Run) -> Tally:
    """Find the records that describe the same customer."""
    rows = clusters = 0
    aliases = read_aliases(run.project)
    for entity in run.entities:
        records = StandingRecords(run, entity)
        found = _match_entity(run, entity, records, aliases)
        rows += records.height
        clusters += found
    return Tally(
        rows, clusters, Message.counted("{n:,} duplicate", "{n:,} duplicates", n=rows - clusters)
    )


REHEARSED = 200
"""Records that are enough to need every kernel once."""


@contextmanager
def rehearsing(run: Run) -> Iterator[None]:
    """Let the matcher load its compiled kernels while this process waits for another.

    Some records are matched for nothing; loading is what takes time. It is over when this ends:
    two threads must not match at once.
    """
    rehearsal = Thread(target=_rehearse, args=(run,))
    rehearsal.start()
    try:
        yield
    finally:
        rehearsal.join()


def _rehearse(run: Run) -> None:
    for entity in run.entities:
        spec = run.project.entities[entity]
        if spec.match.enabled:
            with suppress(GuiyiError):  # said by the stage itself, in its turn
                few = run.tables.scan(CLEAN, entity).head(REHEARSED).collect()
                resolve(few, spec.matched_kinds, spec.match, keys=spec.key_kinds)


def _match_entity(
    run: Run, entity: str, records: StandingRecords, aliases: pl.DataFrame | None
) -> int:
    spec = run.project.entities[entity]
    identity = records.read([SOURCE, RECORD_ID])
    if not spec.match.enabled:
        alone = identity.with_row_index(CLUSTER_ID).with_columns(
            pl.col(CLUSTER_ID).cast(pl.Int64), cohesion=pl.lit(1.0)
        )
        run.put(f"matches/{entity}", alone)
        return records.height
    for left, right in run.ledger.contradictions(entity):
        run.note(
            Message(
                "{entity}: {left} and {right} must stay apart, but other decisions join them; "
                "revoke one: guiyi review list {folder} --what decisions",
                entity=entity,
                left=run.masking.text(left),
                right=run.masking.text(right),
                folder=run.project.folder,
            )
        )
    resolution = match_by_pinned_model(run, entity, records, aliases)
    resolution = _reviewed(resolution, records, spec)
    keys = identity.select(key=record_key())["key"]
    pairs = even_chunks(
        resolution.pairs.with_columns(
            left=keys.gather(resolution.pairs["row_l"]),
            right=keys.gather(resolution.pairs["row_r"]),
        )
    )
    run.put(f"pairs/{entity}", pairs)
    _keep_model(run, entity, resolution.model)
    clusters = resolution.clusters.sort("row")
    run.put(
        f"matches/{entity}",
        even_chunks(pl.concat([identity, clusters.drop("row")], how="horizontal")),
    )
    for note in resolution.notes:
        run.note(Message("{entity}: {note}", entity=entity, note=as_message(note)))
    return clusters[CLUSTER_ID].n_unique()


def _reviewed(found: Resolution, records: StandingRecords, spec: EntitySpec) -> Resolution:
    fields = whole_fields(records, identifiers(spec))
    if not fields:
        return found
    return for_review(found, fields, standing(records, found.clusters, spec, ()), spec)


def _keep_model(run: Run, entity: str, model: Mapping[str, Any]) -> None:
    path = run.folder / "models" / f"{entity}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_model(model, path)


def merge(run: Run) -> Tally:
    """Make one golden record of each cluster, and give it its permanent id."""
    members = golden_records = 0
    for entity in run.entities:
        records = StandingRecords(run, entity)
        clusters = run.get(f"matches/{entity}")
        renamed = run.get(f"rekeyed/{entity}")
        shown = partial(shown_by_parts, run, entity, records)
        named = run.ledger.preview_golden_ids(entity, clusters.drop("cohesion"), renamed, shown)
        run.put(f"clusters/{entity}", even_chunks(clusters.with_columns(named[GOLDEN_ID])))
        del clusters
        write_changes(run, entity, named)
        named = named.select(CLUSTER_ID, GOLDEN_ID)
        golden_records += _merge_entity(run, entity, records, named)
        members += records.height
    for entity in run.entities:  # by the golden records of all of them
        lead_as_decided(run, entity)
    return Tally(
        members,
        golden_records,
        Message.counted("{n:,} golden record", "{n:,} golden records", n=golden_records),
    )


def _merge_entity(run: Run, entity: str, records: StandingRecords, members: pl.DataFrame) -> int:
    """Write the golden records, by the survivorship rules and then by what stewards have chosen.

    `members` has the cluster and the golden id of each record.
    """
    spec = run.project.entities[entity]
    places = members.with_row_index("row").select("row", CLUSTER_ID)
    named = _GoldenIds.of(members)
    merging = Merging.of(
        records, places, spec, list(run.project.sources), partial(_not_here, run, entity)
    )
    merging = merging.ordered(named.golden_ids(merging.cluster_ids))
    choices = under_new_names(run, entity, run.ledger.value_choices(entity), "record")
    with ColumnsAside.within(run.folder) as golden:
        golden.keep([named.golden_ids(merging.cluster_ids), merging.members])
        days = last_days(run.project, entity)
        if choices.height or days:
            columns = [merging.cluster_ids]
            provenance = pl.concat(list(_whence(merging, identities(records), columns.extend)))
            merged = Golden(even_chunks(pl.DataFrame(columns)), provenance)
            chosen = _chosen(run, entity, merged, records, choices)
            chosen = without_expired(
                chosen,
                named.golden_ids(merging.cluster_ids),
                run.ledger,
                entity,
                days,
                spec.updated,
            )
            golden.keep(chosen.golden.drop(CLUSTER_ID).get_columns())
            whence = iter([chosen.provenance])
        else:
            whence = _whence(merging, identities(records), golden.keep)
        run.tables.write_pieces(PROVENANCE, map(named.provenance, whence), entity)
        golden.keep([merging.conflicting_ids()])
        run.put_pieces(f"golden/{entity}", golden.rows())
    return len(merging.cluster_ids)


def _not_here(run: Run, entity: str, relation: str, keys: pl.Series) -> pl.Series:
    """Of the keys in a relation, those of no record that is here and not held back."""
    gone = keys.to_frame("key")
    for target in run.project.related(entity, relation.removeprefix(ref(""))):
        if run.has(f"clean/{target}"):
            here = StandingRecords(run, target).read([SOURCE, RECORD_ID])
            gone = gone.join(here.select(key=record_key()), on="key", how="anti")
    return gone["key"]


def _whence(
    merging: Merging, names: pl.DataFrame, keep: Callable[[list[pl.Series]], None]
) -> Iterator[pl.DataFrame]:
    """The provenance, a piece at a time; hands over the fields of the golden records to `keep`."""
    yield no_provenance()
    for field in merging.fields():
        keep(field.columns)
        for provenance in field.provenance.iter_slices(ROWS_OF_A_GROUP):
            yield named_provenance(replace(field, provenance=provenance), names)


@dataclass(frozen=True)
class _GoldenIds:
    """The permanent ids of clusters."""

    members: pl.Series
    """The golden id of each record."""
    places: npt.NDArray[np.int64]
    """For each cluster id up to the highest, one of its records."""

    @classmethod
    def of(cls, members: pl.DataFrame) -> "_GoldenIds":
        """`members` has the cluster and the golden id of each record."""
        clusters = members[CLUSTER_ID].to_numpy()
        places = np.zeros(int(clusters.max(initial=-1)) + 1, np.int64)
        places[clusters] = np.arange(len(clusters))
        return cls(members[GOLDEN_ID].rechunk(), places)

    def golden_ids(self, clusters: pl.Series) -> pl.Series:
        """The golden ids of some clusters."""
        return self.members.gather(self.places[clusters.to_numpy()])

    def provenance(self, named: pl.DataFrame) -> pl.DataFrame:
        """A provenance with golden ids instead of cluster ids."""
        ids = self.golden_ids(named[CLUSTER_ID])
        texts = pl.col("why").cast(pl.String)
        return even_chunks(named.select(ids, pl.exclude(CLUSTER_ID)).with_columns(texts))


def _chosen(
    run: Run, entity: str, merged: Golden, records: StandingRecords, choices: pl.DataFrame
) -> Golden:
    """The golden records with what stewards have chosen."""
    clusters, kinds = run.get(f"matches/{entity}"), run.project.entities[entity].kinds
    lost = absent(clusters, choices)
    if lost:
        run.note(
            Message.counted(
                "{entity}: {n} value choice names a record that is not here",
                "{entity}: {n} value choices name records that are not here",
                n=lost,
                entity=entity,
            )
        )
    for field, numbers in disputed(clusters, choices).iter_rows():
        run.note(
            Message(
                "{entity}: decisions {numbers} choose different values for `{field}` of one "
                "golden record; the latest counts; revoke the others: guiyi review revoke {folder} "
                "NUMBER",
                entity=entity,
                numbers=", ".join(map(str, numbers)),
                field=field,
                folder=run.project.folder,
            )
        )
    fields = [name for name in kinds if name in choices["field"]]
    raws = records.read([raw(name) for name in fields])
    return choose(merged, raws, clusters, choices, kinds)
