"""Reads what a project knows beside its sources, and refuses at once what can never be done."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

import polars as pl

from cleansing import parts
from guiyi.messages import Message
from guiyi.records import CONFLICTING_IDS, GOLDEN_ID, IDENTITY, part, raw, reason, ref
from guiyi.spec import Project, SpecPlace
from guiyi.spec.expressions import parse
from mapping import check_mapping, read_codes
from pipelines.labelling.teaching import Teaching
from pipelines.stages.aliases import Aliases, read_alias_table
from validators import Suite, load_suites


def read_suites(project: Project) -> list[Suite]:
    """Read the project's suites. Raises SpecError for a column that no record will have."""
    fields = {entity: record_columns(project, entity) for entity in project.entities}
    return load_suites(project.suites, project.folder, fields)


def refuse_mistakes(project: Project, entities: Collection[str]) -> None:
    """Find what would stop a run near its end, before hours of reading. Raises SpecError."""
    for _, check in mistakes(project, entities):
        check()


def mistakes(
    project: Project, entities: Collection[str]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """The parts of a project beside its sources and target, each with what raises SpecError where
    there is a mistake in it.
    """
    yield "suites", partial(read_suites, project)
    yield "codes", partial(read_codes, project)
    yield "aliases", partial(read_aliases, project)
    for entity in entities:
        teaching = Teaching.of(project.entities[entity].match, project.folder)
        yield f"entities.{entity}.match.labels", teaching.read_labels
        yield f"entities.{entity}.match.model", teaching.read_model
        yield f"entities.{entity}.survivorship", partial(_check_conditions, project, entity)
    for name, crm in project.mapping.items():
        if crm.entity in entities:
            columns = golden_columns(project, crm.entity)
            yield f"mapping.{name}", partial(check_mapping, project, name, columns)


def _check_conditions(project: Project, entity: str) -> None:
    """Read the conditions of an entity's survivorship rules. Raises SpecError for a bad one."""
    columns = [*IDENTITY, *record_columns(project, entity)]
    for name, rule in project.entities[entity].survivorship.items():
        if rule.when is not None:
            path = f"entities.{entity}.survivorship.{name}.when"
            parse(rule.when, SpecPlace(project.file, path), columns)


def record_columns(project: Project, entity: str) -> list[str]:
    """The columns an entity's clean records have beside their identity."""
    kinds = project.entities[entity].kinds
    aside = [column for field in kinds for column in (raw(field), reason(field))]
    return [*_shared_columns(project, entity), *aside]


def golden_columns(project: Project, entity: str) -> list[str]:
    """The columns an entity's golden records have."""
    return [GOLDEN_ID, *_shared_columns(project, entity), CONFLICTING_IDS, "members"]


def _shared_columns(project: Project, entity: str) -> list[str]:
    kinds = project.entities[entity].kinds
    relations = [ref(name) for name in project.relations(entity)]
    taken_apart = [part(field, name) for field, kind in kinds.items() for name in parts(kind)]
    return [*kinds, *relations, *taken_apart]


def read_aliases(project: Project) -> pl.DataFrame | None:
    """Read the names of firms that are one, a row a firm, if the project has an alias table."""
    known = alias_table(project)
    return None if known is None else known.names


def alias_table(project: Project) -> Aliases | None:
    """Read the project's alias table. Raises SpecError for one that is missing or is none."""
    if project.aliases is None:
        return None
    path = project.folder / project.aliases
    if not path.is_file():
        raise SpecPlace(project.file, "aliases").mistake(
            Message("no such file: {path}", path=path),
            hint="it is a table with the columns full, and short or former",
        )
    return read_alias_table(path)
