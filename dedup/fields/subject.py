"""What the rows of a table are about: persons, or firms with a person beside them.

A table of names and companies lists contacts or customers that are firms, and which of the two
decides what a duplicate is. The evidence is weighed, and the strongest of it is the explanation:

    subject_of(table, kinds)
    # Subject('person', why='`姓名` names persons; 4.2 different persons a company', both=True)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cleansing.coded_table import CodedTable
from dedup.fields.subject_columns import Named, called, named_in, says
from dedup.fields.subject_evidence import (
    SubjectEvidence,
    beside,
    contents,
    distinctness,
    fill,
    headers,
    names_persons,
    order,
)
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message, as_message, joined

Entity = Literal["person", "company"]
Asked = Literal["auto", "person", "company"]

OPPOSITE: Mapping[Entity, Entity] = {"person": "company", "company": "person"}
MOST_REASONS = 2
"""So many reasons, the strongest, are given."""
WORKS = 1.0
"""From this weight on, what only persons have (a job title) makes a column `name` name persons."""
FILLED = 0.05
"""Where fewer rows name a person, or a firm, the table is not about both."""


@dataclass(frozen=True)
class Subject:
    """What each row is about, and why it is taken to be."""

    entity: Entity
    why: str
    """The strongest reasons, a message."""
    both: bool
    """Whether rows name a person and a company, so that the other may be asked for."""

    @property
    def other(self) -> Entity:
        """What the rows would be about otherwise."""
        return OPPOSITE[self.entity]

    @property
    def sentence(self) -> str:
        """Say what was chosen and why."""
        if self.entity == "person":
            return Message("Each row is taken for a person: {why}.", why=as_message(self.why))
        return Message("Each row is taken for a company: {why}.", why=as_message(self.why))

    def described_in(self, model: dict[str, Any]) -> dict[str, Any]:
        """The model document with the choice in it, first among its explanation."""
        explanation = [self.sentence, *model.get("explanation", [])]
        return {**model, "subject": self.as_document(), "explanation": explanation}

    def as_document(self) -> dict[str, Any]:
        """Describe it to a machine."""
        return {"entity": self.entity, "why": self.why, "both": self.both}


def subject_of(
    table: CodedTable,
    kinds: Mapping[str, Kind],
    asked: Asked = "auto",
) -> Subject:
    """Decide by all that the table shows, unless one of the two is asked for."""
    known = {name: Kind(kind) for name, kind in kinds.items() if name in table.fields}
    person, firm = named_in(table, known)
    both = all(named is not None and named.fill >= FILLED for named in (person, firm))
    if asked != "auto":
        return Subject(asked, "as asked", both)
    others = {
        name: kind
        for name, kind in known.items()
        if not any(named and name in named.columns for named in (person, firm))
    }
    found = beside(table, others, person is not None)
    if person is None or firm is None:
        return _of_one(person, firm, found, list(others))
    found += [
        *headers(person, firm),
        *fill(person, firm),
        *distinctness(person, firm),
        *order(person, firm),
        *contents(table, person, firm, known),
    ]
    return Subject(*_judge(found), both)


def subject_for(
    table: CodedTable, kinds: Mapping[str, Kind], asked: Asked, fitted: Subject | None
) -> Subject:
    """What a run's rows are: as asked, else what its saved model was `fitted` for, else decided.

    Raises SpecError where something else is asked for than the model was fitted for.
    """
    if fitted is None:
        return subject_of(table, kinds, asked)
    if asked not in ("auto", fitted.entity):
        raise SpecError(
            "the model was fitted for persons, and companies are asked for"
            if fitted.entity == "person"
            else "the model was fitted for companies, and persons are asked for",
            hint="leave `entity` as it is in the model, or fit a new model",
        )
    return fitted


def _judge(reasons: list[SubjectEvidence]) -> tuple[Entity, str]:
    """The side that has more weight, and its strongest reasons."""
    total = sum(reason.weight for reason in reasons)
    entity: Entity = "person" if total > 0 else "company"
    own = [reason for reason in reasons if (reason.weight > 0) == (total > 0)]
    own.sort(key=lambda reason: -abs(reason.weight))
    return entity, joined(
        reason.why for reason in own[:MOST_REASONS]
    ) or "there is no evidence to the contrary"


def _of_one(
    person: Named | None, firm: Named | None, found: list[SubjectEvidence], others: list[str]
) -> Subject:
    """What a table is about that names only persons, only firms, or neither."""
    leaning = sum(reason.weight for reason in found)
    if person is not None:
        why = Message("{who} and no column names companies", who=names_persons(person.columns))
        return Subject("person", why, both=False)
    if firm is not None:
        called_name = firm.says != "listed" and bool(says("person", firm.columns[0]))
        if called_name and leaning >= WORKS and not called("firmly", "registry", others):
            return Subject("person", _judge(found)[1], both=False)
        only_firms = Message(
            "`{column}` names companies and no column names persons", column=firm.columns[0]
        )
        return Subject("company", only_firms, both=False)
    if leaning:
        return Subject(*_judge(found), both=False)
    return Subject("person", "no column holds names of persons or companies", both=False)
