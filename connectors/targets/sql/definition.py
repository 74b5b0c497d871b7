"""The kind of target `sql`."""

from pathlib import Path
from typing import Literal

from connectors.targets.contract import Target
from connectors.targets.target_type import TargetType
from guiyi.spec import TargetSpec


class SqlTargetSpec(TargetSpec):
    """A CRM in a database that SQLAlchemy has a dialect for."""

    kind: Literal["sql"] = "sql"
    """What it is."""
    url: str = "sqlite:///crm.db"
    """The SQLAlchemy URL; `${NAME}` is taken from the environment, file paths are relative to
    guiyi.yaml."""
    create: bool = True
    """Whether missing tables are created."""


def _open(spec: SqlTargetSpec, folder: Path) -> Target:
    from connectors.targets.sql.engine import open_sql

    return open_sql(spec, folder)


SQL = TargetType(SqlTargetSpec, _open)
