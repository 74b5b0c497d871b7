"""Databases: SQLite, PostgreSQL, MariaDB, MySQL and whatever else SQLAlchemy has a dialect for.

Owns reading without writing, without rounding and in bounded memory.

    source = DatabaseSource("legacy", "postgresql+psycopg://crm:${PW}@db/crm", Path("."))
    [(table.name, table.keys, table.rows) for table in source.tables()]
    source.read(table, since=Since("updated_at", "2024-03-05 08:30:00"))
"""

from connectors.sources.database.source import DatabaseSource, Since

__all__ = ["DatabaseSource", "Since"]
