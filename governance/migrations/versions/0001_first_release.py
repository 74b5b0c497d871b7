"""The tables of the first ledger; it knew no Alembic, so this step is only a name for them."""

revision, down_revision = "0001", None


def upgrade() -> None:
    """Nothing: a ledger of version 1 has its tables."""
