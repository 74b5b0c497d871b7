"""What was found when a part of a project was checked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from guiyi.errors import GuiyiError
from guiyi.messages import Message, as_message, at_place, in_language

OK: Literal["ok"] = "ok"
FAULT: Literal["fault"] = "fault"
NOTE: Literal["note"] = "note"
Verdict = Literal["ok", "fault", "note"]


@dataclass(frozen=True)
class Diagnosis:
    """One line: a part of the project, whether it is in order, and what to do if it is not."""

    part: str
    """What was checked: spec, variables, ledger, a source, a CRM entity …"""
    verdict: Verdict
    """`note`: a run can begin, but somebody should know."""
    what: str
    hint: str | None = None
    place: str | None = None

    @classmethod
    def of(cls, part: str, error: GuiyiError) -> "Diagnosis":
        """A fault, as the error has it."""
        return cls(part, FAULT, error.what, error.hint, error.place)

    def text(self, language: str) -> str:
        """The finding in a language."""
        what = as_message(self.what)
        if self.hint:
            what = Message("{what} — {hint}", what=what, hint=as_message(self.hint))
        if self.place and self.place not in (self.part, ""):
            what = at_place(self.place, what)
        return " ".join(str(in_language(what, language)).split())

    def as_json(self, language: str) -> dict[str, Any]:
        """Describe it to a machine."""
        hint = self.hint and in_language(as_message(self.hint), language)
        what = in_language(as_message(self.what), language)
        place = None if self.place is None else str(in_language(self.place, language))
        return {
            "part": self.part,
            "verdict": self.verdict,
            "what": what,
            "hint": hint or None,
            "place": place,
        }


def tried(part: str, check: Callable[[], object], fine: str) -> Iterator[Diagnosis]:
    """Check something that raises what is wrong with it."""
    try:
        check()
    except GuiyiError as error:
        yield Diagnosis.of(part, error)
    else:
        yield Diagnosis(part, OK, fine)
