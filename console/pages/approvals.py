"""Approval: a test batch is in the CRM, and a person says whether the rest may follow."""

from typing import Any

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.rights import Right
from governance import DecidedMeanwhile, SeenDecision
from guiyi.messages import Message, restored
from pipelines.report.folder import FinishedRun
from pipelines.report.loads import verification
from pipelines.stewarding.waiting_loads import WaitingLoad, planned_counts, waiting_loads

ANSWERS = {"approve": True, "refuse": False}


def listed(asked: Ask) -> Answer:
    """The loads a person has to approve, the latest first."""
    found = waiting_loads(asked.desk.project, asked.desk.ledger)
    content = {
        "loads": [_brief(one) for one in found],
        "by_person": asked.desk.project.load.approve == "person",
    }
    return ShownPage("approvals/list.html.j2", content)


def one(asked: Ask) -> Answer:
    """A load: its test batch as it was read back, and what would follow."""
    load, words = _named(asked), asked.say.report
    read_back = verification(FinishedRun(load.folder.path))
    folder = asked.desk.project.folder
    content = {
        **_brief(load),
        "answerable": load.answerable,
        "read_back": read_back,
        "statement": _statement(asked, load),
        "plan": planned_counts(asked.desk.project, load.folder),
        "wave": asked.desk.project.load.wave,
        "notes": [asked.door.text(note) for note in words.messages(load.manifest, "notes")],
        "command": f"guiyi load {folder} --full --run {load.run_id}",
        "jobs": asked.desk.jobs.of(load.run_id),
        "seen": load.approval.number if load.approval else 0,
        "able": Right.APPROVE in asked.who.rights,
    }
    return ShownPage("approvals/one.html.j2", content, version=f"{load.run_id}-{content['seen']}")


def judge(asked: Ask) -> Answer:
    """Approve a load or refuse it, with a reason; of two who answer, the second learns of it."""
    load, answer = _named(asked), asked.wanted("answer")
    if answer not in ANSWERS:
        raise Refused(400, Message("`{answer}` is no answer", answer=answer))
    why, number = asked.wanted("why"), asked.given("seen")
    if not load.answerable:
        raise Refused(409, "this load does not wait for an answer any more")
    seen = SeenDecision(int(number) if number.isdecimal() and number != "0" else None)
    try:
        asked.desk.ledger.answer_load(
            load.run_id, approved=ANSWERS[answer], why=why[:400], who=asked.who.name, seen=seen
        )
    except DecidedMeanwhile as error:
        raise Refused(409, error.what, "look at it again") from None
    done: dict[str, Any] = {"run": load.run_id, "answer": answer}
    if answer == "approve" and asked.given("start"):
        return _start(asked, load.run_id, why, done)
    return Moved(f"/approvals/{load.run_id}", done)


def begin(asked: Ask) -> Answer:
    """Load the rest of an approved run in the background."""
    load = _named(asked)
    if load.standing != "approved" or load.approval is None:
        raise Refused(409, "nobody has approved this load")
    return _start(asked, load.run_id, load.approval.why or "", {"run": load.run_id})


def _start(asked: Ask, run_id: str, why: str, done: dict[str, Any]) -> Moved:
    if any(job.status == "running" for job in asked.desk.jobs.of(run_id)):
        raise Refused(409, "it is being done already")
    arguments = ["load", str(asked.desk.project.folder), "--full", "--run", run_id]
    job = asked.desk.jobs.start(
        "load", run_id, arguments, who=asked.who.name, why=why, language=asked.say.language
    )
    asked.desk.ledger.audit("load.started", run_id, {"job": job.name}, who=asked.who.name)
    return Moved(f"/jobs/{job.name}", {**done, "job": job.name})


def _named(asked: Ask) -> WaitingLoad:
    found = waiting_loads(asked.desk.project, asked.desk.ledger)
    for load in found:
        if load.run_id == asked.path["run"]:
            return load
    raise Refused(404, "no load of this run waits for a person")


def _brief(load: WaitingLoad) -> dict[str, Any]:
    return {
        "run": load.run_id,
        "started": load.manifest["started"],
        "standing": load.standing,
        "approval": load.approval,
        "asked_by": load.asked_by,
    }


def _statement(asked: Ask, load: WaitingLoad) -> str:
    """What the test batch proves, in the words of the run."""
    stages = load.manifest["stages"]
    note = next((one["note"] for one in reversed(stages) if one["stage"] == "load_test"), "")
    kept = (load.manifest.get("messages") or {}).get(note)
    return asked.say.report.message(restored(note, kept)) if note else ""
