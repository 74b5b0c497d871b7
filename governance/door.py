"""The one door that people read customers through: by role, masked, written down.

Whatever shows values of the store (a command, a report, a notebook, an export) asks a door for
them. A run reads the ledger itself; it is no reader.

    door = Door(project, ledger, Reader(role="sales", who="王伟"))
    door.table("contact", contacts)         # masked; of others' customers only that they exist
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
import yaml

from cleansing.registry import kind_types
from governance.entry import whoami
from governance.ledger import Ledger
from governance.masked_tables import Masking, kinds_of_keys
from governance.ownership import Ownership
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import PrivacySpec, Project, RoleSpec

ANYBODY = "anybody"
"""The role of whoever states none."""
ROLES = ("steward", "manager", "sales", "auditor", "analyst")
_STAYS = (GOLDEN_ID, "external_id", "entity")
"""What is shown of another's customer."""


@dataclass(frozen=True)
class Reader:
    """Who reads: as they state it, for the audit chain to keep."""

    role: str | None = None
    who: str | None = None
    """The name; that of the system's user if not given."""
    why: str | None = None

    @property
    def name(self) -> str:
        """The name the audit chain keeps."""
        return self.who or whoami()


class Door:
    """What one reader may see of a project's customers."""

    def __init__(self, project: Project, ledger: Ledger, reader: Reader | None = None) -> None:
        """Raises SpecError for an unknown role, and where one must say why and does not."""
        self.project, self.ledger = project, ledger
        self.reader = reader or Reader()
        role = role_of(project, self.reader)
        self.masking = Masking(hidden_kinds(role, project.privacy), kinds_of_keys(project))
        self._usual = hidden_kinds(built_in()[ANYBODY], project.privacy)
        self._own = None if role.rows == "all" else Ownership(project, ledger, self.reader.name)

    @property
    def is_unmasked(self) -> bool:
        """Whether the reader sees what is masked for anybody."""
        return not self._usual <= self.masking.hidden

    def kinds(self, entity: str) -> dict[str, Kind]:
        """The kinds of an entity's fields; none of one that the spec no longer has."""
        spec = self.project.entities.get(entity)
        return {} if spec is None else spec.kinds

    def table(self, entity: str, table: pl.DataFrame) -> pl.DataFrame:
        """Rows of an entity as the reader may see them.

        They are named by `golden_id`, `record`, `left` and `right`, or `source` and `record_id`.
        """
        shown = self.masking.table(table, self.kinds(entity))
        if self._own is None:
            return shown
        own = self._whose(self._own, entity, table)
        hidden = [name for name in shown.columns if name not in _STAYS]
        if not hidden:
            return shown
        return even_chunks(shown.with_columns(pl.when(own).then(pl.col(hidden)).name.keep()))

    def values(
        self, entity: str, golden_id: str | None, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The values of one customer."""
        if not self.sees(entity, golden_id):
            return dict.fromkeys(values)
        return self.masking.values(values, self.kinds(entity))

    def sees(self, entity: str, golden_id: str | None) -> bool:
        """Whether the reader sees more of a customer than that it exists."""
        if self._own is None:
            return True
        return golden_id is not None and golden_id in self._own.among(entity, [golden_id])

    def sees_all(self, entity: str, keys: pl.Series) -> pl.Series:
        """Of each list of record keys, whether all are of customers the reader sees more of than
        that they exist.
        """
        if self._own is None:
            return pl.Series([True] * len(keys), dtype=pl.Boolean)
        named = keys.explode().drop_nulls().unique()
        others = named.filter(~self._own.have(entity, named))
        return keys.list.set_intersection(others.implode()).list.len().fill_null(0) == 0

    def is_reader(self, name: str) -> bool:
        """Whether a name is that of the reader; any is where all rows are seen."""
        return self._own is None or self._own.is_reader(name)

    def key(self, key: str) -> str:
        """A record key."""
        shown: str = self.masking.record_keys(pl.Series([key]))[0]
        return shown

    def text(self, text: str) -> str:
        """A sentence."""
        return self.masking.text(text)

    def reasons(self, texts: pl.Series) -> pl.Series:
        """What people wrote of decisions: nothing of it where texts are masked."""
        return self.masking.column(texts, Kind.TEXT)

    def write_down(self, subject: str, details: Mapping[str, Any]) -> None:
        """Leave an entry in the audit chain, if the reader sees what is masked for anybody."""
        if self.is_unmasked:
            self.ledger.audit("read.unmasked", subject, self.signed(details), who=self.reader.name)

    def signed(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """Details of an entry, with the reader's role and reason."""
        why = self.reader.why and Masking(self._usual).text(self.reader.why)
        own = {"role": self.reader.role, "why": why}
        return {**details, **{name: value for name, value in own.items() if value is not None}}

    def _whose(self, own: Ownership, entity: str, table: pl.DataFrame) -> pl.Series:
        """Of each row, whether it is of the reader's own customers."""
        for name in {GOLDEN_ID, "external_id"} & set(table.columns):
            return own.are(entity, table[name])
        if {SOURCE, RECORD_ID} <= set(table.columns):
            return own.have(entity, table.select(key=record_key())["key"])
        named = [name for name in ("record", "left", "right") if name in table.columns]
        whose = pl.Series([bool(named)] * table.height, dtype=pl.Boolean)
        for name in named:
            whose &= own.have(entity, table[name]) | table[name].is_null()
        return whose


@cache
def built_in() -> dict[str, RoleSpec]:
    """The roles there are without any in the spec, `anybody` among them."""
    text = files("governance").joinpath("data", "roles.yaml").read_text(encoding="utf-8")
    return {name: RoleSpec.model_validate(role) for name, role in yaml.safe_load(text).items()}


def role_of(project: Project, reader: Reader) -> RoleSpec:
    """What a reader's role says. Raises SpecError for an unknown one, and for a missing reason."""
    roles = {**built_in(), **project.privacy.roles}
    if reader.role is None:
        return roles[ANYBODY]
    if reader.role not in roles:
        raise SpecError(
            Message("no role `{name}`", name=reader.role),
            place=str(project.file),
            hint=did_you_mean(reader.role, roles),
        )
    role = roles[reader.role]
    if role.reason and not (reader.why or "").strip():
        raise SpecError(
            Message("whoever reads as `{role}` must say why", role=reader.role),
            place=str(project.file),
            hint="give --why",
        )
    return role


def hidden_kinds(role: RoleSpec, privacy: PrivacySpec) -> frozenset[Kind]:
    """The kinds that are masked for a role."""
    hidden: set[Kind] = set()
    for name in role.masks:
        if name in ("usual", "personal"):
            hidden |= set(privacy.mask)
        if name == "personal":
            hidden |= {kind for kind, found in kind_types() if found.personal}
        elif name != "usual":
            hidden.add(Kind(name))
    return frozenset(hidden)
