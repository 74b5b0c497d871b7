"""Load: the difference to the target, a test batch read back, the rest in batches, the proof."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import chain

import polars as pl

from governance import Entry
from governance.run_folder import (
    CONFLICTS,
    CRM,
    DIFF,
    FORETOLD,
    GOLDEN,
    HANDED,
    MODELS,
    OTHER_FORMS,
    UNFIT,
)
from guiyi.messages import Message, joined
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE
from pipelines import loading
from pipelines.loading import EntityPlan, Loaded, LoadJob
from pipelines.loading.planning import Keep, in_memory
from pipelines.stages.earlier_runs import remembered
from pipelines.stages.pinned_models import fitted, pin
from pipelines.stages.plan_notes import note_conflicts, note_unidentified
from pipelines.stages.retired_rows import foretold_notes, notes_of
from pipelines.stages.row_files import tell_failed, write_row_files
from pipelines.stages.run import Run
from pipelines.stages.settled_conflicts import settled
from pipelines.stages.signed_plan import hash_of
from pipelines.stages.slices import write_slices
from pipelines.stages.tally import Tally
from pipelines.stages.waves import rows_due
from validators import gate_check


def diff(run: Run) -> Tally:
    """Work out what the load would change in the target; write nothing to it.

    What others have changed there since the last load is not ours to change: it stays, and the rows
    handed to the load have it.
    """
    turn = _rows_due(run)
    planned = plan_of_rows(run, turn, partial(_keep_diff, run))
    changes = rows = 0
    unfit = [pl.DataFrame(schema=UNFIT.schema)]
    conflicts = [pl.DataFrame(schema=CONFLICTS.schema)]
    other_forms = [pl.DataFrame(schema=OTHER_FORMS.schema)]
    for name, entity in planned.entities.items():
        foretold = dict(entity.foretold)
        run.outcome.load[name] = foretold if run.options.dry_run else dict.fromkeys(foretold, 0)
        if entity.unfit.height:
            unfit.append(entity.unfit.select(pl.lit(name).alias("crm_entity"), pl.all()))
            run.note(
                Message.counted(
                    "{entity}: {n:,} row does not fit the target and would be rejected; "
                    "load/unfit.parquet says which and why",
                    "{entity}: {n:,} rows do not fit the target and would be rejected; "
                    "load/unfit.parquet says which and why",
                    n=entity.foretold["rejected"],
                    entity=name,
                )
            )
        _keep_theirs(run, name, entity)
        if not entity.conflicts.is_empty():
            conflicts.append(entity.conflicts)
            note_conflicts(run, name, entity.conflicts)
        other_forms.append(entity.other_forms)
        rows += entity.height
        changes += entity.counts["created"] + entity.counts["updated"]
        note_unidentified(run, name, entity)
    run.put("load/unfit", pl.concat(unfit))
    run.put("load/conflicts", pl.concat(conflicts))
    run.put("load/other_forms", pl.concat(other_forms))
    run.put("load/foretold", _foretold(run, planned))
    # A load by hand compares anew: the plan that a dry run has left is not the one that is loaded.
    run.outcome.plan = hash_of(run) if run.options.is_plan_wanted else None
    return Tally(
        rows,
        changes,
        Message.counted(
            "{n:,} row differs from the target", "{n:,} rows differ from the target", n=changes
        ),
    )


def plan_of_rows(
    run: Run, rows: Mapping[str, pl.DataFrame | pl.LazyFrame], keep: Keep = in_memory
) -> loading.LoadPlan:
    """What a load of rows would do to the target as it is now; `rows` by CRM entity, as mapped."""
    earlier, chosen = partial(_earlier_runs, run), partial(settled, run)
    return loading.plan(rows, run.target, run.project, keep, run.ledger, earlier, chosen)


def _foretold(run: Run, planned: loading.LoadPlan) -> pl.DataFrame:
    """What the load would do to rows whose records were merged, where a person may want to know
    beforehand.
    """
    of_entities = {run.project.mapping[name].entity for name in planned.entities}
    moved = {entity: run.get(f"moved/{entity}") for entity in of_entities}
    if not run.options.is_plan_wanted and run.project.load.approve != "person":
        return pl.DataFrame(schema=FORETOLD.schema)

    def merging(name: str) -> dict[str, str]:
        """Ids that no record has any more, and the one that most of their records have now."""
        alive = planned.entities[name].ids
        own = moved[run.project.mapping[name].entity]
        gone = own.filter(~pl.col("former").is_in(alive.implode()))
        heirs = gone.group_by("former").agg(pl.col(GOLDEN_ID).mode().min())
        return dict(heirs.iter_rows())

    load = LoadJob(planned, run.target, run.ledger, run.outcome.run_id, run.project)
    retired, rows = loading.foretell(load, merging)
    for note in foretold_notes(retired):
        run.note(note)
    return rows


def _earlier_runs(run: Run, name: str) -> Iterator[tuple[str, pl.LazyFrame]]:
    """The runs before this one, with what they mapped."""
    for run_id, folder in remembered(run):
        if run_id < run.outcome.run_id and folder.has(CRM, name):
            yield run_id, folder.scan(CRM, name)


def _keep_theirs(run: Run, name: str, planned: EntityPlan) -> None:
    """Put away the rows as they are handed to the load, where some cells stay as the CRM has them,
    or rows wait for a later wave.

    What was mapped stays as it is: another comparison starts from that.
    """
    run.put(f"load/kept/{name}", planned.kept)
    if planned.kept.height or run.project.load.due:
        none = pl.DataFrame(schema=planned.rows.collect_schema())
        run.put_pieces(f"load/handed/{name}", chain([none], planned.slices()))
    else:
        run.path(f"load/handed/{name}").unlink(missing_ok=True)


def handed(run: Run, name: str) -> pl.LazyFrame:
    """The rows handed to the load; there may be too many to hold in memory."""
    table = HANDED if run.tables.has(HANDED, name) else CRM
    return run.tables.scan(table, name)


def _keep_diff(run: Run, name: str, parts: Iterator[pl.DataFrame]) -> pl.LazyFrame:
    """Write differences to the run folder as they come; there may be several millions."""
    path = run.path(f"diff/{name}")
    write_slices(path, DIFF.schema, parts)
    return pl.scan_parquet(path)


def remember(run: Run) -> Tally:
    """Write golden ids, crosswalk, golden records and quarantine into the ledger, in one go.

    Only after the gate: a run that is stopped leaves every id and golden record as it was.
    """
    members = 0
    with run.ledger.write(run.outcome.run_id) as entry:
        if run.options.accept:
            entry.audit("gate.accepted", run.outcome.run_id, {"accepted": run.options.accept})
        for entity in run.entities:
            clusters = run.get(f"clusters/{entity}", [SOURCE, RECORD_ID, CLUSTER_ID, GOLDEN_ID])
            entry.rekey(entity, run.get(f"rekeyed/{entity}"))
            entry.mark_missing(entity, run.get(f"scope/{entity}", [SOURCE, RECORD_ID]))
            entry.assign_golden_ids(entity, clusters)
            kept = [name for name in run.tables.columns(GOLDEN, entity) if "." not in name]
            entry.record_golden(entity, run.get(f"golden/{entity}", kept))
            _remember_unkeyed(entry, entity, run.get(f"unkeyed/{entity}"))
            members += clusters.height
        entry.quarantine(run.quarantined(), run.entities)
        entry.audit("golden records", run.outcome.run_id, {"members": members})
        for entity in fitted(run):
            entry.audit("model.pinned", entity, {"fitted_in": run.outcome.run_id})
    for entity in fitted(run):
        pin(run.project, entity, run.tables.file(MODELS, entity))
    return Tally(
        members, run.quarantined().height, Message("crosswalk and quarantine are in the ledger")
    )


def _remember_unkeyed(entry: Entry, entity: str, rows: pl.DataFrame) -> None:
    for (source, table), own in rows.group_by(SOURCE, "table", maintain_order=True):
        entry.remember_unkeyed(entity, str(source), str(table), own.drop(SOURCE, "table"))


def load_test(run: Run) -> Tally:
    """Load a representative test batch and compare it with what was sent, field by field."""
    if (until := run.closed()) is not None:
        return Tally(0, 0, "", paused(run, until))
    trial = loading.load_test(taken_up(run, choosing=True))
    run.put("load/verification", trial.verification)
    keep_batches(run, trial.loaded)
    if trial.passed:
        _count(run, trial.loaded)
    rows = int(trial.loaded.batches["rows"].sum())
    values = trial.verification
    note = Message(
        "{equal:,} of {total:,} values read back as sent",
        equal=int(values["equal"].sum()),
        total=values.height,
    )
    if trial.passed and rows:
        note = Message(
            "{note}; a fault in {share:.1%} of rows would have shown (95 %)",
            note=note,
            share=trial.excluded,
        )
    return Tally(rows, rows - trial.loaded.rejections.height, note, _why_not(run, trial))


def _count(run: Run, loaded: Loaded) -> None:
    """Add what batches have done to what the outcome says of the load so far."""
    for name, counts in run.outcome.load.items():
        mine = loaded.batches.filter(pl.col("crm_entity") == name)
        for action in counts:
            counts[action] += int(mine[action].sum())


def _why_not(run: Run, trial: loading.Trial) -> str | None:
    """Say why the full load may not begin."""
    if trial.failures:
        _fail_gate(run, "load_test", gate_check("test_batch", run.language), len(trial.failures))
        return Message(
            "the test batch failed and was rolled back: {why}", why=joined(trial.failures)
        )
    if trial.doubts:
        return Message(
            "the test batch, loaded before, is not as it was sent: {why}. Nothing was rolled back; "
            "if someone has edited it in the CRM, go on: guiyi load {folder} --full",
            why=joined(trial.doubts),
            folder=run.project.folder,
        )
    if run.project.load.approve == "person" and trial.loaded.batches.height:
        return Message(
            "the test batch passed and waits for a person: guiyi load {folder} --full",
            folder=run.project.folder,
        )
    return None


def load_full(run: Run) -> Tally:
    """Load everything the test batch has not, a transaction a batch."""
    load = taken_up(run)
    loaded = loading.load_full(load)
    keep_batches(run, loaded)
    _count(run, loaded)
    if loaded.paused is not None:
        write_row_files(run, load)
        rows = int(loaded.batches["rows"].sum())
        return Tally(rows, rows - loaded.rejections.height, "", paused(run, loaded.paused))
    retired = loading.retire(load)
    keep_batches(run, retired.loaded)
    for note in notes_of(retired):
        run.note(note)
    tell_failed(run, write_row_files(run, load))
    rows = int(loaded.batches["rows"].sum())
    rejected = loaded.rejections.height
    return Tally(rows, rows - rejected, Message("{n:,} rejected", n=rejected) if rejected else "")


def paused(run: Run, until: datetime) -> Message:
    """Why a load does not go on now, and when it does."""
    return Message(
        "the load has paused outside load.windows; the next one opens at {time}: then "
        "guiyi load {folder} --resume",
        time=until.isoformat(" ", "minutes"),
        folder=run.project.folder,
    )


def reconcile(run: Run) -> Tally:
    """Prove that the target holds what was sent, and say what it holds besides."""
    load = taken_up(run)
    alive = {
        name: run.get(f"golden/{crm.entity}", [GOLDEN_ID])[GOLDEN_ID]
        for name, crm in run.project.mapping.items()
        if run.has(f"golden/{crm.entity}")
    }
    proof = loading.reconcile(load, alive)
    run.put("load/mismatches", proof.mismatches)
    run.put("load/superseded", proof.superseded)
    run.outcome.load = {name: dict(counts) for name, counts in proof.counts.items()}
    run.outcome.laws += proof.laws.values()
    if proof.superseded.height:
        run.note(
            Message.counted(
                "{n} row of the target is no longer a golden record; "
                "load/superseded.parquet lists it, nothing was deleted",
                "{n} rows of the target are no longer golden records; "
                "load/superseded.parquet lists them, nothing was deleted",
                n=proof.superseded.height,
            )
        )
    _judge(run, proof)
    rows = sum(entity.height for entity in load.plan.entities.values())
    differ = Message.counted(
        "{n:,} value differs", "{n:,} values differ", n=proof.mismatches.height
    )
    return Tally(rows, rows, "" if proof.holds else differ)


def _judge(run: Run, proof: loading.Proof) -> None:
    limit = run.project.gate.max_rejected
    for name, counts in proof.counts.items():
        handed = sum(counts.values())
        if counts["rejected"] > limit * handed:
            check = gate_check("rejected", run.language, name)
            _fail_gate(run, "reconcile", check, counts["rejected"] / handed, limit)
    if proof.mismatches.height:
        check = gate_check("reconciliation", run.language)
        _fail_gate(run, "reconcile", check, proof.mismatches.height)


def _fail_gate(run: Run, stage: str, name: str, found: float, limit: float = 0.0) -> None:
    """Fail the gate by what a stage of the load found; that stage may be tried again."""
    gate = run.outcome.gate or {"checks": []}
    check = {"name": name, "limit": limit, "found": found, "passed": False, "outcome": "failed"}
    own = {**check, "stage": stage}
    run.outcome.gate = {"verdict": "failed", "checks": [*gate["checks"], own]}


def reopen_gate(run: Run, stages: Collection[str]) -> None:
    """Forget what stages of the load found against it, as they are about to be tried again."""
    gate = run.outcome.gate
    if gate is None:
        return
    left = [check for check in gate["checks"] if check.get("stage") not in stages]
    if len(left) < len(gate["checks"]):
        outcomes = {check["outcome"] for check in left}
        verdict = next((bad for bad in ("errored", "failed") if bad in outcomes), "passed")
        run.outcome.gate = {"verdict": verdict, "checks": left}


def _rows_due(run: Run) -> Mapping[str, pl.DataFrame | pl.LazyFrame]:
    """The rows that it is the turn of."""
    names = [name for name in run.project.mapping if run.tables.has(CRM, name)]
    if run.project.load.due:
        return rows_due(run, {name: run.get(f"crm/{name}") for name in names})
    return {name: run.tables.scan(CRM, name) for name in names}


def taken_up(run: Run, *, choosing: bool = False) -> LoadJob:
    """Take up the plan the run has laid down, whoever goes on with it.

    `choosing`: a test batch is to be chosen, for which more must be known of each row.
    """
    names = [name for name in run.project.mapping if run.has(f"crm/{name}")]
    rows = {name: handed(run, name) for name in names}
    kept = {name: run.get(f"load/kept/{name}") for name in names if run.has(f"load/kept/{name}")}
    diffs = {name: pl.scan_parquet(run.path(f"diff/{name}")) for name in rows}
    return LoadJob(
        loading.restore_plan(rows, diffs, run.project, kept),
        run.target,
        run.ledger,
        run.outcome.run_id,
        run.project,
        {name: _traits(run, name) for name in rows} if choosing else {},
        progress=run.progress,
        closed=run.closed,
    )


def _traits(run: Run, crm_entity: str) -> pl.DataFrame:
    """Tell of each row from which sources and how many records it was merged."""
    entity = run.project.mapping[crm_entity].entity
    clusters = run.get(f"clusters/{entity}", [GOLDEN_ID, SOURCE])
    own = clusters.group_by(external_id=GOLDEN_ID).agg(
        sources=pl.col(SOURCE).min(),
        last=pl.col(SOURCE).max(),
        members=pl.len().clip(upper_bound=4),
    )
    several = own.filter(pl.col("sources") != pl.col("last")).select("external_id")
    joined = (
        clusters.join(several, left_on=GOLDEN_ID, right_on="external_id", how="semi")
        .group_by(external_id=GOLDEN_ID)
        .agg(joined=pl.col(SOURCE).unique().sort().str.join("+"))
    )
    return own.join(joined, on="external_id", how="left").select(
        "external_id", pl.coalesce("joined", "sources").alias("sources"), "members"
    )


def keep_batches(
    run: Run, loaded: Loaded, instead_of: Mapping[str, pl.Series] | None = None
) -> None:
    """Add what became of batches to what the folder has; `instead_of`: CRM entity → the rows whose
    earlier rejections no longer count.
    """
    for name, table in (("batches", loaded.batches), ("rejections", loaded.rejections)):
        earlier = [run.get(f"load/{name}")] if run.has(f"load/{name}") else []
        for crm_entity, ids in (instead_of or {}).items() if name == "rejections" else ():
            own = (pl.col("crm_entity") == crm_entity) & pl.col("external_id").is_in(ids.implode())
            earlier = [rows.filter(~own) for rows in earlier]
        run.put(
            f"load/{name}", pl.concat([*earlier, table], how="diagonal").unique(maintain_order=True)
        )
