"""The kind of target `sql`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.sql.spec import SqlTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: SqlTargetSpec, folder: Path) -> Target:
    from connectors.targets.sql.engine import open_sql  # SQLAlchemy takes a moment

    return open_sql(spec, folder)


SQL = TargetType(SqlTargetSpec, _open)
