"""What is answered to whoever is about to enter a customer."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from guiyi.messages import Message, joined

MATCH, POSSIBLE, NONE = "match", "possible", "none"


@dataclass(frozen=True)
class Protection:
    """A customer somebody has reported, and until when nobody else may."""

    number: int
    """The registration's."""
    until: date
    """The last day."""
    who: str | None
    """Who has reported it; None where the project does not tell, and it is not the one who asks."""
    own: bool
    """Whether the one who asks has reported it."""

    @property
    def message(self) -> Message:
        """The sentence for whoever asks."""
        if self.own:
            return Message("you have reported this customer; protected until {day}", day=self.until)
        if self.who is None:
            return Message(
                "another has reported this customer; protected until {day}", day=self.until
            )
        return Message(
            "{who} has reported this customer; protected until {day}", who=self.who, day=self.until
        )


@dataclass(frozen=True)
class FoundCustomer:
    """A customer that may be the one asked for."""

    golden_id: str | None
    """None for one that was reported and that no source has brought yet."""
    registration: int | None
    """The number of its registration, if that is all there is of it."""
    verdict: str
    """match, possible, or none: one that is shown because it is the likeliest."""
    match_probability: float
    reasons: tuple[str, ...]
    """Sentences, the strongest first."""
    values: dict[str, str | None]
    """Field → value, as the reader may see it."""
    since: str | None
    """When it was given its golden id, or was reported."""
    sources: tuple[str, ...]
    """Where its records come from; none for one that was reported."""
    protection: Protection | None = None

    @property
    def name(self) -> str:
        """The golden id, or `registration:NUMBER`, which `guiyi erase` takes too."""
        return self.golden_id or f"registration:{self.registration}"

    def as_dict(self) -> dict[str, Any]:
        """The customer as JSON can hold it."""
        shown = asdict(self)
        if self.protection is not None:
            shown["protection"]["until"] = self.protection.until.isoformat()
        return shown | {"match_probability": round(self.match_probability, 6)}


@dataclass(frozen=True)
class SearchAnswer:
    """The customers one may be, the likeliest first."""

    entity: str
    customers: list[FoundCustomer] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """match if one of them surely is it, possible if one may be, else none."""
        verdicts = {found.verdict for found in self.customers}
        return MATCH if MATCH in verdicts else POSSIBLE if POSSIBLE in verdicts else NONE

    @property
    def protected(self) -> list[FoundCustomer]:
        """The customers that surely are it, and that others have reported."""
        return [
            found
            for found in self.customers
            if found.verdict == MATCH and found.protection is not None and not found.protection.own
        ]

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON can hold it."""
        customers = [found.as_dict() for found in self.customers]
        return {"entity": self.entity, "verdict": self.verdict, "customers": customers}


@dataclass(frozen=True)
class RegisterOutcome:
    """Whether a customer was registered, and what is known of it."""

    number: int | None
    """The registration's; None if it was refused."""
    until: date | None
    """The last day it is protected."""
    answer: SearchAnswer
    """What was found when it was reported."""

    @property
    def refusal(self) -> str | None:
        """Why it was refused; None if it was not."""
        if self.number is not None:
            return None
        return joined(f.protection.message for f in self.answer.protected if f.protection)
