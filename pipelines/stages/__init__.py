"""The stages of a run, in order. Each is a plain function over a `Run`; the light driver and the
Prefect flow both walk this tuple.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.stages.checking import check_golden, check_records
from pipelines.stages.cleaning import clean
from pipelines.stages.extracting import extract
from pipelines.stages.judging import gate
from pipelines.stages.loading import diff, load_full, load_test, reconcile, remember
from pipelines.stages.mapping import map_to_crm
from pipelines.stages.matching import match, merge
from pipelines.stages.run import Run
from pipelines.stages.tally import Tally


@dataclass(frozen=True)
class Stage:
    """One step of the journey."""

    name: str
    act: Callable[[Run], Tally]
    writes: bool = False
    """Whether it changes anything outside the run folder; a dry run leaves it out."""


STAGES = (
    Stage("extract", extract),
    Stage("clean", clean),
    Stage("check_records", check_records),
    Stage("match", match),
    Stage("merge", merge),
    Stage("check_golden", check_golden),
    Stage("map", map_to_crm),
    Stage("diff", diff),
    Stage("remember", remember, writes=True),
    Stage("gate", gate),
    Stage("load_test", load_test, writes=True),
    Stage("load_full", load_full, writes=True),
    Stage("reconcile", reconcile, writes=True),
)

__all__ = ["STAGES", "Stage", "Tally"]
