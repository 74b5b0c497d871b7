"""Databases: SQLite, PostgreSQL, MariaDB, MySQL and whatever else SQLAlchemy has a dialect for.

Owns reading without writing, without rounding and in bounded memory.

    source = DatabaseSource("legacy", "postgresql+psycopg://crm:${PW}@db/crm", Path("."))
    [(table.name, table.keys, table.rows) for table in source.tables()]
    source.read(table, since=Since("updated_at", "2024-03-05 08:30:00"))
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.database.source import DatabaseSource, Since
else:
    __getattr__ = lazily(
        __name__,
        {
            "DatabaseSource": "connectors.sources.database.source",
            "Since": "connectors.sources.database.source",
        },
    )

__all__ = ["DatabaseSource", "Since"]
