"""Databases: SQLite, PostgreSQL, MariaDB, MySQL and whatever else SQLAlchemy has a dialect for.

Owns reading without writing, without rounding and in bounded memory.

    source = DatabaseSource("legacy", "postgresql+psycopg://crm:${PW}@db/crm", Path("."))
    [(table.name, table.keys, table.rows) for table in source.tables()]
"""

from connectors.sources.database.source import DatabaseSource

__all__ = ["DatabaseSource"]
