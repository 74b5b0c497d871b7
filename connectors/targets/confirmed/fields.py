"""One field of a row, as a service describes it: how it spells a value, and what it cannot hold."""

from dataclasses import dataclass

from connectors.targets.confirmed.values import ValueSort, misfit, spelled
from connectors.targets.reasons import NOT_A_CHOICE, REQUIRED
from guiyi.messages import Message


@dataclass(frozen=True)
class ServiceField:
    """What is known of a field before anything is sent."""

    name: str
    """Its name."""
    sort: ValueSort = ValueSort.TEXT
    """What it holds."""
    whole: bool = False
    """Whether it holds whole numbers only."""
    longest: int | None = None
    """The most characters it takes."""
    digits: int | None = None
    """The most digits it takes before the decimal point."""
    choices: tuple[str, ...] | None = None
    """The only values it takes; None if it takes any."""
    many: bool = False
    """Whether it takes several of them, with `;` between; they are read back in their order."""
    required: bool = False
    """Whether a new row must be given a value of it."""
    nothing: str | None = None
    """What stands where there is no value: 0 and `false` in systems that know no null of these."""
    trimmed: bool = False
    """Whether the system cuts off spaces around a value."""
    read_only: bool = False
    """Whether nobody may write it."""

    def spell(self, text: str | None) -> str | None:
        """A value as it is read back."""
        bare = text.strip() if text is not None and self.trimmed else text
        if bare is None or bare == "":
            return self.nothing
        if self.many:
            return ";".join(sorted(set(self._parts(bare)), key=self._place)) or self.nothing
        return spelled(self.sort, bare)

    def why_not(self, text: str | None) -> str | None:
        """Why the field cannot hold a value; None if it can."""
        bare = text.strip() if text is not None and self.trimmed else text
        if bare is None or bare == "":
            return REQUIRED if self.required and self.nothing is None else None
        if self.choices is not None:
            parts = self._parts(bare) if self.many else [bare]
            if not set(parts) <= set(self.choices):
                return Message(NOT_A_CHOICE)
        if self.longest is not None and len(bare) > self.longest:
            return Message("too long: the column takes {n} characters", n=self.longest)
        return misfit(self.sort, bare) or self._misnumbered(bare)

    def _misnumbered(self, text: str) -> str | None:
        if self.sort is not ValueSort.NUMBER:
            return None
        whole, _, fraction = (spelled(self.sort, text) or "").partition(".")
        if self.whole and fraction:
            return Message("not a whole number")
        if self.digits is not None and len(whole.lstrip("-")) > self.digits:
            return Message("outside the range of the column")
        return None

    def _parts(self, text: str) -> list[str]:
        return [part for part in text.split(";") if part]

    def _place(self, choice: str) -> tuple[int, str]:
        known = self.choices or ()
        return (known.index(choice) if choice in known else len(known), choice)
