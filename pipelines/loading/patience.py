"""A system that went away may come back; how long to wait for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from guiyi.errors import ConnectionLost, OutcomeUnknown
from guiyi.messages import Message

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How often to try again, and how long to wait before each time."""

    pauses: tuple[float, ...] = (0.5, 1.5, 4.0)
    """Seconds before the second, third, … attempt."""
    sleep: Callable[[float], None] = time.sleep
    """What waits."""

    def attempt(self, act: Callable[[], T], doing: Message) -> T:
        """Do something, again if the connection is lost meanwhile.

        Raises ConnectionLost when patience ends: what was being done has not happened, or, if it is
        OutcomeUnknown, is settled with the target when it is done again.
        """
        for pause in self.pauses:
            try:
                return act()
            except ConnectionLost as lost:
                if lost.waited_for:
                    raise
                self.sleep(pause)
        try:
            return act()
        except ConnectionLost as lost:
            if lost.waited_for:
                raise
            ended = self._given_up(lost, doing)
            ended.waited_for = True
            raise ended from None

    def _given_up(self, lost: ConnectionLost, doing: Message) -> ConnectionLost:
        times = len(self.pauses) + 1
        hint = "when the target is back: guiyi load PROJECT --resume"
        if isinstance(lost, OutcomeUnknown):
            what = Message(
                "{doing}: {what}, {times} times in a row; part of it may be in the target",
                doing=doing,
                what=lost.what,
                times=times,
            )
            return OutcomeUnknown(what, place=lost.place, hint=hint)
        what = Message(
            "{doing}: {what}, {times} times in a row; nothing of it is in the target",
            doing=doing,
            what=lost.what,
            times=times,
        )
        return ConnectionLost(what, place=lost.place, hint=hint)


PATIENT = Patience()
"""Six seconds in all: a database that restarts is back by then, a network seldom later."""
