"""Backups of the ledger and of a project's own files: full, incremental, restored, drilled.

A backup is a folder: a manifest (row counts, SHA-256 of every file), Parquet tables and files. An
incremental one holds what changed since its base. Does not know what a project's files are.

    made = take_backup(ledger, folder, "crm", files, incremental=True)
    chain = chain_to(newest(folder))        # from the full backup on, every file verified
    restore_ledger(chain, ledger)           # one transaction
"""

from governance.backups.chain import Chain, backups_in, chain_to, newest
from governance.backups.drill import DrillProof, drill
from governance.backups.erasures import note_erasures, noted_erasures
from governance.backups.manifest import Backup, BackupError
from governance.backups.project_files import place_files, staged_files
from governance.backups.restoring import restore_ledger
from governance.backups.retention import remove_old
from governance.backups.taking import Taken, take_backup

__all__ = [
    "Backup",
    "BackupError",
    "Chain",
    "DrillProof",
    "Taken",
    "backups_in",
    "chain_to",
    "drill",
    "newest",
    "note_erasures",
    "noted_erasures",
    "place_files",
    "remove_old",
    "restore_ledger",
    "staged_files",
    "take_backup",
]
