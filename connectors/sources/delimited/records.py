"""Splits text into records by its quotes, whatever state they are in."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LINES = 1000
"""A quoted field of more lines than this is a quote that was never closed."""
MAX_CHARS = 1 << 20
"""A line longer than this is not one; its first part is kept and the row refused."""
UNCLOSED = "unreadable: quote never closed"
TOO_LONG = "unreadable: line too long"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it starts on, its fields, and what is wrong with it."""

    line: int
    fields: list[str]
    problem: str | None = None
    text: str = ""
    """The line as it stands, where it may have to be kept whole."""


def lines_of(blocks: Iterable[str]) -> Iterator[str]:
    """Cut text at line ends and keep them. A line longer than MAX_CHARS is cut off there."""
    rest, giving_up = "", False
    for block in blocks:
        *whole, rest = (rest + block).split("\n")
        for line in whole:
            if not giving_up:
                yield line[: MAX_CHARS + 1] if len(line) > MAX_CHARS else line + "\n"
            giving_up = False
        if len(rest) > MAX_CHARS:
            if not giving_up:
                yield rest[: MAX_CHARS + 1]
            rest, giving_up = "", True
    if rest and not giving_up:
        yield rest


class Splitter:
    """Splits lines into records at one delimiter and the double quote."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        mark = re.escape(delimiter)
        self._opening = re.compile(rf'(?:^|{mark}) *"')
        self._closing = re.compile(rf'"(?=[ \t]*(?:{mark}|[\r\n]|$))')
        self._spaced = re.compile(rf'(?:^|{mark}) +"|" +(?:{mark}|[\r\n]|$)')

    def records(
        self, lines: Iterable[str], first_line: int = 1, width: int | None = None
    ) -> Iterator[Record]:
        """Yield the records of lines, blank ones with no fields.

        `width` is how many fields a record has: one of several lines that has another number
        was glued together by a stray quote, and is taken apart again.
        """
        waiting: deque[str] = deque()
        source = iter(lines)
        number = first_line
        limit = MAX_LINES
        while True:
            line = waiting.popleft() if waiting else next(source, None)
            if line is None:
                return
            taken = [line]
            record = self._simple(line, number, width)
            if record is None:
                closed = self._gather(taken, waiting, source, limit)
                fields = self._fields("".join(taken)) if closed else []
                glued = len(taken) > 1 and width is not None and len(fields) != width
                if closed and not glued:
                    record = Record(number, fields, text=_bare("".join(taken)))
                else:
                    bare = _bare(line)
                    record = Record(number, bare.split(self._delimiter), UNCLOSED, bare)
                    waiting.extendleft(reversed(taken[1:]))
                    taken = taken[:1]
                    limit = 50
            yield record
            number += len(taken)

    def _simple(self, line: str, number: int, width: int | None) -> Record | None:
        """Split a line that no quote goes beyond; None where one does or may."""
        if len(line) > MAX_CHARS:
            kept = line[:MAX_CHARS]
            return Record(number, kept.split(self._delimiter), TOO_LONG, kept)
        if '"' not in line:
            bare = _bare(line)
            return Record(number, bare.split(self._delimiter) if bare else [], text=bare)
        open_still = self._ends_inside(line, False)
        fields = [] if open_still else self._fields(line)
        if width is not None and len(fields) != width:
            fields = self._as_they_stand(line, width) or fields
        return Record(number, fields, text=_bare(line)) if fields or not open_still else None

    def _as_they_stand(self, line: str, width: int) -> list[str] | None:
        """Split at every delimiter where quotes are part of the text: `ann<TAB>"the cat" lee`.

        Each field then has its quotes in pairs; one that quotes hold whole loses them.
        """
        fields = _bare(line).split(self._delimiter)
        if len(fields) != width or any(field.count('"') % 2 for field in fields):
            return None
        return [
            field[1:-1].replace('""', '"') if re.fullmatch(r'"(?:[^"]|"")*"', field) else field
            for field in fields
        ]

    def _gather(
        self, taken: list[str], waiting: deque[str], source: Iterator[str], limit: int
    ) -> bool:
        """Take lines until the quote is closed. False if it never is."""
        size = len(taken[0])
        while len(taken) < limit and size <= MAX_CHARS:
            line = waiting.popleft() if waiting else next(source, None)
            if line is None:
                return False
            taken.append(line)
            size += len(line)
            if '"' in line and not self._ends_inside(line, True):
                return True
        return False

    def _ends_inside(self, line: str, inside: bool) -> bool:
        at = 0
        while True:
            if inside:
                quote = line.find('"', at)
                if quote < 0:
                    return True
                if line.startswith('""', quote):
                    at = quote + 2
                    continue
                inside = self._closing.match(line, quote) is None
                at = quote + 1
            else:
                found = self._opening.search(line, at)
                if found is None:
                    return False
                inside, at = True, found.end()

    def _fields(self, text: str) -> list[str]:
        if not self._spaced.search(text):
            try:
                return next(csv.reader((text,), delimiter=self._delimiter, strict=True), [])
            except csv.Error:
                pass
        return list(self._lenient(_bare(text)))

    def _lenient(self, text: str) -> Iterator[str]:
        """Split fields whose quotes are stray: a quote closes only before a delimiter."""
        at = 0
        while True:
            start = at
            while text.startswith(" ", start):
                start += 1
            if text.startswith('"', start):
                end, value = self._quoted(text, start + 1)
            else:
                end = text.find(self._delimiter, at)
                end = len(text) if end < 0 else end
                value = text[at:end]
            yield value
            if end >= len(text):
                return
            at = end + 1

    def _quoted(self, text: str, start: int) -> tuple[int, str]:
        at = start
        while (quote := text.find('"', at)) >= 0:
            if text.startswith('""', quote) and quote + 2 < len(text):
                at = quote + 2
            elif self._closing.match(text, quote):
                end = text.find(self._delimiter, quote)
                return (len(text) if end < 0 else end), text[start:quote].replace('""', '"')
            else:
                at = quote + 1
        return len(text), text[start:].replace('""', '"')


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")
