"""A case of the queue: two records side by side, why they may be one, and what follows."""

from dataclasses import dataclass

from console.asked import Ask, Refused
from console.review.doubles import is_double
from console.review.marks import Mark
from console.review.queues import Queue, Ruling
from console.review.wanted import Wanted
from governance import LedgerError
from guiyi.messages import Message
from pipelines.report.pairs import PairSample, show_pair


@dataclass(frozen=True)
class Case:
    """What a steward sees of a pair."""

    id: str
    entity: str
    place: int
    """Its place in the queue, from 1."""
    sample: PairSample
    golden_ids: tuple[str | None, str | None]
    """The golden record each record belongs to now."""
    members: tuple[int, int]
    """How many records those golden records have."""
    crm: tuple[str, ...]
    """The CRM entities that are made of them."""
    ruling: Ruling | None
    """The decision in force."""
    marks: list[Mark]
    note: str | None
    """What the one who looks has noted."""

    @property
    def is_one_already(self) -> bool:
        """Whether both records are in one golden record."""
        return self.golden_ids[0] is not None and self.golden_ids[0] == self.golden_ids[1]


def queue_of(asked: Ask, entity: str) -> Queue:
    """The queue of an entity. Raises Refused where no run has matched it yet."""
    queue = asked.desk.queues.of(entity)
    if queue is None:
        raise Refused(
            409,
            Message("no run has matched {entity} yet", entity=entity),
            Message("run it first: guiyi run {folder}", folder=asked.desk.project.folder),
        )
    return queue


def wanted_of(asked: Ask) -> Wanted:
    """Which cases the one who asks wants to see; a form says it before a query does."""
    return Wanted.of({**asked.query, **asked.form})


def place_of(queue: Queue, case: str) -> int:
    """The place of a case. Raises Refused for one that the latest run does not have."""
    if case not in queue.places:
        raise Refused(404, "this pair is not up for review in the latest run")
    return queue.places[case]


def show_case(asked: Ask, queue: Queue, place: int) -> Case:
    """What the one who asks may see of a case."""
    left, right = queue.pair(place)
    case, entity, door = queue.ids[place], queue.entity, asked.door
    pair = queue.pairs.slice(place, 1)
    sample = show_pair(queue.run, entity, pair, door.masking, asked.say.report)
    door.write_down("review.pair", {"entity": entity, "case": case})
    homes = [_home(asked, key) for key in (left, right)]
    marks = asked.desk.queues.marks.of_case(entity, case)
    if is_double(case, asked.desk.project.console.double):  # nobody sees what another thinks
        marks = [mark for mark in marks if mark.name == asked.who.name]
    own = next((mark.note for mark in marks if mark.name == asked.who.name), None)
    mapping = asked.desk.project.mapping
    return Case(
        case,
        entity,
        place + 1,
        sample,
        (homes[0][0], homes[1][0]),
        (homes[0][1], homes[1][1]),
        tuple(name for name, crm in mapping.items() if crm.entity == entity),
        queue.rulings.get(place),
        marks,
        own,
    )


def _home(asked: Ask, key: str) -> tuple[str | None, int]:
    """The golden record of a record, and how many records it has; none before it was published."""
    try:
        found = asked.desk.ledger.resolve(key)
    except LedgerError:
        return None, 0
    return found.leads_to, len(found.members)
