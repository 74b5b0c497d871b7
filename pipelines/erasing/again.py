"""Erases again whom a restored ledger holds, though they were erased after its backup."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from governance import Ledger, PastErasure
from governance.registrations import registration_number
from guiyi.errors import GuiyiError
from guiyi.messages import Message
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID
from guiyi.spec import Project
from pipelines.erasing.erasure import erase_person
from pipelines.stages.run import run_name
from pipelines.stages.suppression import record_digests, suppression_key


@dataclass(frozen=True)
class ErasedAgain:
    """What became of one who was erased before."""

    golden_id: str
    """The id in the restored ledger."""
    at: str
    """When the person was erased first."""
    problem: Message | None = None
    """Why the person is held again; None where they are not."""


def erase_again(
    project: Project, ledger: Ledger, erasures: Sequence[PastErasure]
) -> list[ErasedAgain]:
    """Keep erased persons out, and take out those whom the ledger holds again, with what kept runs
    and the CRM have of them.
    """
    with ledger.lock("erase again", project.project) if erasures else nullcontext():
        return [done for one in erasures for done in _erase_again(project, ledger, one)]


def _erase_again(project: Project, ledger: Ledger, past: PastErasure) -> list[ErasedAgain]:
    ledger.keep_out(past, run_name(datetime.now(UTC)))
    try:
        held = _held(project, ledger, past)
    except GuiyiError as error:
        return [ErasedAgain(past.golden_id, past.at, error.what)]
    return [
        ErasedAgain(golden_id, past.at, _problem(project, ledger, past, golden_id, records))
        for golden_id, records in held.items()
    ]


def _held(project: Project, ledger: Ledger, past: PastErasure) -> dict[str, set[str]]:
    """Golden id → its records that are the person's."""
    number = registration_number(past.golden_id)
    if number is not None:
        there = ledger.registrations(past.entity).filter(pl.col("id") == number)
        return {past.golden_id: set()} if there.height else {}
    links = ledger.crosswalk(past.entity)
    if links.is_empty():
        return {}
    known = record_digests(suppression_key(project), links).is_in(list(past.digests))
    own = links.filter(known.fill_null(value=False)).select(GOLDEN_ID, key=record_key())
    return {str(of): set(rows["key"]) for (of,), rows in own.group_by(GOLDEN_ID)}


def _problem(
    project: Project, ledger: Ledger, past: PastErasure, golden_id: str, records: set[str]
) -> Message | None:
    if past.entity not in project.entities:
        return Message("no entity `{name}`", name=past.entity)
    subject = ledger.data_subject(golden_id)
    if set(subject.records) - records:
        return Message("it holds records of somebody else, too")
    try:
        erase_person(project, ledger, subject, known=past.digests)
    except GuiyiError as error:
        return error.what
    return None
