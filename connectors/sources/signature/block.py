"""Where in a letter the signature stands."""

import re
from functools import cache, lru_cache

from connectors.sources import words
from connectors.sources.signature import labels, tokens
from connectors.sources.signature.reading import (
    EMAIL,
    PHONE,
    SENTENCE,
    STRONG,
    URL,
    parts,
    together_by_field,
)

LINES = 20
"""A signature has no more lines than this."""
LONGEST = 250
"""Characters of a line that may stand in a signature; one with bars may hold all of it."""
LONGEST_PLAIN = 100
"""The same for a line without bars."""
GAP = 2
"""Lines in the middle of a signature that by themselves say nothing: a slogan, a short name."""
_DELIMITER = re.compile(r"^\s*(?:--+|[-_=*~—－─]{3,})\s*$")
_BULLET = re.compile(r"^(?:[\s>*•·▪■◆●#]|\+(?=\s))+|[\s*]+$")
_UNKNOWN_LABEL = re.compile(r"^[\u3400-\u9fffA-Za-z ]{1,12}\s*[:：]\s*\S.{0,60}$")
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|您好|你好|尊敬的|各位|亲爱的)\b|[:：,，]\s*$", re.IGNORECASE
)


def parse_signature(text: str, sender: str = "") -> dict[str, str]:
    """Read the signature under a letter; empty where there is none.

    `sender` is the name the letter's header gives.
    """
    found = parts(_block(text, sender), sender)
    if not {part.field for part in found} - {"name"}:
        return {}
    return together_by_field(found)


def _block(text: str, sender: str) -> list[str]:
    """Find the signature's lines."""
    # The last lines of a letter only: a signature stands nowhere else, and a letter may be long.
    tail = [line for line in text.split("\n") if line.strip()][-4 * LINES :]
    lines = [_tidied(line) for line in tail if len(line) <= 4 * LONGEST]
    lines = _without_disclaimer([line for line in lines if line])[-2 * LINES :]
    lines = [line for line in lines if not _starts_with(line, "devices")]
    start = _start(lines, sender)
    return [
        line
        for line in lines[start:][:LINES]
        if not _DELIMITER.match(line) and len(line) <= LONGEST
    ]


def _tidied(line: str) -> str:
    return line.strip() if _DELIMITER.match(line) else _BULLET.sub("", line).replace("*", "")


def _without_disclaimer(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        near_end = number and number > len(lines) - 15
        if near_end and len(line) > 12 and _starts_with(line, "disclaimers"):
            return lines[:number]
    return lines


def _starts_with(line: str, list_name: str) -> bool:
    return line.lower().lstrip("（(*【[").startswith(_openings(list_name))


@cache
def _openings(list_name: str) -> tuple[str, ...]:
    return tuple(words.load("signature_words")[list_name])


def _start(lines: list[str], sender: str) -> int:
    first = max(0, len(lines) - LINES)
    for test in (_DELIMITER.match, _is_closing, lambda line: _is_name(line, sender)):
        at = [n for n in range(first, len(lines)) if test(lines[n])]
        for n in at:
            after = n if _is_name(lines[n], sender) else n + 1
            if _has_contact(lines[after:]):
                return _above(lines, after)
    return _climbed(lines, first)


def _above(lines: list[str], start: int) -> int:
    """Some write what they are above their name: 销售一部 副经理."""
    while start and all(
        tokens.is_title(word) or tokens.is_department(word) for word in lines[start - 1].split()
    ):
        start -= 1
    return start


def _climbed(lines: list[str], first: int) -> int:
    """Climb from the last line as long as lines say who somebody is."""
    start = at = len(lines)
    while at > first and start - at <= GAP:
        at -= 1
        if _is_part(lines[at]):
            start = at
        elif not _may_stand_between(lines[at]) or start == len(lines):
            break
    return start


def _is_name(line: str, sender: str) -> bool:
    """Tell the sender's own name on a line by itself."""
    return bool(sender) and line == sender


def _is_closing(line: str) -> bool:
    bare = line.strip(" ,，.。!！~～、").lower()
    closings, chinese = _closings()
    return bare in closings or (len(bare) <= 12 and bare.startswith(chinese))


@cache
def _closings() -> tuple[frozenset[str], tuple[str, ...]]:
    closings = words.load("signature_words")["closings"]
    return frozenset(closings), tuple(c for c in closings if tokens.HAN.search(c))


def _has_contact(lines: list[str]) -> bool:
    text = "\n".join(lines)
    return bool(
        EMAIL.search(text)
        or PHONE.search(text)
        or URL.search(text)
        or labels.labelled(text)
        or any(
            tokens.is_company(p) or tokens.is_title(p) for line in lines for p in STRONG.split(line)
        )
    )


@lru_cache(maxsize=10_000)
def _is_part(line: str) -> bool:
    """Tell a line that can stand in a signature from one of a letter.

    Remembered, for people sign all their letters alike.
    """
    longest = LONGEST if len(STRONG.split(line)) > 2 else LONGEST_PLAIN
    if len(line) > longest or SENTENCE.search(line):
        return False
    return bool(parts([line])) or labels.labelled(line)


def _may_stand_between(line: str) -> bool:
    if len(line) > 40 or SENTENCE.search(line) or _GREETING.search(line):
        return False
    return tokens.could_be_company(line) or _UNKNOWN_LABEL.match(line) is not None
