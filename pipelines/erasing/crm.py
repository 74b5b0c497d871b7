"""Takes a person's rows out of the CRM."""

from collections.abc import Sequence

import polars as pl

from connectors.targets import EXTERNAL_ID, Target
from governance import DataSubject, Ledger, PersonalValues
from guiyi.errors import TargetError
from guiyi.messages import Message
from guiyi.spec import Project
from pipelines.loading.dependents import pointing

DELETED, EMPTIED, REFUSED = "deleted", "emptied", "refused"
EMPTIED_CELLS = "emptied_cells"


def entities_of(project: Project, entity: str) -> list[str]:
    """The CRM entities an entity is loaded into; those that point to others come first."""
    return [name for name, crm in project.mapping.items() if crm.entity == entity][::-1]


def rows_in_crm(
    project: Project, target: Target, ledger: Ledger, subject: DataSubject
) -> dict[str, list[str]]:
    """CRM entity → external ids of the person's rows that are there.

    Raises TargetError where rows were loaded and their table is not there now.
    """
    found: dict[str, list[str]] = {}
    ids = pl.Series(subject.golden_ids, dtype=pl.String)
    for name in entities_of(project, subject.entity):
        if not target.check(name, []) and ledger.last_written(name, ids).height:
            raise TargetError(
                Message("rows of {entity} were loaded, and its table is not there", entity=name),
                place=target.place,
                hint="erase once the CRM can be reached: nothing was erased yet",
            )
        there = target.fetch(name, [], subject.golden_ids)[EXTERNAL_ID].to_list()
        if there:
            found[name] = there
    return found


def remove(project: Project, target: Target, rows: dict[str, list[str]]) -> dict[str, str]:
    """Delete rows; where other rows point to them, empty every field that is mapped.

    Returns CRM entity → deleted, emptied or refused.
    """
    return {name: _remove(project, target, name, ids) for name, ids in rows.items()}


def _remove(project: Project, target: Target, name: str, ids: Sequence[str]) -> str:
    if not pointing(name, pl.Series(ids, dtype=pl.String), target, project):
        try:
            target.delete(name, ids)
        except TargetError:  # a table we do not load points to it
            pass
        else:
            return DELETED
    columns = list(project.mapping[name].fields)
    nothing = [pl.lit(None, pl.String).alias(column) for column in columns]
    emptied = target.fetch(name, columns, ids).with_columns(nothing)
    return REFUSED if target.upsert(name, emptied) else EMPTIED


def empty_mentions(project: Project, target: Target, values: PersonalValues) -> dict[str, str]:
    """Take values of the person out of every other row, such as a firm's mailbox that is that
    person's, or a row that was entered by hand; the name of a firm stays.

    Returns CRM entity → emptied or refused.
    """
    done = {}
    for name, crm in project.mapping.items():
        kept = values.kept.get(name, frozenset())
        own = values.own_names.get(name, frozenset())
        columns = [column for column in crm.fields if column not in kept]
        there = target.fetch(name, columns)
        here = pl.col(EXTERNAL_ID).is_in(list(values.touched)) | values.says_key_in(columns)
        rows = there.with_columns(
            values.taken_out(column, None if column in own else here) for column in columns
        )
        same = [rows[column].eq_missing(there[column]) for column in columns]
        changed = rows.filter(~pl.select(pl.all_horizontal(same)).to_series()) if same else rows
        if changed.height and columns:
            done[name] = REFUSED if target.upsert(name, changed) else EMPTIED_CELLS
    return done
