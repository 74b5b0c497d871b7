"""The whole of guiyi.yaml, and what must hold between its parts."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, TypeAdapter, model_validator

from guiyi.messages import Message
from guiyi.spec.base import Name, Spec
from guiyi.spec.console import ConsoleSpec
from guiyi.spec.entities import EntitySpec
from guiyi.spec.known_names import UnknownName, check_all, check_known
from guiyi.spec.loads import (
    AnyTarget,
    BackupSpec,
    GateSpec,
    LoadSpec,
    ScheduleSpec,
    TargetSpec,
)
from guiyi.spec.mappings import CrmEntitySpec
from guiyi.spec.privacy import PrivacySpec
from guiyi.spec.retention import RetentionSpec
from guiyi.spec.sources import AnySource, TableSpec
from guiyi.spec.survivorship import check_sources


def _usual_target() -> TargetSpec:
    return TypeAdapter[TargetSpec](AnyTarget).validate_python({})


class Project(Spec):
    """A migration project: sources, entities, rules, target."""

    project: str
    """The project's name."""
    language: Literal["zh", "en"] | None = None
    """The language of reports and messages; from GUIYI_LANG or LANG if not given."""
    ledger: str = "sqlite:///.guiyi/ledger.db"
    """The governance store's SQLAlchemy URL."""
    sources: dict[Name, AnySource] = Field(min_length=1)
    """The source systems, from the most to the least trusted."""
    entities: dict[Name, EntitySpec] = Field(min_length=1)
    """The entities the records describe."""
    aliases: str | None = None
    """A table of what companies are called (CSV or workbook): `full` (全称), and `short` (简称) or
    `former` (曾用名) names, several in a cell parted by `;`."""
    suites: tuple[str, ...] = ("suites/*.yaml",)
    """The quality suites, as file patterns."""
    gate: GateSpec = GateSpec()
    """When the run passes."""
    codes: dict[Name, str] = {}
    """Code lists: name → CSV with columns `code`, `value`."""
    mapping: dict[str, CrmEntitySpec] = {}
    """The CRM entities, in the order they are loaded."""
    target: AnyTarget = Field(default_factory=_usual_target)
    """The CRM."""
    load: LoadSpec = LoadSpec()
    """How the load is portioned."""
    privacy: PrivacySpec = PrivacySpec()
    """What is masked, and for whom."""
    console: ConsoleSpec = ConsoleSpec()
    """The console: sign-in, and which decisions need two people."""
    schedule: tuple[ScheduleSpec, ...] = ()
    """When the flow runs by itself."""
    backup: BackupSpec = BackupSpec()
    """What is backed up, where to, and when."""
    retention: RetentionSpec = RetentionSpec()
    """For how long what is no longer needed is kept."""

    _file: Path = PrivateAttr(default=Path("guiyi.yaml"))

    @property
    def file(self) -> Path:
        """The guiyi.yaml this was read from."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder relative paths start from."""
        return self._file.parent

    @model_validator(mode="after")
    def _names_meet(self) -> "Project":
        check_all(self._checks())
        return self

    def _checks(self) -> Iterator[Callable[[], None]]:
        """What must hold between the parts; each finds one mistake at most."""
        for source, spec in self.sources.items():
            for number, table in enumerate(spec.tables):
                yield partial(self._check_table, f"sources.{source}.tables.{number}", table)
        for name in self.entities:
            yield partial(self._check_survival, name)
            yield partial(self._check_matching, name)
            yield partial(self._check_head_office, name)
        every = {f"{name}.{field}" for name, own in self.entities.items() for field in own.fields}
        kept = set(self.retention.fields)
        yield partial(check_known, "retention.fields", kept, every, Message("field"))
        for name, crm in self.mapping.items():
            path = f"mapping.{name}"
            known = partial(
                check_known, f"{path}.entity", {crm.entity}, self.entities, Message("entity")
            )
            yield known
            if crm.entity in self.entities:
                yield from self._mapping_checks(path, crm)
        yield partial(self.target.check_names, self.mapping)
        turn = {self.load.wave} if self.load.wave is not None else set()
        waves = [wave.name for wave in self.load.waves]
        yield partial(check_known, "load.wave", turn, waves, Message("wave"))
        for number, wave in enumerate(self.load.waves):
            path, where = f"load.waves.{number}.where", set(wave.where)
            yield partial(check_known, path, where, self.mapping, Message("CRM entity"))

    def _check_survival(self, name: str) -> None:
        entity = self.entities[name]
        check_sources(f"entities.{name}.survivorship", entity.survivorship, self.sources)
        if entity.updated is not None:
            path = f"entities.{name}.updated"
            check_known(path, {entity.updated}, entity.fields, Message("field"))
        owners = {*entity.fields, *self.relations(name)}
        check_known(f"entities.{name}.owner", set(entity.owner), owners, Message("field"))

    def _check_matching(self, name: str) -> None:
        entity = self.entities[name]
        if entity.match.blocking != "auto":
            used = {field for rule in entity.match.blocking for field in rule}
            path = f"entities.{name}.match.blocking"
            check_known(path, used, entity.fields, Message("field"))
        _check_roles(f"entities.{name}.match.roles", entity)

    def _check_head_office(self, name: str) -> None:
        relation = self.entities[name].head_office
        other = self.relations(name).get(relation or "", name)
        if other != name:
            raise UnknownName(
                f"entities.{name}.head_office",
                Message(
                    "the relation `{relation}` leads to `{other}`: give it another name",
                    relation=relation,
                    other=other,
                ),
            )

    def _check_table(self, path: str, table: TableSpec) -> None:
        check_known(f"{path}.entity", {table.entity}, self.entities, Message("entity"))
        fields = self.entities[table.entity].fields
        check_known(f"{path}.columns", set(table.columns), fields, Message("field"))
        for name, ref in table.refs.items():
            check_known(
                f"{path}.refs.{name}.entity", {ref.entity}, self.entities, Message("entity")
            )
            if ref.source is not None:
                check_known(
                    f"{path}.refs.{name}.source", {ref.source}, self.sources, Message("source")
                )

    def _mapping_checks(self, path: str, crm: CrmEntitySpec) -> Iterator[Callable[[], None]]:
        fields = {"golden_id", *self.entities[crm.entity].fields}
        for name, field in crm.fields.items():
            own = f"{path}.fields.{name}"
            if field.field is not None:
                used = {field.field.split(".")[0]}
                yield partial(check_known, own, used, fields, Message("field"))
            if field.codes is not None:
                lists = {field.codes}
                yield partial(check_known, f"{own}.codes", lists, self.codes, Message("code list"))
        relations = self.relations(crm.entity)
        for name, relation in crm.relations.items():
            own = f"{path}.relations.{name}"
            yield partial(check_known, own, {relation}, relations, Message("relation"))

    def related(self, entity: str, relation: str) -> set[str]:
        """The entities a relation of an entity's records may point to."""
        return {
            table.refs[relation].entity
            for source in self.sources.values()
            for table in source.tables
            if table.entity == entity and relation in table.refs
        }

    def relations(self, entity: str) -> dict[str, str]:
        """The relations an entity's records may hold, and the entity each points to."""
        by_name = self.entities[entity].head_office if entity in self.entities else None
        own = {} if by_name is None else {by_name: entity}
        return own | {
            name: ref.entity
            for source in self.sources.values()
            for table in source.tables
            if table.entity == entity
            for name, ref in table.refs.items()
        }


def _check_roles(path: str, entity: EntitySpec) -> None:
    check_known(path, set(entity.match.roles), entity.fields, Message("field"))
    for name in entity.match.roles:
        if not entity.fields[name].match:
            raise UnknownName(
                path,
                Message(
                    "`{name}` is not compared (`match: false`), so it cannot have a role", name=name
                ),
            )
