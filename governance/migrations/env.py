"""What Alembic runs: the steps, on the connection it is given."""

from alembic import context

from governance.migrations import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
