"""The keys of a target `sql` in guiyi.yaml."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from guiyi.messages import Message
from guiyi.spec import CrmEntitySpec, TargetSpec, check_known


class SqlTargetSpec(TargetSpec):
    """A CRM in a database that SQLAlchemy has a dialect for."""

    kind: Literal["sql"] = "sql"
    """What it is."""
    url: str = "sqlite:///crm.db"
    """The SQLAlchemy URL; `${NAME}` is taken from the environment, file paths are relative to
    guiyi.yaml."""
    create: bool = True
    """Whether missing tables are created."""
    own_ids: dict[str, dict[str, str]] = Field(default_factory=dict)
    """CRM entity → relation column → the CRM entity whose own ids (its primary key) the column
    holds, where it does not hold golden ids."""

    def check_names(self, mapping: Mapping[str, CrmEntitySpec]) -> None:
        """Refuse names that the mapping does not have."""
        check_known("target.own_ids", self.own_ids, mapping, Message("CRM entity"))
        for name, columns in self.own_ids.items():
            path = f"target.own_ids.{name}"
            check_known(path, columns, mapping[name].relations, Message("relation column"))
            for column, parent in columns.items():
                check_known(f"{path}.{column}", {parent}, mapping, Message("CRM entity"))
