"""Whose values a golden record showed that is torn into equal parts: that part keeps its id."""

import polars as pl

from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE
from pipelines.stages.run import Run
from pipelines.stages.standing import StandingRecords


def shown_by_parts(
    run: Run, entity: str, records: StandingRecords, parts: pl.DataFrame
) -> pl.DataFrame:
    """How many of the values that golden records showed are those of each part's records.

    `parts` has cluster_id, golden_id, source, record_id; the result cluster_id, golden_id, shown.
    Only the ledger and the records of this run are asked, so it is the same on any machine.
    """
    images = run.ledger.golden_fields(entity, parts[GOLDEN_ID].unique().to_list())
    here = records.read([SOURCE, RECORD_ID]).with_row_index("row")
    placed = parts.join(here, on=[SOURCE, RECORD_ID], maintain_order="left").join(
        images, on=GOLDEN_ID, how="left", maintain_order="left"
    )
    counted = placed.select(CLUSTER_ID, GOLDEN_ID)
    for name in run.project.entities[entity].fields:
        if name in records.columns:
            values = records.read([name])[name].gather(placed["row"])
            shown = placed["fields"].str.json_path_match(f"$['{name}']")
            counted = counted.with_columns(
                (values == shown).fill_null(value=False).alias(f"_{name}")
            )
    fields = [name for name in counted.columns if name.startswith("_")]
    held = counted.group_by(CLUSTER_ID, GOLDEN_ID).agg(pl.col(fields).any())
    return held.select(CLUSTER_ID, GOLDEN_ID, shown=pl.sum_horizontal(pl.lit(0), *fields))
