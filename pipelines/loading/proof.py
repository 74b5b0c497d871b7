"""Proof that the target holds what was sent, and of what it holds besides."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.messages import Message
from pipelines.loading.comparing import unequal
from pipelines.loading.job import LoadJob
from pipelines.loading.outcomes import REJECTED, counted, outcome_slices
from pipelines.loading.planning import EntityPlan
from pipelines.loading.trial import VERIFICATION, read_back, verify
from validators import ConservationLaw, load_law

MERGED, HELD_BACK, GONE = "merged into another", "held back in this run", "no longer in any source"
SUPERSEDED = dict.fromkeys(("crm_entity", EXTERNAL_ID, "reason", "superseded_by"), pl.String)


@dataclass(frozen=True)
class Proof:
    """What reconciliation found."""

    counts: Mapping[str, Mapping[str, int]]
    """CRM entity → created, updated, unchanged, rejected."""
    laws: Mapping[str, ConservationLaw]
    """CRM entity → rows handed over = created + updated + unchanged + rejected."""
    mismatches: pl.DataFrame
    """external_id, crm_entity, column, sent, found, equal: what is not found as sent."""
    superseded: pl.DataFrame
    """crm_entity, external_id, reason, superseded_by: rows loaded earlier that this run no longer
    hands over. They are reported, never deleted."""

    @property
    def holds(self) -> bool:
        """Whether everything handed over is in the target as sent, or rejected with a reason."""
        return self.mismatches.is_empty() and all(law.holds for law in self.laws.values())


def reconcile(load: LoadJob, alive: Mapping[str, Collection[str]] | None = None) -> Proof:
    """Compare the whole target with the whole of what was handed over.

    `alive`: by CRM entity, the golden ids this run has, those in quarantine included.
    """
    mismatches = [pl.DataFrame(schema=VERIFICATION)]
    counts: dict[str, dict[str, int]] = {}
    laws: dict[str, ConservationLaw] = {}
    for number, (entity, planned) in enumerate(load.plan.entities.items(), start=1):
        became: Counter[str] = Counter()
        refused = [pl.Series(dtype=pl.String)]
        for some in outcome_slices(load, planned):
            became.update(dict(some["outcome"].value_counts().iter_rows()))
            refused.append(some.filter(outcome=REJECTED)[EXTERNAL_ID])
        rejected = pl.concat(refused).implode()
        for part in planned.slices():
            sent = part.filter(~pl.col(EXTERNAL_ID).is_in(rejected))
            compared = _compared(load, planned, sent)
            mismatches.append(compared.filter(~pl.col("equal")))
        counts[entity] = found = counted(became)
        laws[entity] = load_law(
            planned.height,
            created=found["created"],
            updated=found["updated"],
            unchanged=found["unchanged"],
            rejected=found["rejected"],
            of=entity,
        )
        load.progress.step(Message("reconciling"), number, len(load.plan.entities))
    return Proof(counts, laws, pl.concat(mismatches), superseded(load, alive or {}))


def _compared(load: LoadJob, planned: EntityPlan, sent: pl.DataFrame) -> pl.DataFrame:
    """Compare rows, field by field, but for those that the target itself finds equal."""
    spelled = load.target.canonical(planned.entity, sent)
    other = load.patience.attempt(
        lambda: unequal(load.target, planned.entity, spelled),
        Message("reading {entity} back", entity=planned.entity),
    )
    return verify(load, planned, other, read_back(load, planned, other))


def superseded(load: LoadJob, alive: Mapping[str, Collection[str]]) -> pl.DataFrame:
    """Find rows in the target whose golden ids were handed over once, and now are not."""
    found = [pl.DataFrame(schema=SUPERSEDED)]
    for entity, planned in load.plan.entities.items():
        known = load.project.mapping[entity].entity
        former = load.ledger.former_golden_ids(known, planned.ids)
        there = load.target.fetch(entity, [], former["golden_id"].to_list())
        reason = (
            pl.when(pl.col("superseded_by").is_not_null())
            .then(pl.lit(MERGED))
            .when(
                pl.col("golden_id").is_in(
                    pl.Series(alive.get(entity, ()), dtype=pl.String).implode()
                )
            )
            .then(pl.lit(HELD_BACK))
            .otherwise(pl.lit(GONE))
        )
        found.append(
            former.join(there, left_on="golden_id", right_on=EXTERNAL_ID, how="semi")
            .with_columns(reason=reason, crm_entity=pl.lit(entity), external_id="golden_id")
            .select(pl.col(name).cast(pl.String) for name in SUPERSEDED)
        )
    return pl.concat(found)
