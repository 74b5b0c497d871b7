"""A firm of the made-up world: what the registry, the post and the phone book know of it."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.demo.vocabulary import Abroad, City, Trade


class FirmScript(StrEnum):
    """In what a firm writes its name."""

    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"
    LATIN = "latin"


@dataclass(frozen=True)
class Address:
    """Where a firm is, from the large to the small."""

    province: str
    city: str
    district: str
    road: str
    number: int
    room: str
    postcode: str


@dataclass(frozen=True)
class Firm:
    """A company as the registry and its own people know it."""

    id: str
    script: FirmScript
    name: str
    short: str
    brand: str
    region: str
    """The place named in the company name, or nothing."""
    trade: Trade
    form: str
    town: City | Abroad
    address: Address
    phone: str
    domain: str
    uscc: str | None
    numeric_uscc: bool
    status: str
    team: str
    customer_since: int
    """Days before the world's today."""
    alone: bool = True
    """Whether no other firm has its brand, so that a name without region still means it."""
    former_name: str | None = None
    former_address: Address | None = None
