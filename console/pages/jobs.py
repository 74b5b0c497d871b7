"""What was started here and goes on in the background, with its lines as they come."""

from dataclasses import asdict

from console.asked import Answer, Ask, Refused, ShownPage
from console.jobs import Job


def listed(asked: Ask) -> Answer:
    """What was started here, the latest first."""
    return ShownPage(
        "jobs/list.html.j2", {"jobs": [_shown(asked, job) for job in asked.desk.jobs.every()]}
    )


def one(asked: Ask) -> Answer:
    """Something that was started here: how it stands, and what it has printed."""
    return ShownPage("jobs/one.html.j2", {"job": _named(asked)})


def lines(asked: Ask) -> Answer:
    """The part of its page that changes while it goes on."""
    return ShownPage("jobs/lines.html.j2", {"job": _named(asked)})


def _named(asked: Ask) -> dict[str, object]:
    job = asked.desk.jobs.named(asked.path["name"])
    if job is None:
        raise Refused(404, "nothing of this name was started here")
    return _shown(asked, job)


def _shown(asked: Ask, job: Job) -> dict[str, object]:
    text = asked.door.text
    return {
        **asdict(job),
        "command": job.command,
        "why": text(job.why),
        "lines": [text(line) for line in job.lines],
    }
