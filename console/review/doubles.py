"""Pairs that two people decide without seeing each other's answer, and how far they agree.

Which pairs these are follows from their ids alone, so nobody chooses them. An answer lies in the
console's store until there are two: where both say the same it becomes a decision; where they do
not, a manager decides.
"""

from dataclasses import dataclass
from math import sqrt

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from console.people.secrets import now
from console.store import Store, doubles

ANSWERS = ("same", "different", "unsure")
Z95 = 1.959964
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True)
class DoubleAnswer:
    """What one of the two said."""

    case: str
    name: str
    answer: str
    why: str | None


@dataclass(frozen=True)
class Agreement:
    """How far two people agree beyond chance: Cohen's kappa with its 95 % interval."""

    pairs: int
    agreed: int
    kappa: float | None
    """None where it is not defined: too few pairs, or one answer alone was given."""
    low: float | None = None
    high: float | None = None


def is_double(case: str, share: float) -> bool:
    """Whether two people decide a case: `share` of all."""
    return int(case[:8], 16) < share * 16**8


class Doubles:
    """The answers of two people to the same cases."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, entity: str, case: str, name: str, answer: str, why: str | None) -> bool:
        """Keep an answer; False where this person has answered, or two others have."""
        own = doubles.c.entity == entity, doubles.c.case == case
        row = {"entity": entity, "case": case, "name": name, "answer": answer, "why": why}
        query = sa.select(sa.func.count()).select_from(doubles).where(*own)
        try:
            with self._store.writing() as connection:
                turn = int(connection.scalar(query) or 0)
                if turn >= 2:
                    return False
                at = now().isoformat()
                connection.execute(sa.insert(doubles).values(**row, turn=turn, at=at))
        except IntegrityError:
            return False
        return True

    def of_case(self, entity: str, case: str) -> list[DoubleAnswer]:
        """The answers to a case, the first given first."""
        return self._read(doubles.c.entity == entity, doubles.c.case == case)

    def of(self, entity: str) -> list[DoubleAnswer]:
        """All answers, each case's first one first."""
        return self._read(doubles.c.entity == entity)

    def _read(self, *of: sa.ColumnElement[bool]) -> list[DoubleAnswer]:
        query = sa.select(doubles).where(*of)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(doubles.c.case, doubles.c.turn)).mappings()
            return [DoubleAnswer(r["case"], r["name"], r["answer"], r["why"]) for r in rows]

    def both(self, entity: str) -> dict[str, tuple[DoubleAnswer, DoubleAnswer]]:
        """The cases that two have answered."""
        found: dict[str, list[DoubleAnswer]] = {}
        for answer in self.of(entity):
            found.setdefault(answer.case, []).append(answer)
        return {case: (own[0], own[1]) for case, own in found.items() if len(own) == 2}


def agreement(answers: list[tuple[str, str]]) -> Agreement:
    """Cohen's kappa with the large-sample interval of Fleiss, Cohen and Everitt (1969)."""
    n = len(answers)
    same = sum(one == other for one, other in answers)
    if n < 2:
        return Agreement(n, same, None)
    share = {
        (one, other): sum(pair == (one, other) for pair in answers) / n
        for one in ANSWERS
        for other in ANSWERS
    }
    first = {k: sum(share[k, other] for other in ANSWERS) for k in ANSWERS}
    second = {k: sum(share[other, k] for other in ANSWERS) for k in ANSWERS}
    seen = sum(share[k, k] for k in ANSWERS)
    chance = sum(first[k] * second[k] for k in ANSWERS)
    if chance >= 1:
        return Agreement(n, same, None)
    kappa = (seen - chance) / (1 - chance)
    rest = 1 - kappa
    on = sum(share[k, k] * (1 - (first[k] + second[k]) * rest) ** 2 for k in ANSWERS)
    off = rest**2 * sum(
        share[one, other] * (second[one] + first[other]) ** 2
        for one in ANSWERS
        for other in ANSWERS
        if one != other
    )
    variance = (on + off - (kappa - chance * rest) ** 2) / (n * (1 - chance) ** 2)
    half = Z95 * sqrt(max(variance, 0.0))
    return Agreement(n, same, kappa, max(kappa - half, -1.0), min(kappa + half, 1.0))
