"""A CRM kept in a SQL database: SQLite, PostgreSQL, MariaDB and whatever SQLAlchemy speaks.

target = open_sql(TargetSpec(url="postgresql://crm@db/crm"), folder)
"""

from connectors.targets.sql.engine import open_sql
from connectors.targets.sql.target import SqlTarget

__all__ = ["SqlTarget", "open_sql"]
