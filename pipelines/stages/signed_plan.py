"""The plan of a run as people sign it, and what has changed where another was signed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from governance.published_runs import manifest_of
from governance.run_folder import CRM, DIFF, FORETOLD, SINCE_SIGNED, UNFIT, RunFolder
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message, listed
from guiyi.spec import Project
from pipelines.loading.signing import PlanEffects, plan_hash, since_signed
from pipelines.stages.run import Run
from pipelines.stewarding.plan_lists import source_rows
from pipelines.stewarding.plan_workbook import SignedPlan

FEWEST = 8
"""Characters of a hash that name a plan."""
NAMED = 20
"""Changes that notes name at most."""
_WHERE = {
    "source": "in the source",
    "target": "in the target",
    "either": "in the source or in the target",
}


def effects_of(project: Project, folder: RunFolder) -> PlanEffects:
    """What the load of a run does to the target, as the run's folder has it."""
    names = [name for name in project.mapping if folder.has(DIFF, name)]
    return PlanEffects(
        {name: folder.scan(DIFF, name) for name in names},
        folder.read(UNFIT),
        folder.read(FORETOLD),
    )


def hash_of(run: Run) -> str:
    """The hash of a run's plan, bound to the project, the target and `--only`."""
    about = {
        "project": run.project.project,
        "target": run.target.place,
        "only": run.options.only,
    }
    return plan_hash(effects_of(run.project, run.tables), about)


def named_plan(project: Project, name: str) -> SignedPlan:
    """The plan of a kept run, by its hash, of which at least the first 8 characters are given.

    Raises SpecError where no kept run has made such a plan, or several.
    """
    begin = name.strip().lower()
    if len(begin) >= FEWEST:
        found = {one: manifest for one, _, manifest in _plans(project) if one.startswith(begin)}
        if len(found) == 1:
            ((plan, manifest),) = found.items()
            return SignedPlan(plan, manifest.get("only"), tuple(manifest.get("accept", ())))
    raise SpecError(
        Message("no plan `{name}`", name=name),
        place=str(project.folder),
        hint="give the workbook that guiyi plan has written, or the hash that it has printed",
    )


def _plans(project: Project) -> Iterator[tuple[str, RunFolder, dict[str, Any]]]:
    """The plans of kept runs, the earliest first."""
    for path in sorted((project.folder / ".guiyi" / "runs").glob("*/manifest.json")):
        found = manifest_of(path.parent)
        if found.get("plan"):
            yield found["plan"], RunFolder(path.parent), found


@dataclass(frozen=True)
class Departure:
    """How far a load would depart from the plan that was signed."""

    cells: int
    """How many cells would get something else; 0 if it is the plan."""
    why: Message
    """Why it is not loaded then."""


def changed_since(run: Run) -> Departure | None:
    """See whether a run's plan is the one that was signed; list what is not, and note the first.

    None where nothing was signed.
    """
    signed = run.options.plan
    if signed is None:
        return None
    other = Message(
        "a load would now do something else than was signed; nothing was loaded. "
        "Make a new plan: guiyi plan {folder}",
        folder=run.project.folder,
    )
    if run.outcome.plan == signed:
        return Departure(0, other)
    folder = next((folder for one, folder, _ in _plans(run.project) if one == signed), None)
    if folder is None:
        run.note(
            "the plan has changed since it was signed; what has cannot be said, as the run that "
            "made it is no longer kept"
        )
        return Departure(1, other)
    loaded = _loaded_already(run, signed)
    if loaded is not None:
        return Departure(1, loaded)
    effects = effects_of(run.project, folder), effects_of(run.project, run.tables)
    changes = _explained(run, folder, since_signed(*effects))
    run.put(SINCE_SIGNED.name, changes)
    _tell(run, changes)
    return Departure(max(changes.height, 1), other)


def _loaded_already(run: Run, signed: str) -> Message | None:
    """When the plan was loaded, and as which batches; a note says if that has only begun."""
    for plan, folder, manifest in _plans(run.project):
        if plan != signed or not _ended(manifest, "remember"):
            continue
        run_id = folder.path.name
        if _ended(manifest, "reconcile"):
            batches = run.ledger.batches(run_id).filter(pl.col("status") == "loaded")["batch_id"]
            ended = datetime.fromisoformat(manifest["finished"]).astimezone()
            more = ", …" if batches.len() > NAMED else ""
            return Message(
                "this plan was loaded already at {time} as batches {batches}; nothing of it is "
                "left to load",
                time=ended.isoformat(" ", "minutes"),
                batches=", ".join(batches.head(NAMED)) + more,
            )
        run.note(
            Message(
                "run {run} has begun to load this plan; to go on with it: "
                "guiyi load {folder} --resume",
                run=run_id,
                folder=run.project.folder,
            )
        )
        break
    return None


def _ended(manifest: Mapping[str, Any], stage: str) -> bool:
    return any(one["stage"] == stage for one in manifest.get("stages", ()))


def _explained(run: Run, signed: RunFolder, changes: pl.DataFrame) -> pl.DataFrame:
    """Changes with the records of their rows, and whether source or target is behind them."""
    parts = [pl.DataFrame(schema=SINCE_SIGNED.schema)]
    for (name,), own in changes.group_by("crm_entity", maintain_order=True):
        crm_entity = str(name)
        wanted = _mapped(signed, crm_entity, own), _mapped(run.tables, crm_entity, own)
        keys = source_rows(run.tables, run.project, crm_entity, own["external_id"])
        earlier = source_rows(signed, run.project, crm_entity, own["external_id"])
        sides = [_side(row, *wanted) for row in own.iter_rows(named=True)]
        both = pl.concat([keys, earlier]).unique("external_id", keep="first")
        judged = even_chunks(own.with_columns(pl.Series("changed", sides, dtype=pl.String)))
        parts.append(
            judged.join(both, on="external_id", how="left", maintain_order="left").select(
                list(SINCE_SIGNED.columns)
            )
        )
    return pl.concat(parts)


_Rows = dict[str, dict[str, str | None]]


def _mapped(folder: RunFolder, crm_entity: str, changes: pl.DataFrame) -> _Rows:
    """What the sources want of rows: external id → column → value."""
    if not folder.has(CRM, crm_entity):
        return {}
    ids = changes["external_id"].unique().implode()
    rows = folder.scan(CRM, crm_entity).filter(pl.col("external_id").is_in(ids)).collect()
    return {row["external_id"]: row for row in rows.to_dicts()}


def _side(change: dict[str, str | None], signed: _Rows, now: _Rows) -> str:
    """Whether the source or the target is behind a change, by what the sources want there."""
    row, column = str(change["external_id"]), change["column"]
    then, today = signed.get(row), now.get(row)
    if then is None and today is None:
        return "either"  # a row whose record was merged into another
    if then is None or today is None:
        return "source"
    same = then == today if column is None else then.get(column) == today.get(column)
    return "target" if same else "source"


def _tell(run: Run, changes: pl.DataFrame) -> None:
    """Note what has changed, row by row; keys are masked as in every note, values not named."""
    if changes.is_empty():
        run.note("the plan was signed for another project or target, or for other entities")
        return
    run.note(
        Message.counted(
            "{n:,} value is not as it was signed; load/since_signed.parquet lists it",
            "{n:,} values are not as they were signed; load/since_signed.parquet lists them",
            n=changes.height,
        )
    )
    rows = changes.group_by("crm_entity", "external_id", maintain_order=True).agg(
        pl.col("column").drop_nulls().unique(maintain_order=True),
        pl.col("changed").unique(),
        pl.col("records").first(),
    )
    for row in rows.head(NAMED).iter_rows(named=True):
        side = row["changed"][0] if len(row["changed"]) == 1 else "either"
        records = run.masking.text(row["records"] or "")
        columns = listed(f"`{name}`" for name in row["column"]) or as_message("the row")
        run.note(
            Message(
                "{entity} {row} ({records}): {columns} changed {where}",
                entity=row["crm_entity"],
                row=row["external_id"],
                records=records or "–",
                columns=columns,
                where=as_message(_WHERE[side]),
            )
        )
    if rows.height > NAMED:
        run.note(Message("and {n:,} further rows", n=rows.height - NAMED))
