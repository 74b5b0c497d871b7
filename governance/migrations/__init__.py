"""Moves a ledger written by an older Guiyi forward, a step a version, by Alembic.

    upgrade(connection, 1)      # schema_version 1 → the newest, in the transaction of `connection`

A ledger that is made anew is made from `governance.schema` at once; a step here changes one that
exists. Both end in the same tables (tests/governance/test_migrations.py).
"""

from pathlib import Path

from sqlalchemy.engine import Connection

VERSION_TABLE = "guiyi_alembic_version"


def upgrade(connection: Connection, version: int) -> None:
    """Bring the tables from that version (the ledger's `schema_version`) to the newest."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.stamp(config, f"{version:04}")  # Alembic does not know yet a ledger made anew
    command.upgrade(config, "head")
