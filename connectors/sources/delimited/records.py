"""Splits text into records by its quotes, whatever state they are in."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MAX_LINES = 1000
"""A quoted field of more lines than this is a quote that was never closed."""
MAX_CHARS = 1 << 20
"""A line longer than this is not one; its first part is kept and the row refused."""
IN_TEXT = ",;:，： "
"""Delimiters that texts have in them, and a quoted field therefore as well."""
_ESCAPE = re.compile(r'\\(["\\])')
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

    def __init__(self, delimiter: str, *, escaped: bool = False) -> None:
        self._delimiter = delimiter
        self._escaped = escaped
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
                if closed and not glued and not self._swallows(fields):
                    record = Record(number, fields, text=_bare("".join(taken)))
                else:
                    record = self._torn(line, number, width)
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
        if not self._ends_inside(line, False):
            fields = self._fields(line)
            if width is not None and len(fields) != width:
                fields = self._as_they_stand(line, width) or fields
            return Record(number, fields, text=_bare(line))
        if '"' in line.rpartition(self._delimiter)[2]:
            return None  # the last field may go on below
        literal = self._as_they_stand(line, width)
        return None if literal is None else Record(number, literal, text=_bare(line))

    def _as_they_stand(self, line: str, width: int | None) -> list[str] | None:
        """Split at every delimiter where quotes are part of the text: `ann<TAB>"the cat" lee`.

        Each field then has its quotes in pairs, unless no text holds the delimiter: there the right
        number of fields is proof enough, and an inch mark may stand alone. A field that quotes hold
        whole loses them.
        """
        fields = _bare(line).split(self._delimiter)
        odd = any(field.count('"') % 2 for field in fields)
        if len(fields) != width or (odd and self._delimiter in IN_TEXT):
            return None
        return [_unquoted(field) for field in fields]

    def _swallows(self, fields: Sequence[str]) -> bool:
        """Tell a field of several lines that would hold whole fields of the line below."""
        return self._delimiter not in IN_TEXT and any(
            "\n" in field and self._delimiter in field for field in fields
        )

    def _torn(self, line: str, number: int, width: int | None) -> Record:
        """Make a record of the line alone, where its quote never closes."""
        bare = _bare(line)
        literal = self._as_they_stand(line, width)
        if literal is not None:
            return Record(number, literal, text=bare)
        return Record(number, bare.split(self._delimiter), UNCLOSED, bare)

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

    def _doubled(self, text: str, inside: bool) -> str:
        """Write the escapes of MySQL and Unix programs as the doubled quotes of a CSV file."""
        if not self._escaped or "\\" not in text or not (inside or self._opening.search(text)):
            return text
        return _ESCAPE.sub(lambda found: '""' if found[1] == '"' else found[1], text)

    def _ends_inside(self, line: str, inside: bool) -> bool:
        line, at = self._doubled(line, inside), 0
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
        text = self._doubled(text, False)
        if len(self._delimiter) == 1 and not self._spaced.search(text):
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
            at = end + len(self._delimiter)

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


def has_escapes(lines: Sequence[str], delimiter: str) -> bool:
    r"""Tell a file that writes `\"` for a quote inside a quoted value, where others double it.

    In `"C:\"` the quote ends the value; an escaped one has text behind it.
    """
    text, mark = "".join(lines), re.escape(delimiter)
    escaped = re.search(
        rf'(?:^|{mark})"[^"\n]*(?<!\\)(?:\\\\)*\\"(?!{mark}|["\r\n]|$)', text, re.MULTILINE
    )
    doubled = re.search(rf'(?<![\\"\n])(?<!{mark})""(?!")', text)
    return escaped is not None and doubled is None


def _unquoted(field: str) -> str:
    """Take away the quotes that hold a field whole."""
    whole = re.fullmatch(r'"(?:[^"]|"")*"', field)
    return field[1:-1].replace('""', '"') if whole else field


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")
