"""Between two marks of a cell stands a number with its extension, or several that spaces part."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from cleansing.phone_number import GROUPED_LINE, MOBILE, UNKNOWN, Fault, Number, read_number

EXTENSION = (
    r"(?:(?:转|轉)?(?:分机号?|分機號?|内线|內線)|转|轉|(?<![a-z])(?:extension|extn|ext|x)|#|\*|;ext=)"
    r"\s*[:.号]?\s*(\d{1,6})(?!\d)"
)
_LABELLED = re.compile(r"\s*(?<![A-Za-z])x(\d{1,6})\s*$")
_TAIL = re.compile(r"^(.*\d)\s*-+\s*(\d{1,6})$")
_SURE_TAIL = re.compile(rf"^(.*\d{{7,8}}|{GROUPED_LINE})\s*-+\s*\d{{1,5}}$")
"""A tail that is an extension, whether or not anybody knows the number before it."""
_MOBILE_AND = re.compile(r"\D*1[3-9]\d{9}\D")

_TOKEN = re.compile(
    r"(?P<number>(?<![A-Za-z])x\d{1,6}(?!\d)|[+(]*\d(?:[\d+\-.)]|\(\d{1,4}\))*)"
    r"|(?P<word>[^\s\d+(]+|\S)"
)
HIDDEN = "\u204e"
"""Stands for a hidden digit, so that no asterisk or x is taken for the mark of an extension."""
_MASKED = re.compile(
    rf"(?:\(?\+\d{{1,3}}\)?[ -]?)?(?:[(\d][\d()\-.]*[ ]?)?"
    rf"{HIDDEN}+(?:[ -]?{HIDDEN}+)*(?:[ -]?\d{{1,8}}(?!\d))?"
)
_MOST_TOKENS = 24
_FOREIGN = re.compile(r"[^\d\s\-+().·~_/\[\]'\"]")
_LETTER_FOR_DIGIT = re.compile(r"\d[oOlI]\d|\d[oOlI]{2}\d")


@dataclass(frozen=True)
class ExtendedNumber:
    """One number of a cell with its extension."""

    number: Number
    ext: str | None = None

    @property
    def sure(self) -> bool:
        """Whether somebody can be reached by it."""
        return self.number.reason not in ("unverified", UNKNOWN)


@dataclass(frozen=True)
class Left:
    """What is no number of its own: a name, a note, a number with a fault."""

    text: str
    fault: Fault | None = None


def read_piece(piece: str, home: str | None) -> list[ExtendedNumber | Left]:
    """Read a piece as one number; failing that, as several that only spaces keep apart."""
    if hidden := _MASKED.search(piece):
        sides = (piece[: hidden.start()], piece[hidden.end() :])
        before, after = ([] if not side.strip() else read_piece(side, home) for side in sides)
        return [*before, Left(hidden[0]), *after]
    return _read_shown(piece, home)


def _read_shown(piece: str, home: str | None) -> list[ExtendedNumber | Left]:
    before, body, after = _core(piece)
    one = _read_one(body, home) if body else Fault("invalid: no digits")
    around: list[ExtendedNumber | Left] = [Left(words) for words in (before, after) if words]
    if isinstance(one, ExtendedNumber) and one.sure:
        return [one, *around]
    if glued := re.fullmatch(r"(1[3-9]\d{9})(1[3-9]\d{9})", body):
        both = [_read_one(half, home) for half in glued.groups()]
        good = [read for read in both if isinstance(read, ExtendedNumber)]
        if len(good) == 2:
            return [*good, *around]
    if several := _several(piece, home):
        return several
    if isinstance(one, ExtendedNumber):
        return [one, *around]
    return [Left(piece, one)]


def _core(piece: str) -> tuple[str, str, str]:
    """Part a piece into the words before its digits, the digits, and the words behind them."""
    found = re.search(r"(?:\+\s*|[(\[])*\d(?:.*\d)?", piece)
    if found is None:
        return piece, "", ""
    before, after = piece[: found.start()], piece[found.end() :]
    return before if _has_word(before) else "", found[0], after if _has_word(after) else ""


def _has_word(text: str) -> bool:
    return re.search(r"[^\W_]|[^\x00-\x7f]", text) is not None


# --- one number -----------------------------------------------------------------------------------


def _read_one(body: str, home: str | None) -> ExtendedNumber | Fault:
    if _LETTER_FOR_DIGIT.search(body):
        return Fault("invalid: letters among the digits")
    labelled = _LABELLED.search(body)
    number = body[: labelled.start()] if labelled else body
    if _FOREIGN.search(number):
        return Fault("invalid: letters among the digits")
    read = read_number(re.sub(r"[·~_\[\]'\"]", " ", number), home)
    ext = labelled[1] if labelled else None
    whole = read if isinstance(read, Fault) else ExtendedNumber(read, ext)
    if labelled or (isinstance(whole, ExtendedNumber) and whole.sure):
        return whole
    return _with_tail(number, home) or whole


def _with_tail(body: str, home: str | None) -> ExtendedNumber | None:
    """Read the digits behind the last hyphen as an extension, if what stands before is a number."""
    tail = _TAIL.match(body)
    if tail is None:
        return None
    read = read_number(tail[1], home)
    if isinstance(read, Fault):
        return None
    found = ExtendedNumber(read, tail[2])
    if found.sure:
        return found if len(tail[2]) > 2 or read.type != MOBILE else None
    return found if _SURE_TAIL.match(body) and not _MOBILE_AND.match(body) else None


# --- several numbers ------------------------------------------------------------------------------


class _PhoneToken(NamedTuple):
    text: str
    start: int
    end: int
    is_number: bool


def _several(piece: str, home: str | None) -> list[ExtendedNumber | Left]:
    """The numbers that spaces or words keep apart, and what is left between them; else nothing."""
    tokens = [
        _PhoneToken(t[0], t.start(), t.end(), t["number"] is not None)
        for t in _TOKEN.finditer(piece)
    ][:_MOST_TOKENS]
    if len(tokens) < 2:
        return []
    groups = _sure_groups(tokens, home)
    if not groups and not _LETTER_FOR_DIGIT.search(piece):
        groups = _long_ones(tokens, home)
    if not groups:
        return []
    out: list[ExtendedNumber | Left] = []
    place = 0
    for first, last, found in groups:
        out += _left(piece[place : tokens[first].start], home)
        out.append(found)
        place = tokens[last - 1].end
    return [*out, *_left(piece[place:], home)]


_Group = tuple[int, int, ExtendedNumber]


def _sure_groups(tokens: list[_PhoneToken], home: str | None) -> list[_Group]:
    """The runs of tokens that are sure numbers: as many digits as can be, in as few numbers."""
    best: list[tuple[int, int, list[_Group]]] = [(0, 0, [])]
    for end in range(1, len(tokens) + 1):
        options = [best[end - 1]]
        for start in range(end - 1, max(-1, end - 7), -1):
            if not tokens[start].is_number:
                break
            found = _read_one(" ".join(t.text for t in tokens[start:end]), home)
            if isinstance(found, ExtendedNumber) and found.sure and not _broken(tokens, start, end):
                digits, numbers, groups = best[start]
                gained = sum(c.isdigit() for t in tokens[start:end] for c in t.text)
                options.append((digits + gained, numbers - 1, [*groups, (start, end, found)]))
        best.append(max(options, key=lambda option: option[:2]))
    return best[-1][2]


def _broken(tokens: list[_PhoneToken], start: int, end: int) -> bool:
    """Whether a number in groups has a group of digits too many: 138 0013 8001 2 is a typo."""
    if end - start < 2:
        return False
    beside = [*tokens[max(0, start - 1) : start], *tokens[end : end + 1]]
    return any(t.is_number and t.text.isdigit() and len(t.text) < 3 for t in beside)


def _long_ones(tokens: list[_PhoneToken], home: str | None) -> list[_Group]:
    """Tokens long enough to be numbers by themselves, if there are two or words stand between."""
    groups: list[_Group] = []
    for n, token in enumerate(tokens):
        if token.is_number and sum(c.isdigit() for c in token.text) > 6:
            found = _read_one(token.text, home)
            if isinstance(found, ExtendedNumber):
                groups.append((n, n + 1, found))
    worded = any(_has_word(token.text) for token in tokens if not token.is_number)
    return groups if len(groups) > 1 or worded else []


def _left(text: str, home: str | None) -> list[ExtendedNumber | Left]:
    """What stands between numbers: a note, or a number that nobody can prove."""
    bare = text.strip(" -.,/:;()")
    if not bare:
        return []
    if not _FOREIGN.search(bare) and sum(c.isdigit() for c in bare) > 6:
        found = _read_one(bare, home)
        return [found if isinstance(found, ExtendedNumber) else Left(bare, found)]
    return [Left(bare)]
