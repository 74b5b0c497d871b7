"""The lines under a letter in which people say who they are and how to reach them."""

import re
from functools import cache, lru_cache

from connectors.sources import words
from connectors.sources.contacts import together
from connectors.sources.mail import tokens

Fields = dict[str, list[str]]

LINES = 20
"""A signature has no more lines than this."""
_EMAIL = re.compile(r"[\w.+-]+[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s|｜,，;；<>()（）\"'\u3400-\u9fff]+"
    r"|(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|com\.cn|io|co\.uk|de)(?![\w.@])(?:/\S*)?",
    re.IGNORECASE,
)
_EXTENSION = r"(?:\s*(?:转|轉|分机|分機|ext\.?|extension|x|#)\s*[:：.]?\s*\d{1,6})?"
_PHONE = re.compile(
    rf"(?<![\w@.])(?:\+|00)?[(（]?\d[\d\s()（）.\-–—]{{5,22}}\d{_EXTENSION}(?![\w@])", re.IGNORECASE
)
_DATE = re.compile(r"^\s*(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?!\d)")
_MOBILE = re.compile(r"^(?:\+?86|0086)?1[3-9]\d{9}$")
_DELIMITER = re.compile(r"^\s*(?:--+|[-_=*~—－─]{3,})\s*$")
_BAR = re.compile(r"\s*[|｜\t]\s*")
_GAP = re.compile(r"\s{2,}|　+")
_STRONG = re.compile(rf"{_BAR.pattern}|{_GAP.pattern}")
_WEAK = re.compile(r"\s*[,，、/／·•;；()（）]\s*|\s+[-–—]\s+")
_EDGE = " ,，|/·-–:："
_BRAND = re.compile(r"[A-Z][\w&'’.-]*")
"""One word that could begin a company's name."""
_BULLET = re.compile(r"^[\s>*•·▪■◆●#+]+|[\s*]+$")
_SENTENCE = re.compile(r"[。！？!?]\s*$|[，,].*[，,].*[。.]$")


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {
        re.sub(r"\s", "", label.lower()): kind
        for kind, labels in words.load("signature_words")["labels"].items()
        for label in labels
    }
    long = sorted((label for label in kinds if len(label) > 1), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, label)) for label in long)
    short = "".join(label for label in kinds if len(label) == 1)
    pattern = (
        rf"(?<![A-Za-z\u3400-\u9fff])(?:(?P<long>{spaced})\s*(?:[(（][^)）]{{0,8}}[)）])?\s*"
        rf"(?:[:：]|\.(?=\s*[+\d(])|(?=[ \t]*[+(（]?\d))"
        rf"|(?P<short>[{short}])\s*(?:[:：]|\.(?=\s*[+\d(])))\s*"
    )
    return re.compile(pattern, re.IGNORECASE), kinds


def parse_signature(text: str, sender: str = "") -> dict[str, str]:
    """Read the signature under a letter; empty where there is none.

    `sender` is the name the letter's header gives.
    """
    lines = _block(text, sender)
    found: Fields = {}
    for number, line in enumerate(lines):
        _read_line(line, found, first=number == 0, sender=sender)
    evidence = set(found) - {"name"}
    if not evidence:
        return {}
    one = {"name", "title", "department", "company", "address"}
    return {name: together(values[:1] if name in one else values) for name, values in found.items()}


def _block(text: str, sender: str) -> list[str]:
    """Find the signature's lines."""
    lines = [
        _BULLET.sub("", line) if not _DELIMITER.match(line) else line.strip()
        for line in text.split("\n")
    ]
    lines = _without_disclaimer([line for line in lines if line])[-2 * LINES :]
    lines = [line for line in lines if not _starts_with(line, "devices")]
    start = _start(lines, sender)
    return [
        line for line in lines[start:][:LINES] if not _DELIMITER.match(line) and len(line) <= 200
    ]


def _without_disclaimer(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if (
            number
            and len(line) > 12
            and _starts_with(line, "disclaimers")
            and number > len(lines) - 15
        ):
            return lines[:number]
    return lines


def _starts_with(line: str, list_name: str) -> bool:
    return line.lower().lstrip("（(*【[").startswith(_openings(list_name))


@cache
def _openings(list_name: str) -> tuple[str, ...]:
    return tuple(words.load("signature_words")[list_name])


def _start(lines: list[str], sender: str) -> int:
    first = max(0, len(lines) - LINES)
    for test in (_DELIMITER.match, _is_closing, lambda line: bool(sender) and line == sender):
        at = [n for n in range(first, len(lines)) if test(lines[n])]
        for n in at:
            after = n if line_is_name(lines[n], sender) else n + 1
            if _has_contact(lines[after:]):
                return after
    start = len(lines)
    while start > first and _is_part(lines[start - 1]):
        start -= 1
    return start


def line_is_name(line: str, sender: str) -> bool:
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
        _EMAIL.search(text)
        or _PHONE.search(text)
        or _URL.search(text)
        or _labels()[0].search(text)
        or any(
            tokens.is_company(p) or tokens.is_title(p)
            for line in lines
            for p in _STRONG.split(line)
        )
    )


@lru_cache(maxsize=10_000)
def _is_part(line: str) -> bool:
    """Tell a line that can stand in a signature from one of a letter.

    Remembered, for people sign all their letters alike.
    """
    if len(line) > 100 or _SENTENCE.search(line):
        return False
    found: Fields = {}
    _read_line(line, found, first=False, sender="")
    return bool(found)


def _read_line(line: str, found: Fields, *, first: bool, sender: str) -> None:
    pattern, kinds = _labels()
    marks = list(pattern.finditer(line))
    free = line[: marks[0].start()] if marks else line
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    for mark, end in zip(marks, ends[: len(marks)], strict=True):
        value = line[mark.end() : end].strip(" |｜/;；,，、·\t")
        label = re.sub(r"\s", "", (mark["long"] or mark["short"]).lower())
        _labelled(kinds[label], value, found)
    for cell in _BAR.split(_take_numbers(free, found)):
        for piece in _rejoined([part.strip(_EDGE) for part in _GAP.split(cell)], sender):
            _classify(piece, found, first=first, sender=sender)


def _rejoined(pieces: list[str], sender: str) -> list[str]:
    """Undo a double space inside a Western company's name: Harbor  Energy LLC."""
    whole: list[str] = []
    for piece in pieces:
        brand = whole[-1] if whole else ""
        if _BRAND.fullmatch(brand) and brand not in sender.split() and tokens.is_company(piece):
            whole[-1] = f"{brand} {piece}"
        else:
            whole.append(piece)
    return whole


def _labelled(kind: str, value: str, found: Fields) -> None:
    if not value or kind == "other":
        return
    if kind in {"mobile", "phone", "fax"}:
        for number in _PHONE.findall(value) or re.findall(r"\d{5,}", value):
            _add(found, "mobile" if kind == "phone" and _is_mobile(number) else kind, number)
        _take_numbers(_PHONE.sub(" ", value), found)
    elif kind in {"email", "url"}:
        _take_numbers(value, found)
    elif len(value) <= 120:
        _add(found, kind, value)


def _is_mobile(number: str) -> bool:
    return _MOBILE.match(re.sub(r"[^\d+]", "", number)) is not None


def _take_numbers(text: str, found: Fields) -> str:
    """Take e-mail addresses, sites and numbers out of a text; return what is left."""
    for pattern, field in ((_EMAIL, "email"), (_URL, "url")):
        for value in pattern.findall(text):
            _add(found, field, value.replace("＠", "@").rstrip("./"))
        text = pattern.sub("  ", text)
    for number in _PHONE.findall(text):
        if 7 <= len(re.sub(r"\D", "", number)) <= 18 and not _DATE.match(number):
            _add(found, "mobile" if _is_mobile(number) else "phone", number)
            text = text.replace(number, "  ")
    return re.sub(r"<\s{2,}>|[(（]\s{2,}[)）]|mailto:", " ", text)


def _classify(piece: str, found: Fields, *, first: bool, sender: str, split: bool = True) -> None:
    if not piece or len(piece) > 120 or _SENTENCE.search(piece):
        return
    is_sender = bool(sender) and piece == sender
    parts = _apart(piece, sender) if split and not is_sender else [piece]
    if len(parts) > 1:
        for part in parts:
            _classify(part, found, first=first, sender=sender, split=False)
        return
    kind = "name" if is_sender else _kind(piece)
    if kind is not None:
        _add(found, kind, piece)
    elif "name" not in found and (name := _name(piece, first, sender)):
        _add(found, "name", name)


def _kind(piece: str) -> str | None:
    """Say what a piece is, the surest first."""
    return next((kind for kind, holds in _KINDS if holds(piece)), None)


_KINDS = (
    ("company", tokens.is_company),
    ("address", tokens.is_address),
    ("title", tokens.is_title),
    ("department", tokens.is_department),
)


def _apart(piece: str, sender: str) -> list[str]:
    """Part what stands on one line; companies and addresses have marks of their own."""
    parts = _around_company(piece, sender)
    if len(parts) > 1 or tokens.is_company(piece) or tokens.is_address(piece):
        return parts
    return _parts(piece)


def _around_company(piece: str, sender: str) -> list[str]:
    """张三 采购经理 维翼（郑州）农业有限公司 采购部: the company's name has neighbours.

    A space inside the name, as in 昆明市祺 翼隆软件有限公司, parts nothing.
    """
    spaced = piece.split()
    ends = (n for n, word in enumerate(spaced) if tokens.ends_as_company(word))
    end = next(ends, None)
    if end is None or len(spaced) == 1:
        return [piece]
    start = 0
    if spaced[0] == sender or (tokens.name_in(spaced[0]) and _is_role(spaced[1])):
        start = 1
    while start < end and _is_role(spaced[start]):
        start += 1
    return [*spaced[:start], " ".join(spaced[start : end + 1]), *spaced[end + 1 :]]


def _is_role(word: str) -> bool:
    return tokens.is_title(word) or tokens.is_department(word)


def _parts(piece: str) -> list[str]:
    if tokens.name_in(piece):
        return [piece]
    parts = [part for part in _WEAK.split(piece) if part]
    if len(parts) == 1 and tokens.HAN.search(piece):
        parts = piece.split()
        if all(len(part) == 1 for part in parts):
            return [piece]
    return parts


def _name(piece: str, first: bool, sender: str) -> str | None:
    named = tokens.name_in(piece)
    if named:
        return named
    # A single word is a name only where a name stands, or where the sender is called so.
    alone = re.fullmatch(r"[A-Z][a-z]+", piece) is not None
    return piece if alone and (first or piece in sender.split()) else None


def _add(found: Fields, name: str, value: str) -> None:
    value = " ".join(value.split()).strip(" ,，;；|")
    if value and value not in found.setdefault(name, []):
        found[name].append(value)
