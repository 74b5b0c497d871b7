"""Reads what a project knows beside its sources, and refuses at once what can never be done."""

from collections.abc import Collection

import polars as pl

from cleansing import parts
from guiyi.errors import SpecError
from guiyi.records import GOLDEN_ID, part, raw, reason, ref
from guiyi.spec import Project, SpecPlace
from mapping import check_mapping, read_codes
from validators import Suite, load_suites


def read_suites(project: Project) -> list[Suite]:
    """Read the project's suites. Raises SpecError for a column that no record will have."""
    fields = {entity: record_columns(project, entity) for entity in project.entities}
    return load_suites(project.suites, project.folder, fields)


def refuse_mistakes(project: Project, entities: Collection[str]) -> None:
    """Find what would stop a run near its end, before hours of reading. Raises SpecError."""
    read_suites(project)
    read_codes(project)
    read_aliases(project)
    for name, crm in project.mapping.items():
        if crm.entity in entities:
            check_mapping(project, name, golden_columns(project, crm.entity))


def record_columns(project: Project, entity: str) -> list[str]:
    """The columns an entity's clean records have beside their identity."""
    kinds = project.entities[entity].kinds
    aside = [column for field in kinds for column in (raw(field), reason(field))]
    return [*_shared_columns(project, entity), *aside]


def golden_columns(project: Project, entity: str) -> list[str]:
    """The columns an entity's golden records have."""
    return [GOLDEN_ID, *_shared_columns(project, entity), "members"]


def _shared_columns(project: Project, entity: str) -> list[str]:
    kinds = project.entities[entity].kinds
    relations = [ref(name) for name in project.relations(entity)]
    taken_apart = [part(field, name) for field, kind in kinds.items() for name in parts(kind)]
    return [*kinds, *relations, *taken_apart]


def read_aliases(project: Project) -> pl.DataFrame | None:
    """Read the table of full and short company names (columns `full`, `short`), if there is one."""
    if project.aliases is None:
        return None
    path = project.folder / project.aliases
    if not path.exists():
        raise SpecPlace(project.file, "aliases").mistake(
            f"no such file: {path}", hint="it is a CSV with the columns full, short"
        )
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SpecError(f"not a readable CSV: {error}", place=str(path)) from None
    missing = {"full", "short"} - set(table.columns)
    if missing:
        raise SpecError(
            f"no column {', '.join(sorted(missing))}",
            place=str(path),
            hint="an alias table has the columns `full` and `short`",
        )
    return table.select("full", "short").drop_nulls()
