"""A CRM entity is a view of golden records in the CRM's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.records import GOLDEN_ID, part, ref
from guiyi.spec import CrmEntitySpec, CrmFieldSpec, Project, SpecPlace
from guiyi.spec.expressions import condition, evaluate, parse
from mapping.codes import CodeList
from mapping.head_offices import HEAD_OFFICE, NAME_PARTS, head_offices
from mapping.relations import ORPHANS, record_keys, repoint
from mapping.texts import as_text

EXTERNAL_ID = "external_id"
UNMAPPED = {
    "crm_entity": pl.String,
    "field": pl.String,
    "code_list": pl.String,
    "code": pl.String,
    "rows": pl.Int64,
}


@dataclass(frozen=True)
class Mapped:
    """What golden records became."""

    entities: dict[str, pl.DataFrame]
    """CRM entity → external_id and its fields, all text, in the order they are loaded."""
    unmapped: pl.DataFrame
    """Codes no code list translates: crm_entity, field, code_list, code, rows."""
    orphans: pl.DataFrame
    """Relations that lead nowhere: crm_entity, external_id, relation, ref, reason."""
    head_offices: dict[str, pl.DataFrame] = field(default_factory=dict)
    """Entity → its branches with what stands above them by their names (`head_offices`)."""


def map_entities(
    golden: Mapping[str, pl.DataFrame],
    crosswalk: pl.DataFrame,
    project: Project,
    codes: Mapping[str, CodeList],
    wrong: Mapping[str, pl.DataFrame] | None = None,
) -> Mapped:
    """Make the CRM entities of the golden records at hand.

    `crosswalk` has entity, source, record_id, golden_id, for the records held back as well; a
    golden id is null where a record became none. A CRM entity whose golden records are not at hand
    is left out. `wrong`: entity → golden_id, relation and the golden id (`parent`) to which it does
    not lead, whatever names say. Raises SpecError for a mapping that cannot be.
    """
    chosen: dict[str, pl.DataFrame] = {}
    for name, spec in project.mapping.items():
        if spec.entity in golden:
            check_mapping(project, name)
            chosen[name] = _in_scope(project, name, _with_all_fields(project, spec, golden))
    tables: dict[str, pl.DataFrame] = {}
    unmapped = [pl.DataFrame(schema=UNMAPPED)]
    orphans = [pl.DataFrame(schema=ORPHANS)]
    loaded = {entity: _loaded(project, entity, rows, chosen) for entity, rows in golden.items()}
    above = {
        entity: _without_wrong(
            project, entity, _head_offices(project, entity, rows, loaded[entity]), wrong or {}
        )
        for entity, rows in golden.items()
        if project.entities[entity].head_office is not None
    }
    for name, rows in chosen.items():
        fields, missing = _fields(project, name, rows, codes)
        relations, lost = _relations(project, name, rows, crosswalk, loaded, above)
        tables[name] = even_chunks(
            pl.DataFrame([rows[GOLDEN_ID].alias(EXTERNAL_ID), *fields, *relations])
        )
        unmapped += missing
        orphans += lost
    return Mapped(tables, pl.concat(unmapped), pl.concat(orphans), above)


def _place(project: Project, name: str) -> SpecPlace:
    return SpecPlace(project.file, f"mapping.{name}")


def check_mapping(project: Project, name: str, columns: Sequence[str] | None = None) -> None:
    """See that a CRM entity has columns, and that their names differ; if the golden record's
    `columns` are given, that it is made of those. Raises SpecError.
    """
    if columns is not None:
        _check_origins(project, name, columns)
    spec, place = project.mapping[name], _place(project, name)
    if not spec.fields and not spec.relations:
        raise place.mistake("it has neither fields nor relations")
    taken: set[str] = set()
    for kind, named in (("fields", spec.fields), ("relations", spec.relations)):
        for column in named:
            if column.lower() in {EXTERNAL_ID, project.target.external_id.lower()}:
                raise place.at(kind, column).mistake(
                    "this column holds the golden id, and is filled without being mapped",
                    hint="remove it, or name another one in target.external_id",
                )
            if column.lower() in taken:
                raise place.at(kind, column).mistake(
                    "there is a column of this name already",
                    hint="databases do not distinguish upper and lower case in names",
                )
            taken.add(column.lower())
    own = [EXTERNAL_ID, *spec.fields, *spec.relations]
    for number, wave in enumerate(project.load.waves):
        if name in wave.where:
            at = SpecPlace(project.file, f"load.waves.{number}.where.{name}")
            parse(wave.where[name], at, own)


def _check_origins(project: Project, name: str, columns: Sequence[str]) -> None:
    spec, place = project.mapping[name], _place(project, name)
    if spec.where is not None:
        parse(spec.where, place.at("where"), columns)
    for column, made in spec.fields.items():
        at = place.at("fields", column)
        if made.expr is not None:
            parse(made.expr, at.at("expr"), columns)
        elif made.field not in columns:
            raise _no_column(at, str(made.field), columns)


def _no_column(place: SpecPlace, name: str, columns: Sequence[str]) -> SpecError:
    return place.mistake(
        Message("no column `{column}`", column=name), hint=did_you_mean(name, columns)
    )


def _with_all_fields(
    project: Project, spec: CrmEntitySpec, golden: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Add the fields and relations of the spec that no source fills."""
    rows = golden[spec.entity]
    wanted = [*project.entities[spec.entity].fields, *map(ref, project.relations(spec.entity))]
    absent = [name for name in wanted if name not in rows.columns]
    return rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)


def _in_scope(project: Project, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    where = project.mapping[name].where
    if where is None:
        return rows
    return rows.filter(condition(where, rows, _place(project, name).at("where")))


def _fields(
    project: Project, name: str, rows: pl.DataFrame, codes: Mapping[str, CodeList]
) -> tuple[list[pl.Series], list[pl.DataFrame]]:
    columns: list[pl.Series] = []
    unmapped: list[pl.DataFrame] = []
    for column, spec in project.mapping[name].fields.items():
        value = as_text(_origin(_place(project, name).at("fields", column), rows, spec))
        if spec.codes is not None:
            value, missing = _translate(value, codes[spec.codes])
            unmapped.append(
                missing.select(
                    crm_entity=pl.lit(name),
                    field=pl.lit(column),
                    code_list=pl.lit(spec.codes),
                    code="code",
                    rows="rows",
                )
            )
        if spec.default is not None:
            value = value.fill_null(spec.default)
        columns.append(value.alias(column))
    return columns, unmapped


def _origin(place: SpecPlace, rows: pl.DataFrame, spec: CrmFieldSpec) -> pl.Series:
    if spec.expr is not None:
        place = place.at("expr")
        return evaluate(parse(spec.expr, place, rows.columns), rows, place)
    field = str(spec.field)
    if field not in rows.columns:
        raise _no_column(place, field, rows.columns)
    return rows[field]


def _translate(values: pl.Series, codes: CodeList) -> tuple[pl.Series, pl.DataFrame]:
    trimmed = values.str.strip_chars().alias("code")
    known = list(codes.values)
    translated = trimmed.replace_strict(
        known, list(codes.values.values()), default=None, return_dtype=pl.String
    )
    unknown = trimmed.filter(trimmed.is_not_null() & ~trimmed.is_in(known))
    counts = unknown.to_frame().group_by("code").agg(rows=pl.len().cast(pl.Int64)).sort("code")
    return translated, counts


def _relations(
    project: Project,
    name: str,
    rows: pl.DataFrame,
    crosswalk: pl.DataFrame,
    loaded: Mapping[str, pl.Series],
    above: Mapping[str, pl.DataFrame],
) -> tuple[list[pl.Series], list[pl.DataFrame]]:
    spec = project.mapping[name]
    by_name = project.entities[spec.entity].head_office
    points_to = project.relations(spec.entity)
    columns: list[pl.Series] = []
    orphans: list[pl.DataFrame] = []
    for column, relation in spec.relations.items():
        refs = rows[ref(relation)].cast(pl.String)
        keys = record_keys(crosswalk, points_to[relation])
        resolved = repoint(refs, keys, loaded.get(points_to[relation]))
        itself = resolved.golden_ids.eq_missing(rows[GOLDEN_ID])  # merged with its own parent
        leads_to = resolved.golden_ids.set(itself, None)
        if relation == by_name:
            leads_to = _where_none(refs, leads_to, rows, above[spec.entity])
        columns.append(leads_to.alias(column))
        orphans.append(
            even_chunks(
                pl.DataFrame([rows[GOLDEN_ID], refs.alias("ref"), resolved.reasons.alias("reason")])
            )
            .filter(pl.col("reason").is_not_null())
            .select(
                crm_entity=pl.lit(name),
                external_id=GOLDEN_ID,
                relation=pl.lit(relation),
                ref="ref",
                reason="reason",
            )
        )
    return columns, orphans


def _head_offices(
    project: Project, entity: str, golden: pl.DataFrame, loaded: pl.Series
) -> pl.DataFrame:
    """The head offices of an entity that become CRM rows, by name."""
    absent = [name for name in parts_of_names(project, entity) if name not in golden.columns]
    there = golden.filter(pl.col(GOLDEN_ID).is_in(loaded.implode()))
    empty = (pl.lit(None, pl.String).alias(name) for name in absent)
    return head_offices(there.with_columns(empty), _company_name(project, entity))


def _without_wrong(
    project: Project, entity: str, above: pl.DataFrame, wrong: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Head offices by name, without those that people say are none."""
    if entity not in wrong or wrong[entity].is_empty():
        return above
    own = wrong[entity].filter(relation=project.entities[entity].head_office)
    return above.join(
        own,
        left_on=[GOLDEN_ID, HEAD_OFFICE],
        right_on=[GOLDEN_ID, "parent"],
        how="anti",
        maintain_order="left",
    )


def parts_of_names(project: Project, entity: str) -> list[str]:
    """The columns of golden records by which a branch finds its head office, if it is to."""
    if project.entities[entity].head_office is None:
        return []
    name = _company_name(project, entity)
    return [part(name, each) for each in NAME_PARTS]


def _company_name(project: Project, entity: str) -> str:
    kinds = project.entities[entity].kinds
    return next(name for name, kind in kinds.items() if kind is Kind.COMPANY_NAME)


def _where_none(
    refs: pl.Series, leads_to: pl.Series, rows: pl.DataFrame, above: pl.DataFrame
) -> pl.Series:
    """The head office by name of rows for which no source names one."""
    by_name = rows.select(GOLDEN_ID).join(above, on=GOLDEN_ID, how="left", maintain_order="left")
    return by_name[HEAD_OFFICE].zip_with(refs.is_null(), leads_to)


def _loaded(
    project: Project, entity: str, golden: pl.DataFrame, chosen: Mapping[str, pl.DataFrame]
) -> pl.Series:
    """Collect the golden ids of an entity that become CRM rows, or that exist if it has none."""
    made = [name for name, spec in project.mapping.items() if spec.entity == entity]
    tables = [chosen[name] for name in made] or [golden]
    return pl.concat([table[GOLDEN_ID] for table in tables])
