"""Lines that say who somebody is, taken apart into fields."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from connectors.sources.contacts import together
from connectors.sources.signature import labels, tokens

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,100}[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
URL = re.compile(
    r"(?:https?://|www\.)[^\s|｜,，;；<>()（）\"'\u3400-\u9fff]+"
    r"|(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|com\.cn|io|co\.uk|de|jp|tw|hk|eu)"
    r"(?![\w.@])(?:/\S*)?",
    re.IGNORECASE,
)
_EXTENSION = r"(?:\s*(?:转|轉|分机|分機|內線|内线|ext\.?|extension|x|#)\s*[:：.]?\s*\d{1,6})?"
PHONE = re.compile(
    rf"(?<![\w@.〒])(?:\+|00)?\s?[(（]?\d[\d\s()（）.\-–—－]{{5,22}}\d{_EXTENSION}(?![\w@])",
    re.IGNORECASE,
)
_DATE = re.compile(r"^\s*(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?!\d)")
_MOBILE = re.compile(r"^(?:\+?86|0086)?1[3-9]\d{9}$")
_BAR = re.compile(r"\s*[|｜\t]\s*")
_GAP = re.compile(r"\s{2,}|　+")
STRONG = re.compile(rf"{_BAR.pattern}|{_GAP.pattern}")
_WEAK = re.compile(r"\s*[,，、/／·•;；:：()（）]\s*|\s+[-–—]\s+")
_EDGE = " ,，|/·-–:：*"
_BRAND = re.compile(r"[A-Z][\w&'’.-]*")
"""One word that could begin a company's name."""
SENTENCE = re.compile(r"[。！？!?]\s*$|[，,].*[，,].*[。.]$")
_ONE = frozenset({"name", "title", "department", "company", "address"})
"""Fields of which a person has one: of several, the first is kept."""
_COUNTED = re.compile(
    r"(?:\b(?:No|Nr|Order|Invoice)|№|号码|编号|單號|单号|订单|合同)[.:：#\s]*$", re.IGNORECASE
)
"""What stands before a number that no phone rings by."""
_SCRIPTS = re.compile(r"(?<=[A-Za-z.])\s+(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s+(?=[A-Za-z])")
"""Where a name stands beside its spelling in another script: Jason Luo 罗建军."""
_WHO = frozenset({"name", "title"})
_TAKEN = re.compile(r"<\s{2,}>|[(（]\s{2,}[)）]|mailto:")


class Part(NamedTuple):
    """A value found for a field, and the line it stands on."""

    field: str
    value: str
    line: int


def parts(lines: list[str], sender: str = "") -> list[Part]:
    """Take lines apart; `sender` is the name somebody is known by from elsewhere."""
    reader = _SignatureReader(sender)
    for number, line in enumerate(lines):
        reader.read(number, line)
    reader.guess_name()
    reader.guess_company()
    return reader.found


def together_by_field(found: Iterable[Part]) -> dict[str, str]:
    """Write what was found as the fields of a contact."""
    fields: dict[str, list[str]] = {}
    for part in found:
        fields.setdefault(part.field, []).append(part.value)
    return {n: together(values[:1] if n in _ONE else values) for n, values in fields.items()}


class _SignatureReader:
    def __init__(self, sender: str) -> None:
        self.found: list[Part] = []
        self._sender = sender
        self._line = 0
        self._left: list[tuple[int, str, int]] = []

    def has(self, name: str) -> bool:
        return any(part.field == name for part in self.found)

    def read(self, number: int, line: str) -> None:
        self._line = number
        free, named = labels.split(line)
        if not named and self._continues(line):
            return
        for one in named:
            self._labelled(one.kind, one.value)
        for cell in _BAR.split(self._take_numbers(free)):
            for piece in self._rejoined([part.strip(_EDGE) for part in _GAP.split(cell)]):
                self._classify(piece)

    def guess_name(self) -> None:
        """Take for a name what begins with a rarer surname and stands beside a title.

        单俊 beside 技术总监 is one; elsewhere its first character is a word.
        """
        if self.has("name"):
            return
        roles = {part.line for part in self.found if part.field in ("title", "department")}
        for number, (line, text, _) in enumerate(self._left):
            if roles & {line - 1, line, line + 1} and tokens.could_be_name(text):
                self._line = line
                self._add("name", text)
                del self._left[number]
                return

    def guess_company(self) -> None:
        """Take for a company what is left between somebody's name and numbers.

        鼎盛五金, Sunrise Bakery: nothing in such a name says that it is one; its place does.
        """
        if self.has("company"):
            return
        for line, text, at in self._left:
            before = any(part.field in _WHO for part in self.found[:at])
            after = any(part.field not in _WHO for part in self.found[at:])
            if before and after and tokens.could_be_company(text):
                self._line = line
                self._add("company", text)
                return

    def _continues(self, line: str) -> bool:
        """Join the second line of an address to its first."""
        last = self.found[-1] if self.found else None
        if last is None or last.field != "address" or last.line != self._line - 1:
            return False
        if tokens.is_company(line) or not tokens.continues_address(line):
            return False
        between = " " if tokens.HAN.search(line) else ", "
        self.found[-1] = Part("address", f"{last.value}{between}{line.strip(_EDGE)}", self._line)
        return True

    def _labelled(self, kind: str, value: str) -> None:
        if not value or kind == "other":
            return
        if kind in {"mobile", "phone", "fax"}:
            for number in PHONE.findall(value) or re.findall(r"\d{5,}", value):
                self._add("mobile" if kind == "phone" and is_mobile(number) else kind, number)
            self._take_numbers(PHONE.sub(" ", value))
        elif kind in {"email", "url"}:
            self._take_numbers(value)
        elif kind in {"name", "title"}:
            for piece in _WEAK.split(value):
                self._add(kind if piece == value else self._kind(piece) or kind, piece)
        elif len(value) <= 120:
            self._add(kind, value)

    def _take_numbers(self, text: str) -> str:
        """Take e-mail addresses, sites and numbers out of a text; return what is left."""
        for pattern, field in ((EMAIL, "email"), (URL, "url")):
            for value in pattern.findall(text):
                self._add(field, value.replace("＠", "@").rstrip("./"))
            text = pattern.sub("  ", text)
        for found in PHONE.finditer(text):
            number = found[0]
            counted = _COUNTED.search(text[: found.start()]) is not None
            digits = len(re.sub(r"\D", "", number))
            if 7 <= digits <= 18 and not counted and not _DATE.match(number):
                self._add("mobile" if is_mobile(number) else "phone", number)
                text = text.replace(number, "  " + " " * (len(number) - 2))
        return _TAKEN.sub(" ", text)

    def _classify(self, piece: str, *, split: bool = True) -> None:
        if not piece or len(piece) > 120 or SENTENCE.search(piece):
            return
        pieces = self._apart(piece) if split and not self._is_sender(piece) else [piece]
        if len(pieces) > 1:
            for one in pieces:
                self._classify(one, split=False)
            return
        kind = "name" if self._is_sender(piece) else self._kind(piece)
        if kind is not None:
            self._add(kind, piece if kind != "name" else tokens.name_in(piece) or piece)
        elif not self.has("name") and (name := self._name(piece)):
            self._add("name", name)
        else:
            self._left.append((self._line, piece, len(self.found)))

    def _is_sender(self, piece: str) -> bool:
        return bool(self._sender) and _squeezed(piece) == _squeezed(self._sender)

    def _kind(self, piece: str) -> str | None:
        """Say what a piece is, the surest first."""
        if self.has("company") and tokens.is_part_of_school(piece):
            return "department"
        if self.has("title") and tokens.is_field_of_work(piece):
            return "department"
        return next((kind for kind, holds in _KINDS if holds(piece)), None)

    def _apart(self, piece: str) -> list[str]:
        """Part what stands on one line; companies and addresses have marks of their own."""
        around = self._around_company(piece)
        if len(around) > 1 or tokens.is_company(piece) or tokens.is_address(piece):
            return around
        return _split(piece)

    def _around_company(self, piece: str) -> list[str]:
        """张三 采购经理 维翼（郑州）农业有限公司 采购部: the company's name has neighbours.

        A space inside the name, as in 昆明市祺 翼隆软件有限公司, parts nothing.
        """
        spaced = piece.split()
        ends = (n for n, word in enumerate(spaced) if tokens.ends_as_company(word))
        end = next(ends, None)
        if end is None or len(spaced) == 1:
            return [piece]
        start = 0
        if spaced[0] == self._sender or (tokens.name_in(spaced[0]) and _is_role(spaced[1])):
            start = 1
        while start < end and _is_role(spaced[start]):
            start += 1
        return [*spaced[:start], " ".join(spaced[start : end + 1]), *spaced[end + 1 :]]

    def _rejoined(self, pieces: list[str]) -> list[str]:
        """Undo a double space inside a Western company's name: Harbor  Energy LLC."""
        whole: list[str] = []
        for piece in pieces:
            brand = whole[-1] if whole else ""
            mine = _BRAND.fullmatch(brand) and brand not in self._sender.split()
            if mine and tokens.is_company(piece):
                whole[-1] = f"{brand} {piece}"
            else:
                whole.append(piece)
        return whole

    def _name(self, piece: str) -> str | None:
        named = tokens.name_in(piece)
        if named:
            return named
        # A single word is a name only where a name stands, or where the sender is called so.
        alone = tokens.is_single_name(piece)
        return piece if alone and (not self._line or piece in self._sender.split()) else None

    def _add(self, name: str, value: str) -> None:
        value = " ".join(value.split()).strip(" ,，;；|")
        if value and not any((part.field, part.value) == (name, value) for part in self.found):
            self.found.append(Part(name, value, self._line))


_KINDS = (
    ("company", tokens.is_company),
    ("address", tokens.is_address),
    ("title", tokens.is_title),
    ("department", tokens.is_department),
)


def is_mobile(number: str) -> bool:
    """Tell a Chinese mobile number."""
    return _MOBILE.match(re.sub(r"[^\d+]", "", number)) is not None


def _squeezed(text: str) -> str:
    return "".join(text.split()) if tokens.HAN.search(text) else text


def _is_role(word: str) -> bool:
    return tokens.is_title(word) or tokens.is_department(word)


def _split(piece: str) -> list[str]:
    if tokens.name_in(piece):
        return [piece]
    pieces: list[str] = []
    for weak in _WEAK.split(piece):
        for part in _SCRIPTS.split(weak):
            if tokens.HAN.search(part) and not tokens.name_in(part):
                pieces += part.split()
            elif part:
                pieces.append(part)
    if all(len(part) == 1 for part in pieces):
        return [piece]
    return pieces
