"""How long to wait for a service that is busy: as it asks, else longer each time, never in step."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Waiting:
    """How long a request may wait in all, and what waits."""

    longest: float = 300
    """The most seconds for one request, all its attempts together."""
    attempts: int = 6
    """How often a request that got no answer is tried."""
    first: float = 0.5
    """Seconds before the second attempt, at the most; each later pause may be twice as long."""
    highest: float = 60
    """The longest pause that the service has not asked for."""
    spacing: float = 0.0
    """The least seconds from one request to the next."""
    clock: Callable[[], float] = time.monotonic
    """What the time is."""
    sleep: Callable[[float], None] = time.sleep
    """What waits."""
    chance: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1: clients that were cut off together do not come back together."""

    def pause(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait after an attempt (the first is 1); what was asked for is the least."""
        if asked is not None:
            return max(asked, self.first) * (1 + 0.1 * self.chance())
        top: float = min(self.highest, self.first * 2 ** (attempt - 1))
        return top * (0.5 + 0.5 * self.chance())

    def linger(self, attempt: int) -> float:
        """Wait, longer each time; gives the seconds."""
        seconds = self.pause(attempt, None)
        self.sleep(seconds)
        return seconds


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After asks for (RFC 9110, 10.2.3: seconds, or a date); None if none."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
