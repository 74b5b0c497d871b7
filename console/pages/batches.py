"""Batches of a load: what taking one back would do, and taking it back."""

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.rights import Right
from pipelines.stewarding.rollback_plans import RollbackView, rollback_view

MOST = 50
"""Rows whose values are shown."""
UNDOABLE = ("loaded", "open")


def one(asked: Ask) -> Answer:
    """A batch, and what taking it back would do: shown before anybody does it."""
    view = _view(asked)
    content = {
        "batch": dict(view.batch),
        "delete": view.delete,
        "restore": view.restore,
        "first": view.first,
        "cells": view.cells.to_dicts(),
        "impossible": view.impossible,
        "undoable": _is_undoable(view),
        "able": Right.APPROVE in asked.who.rights,
        "jobs": asked.desk.jobs.of(asked.path["batch"]),
    }
    return ShownPage("batches/one.html.j2", content)


def take_back(asked: Ask) -> Answer:
    """Take a batch back in the background, with a reason."""
    view, why = _view(asked), asked.wanted("why")
    batch_id = str(view.batch["batch_id"])
    if view.impossible is not None:
        raise Refused(409, view.impossible)
    if not _is_undoable(view):
        raise Refused(409, "this batch is not in the CRM any more")
    if view.first:
        raise Refused(409, "later batches build on it", "take those back first, as its page says")
    if any(job.status == "running" for job in asked.desk.jobs.of(batch_id)):
        raise Refused(409, "it is being done already")
    details = {"why": why[:400]}
    asked.desk.ledger.audit("rollback.started", batch_id, details, who=asked.who.name)
    job = asked.desk.jobs.start(
        "rollback",
        batch_id,
        ["rollback", batch_id, "--project", str(asked.desk.project.folder)],
        who=asked.who.name,
        why=why[:400],
        language=asked.say.language,
    )
    return Moved(f"/jobs/{job.name}", {"batch": batch_id, "job": job.name})


def _view(asked: Ask) -> RollbackView:
    view = rollback_view(asked.door, asked.path["batch"], MOST)
    if view is None:
        raise Refused(404, "there is no such batch")
    return view


def _is_undoable(view: RollbackView) -> bool:
    return view.impossible is None and view.batch["status"] in UNDOABLE
