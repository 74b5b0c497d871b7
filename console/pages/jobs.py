"""What was started here and goes on in the background, with its lines as they come."""

from dataclasses import asdict

from console.asked import Answer, Asked, Refused, Shown
from console.jobs import Job


def listed(asked: Asked) -> Answer:
    """What was started here, the latest first."""
    return Shown(
        "jobs/list.html.j2", {"jobs": [_shown(asked, job) for job in asked.desk.jobs.every()]}
    )


def one(asked: Asked) -> Answer:
    """Something that was started here: how it stands, and what it has printed."""
    return Shown("jobs/one.html.j2", {"job": _named(asked)})


def lines(asked: Asked) -> Answer:
    """The part of its page that changes while it goes on."""
    return Shown("jobs/lines.html.j2", {"job": _named(asked)})


def _named(asked: Asked) -> dict[str, object]:
    job = asked.desk.jobs.named(asked.path["name"])
    if job is None:
        raise Refused(404, "nothing of this name was started here")
    return _shown(asked, job)


def _shown(asked: Asked, job: Job) -> dict[str, object]:
    text = asked.door.text
    return {
        **asdict(job),
        "command": job.command,
        "why": text(job.why),
        "lines": [text(line) for line in job.lines],
    }
