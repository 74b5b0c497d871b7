"""Different customers of the same name: look-alikes that no score brought near each other."""

import polars as pl

from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE, part
from pipelines.report.folder import FinishedRun

LOOKED_AT = 200_000
"""Records among which namesakes are sought."""


def namesakes(folder: FinishedRun, entity: str, most: int) -> list[tuple[str, str]]:
    """Pairs of record keys that share their name and stand in different golden records.

    One pair a name, the names that fewest records share first: those are the surprising ones.
    """
    clean, clusters = f"clean/{entity}", f"clusters/{entity}"
    kinds = folder.kinds.get(entity, {})
    named = Kind.PERSON_NAME if Kind.PERSON_NAME in kinds.values() else Kind.COMPANY_NAME
    keys = [part(field, "key") for field, kind in kinds.items() if kind is named]
    if not keys or not folder.has(clusters) or not set(keys) <= set(folder.columns(clean)):
        return []
    identity = [SOURCE, RECORD_ID]
    golden = folder.scan(clusters).select(*identity, GOLDEN_ID).drop_nulls(GOLDEN_ID)
    rows = int(folder.scan(clean).select(pl.len()).collect().item())
    slices = max(1, rows // LOOKED_AT)  # of names, so that all who bear one are seen or none
    shared = (
        folder.scan(clean)
        .select(*identity, *keys)
        .drop_nulls(keys)
        .filter(pl.struct(keys).hash() % slices == 0 if slices > 1 else pl.lit(value=True))
        .join(golden, on=identity)
        .with_columns(record=record_key(*identity))
        .sort("record")
        .unique([*keys, GOLDEN_ID], keep="first", maintain_order=True)
        .group_by(keys)
        .agg(records=pl.len(), left=pl.col("record").first(), right=pl.col("record").last())
        .filter(pl.col("records") > 1)
        .sort("records", "left")
        .head(most)
    )
    return list(shared.select("left", "right").collect().iter_rows())
