"""The made-up world the demo's systems keep records of: firms, people and orders, all different."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from pipelines.demo.families import found_all
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson, hire_all
from pipelines.demo.vocabulary import words

TODAY = date(2026, 6, 30)
"""The day the sources were exported."""
SCOPE_START = date(2023, 7, 1)
"""Orders before this day stay behind: guiyi.yaml asks for three years."""


@dataclass(frozen=True)
class SalesOrder:
    """Something a firm bought, or asked the price of."""

    id: str
    firm: str
    day: date
    amount: str
    currency: str
    status: str
    """Q quoted, O open, D delivered, F paid, X cancelled."""
    product: str


@dataclass(frozen=True)
class World:
    """All there is."""

    firms: list[Firm]
    people: list[ContactPerson]
    orders: list[SalesOrder]

    @cached_property
    def firm(self) -> dict[str, Firm]:
        """The firms by their true id."""
        return {firm.id: firm for firm in self.firms}

    @cached_property
    def staff(self) -> dict[str, list[ContactPerson]]:
        """The people by their firm's true id."""
        found: dict[str, list[ContactPerson]] = {firm.id: [] for firm in self.firms}
        for person in self.people:
            found[person.firm].append(person)
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that means one firm; a misspelling must not hit another's."""
        return frozenset(name for firm in self.firms for name in (firm.name, firm.short))


def build_world(seed: int, scale: float) -> World:
    """The world of a seed: about 700 firms at scale 1."""
    firms = found_all(Random(f"{seed}/firms"), max(40, round(700 * scale)))
    people = hire_all(Random(f"{seed}/people"), firms)
    return World(firms, people, _orders(Random(f"{seed}/orders"), firms))


def _orders(rng: Random, firms: list[Firm]) -> list[SalesOrder]:
    orders: list[SalesOrder] = []
    for firm in firms:
        if firm.status == "C":
            continue  # a potential customer has bought nothing yet
        years = min(5.0, firm.customer_since / 365)
        for _ in range(int(rng.random() ** 2 * 4 * years) + 1):
            ago = rng.randint(0, max(1, min(firm.customer_since, 1825)))
            orders.append(_order(rng, f"O{len(orders) + 1:05d}", firm, ago))
    return orders


def _order(rng: Random, identity: str, firm: Firm, days_ago: int) -> SalesOrder:
    abroad = firm.script is not FirmScript.SIMPLIFIED
    status = rng.choice("QOODD") if days_ago < 60 else rng.choice("DFFFFFFX")
    products = words("firms")["products"]
    return SalesOrder(
        id=identity,
        firm=firm.id,
        day=TODAY - timedelta(days=days_ago),
        amount=f"{round(rng.lognormvariate(9.5, 1.1), 2):.2f}",
        currency=rng.choice(("USD", "EUR")) if abroad else "CNY",
        status=status,
        product=rng.choice(products[8:] if firm.script is FirmScript.LATIN else products[:8]),
    )
