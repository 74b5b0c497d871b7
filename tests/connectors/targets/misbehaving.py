"""A service that misbehaves on demand: what networks and busy services do to their clients."""

import csv
import io
import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from connectors.targets.http import value_at
from tests.connectors.targets.http.http_server import Answer, Answering, Asked

LATE = 30.0
"""Seconds that a late answer takes: longer than any client of a test waits."""
BEFORE = ("429", "429 daily", "500", "401", "cut before")
"""Nothing is done; the others happen to what is done."""
AFTER = ("500 after", "cut after", "late", "shuffled", "truncated", "duplicated", "cut inside")


@dataclass
class Fault:
    """Something that goes wrong with the next requests of a sort."""

    kind: str
    match: Callable[[Asked], bool]
    times: int = 1


@dataclass
class Misbehaving:
    """Answers as a service does, but for the faults that are asked for."""

    service: Answering
    """What really answers."""
    rows: tuple[str, ...] = ("results", "data")
    """Where in an answer rows may stand; an empty place is the whole answer."""
    faults: list[Fault] = field(default_factory=list)
    chance: Callable[[], str] = lambda: ""
    """What goes wrong with the next request by chance."""
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, kind: str, match: Callable[[Asked], bool], times: int = 1) -> None:
        """Let something go wrong."""
        assert kind in (*BEFORE, *AFTER), kind
        self.faults.append(Fault(kind, match, times))

    def __call__(self, asked: Asked) -> Answer:
        """Answer, or not."""
        with self.lock:
            self.asked.append(asked)
            kind = self._next(asked)
            if kind in BEFORE:
                return _refusal(kind)
            answer = self.service(asked)
        return answer if kind == "" else self._spoiled(kind, answer)

    def _next(self, asked: Asked) -> str:
        for one in self.faults:
            if one.times and one.match(asked):
                one.times -= 1
                return one.kind
        return self.chance()

    def _spoiled(self, kind: str, answer: Answer) -> Answer:
        if kind == "500 after":
            return Answer(500, b'{"message": "oops"}')
        if kind == "late":
            return Answer(answer.status, answer.body, answer.headers, delay=LATE)
        if kind.startswith("cut"):
            return Answer(
                answer.status,
                answer.body,
                answer.headers,
                cut=kind.split()[1].replace("after", "before"),
            )
        if answer.headers.get("Content-Type") == "text/csv":
            return Answer(answer.status, _disordered_csv(kind, answer.body), answer.headers)
        body = json.loads(answer.body) if answer.body else {}
        for place in self.rows:
            rows = value_at(body, place)
            if isinstance(rows, list):
                rows[:] = _disordered(kind, rows)
        return Answer(answer.status, json.dumps(body).encode(), answer.headers)


def _refusal(kind: str) -> Answer:
    if kind == "429":
        return Answer(429, b'{"policyName": "TEN_SECONDLY_ROLLING"}', {"Retry-After": "1"})
    if kind == "429 daily":
        return Answer(429, b'{"policyName": "DAILY", "message": "limit"}')
    if kind == "cut before":
        return Answer(cut="before")
    return Answer(int(kind), b'{"message": "oops"}')


def _disordered_csv(kind: str, content: bytes) -> bytes:
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *_disordered(kind, rows)])
    return out.getvalue().encode()


def _disordered(kind: str, rows: list[Any]) -> list[Any]:
    if kind == "shuffled":
        return rows[::-1]
    if kind == "truncated":
        return rows[: len(rows) // 2]
    return [one for row in rows for one in (row, row)]


def by_chance(seed: int, share: float) -> Callable[[], str]:
    """So many requests fail, in any way that needs no waiting; the same for the same seed."""
    drawn = random.Random(seed)
    kinds = [kind for kind in (*BEFORE, *AFTER) if kind not in ("401", "late", "429 daily")]
    return lambda: drawn.choice(kinds) if drawn.random() < share else ""
