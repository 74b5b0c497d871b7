"""Which sources share customers: golden records by the set of sources their members come from."""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from guiyi.records import GOLDEN_ID, SOURCE
from pipelines.report.charts import upset
from pipelines.report.folder import FinishedRun
from pipelines.report.wording import Wording

MOST_SETS = 14
"""Intersections drawn; the rest are too small to see."""


@dataclass(frozen=True)
class Overlap:
    """The overlap of one entity's sources."""

    entity: str
    chart: Markup | None
    """None where there is but one source."""
    shared: int
    """Golden records with members from more than one source."""
    repeated: int
    """Golden records with more than one member from a single source."""
    golden: int
    singles: int
    """Golden records with one member."""


def overlaps(folder: FinishedRun, say: Wording) -> list[Overlap]:
    """Draw the overlap of every entity that was matched or came from several sources."""
    drawn = [
        _overlap(folder, entity, say)
        for entity in folder.names("clusters")
        if GOLDEN_ID in folder.columns(f"clusters/{entity}")
    ]
    return [one for one in drawn if one.chart or folder.has(f"pairs/{one.entity}")]


def _overlap(folder: FinishedRun, entity: str, say: Wording) -> Overlap:
    members = folder.scan(f"clusters/{entity}").select(GOLDEN_ID, SOURCE).collect()
    several = members[GOLDEN_ID].is_duplicated()
    singles = members.filter(~several).group_by(SOURCE).len()
    merged = members.filter(several).group_by(GOLDEN_ID, SOURCE).agg(members=pl.len())
    shared = merged.filter(pl.col(GOLDEN_ID).is_duplicated())
    own = merged.filter(pl.col(GOLDEN_ID).is_unique()).group_by(SOURCE).len()
    alone = pl.concat([singles, own]).select(sources=pl.concat_list(SOURCE), len="len")
    together = shared.group_by(GOLDEN_ID).agg(sources=pl.col(SOURCE).sort())
    sets = (
        pl.concat([alone, together.group_by("sources").len()])
        .group_by("sources")
        .agg(pl.col("len").sum())
        .sort(["len", "sources"], descending=[True, False])
    )
    present = {source for row in sets["sources"].to_list() for source in row}
    order = [source for source in folder.sources if source in present]
    order += sorted(present - set(order))
    title = say("overlap.chart", entity=entity)
    columns = list(sets.head(MOST_SETS).iter_rows())
    return Overlap(
        entity,
        upset(order, columns, title) if len(order) > 1 else None,
        shared=together.height,
        repeated=merged.filter(pl.col("members") > 1)[GOLDEN_ID].n_unique(),
        golden=int(sets["len"].sum()),
        singles=int(singles["len"].sum()),
    )
