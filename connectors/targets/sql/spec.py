"""The keys of a target `sql` in guiyi.yaml."""

from typing import Literal

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
