"""Everything that befalls golden records is an event; what there was is the foundation."""

from alembic import op

from governance import foundation, schema

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Keep the tables as they stand as the first events, so that later ones can be replayed."""
    connection = op.get_bind()
    schema.event_tables.create(connection, checkfirst=True)
    foundation.found(connection)
