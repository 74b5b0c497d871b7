"""A CRM kept in a SQL database: SQLite, PostgreSQL, MariaDB and whatever SQLAlchemy speaks.

target = open_sql(SqlTargetSpec(url="postgresql://crm@db/crm"), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.sql.spec import SqlTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.sql.engine import open_sql
    from connectors.targets.sql.target import SqlTarget
else:
    __getattr__ = lazily(
        __name__,
        {"open_sql": "connectors.targets.sql.engine", "SqlTarget": "connectors.targets.sql.target"},
    )

__all__ = ["SqlTarget", "SqlTargetSpec", "open_sql"]
