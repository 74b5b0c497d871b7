"""The first page: what waits, and how the last run went."""

from console.asked import Answer, Ask, ShownPage
from console.rights import Right
from pipelines.stewarding.run_lists import listed_runs


def home(asked: Ask) -> Answer:
    """What waits for the one who asks, and how the last run went."""
    may = asked.who.rights
    waiting: dict[str, int] = {}
    held = 0
    if Right.REVIEW in may:
        for entity, spec in asked.desk.project.entities.items():
            queue = asked.desk.queues.of(entity) if spec.match.enabled else None
            waiting[entity] = queue.waiting if queue is not None else 0
        table = asked.desk.ledger.quarantine("open")
        held = table.select("entity", "source", "record_id").unique().height
    latest = None
    if Right.RUNS in may:
        latest = next(iter(listed_runs(asked.desk.project, asked.desk.ledger)), None)
    return ShownPage("home.html.j2", {"waiting": waiting, "held": held, "latest": latest})
