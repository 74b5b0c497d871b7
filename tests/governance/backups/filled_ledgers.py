"""Ledgers with something in them, their tables, and the backups taken of them."""

from pathlib import Path

import polars as pl
import sqlalchemy as sa

from governance import Ledger, open_key
from governance.backups import Chain, Taken, take_backup
from governance.backups.rows import columns_of, key_of_table, read_table, tables_kept


def fill(ledger: Ledger, run_id: str, *records: str) -> pl.DataFrame:
    """Let a run link records, each a golden record of its own."""
    ledger.record_run(run_id)
    members = pl.DataFrame(
        {
            "source": ["a"] * len(records),
            "record_id": list(records),
            "cluster_id": range(len(records)),
        }
    )
    with ledger.write(run_id) as entry:
        linked = entry.assign_golden_ids("company", members)
        named = linked.select("golden_id", name=pl.lit("苏州蓝天机械 \x1f 🌏"))
        entry.record_golden("company", named)
    ledger.record_run(run_id, status="passed")
    return linked


def contents(ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Every table that is backed up, in the order of its key."""
    with ledger.snapshot() as connection:
        return {
            table.name: pl.concat([empty_of(table), *read_table(connection, table)]).sort(
                key_of_table(table)
            )
            for table in tables_kept()
        }


def empty_of(table: sa.Table) -> pl.DataFrame:
    kinds = {"integer": pl.Int64, "text": pl.String, "binary": pl.Binary}
    return pl.DataFrame(schema={name: kinds[kind] for name, kind in columns_of(table).items()})


def in_chain(chain: Chain) -> dict[str, pl.DataFrame]:
    return {
        table.name: pl.concat([empty_of(table), *chain.rows(table.name)]).sort(key_of_table(table))
        for table in tables_kept()
    }


def equal(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame], but: str = "") -> bool:
    assert left.keys() == right.keys()
    return all(left[name].equals(right[name]) for name in left if name != but)


def take(ledger: Ledger, folder: Path, *, incremental: bool = False) -> Taken:
    key = open_key(folder.parent / "audit.key")
    return take_backup(ledger, folder, "crm", {}, incremental=incremental, key=key)
