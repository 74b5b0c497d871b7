"""The stages of a run, in order. Each is a plain function over a `Run`; the light driver and the
Prefect flow both walk this tuple.
"""

from collections.abc import Callable
from dataclasses import dataclass

from governance.run_folder import (
    ABSENT,
    BATCHES,
    CLEAN,
    CLUSTERS,
    CONFLICTS,
    CONTENTS,
    CRM,
    DAMAGE,
    DIFF,
    EXTRACT,
    EXTRACT_DAMAGE,
    FAILURES,
    FORETOLD,
    GOLDEN,
    HANDED,
    KEPT,
    MATCHES,
    MISMATCHES,
    MODELS,
    MOVED,
    OTHER_FORMS,
    PAIRS,
    PROVENANCE,
    QUARANTINE,
    RECORDS,
    REJECTIONS,
    REKEYED,
    SCOPE,
    SINCE_SIGNED,
    SUPERSEDED,
    UNFIT,
    UNKEYED,
    UNMAPPED_CODES,
    VERIFICATION,
    RunTable,
)
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
    reads: tuple[RunTable, ...] = ()
    """The tables of the run folder it reads, all written by stages before it."""
    writes: tuple[RunTable, ...] = ()
    """The tables it writes, or adds rows to."""
    outside: bool = False
    """Whether it changes anything outside the run folder; a dry run leaves it out."""


_PLANNED = (CRM, DIFF, HANDED, KEPT)
"""What a load is made of."""

STAGES = (
    Stage(
        "extract",
        extract,
        writes=(EXTRACT, EXTRACT_DAMAGE, SCOPE, UNKEYED, REKEYED, DAMAGE, RECORDS, QUARANTINE),
    ),
    Stage("clean", clean, (RECORDS, REKEYED), (CLEAN,)),
    Stage("check_records", check_records, (CLEAN, QUARANTINE), (QUARANTINE,)),
    Stage("match", match, (REKEYED, CLEAN, QUARANTINE), (PAIRS, MODELS, CONTENTS, MATCHES)),
    Stage(
        "merge",
        merge,
        (SCOPE, REKEYED, CLEAN, QUARANTINE, MATCHES),
        (CLUSTERS, ABSENT, MOVED, GOLDEN, PROVENANCE),
    ),
    Stage("check_golden", check_golden, (CLEAN, GOLDEN, CLUSTERS, QUARANTINE), (QUARANTINE,)),
    Stage(
        "map",
        map_to_crm,
        (RECORDS, REKEYED, CLUSTERS, GOLDEN, QUARANTINE),
        (CRM, UNMAPPED_CODES, QUARANTINE),
    ),
    Stage(
        "diff",
        diff,
        (CRM, CLUSTERS, MOVED),
        (DIFF, UNFIT, CONFLICTS, OTHER_FORMS, HANDED, KEPT, FORETOLD),
    ),
    Stage(
        "gate",
        gate,
        (SCOPE, CLUSTERS, ABSENT, MOVED, GOLDEN, UNMAPPED_CODES, QUARANTINE),
        (FAILURES, SINCE_SIGNED),
    ),
    Stage(
        "remember",
        remember,
        (SCOPE, UNKEYED, REKEYED, MODELS, CLUSTERS, GOLDEN, QUARANTINE),
        outside=True,
    ),
    Stage(
        "load_test",
        load_test,
        (*_PLANNED, CLUSTERS),
        (VERIFICATION, BATCHES, REJECTIONS),
        outside=True,
    ),
    Stage(
        "load_full",
        load_full,
        (*_PLANNED, CLUSTERS, BATCHES, REJECTIONS),
        (BATCHES, REJECTIONS),
        outside=True,
    ),
    Stage("reconcile", reconcile, (*_PLANNED, GOLDEN), (MISMATCHES, SUPERSEDED), True),
)

__all__ = ["STAGES", "Stage", "Tally"]
