"""A plan that people sign: what a load does to the target, under a hash.

Two plans with the same effects have the same hash, whichever runs worked them out. What is left as
it is has no part in it: somebody may edit a row that the load does not touch.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

from connectors.targets import EXTERNAL_ID
from pipelines.loading.comparing import UNCHANGED
from pipelines.loading.planning import SLICE

FORM = 1
"""Of the text that is hashed."""
LINE = (EXTERNAL_ID, "action", "column", "old", "new")
SINCE = dict.fromkeys(("crm_entity", EXTERNAL_ID, "column", "signed", "now"), pl.String)
"""What a plan no longer is: the actions at a cell, then and now; null where there is none."""
REFUSED = "refused"
"""The action on a row that the target would reject."""


@dataclass(frozen=True)
class PlanEffects:
    """What a load does to the target, rows that it leaves alone aside."""

    written: Mapping[str, pl.LazyFrame]
    """CRM entity, in the order of loading → external_id, action, column, old, new."""
    unfit: pl.DataFrame
    """crm_entity, external_id, column of rows that the target would reject."""
    foretold: pl.DataFrame
    """crm_entity, external_id, action, column, old, new: what becomes of rows whose records were
    merged."""

    def lines(self, entity: str) -> pl.LazyFrame:
        """The effects on one CRM entity, a line a cell, in the order of rows and columns."""
        own = pl.col("crm_entity") == entity
        unfit, foretold = self.unfit.filter(own), self.foretold.filter(own)
        written = self.written[entity].filter(pl.col("action") != UNCHANGED).select(LINE)
        none = pl.lit(None, pl.String)
        refused = unfit.select(EXTERNAL_ID, "column", action=pl.lit(REFUSED), old=none, new=none)
        fit = written.join(unfit.lazy(), on=EXTERNAL_ID, how="anti")
        parts = [fit, *(part.unique().select(LINE).lazy() for part in (refused, foretold))]
        return pl.concat(parts).sort(EXTERNAL_ID, "action", "column", nulls_last=True)


def plan_hash(effects: PlanEffects, about: Mapping[str, str | None]) -> str:
    """The SHA-256 of a plan; `about`: what else it is bound to, such as the target's place."""
    digest = sha256(json.dumps({"form": FORM, **about}, sort_keys=True).encode())
    for entity in effects.written:
        digest.update(f"\n{json.dumps(entity)}".encode())
        for part in effects.lines(entity).collect().iter_slices(SLICE):
            texts = part.select(pl.struct(LINE).struct.json_encode())
            digest.update("".join(f"\n{text}" for text in texts.to_series()).encode())
    return digest.hexdigest()


def since_signed(signed: PlanEffects, now: PlanEffects) -> pl.DataFrame:
    """The cells at which a load would now do something else than was signed: `SINCE`."""
    found = [pl.DataFrame(schema=SINCE)]
    for entity in dict.fromkeys([*signed.written, *now.written]):
        then, today = (
            plan.lines(entity) if entity in plan.written else pl.LazyFrame(schema=_LINES)
            for plan in (signed, now)
        )
        gone = then.join(today, on=LINE, how="anti", nulls_equal=True)
        new = today.join(then, on=LINE, how="anti", nulls_equal=True)
        cell = [EXTERNAL_ID, "column"]
        both = gone.select(*cell, signed="action").join(
            new.select(*cell, now="action"), on=cell, how="full", coalesce=True, nulls_equal=True
        )
        named = both.with_columns(crm_entity=pl.lit(entity)).select(list(SINCE))
        found.append(named.unique().sort(*cell, nulls_last=True).collect())
    return pl.concat(found)


_LINES = dict.fromkeys(LINE, pl.String)
