"""Which cases of a queue a steward wants to see, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from console.words import one_of

DOUBTFUL, LIKELY = "doubtful", "likely"
ORDERS = (DOUBTFUL, LIKELY)


@dataclass(frozen=True)
class Wanted:
    """What a steward wants to see; empty for all."""

    order: str = DOUBTFUL
    """Those nearest to an even chance first, or the likeliest."""
    source: str = ""
    """A source that one of the two records is of."""
    region: str = ""
    """A text in the region, province or city of one of them."""
    owner: str = ""
    """Who looks after one of them."""
    word: str = ""
    """A text in any value of one of them."""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Wanted":
        """As a query or form says it; an order that is none is the usual one."""
        given = {field.name: one_of(values, field.name)[:100] for field in fields(cls)}
        order = given["order"] if given["order"] in ORDERS else DOUBTFUL
        return cls(**{**given, "order": order})

    @property
    def is_all(self) -> bool:
        """Whether no case is left out."""
        return not (self.source or self.region or self.owner or self.word)

    @property
    def given(self) -> dict[str, str]:
        """What is not as usual, by name."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value for name, value in own.items() if value and (name, value) != _USUAL_ORDER
        }

    def query(self, **more: object) -> str:
        """The query of an address that says so, with what else it is to say; empty for nothing."""
        stated = urlencode({**more, **self.given})
        return f"?{stated}" if stated else ""


_USUAL_ORDER = ("order", DOUBTFUL)
