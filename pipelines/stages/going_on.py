"""What a run takes over from the last published one with its model, so that it compares only what
is new: by content, whatever the records are called and in whichever order they come.

    contents/ENTITY.parquet     the content of each record, as a hash, and how it was blocked

The result is that of comparing everything: a pair's score follows from its two records alone, and
all clusters are made anew of the kept pairs and the new ones. docs/decisions/0014-incremental.md
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version

import polars as pl

from dedup.results import MatchingMemory
from dedup.scoring import SettledRecords
from governance.published_runs import manifest_of
from governance.run_folder import CONTENTS, PAIRS, RunFolder
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.records import RECORD_ID, SOURCE
from pipelines.stages.earlier_runs import remembered
from pipelines.stages.pinned_models import PinnedModel
from pipelines.stages.run import Run

JUDGED_BY, WAYS = "guiyi.judged_by", "guiyi.ways"
"""What the contents of a run say of themselves: the model and all else that scores hang on."""
KEYS = [SOURCE, RECORD_ID]


@dataclass(frozen=True)
class EarlierMatching:
    """The last published run with this model."""

    run_id: str
    records: pl.DataFrame
    """source, record_id, content of what it matched."""
    settled: SettledRecords


def earlier_matching(
    run: Run, entity: str, contents: pl.Series, pinned: PinnedModel
) -> EarlierMatching | None:
    """What can be taken over; None where all records are compared, and a note says why."""
    if run.options.match_all:
        compared_all(run, entity, Message("the run was started with --match-all"))
        return None
    wanted = judged_by(run, pinned.fitted_in)
    for name, folder in remembered(run):
        if _kept(folder, entity, wanted):
            before, about = folder.read(CONTENTS, entity), folder.about(CONTENTS, entity)
            pairs = folder.read(PAIRS, entity, ["row_l", "row_r"])
            settled = SettledRecords.of(contents, before, pairs, about[WAYS])
            return EarlierMatching(name, before.select(*KEYS, "content"), settled)
    compared_all(run, entity, _why_nothing(run, entity))
    return None


def _why_nothing(run: Run, entity: str) -> Message:
    """Why no earlier run has what this one could take over."""
    matched = next((own for _, own in remembered(run) if own.has(PAIRS, entity)), None)
    if matched is not None and not matched.has(CONTENTS, entity) and _erased_since(run, matched):
        return Message("an erasure has removed what earlier runs had compared")
    return Message("no earlier run has kept what it compared by this model")


def _erased_since(run: Run, earlier: RunFolder) -> bool:
    return run.ledger.erased_since(manifest_of(earlier.path).get("started") or "")


def _kept(folder: RunFolder, entity: str, wanted: str) -> bool:
    there = folder.has(CONTENTS, entity) and folder.has(PAIRS, entity)
    return there and folder.about(CONTENTS, entity).get(JUDGED_BY) == wanted


def keep_contents(
    run: Run, entity: str, records: pl.DataFrame, memory: MatchingMemory | None, fitted_in: str
) -> None:
    """Keep what the next run needs; `records`: source, record_id, content of what was matched."""
    if memory is None:
        return
    about = {JUDGED_BY: judged_by(run, fitted_in), WAYS: memory.ways}
    table = even_chunks(pl.concat([records, memory.records], how="horizontal"))
    run.put(f"contents/{entity}", table, about)


def report(
    run: Run,
    entity: str,
    records: pl.DataFrame,
    memory: MatchingMemory | None,
    earlier: EarlierMatching,
) -> None:
    """Note what was new since the earlier run, and how many pairs were compared for it."""
    if memory is None:
        return
    if not memory.incremental:
        compared_all(run, entity, Message("fields are compared otherwise than before"))
        return
    before = earlier.records
    both = records.join(before, on=KEYS, how="left", suffix="_before", maintain_order="left")
    added = both.filter(pl.col("content_before").is_null())
    gone = before.join(records, on=KEYS, how="anti")
    moved = added.filter(pl.col("content").is_in(gone["content"].implode())).height
    changed = both.filter(pl.col("content_before") != pl.col("content")).height
    run.note(
        Message(
            "{entity}: records since run {run}: {new:,} new, {changed:,} changed, {moved:,} moved, "
            "{gone:,} gone; pairs compared for them: {pairs:,}, kept: {kept:,}",
            entity=entity,
            run=earlier.run_id,
            new=added.height - moved,
            changed=changed,
            moved=moved,
            gone=max(0, gone.height - moved),
            pairs=memory.looked_at,
            kept=len(earlier.settled.left),
        )
    )


def compared_all(run: Run, entity: str, why: str) -> None:
    """Note why all records were compared with each other."""
    run.note(Message("{entity}: all records were matched anew: {why}", entity=entity, why=why))


def judged_by(run: Run, fitted_in: str) -> str:
    """The SHA-256 of all that a score hangs on beside the records: model, aliases, programs, and
    what is kept of each record.
    """
    aliases = run.project.aliases
    known = b"" if aliases is None else (run.project.folder / aliases).read_bytes()
    programs = [f"{name} {version(name)}" for name in ("guiyi", "polars", "numpy")]
    layout = ",".join(CONTENTS.columns)
    parts = [fitted_in, hashlib.sha256(known).hexdigest(), *programs, layout]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
