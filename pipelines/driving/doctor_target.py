"""The target: whether it answers, and whether its columns take what is mapped to them.

Rows that nobody has are held against the table by the target's own foresight (`unfit`); nothing is
written.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from connectors.targets import EXTERNAL_ID, HasOwnIds, HasOwnReferences, Target, open_target
from governance import open_ledger
from guiyi.errors import GuiyiError, TargetError
from guiyi.kinds import Kind
from guiyi.messages import Message, as_message
from guiyi.spec import CrmFieldSpec, Project, expand_secrets
from mapping import CodeList, read_codes
from pipelines.driving.diagnosis import FAULT, NOTE, OK, Diagnosis
from pipelines.loading.dependents import known_columns
from pipelines.loading.foreign_ids import USE_ANOTHER, foreign_ids, tell_foreign
from pipelines.loading.planning import mark_columns, relations
from pipelines.stewarding.opening import has_ledger

NOBODY = "GNOBODYATALL00000"
"""An external id as golden ids are, which none is: they have no O, I, L or U."""
SAMPLES: dict[Kind, str] = {
    Kind.COMPANY_NAME: "归一科技有限公司",
    Kind.PERSON_NAME: "王小明",
    Kind.PHONE: "+8613800138000",
    Kind.EMAIL: "info@example.com",
    Kind.ADDRESS: "广东省深圳市南山区科技路1号",
    Kind.POSTCODE: "518000",
    Kind.USCC: "91350211M000100Y43",
    Kind.ID_CARD: "11010519491231002X",
    Kind.DATE: "2026-01-31",
    Kind.AMOUNT: "1234.50",
    Kind.URL: "https://example.com",
}
"""A value as each kind is loaded; kinds that may hold anything have none."""


def check_target(project: Project) -> Iterator[Diagnosis]:
    """Open the target, and hold the mapping against each of its tables."""
    try:
        target = open_target(project.target, project.folder)
    except GuiyiError as error:
        yield Diagnosis.of("target", error)
        return
    try:
        for crm_entity in project.mapping:
            yield from _entity(project, target, crm_entity)
    finally:
        target.close()


def _entity(project: Project, target: Target, crm_entity: str) -> Iterator[Diagnosis]:
    part = f"target.{crm_entity}"
    try:
        findings = list(_findings(project, target, crm_entity))
    except GuiyiError as error:
        findings = [Diagnosis.of(part, error)]
    yield from findings
    if all(finding.verdict == NOTE for finding in findings):
        yield Diagnosis(part, OK, "the table is there, and its columns take what is mapped to them")


def _findings(project: Project, target: Target, crm_entity: str) -> Iterator[Diagnosis]:
    """What is to be said of one table; a column that is not there does not hide the others."""
    crm, part = project.mapping[crm_entity], f"target.{crm_entity}"
    columns = [*crm.fields, *crm.relations]
    try:
        if not target.check(crm_entity, [*columns, *mark_columns(project, crm_entity, columns)]):
            yield Diagnosis(
                part, OK, Message("{place}: the table will be made", place=target.place)
            )
            return
    except TargetError as error:
        yield Diagnosis.of(part, error)
        columns = known_columns(target, crm_entity, columns)
        if not columns:
            return
    yield from _columns(project, target, crm_entity, columns)
    yield from _foreign(project, target, crm_entity)


def _foreign(project: Project, target: Target, crm_entity: str) -> Iterator[Diagnosis]:
    """Rows without golden id, and those that have another id in its place."""
    if not isinstance(target, HasOwnIds):
        return
    own = target.unidentified(crm_entity, []).height
    if own:
        what = Message.counted(
            "{n:,} row has no golden id and stays as it is",
            "{n:,} rows have no golden id and stay as they are",
            n=own,
        )
        hint = Message("guiyi adopt {folder} --preview", folder=project.folder)
        yield Diagnosis(f"target.{crm_entity}", NOTE, what, hint)
    ids = foreign_ids(target, crm_entity, _given(project, crm_entity))
    if ids.len():
        what = tell_foreign(ids, project.target.external_id)
        yield Diagnosis(f"target.{crm_entity}", NOTE, what, USE_ANOTHER)


def _given(project: Project, crm_entity: str) -> pl.Series:
    """The golden ids that were ever given; none if the ledger cannot be opened, another fault."""
    none = pl.Series([], dtype=pl.String)
    try:
        if not has_ledger(project):
            return none
        url = expand_secrets(project.ledger, f"{project.file}: ledger")
        with open_ledger(url, project.folder) as ledger:
            given = ledger.golden_ids(project.mapping[crm_entity].entity)["golden_id"]
    except GuiyiError:
        return none
    return given.cast(pl.String)


def _columns(
    project: Project, target: Target, crm_entity: str, mapped: list[str]
) -> Iterator[Diagnosis]:
    """Faults of single columns, and columns that need a value and get none."""
    crm, part = project.mapping[crm_entity], f"target.{crm_entity}"
    key = project.target.external_id
    why = _reason(target, crm_entity, key)
    if why is not None:
        what = Message("`{column}` takes no golden ids: {why}", column=key, why=as_message(why))
        yield Diagnosis(part, FAULT, what, "alter the column, or name another: target.external_id")
        return
    codes = _codes(project)
    wanted = _wanting_own_ids(project, target, crm_entity, mapped)
    yield from (_own_ids_wanted(project, crm_entity, name) for name in wanted)
    for name in mapped:
        if name in wanted:
            continue
        field = crm.fields.get(name)
        values = [NOBODY] if field is None else _values(project, crm.entity, field, codes)
        reasons = [_reason(target, crm_entity, name, {name: value}) for value in values]
        reason = next((reason for reason in reasons if reason is not None), None)
        if reason is not None:
            what = Message(
                "`{column}` does not take what is mapped to it: {why}",
                column=name,
                why=as_message(reason),
            )
            yield Diagnosis(part, FAULT, what, "correct the mapping, or alter the column")
            continue
        altered = next((v for v in values if _is_altered(target, crm_entity, name, v)), None)
        if altered is not None:
            what = Message(
                "`{column}` would alter values such as {value}", column=name, value=altered
            )
            yield Diagnosis(part, NOTE, what, "make it a column of text")
        if _reason(target, crm_entity, name, {name: None}) and not _has_default(field):
            what = Message("`{column}` takes no row without a value", column=name)
            yield Diagnosis(part, NOTE, what, "give it a default, or hold such records back")
    for name in _lacking(target, crm_entity, mapped):
        what = Message("`{column}` needs a value, and nothing is mapped to it", column=name)
        yield Diagnosis(part, FAULT, what, "map a value to the column, or give it a default")


def _wanting_own_ids(
    project: Project, target: Target, crm_entity: str, mapped: list[str]
) -> list[str]:
    if not isinstance(target, HasOwnReferences):
        return []
    relations = project.mapping[crm_entity].relations
    here = [name for name in mapped if name in relations]
    return [name for name in here if target.wants_own_ids(crm_entity, name)]


def _own_ids_wanted(project: Project, crm_entity: str, column: str) -> Diagnosis:
    """A relation column that is made for the CRM's own ids, while it would get golden ids."""
    to = relations(project, crm_entity)[column]
    return Diagnosis(
        f"target.{crm_entity}",
        FAULT,
        Message("`{column}` holds own ids of the CRM, and would get golden ids", column=column),
        Message(
            "write: target: {{own_ids: {{{entity}: {{{column}: {parent}}}}}}}",
            entity=crm_entity,
            column=column,
            parent=to[0] if to else "…",
        ),
    )


def _codes(project: Project) -> dict[str, CodeList]:
    try:
        return dict(read_codes(project))
    except GuiyiError:
        return {}  # that was said of the mapping


def _has_default(field: CrmFieldSpec | None) -> bool:
    return field is not None and field.default is not None


def _values(
    project: Project, entity: str, field: CrmFieldSpec, codes: dict[str, CodeList]
) -> list[str]:
    """Values as the mapping may hand them over."""
    values = [] if field.default is None else [field.default]
    if field.codes is not None:
        own = codes.get(field.codes)
        return values + sorted({v for v in own.values.values() if v} if own else ())
    kind = project.entities[entity].kinds.get(field.field or "")
    return values + ([SAMPLES[kind]] if kind in SAMPLES else [])


def _reason(
    target: Target, crm_entity: str, column: str, values: Mapping[str, str | None] | None = None
) -> str | None:
    """Why a column does not take its value of a new row, if it does not."""
    row = {EXTERNAL_ID: NOBODY, **(values or {})}
    rows = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    rejected = target.unfit(crm_entity, rows)
    folded = column.casefold()
    return next((one.reason for one in rejected if (one.column or "").casefold() == folded), None)


_SPELLED_ANEW = {SAMPLES[Kind.AMOUNT], SAMPLES[Kind.DATE]}
"""Values that columns of numbers and dates spell in their own way, and mean the same."""


def _is_altered(target: Target, crm_entity: str, column: str, value: str) -> bool:
    """Whether a column takes a value and gives back another, such as a number without its zeros."""
    if value in _SPELLED_ANEW:
        return False
    row = {EXTERNAL_ID: NOBODY, column: value}
    rows = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    return bool(target.canonical(crm_entity, rows)[column][0] != value)


def _lacking(target: Target, crm_entity: str, mapped: list[str]) -> list[str]:
    """Columns that a new row needs a value of, and that are not mapped."""
    row = pl.DataFrame({EXTERNAL_ID: [NOBODY]}, schema={EXTERNAL_ID: pl.String})
    named = [one.column or "" for one in target.unfit(crm_entity, row)]
    folded = {name.casefold() for name in mapped}
    columns = [column for names in named for column in names.split(", ") if column]
    return [column for column in columns if column.casefold() not in folded]
