"""Everything that befalls golden records is an event; what there was is the foundation."""

import sqlalchemy as sa
from alembic import op

from governance import foundation, schema

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Keep the tables as they stand as the first events, so that later ones can be replayed."""
    connection = op.get_bind()
    for table in (schema.event_tables, schema.suppressions, schema.registrations):
        table.create(connection, checkfirst=True)
    for added in (schema.golden_ids.c.erased, schema.batch_rows.c.message):
        name = added.table.name
        there = {own["name"] for own in sa.inspect(connection).get_columns(name)}
        if added.name not in there:
            op.add_column(name, sa.Column(added.name, added.type, nullable=True))
    foundation.found(connection)
