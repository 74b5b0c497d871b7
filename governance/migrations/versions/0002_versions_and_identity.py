"""Golden records keep every version; ids their history; rows without a key their content."""

import sqlalchemy as sa
from alembic import op

from governance import schema

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Make the new tables and columns, and take golden records over as their first version.

    Each step looks at what is there: MariaDB commits every change of a table at once, so that a
    migration that was cut off is taken up where it was.
    """
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    for table in (schema.identity_events, schema.golden_versions, schema.unkeyed_rows):
        table.create(connection, checkfirst=True)
    for table, column in (
        (schema.crosswalk, schema.crosswalk.c.missing_since),
        (schema.locks, schema.locks.c.who),
        (schema.quarantine, schema.quarantine.c.message),
        (schema.batch_rows, schema.batch_rows.c.kept),
    ):
        if column.name not in {own["name"] for own in inspector.get_columns(table.name)}:
            op.add_column(table.name, sa.Column(column.name, column.type, nullable=True))
    if not inspector.has_table("guiyi_golden_records"):
        return
    old = sa.table(
        "guiyi_golden_records",
        *(sa.column(name) for name in ("entity", "golden_id", "run_id", "fields")),
    )
    new = schema.golden_versions
    there = sa.select(new.c.golden_id).where(
        new.c.entity == old.c.entity, new.c.golden_id == old.c.golden_id
    )
    kept = sa.select(old.c.entity, old.c.golden_id, old.c.run_id, old.c.fields)
    columns = [new.c.entity, new.c.golden_id, new.c.valid_from, new.c.fields]
    connection.execute(sa.insert(new).from_select(columns, kept.where(~there.exists())))
    op.drop_table("guiyi_golden_records")
