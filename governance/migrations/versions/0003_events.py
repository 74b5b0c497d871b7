"""Everything that befalls golden records is an event; what there was is the foundation."""

import sqlalchemy as sa
from alembic import op

from governance import foundation, schema

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Keep the tables as they stand as the first events, so that later ones can be replayed."""
    connection = op.get_bind()
    for table in (schema.event_tables, schema.suppressions):
        table.create(connection, checkfirst=True)
    ids = schema.golden_ids
    there = {own["name"] for own in sa.inspect(connection).get_columns(ids.name)}
    if ids.c.erased.name not in there:
        op.add_column(ids.name, sa.Column("erased", ids.c.erased.type, nullable=True))
    foundation.found(connection)
