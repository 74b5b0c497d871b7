"""Says what a plan means for a person: rows the CRM has, values that others have written there."""

import polars as pl

from connectors.targets import HasOwnIds
from guiyi.messages import Message
from pipelines.loading import EntityPlan
from pipelines.stages.run import Run


def note_unidentified(run: Run, name: str, planned: EntityPlan) -> None:
    """Say that rows of the CRM may be customers that are about to be created."""
    matched = run.project.entities[run.project.mapping[name].entity].match.enabled
    if not matched or not planned.counts["created"] or not isinstance(run.target, HasOwnIds):
        return
    rows = run.target.unidentified(name, []).height
    if rows:
        run.note(
            Message.counted(
                "{entity}: {n:,} row of the target has no golden id; guiyi adopt {folder} "
                "--preview says whether a load would create its customer once more",
                "{entity}: {n:,} rows of the target have no golden id; guiyi adopt {folder} "
                "--preview says which customers a load would create once more",
                n=rows,
                entity=name,
                folder=run.project.folder,
            )
        )


def note_conflicts(run: Run, name: str, conflicts: pl.DataFrame) -> None:
    """Say how many values of others stay, and how many deleted rows are made again."""
    rows = conflicts["column"].null_count()  # deleted rows; the others are single values
    lines = (
        (
            conflicts.height - rows,
            "{entity}: {n:,} value in the CRM is not what the last load wrote and stays; "
            "load/conflicts.parquet and guiyi review list --what conflicts say which",
            "{entity}: {n:,} values in the CRM are not what the last load wrote and stay; "
            "load/conflicts.parquet and guiyi review list --what conflicts say which",
        ),
        (
            rows,
            "{entity}: {n:,} row was deleted in the CRM since the last load and is created again; "
            "load/conflicts.parquet and guiyi review list --what conflicts say which",
            "{entity}: {n:,} rows were deleted in the CRM since the last load and are created "
            "again; load/conflicts.parquet and guiyi review list --what conflicts say which",
        ),
    )
    for count, one, many in lines:
        if count:
            run.note(Message.counted(one, many, n=count, entity=name))
