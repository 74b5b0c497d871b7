"""A drill: a backup is restored where it harms nobody, and what came of it is proved."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from governance import database, schema
from governance.audit import AuditCheck
from governance.backups.chain import Chain
from governance.backups.restoring import load_scratch
from governance.ledger import Ledger, open_ledger
from governance.rebuilding import Rebuilt


@dataclass(frozen=True)
class DrillProof:
    """What a restored ledger was found to be."""

    tables: dict[str, tuple[int, int]]
    """Table → rows the backup names, rows found."""
    audit: AuditCheck
    """The audit chain, held to the checkpoint in the backup."""
    replayed: Rebuilt
    """Whether the tables are what their events make of them."""
    golden_ids: int
    unresolved: tuple[str, ...]
    """Golden ids that lead nowhere."""
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether everything is as it was backed up, and leads somewhere."""
        rows = all(expected == found for expected, found in self.tables.values())
        return rows and self.audit.intact and self.replayed.is_same and not self.unresolved


def drill(chain: Chain, scratch: Path, trusted: Collection[str] = ()) -> DrillProof:
    """Restore a chain into a folder and prove it. Raises BackupError for a changed file.

    `trusted`: the public keys that may have signed its checkpoint.
    """
    began = time.perf_counter()
    chain.verify()
    url = f"sqlite:///{scratch / 'ledger.db'}"
    found = load_scratch(chain, url)
    tables = {name: (one.rows, found[name]) for name, one in chain.last.tables.items()}
    signed = [chain.last.checkpoint] if chain.last.checkpoint is not None else []
    with open_ledger(url) as ledger:
        ids = _golden_ids(ledger)
        return DrillProof(
            tables,
            ledger.verify_audit(signed, trusted),
            ledger.check_events(),
            ids.height,
            tuple(unresolved(ids)),
            time.perf_counter() - began,
        )


def _golden_ids(ledger: Ledger) -> pl.DataFrame:
    table = schema.golden_ids
    with ledger.snapshot() as connection:
        query = sa.select(table.c.entity, table.c.golden_id, table.c.superseded_by)
        return database.fetch(connection, query)


def unresolved(ids: pl.DataFrame) -> list[str]:
    """The golden ids (entity, golden_id, superseded_by) that do not lead to one that stands."""
    on = ["entity", "now"]
    heirs = ids.select("entity", now="golden_id", heir="superseded_by")
    pending = ids.select("entity", "golden_id", now="golden_id")
    lost = []
    for _ in range(ids.height):
        lost.append(pending.join(heirs, on=on, how="anti"))
        led = pending.join(heirs, on=on).filter(pl.col("heir").is_not_null())
        pending = led.select("entity", "golden_id", now="heir")
        if pending.is_empty():
            break
    return sorted(pl.concat([pending, *lost])["golden_id"])  # pending still: in a circle
