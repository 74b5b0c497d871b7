"""A cell of a column of mailboxes is read with care when it is not one bare mailbox.

What cannot be read for certain stays as it came, reported: `zhang san@qq.com` may be one mailbox
with a space too many or a name and another mailbox, and a@x.comb@y.com can be cut in several ways.
"""

import re
from typing import NamedTuple

from cleansing.column import Row
from cleansing.lookalikes import holds_lookalikes
from cleansing.mail_domain import mail_knowledge, meant_domain, remark
from cleansing.reasons import argued

GMAIL = ("gmail.com", "googlemail.com")
DESK_TAIL = re.compile(r"[._-]?\d*$")
DESK_PLACE = re.compile(r"^([^.]+)[.-](?:cn|china|hk|us|uk|asia|eu|sh|bj|gz|sz)$")

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_ONE = re.compile(
    rf"^({_ATOM}(?:\.{_ATOM})*)@((?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_]{{2,}}|xn--[a-z0-9-]+))$"
)
"""The dot-atom form of RFC 5322, with the letters of RFC 6531 (internationalised mail)."""

_PIECE = re.compile(r"[^\s<>()\[\]:;,，；、|\"“”@]+@[^\s<>()\[\]:;,，；、|\"“”@/\\]+")
_EDGES = ".,'`*-=!?。，/"
_AROUND = ' <>()[]:;,，；、|"“”' + _EDGES
_HAN = r"[\u3400-\u9fff]"
_LABEL = r"(?:mailto|e-?mail|mail|电子邮箱|邮箱地址|邮箱|电子邮件|邮件|郵箱)"
_LABELLED = re.compile(r"^(?:电子邮箱|邮箱地址|邮箱|电子邮件|邮件|郵箱)(?:是|为)?(?=[!-~])")
_BEHIND = re.compile(rf"^([^@]+@[!-~]+\.[a-z]{{2,}})({_HAN}.*)$")
"""Chinese behind an ending in Latin letters is a note: no label mixes both (IANA root zone)."""
_GLUED = re.compile(r"[^\s<>()\[\]:;,，；、|@]@([^\s<>()\[\]:;,，；、|\"@/\\]+)@")
_WORD_BEFORE = re.compile(r"(?:^|[\s:;,，；、<>()\[\]|])([!-~]*[a-z0-9._+\-])\s+$")


class _Mailbox(NamedTuple):
    """A mailbox in a cell, where it stands, and what is doubtful about it."""

    text: str
    start: int
    end: int


def clean_one(value: str, tidied: str) -> Row:
    """Read a cell that is not one bare mailbox."""
    shown = _spelled(tidied)
    text = shown.lower()
    pieces = [_piece(found) for found in _PIECE.finditer(text)]
    good = [piece for piece in pieces if is_mailbox(piece.text)]
    doubt = _doubt_of_cell(text) or next(filter(None, (_doubt(text, one) for one in good)), None)
    if doubt is not None:
        return _kept(tidied, text, good, doubt)
    boxes = list(dict.fromkeys(piece.text for piece in good))
    if not boxes:
        return (None, f"invalid: {_fault(text, pieces)}", bare_key(text), None, None, None)
    reasons = ["first of several"] if len(boxes) > 1 else []
    if len(boxes) < len({piece.text for piece in pieces}):
        reasons.append("another is invalid")
    reasons += _left_over(shown if len(shown) == len(text) else text, good)
    if not reasons and boxes[0] != value:
        reasons.append("lower-cased" if boxes[0] == value.lower() else "tidied")
    local, _, domain = boxes[0].rpartition("@")
    remarked = remark(domain)
    if remarked is not None:
        reasons.append(remarked)
    key = key_of(local, meant_domain(domain) or domain)
    return (boxes[0], "; ".join(reasons) or None, key, boxes, domain, is_desk(local))


def _spelled(text: str) -> str:
    """Undo the usual ways to write @ and the dot, and spaces beside them; part a link's subject."""
    text = re.sub(r"^(mailto:[^\s?]+)\?(?=\w+=)", r"\1 ", text, flags=re.I)  # RFC 6068
    text = re.sub(r"\s*(?:@|\(at\)|\[at\]|＠)\s*", "@", text, flags=re.I)
    dots = r"(?<=\w)。(?=[A-Za-z])|(?<=\w)\s*(?:\(dot\)|\[dot\])\s*(?=\w)"
    text = re.sub(dots, ".", text, flags=re.I)
    return re.sub(r"(@[\w-]+) *\. *(?=[A-Za-z]{2,})", r"\1.", text)


def _piece(found: re.Match[str]) -> _Mailbox:
    text, start = found.group(), found.start()
    bare = text.strip(_EDGES)
    start += len(text) - len(text.lstrip(_EDGES))
    labelled = _LABELLED.match(bare)
    if labelled is not None:
        bare, start = bare[labelled.end() :], start + labelled.end()
    behind = _BEHIND.match(bare)
    if behind is not None:
        bare = behind[1]
    return _Mailbox(bare, start, start + len(bare))


def _doubt_of_cell(text: str) -> str | None:
    """a@x.comb@y.com is two mailboxes, or one and a half; where the first ends is unknown."""
    glued = _GLUED.search(text)
    if glued is None or "." not in glued[1]:
        return None
    return "two mailboxes written together"


def _doubt(text: str, piece: _Mailbox) -> str | None:
    """What may make a well-formed mailbox another one than was meant."""
    local, _, domain = piece.text.rpartition("@")
    if holds_lookalikes(local) or holds_lookalikes(domain):
        return "letters of another alphabet that look Latin"
    if re.search(_HAN, local) and domain.isascii():
        return "Chinese characters before the @ sign"
    if re.search(r"(?:^|[\s:;,，；<(\"])\.$", text[: piece.start]):
        return "a dot before the mailbox"  # of a name that was left out: .zhang@firm.cn
    before = _WORD_BEFORE.search(text[: piece.start])
    if before is not None and _may_begin(before[1], local):
        return f"a space inside, or {before[1]} is a note"
    after = re.match(r" (?:com|net|org|cn|[a-z]{2})$", text[piece.end :])
    return "a space inside the domain, or a note behind it" if after else None


def _may_begin(word: str, local: str) -> bool:
    """Whether a word before a mailbox may be its beginning; a name that recurs in it is none."""
    if not any(map(str.isalnum, word)) or re.fullmatch(r"\d{1,2}[.)]", word) or word == local:
        return False  # the bullet or number of a list
    if (
        word.strip(".-:") in mail_knowledge()["no_names"]
        or "@" in word
        or len(re.findall(r"\d", word)) >= 7
    ):
        return False
    return len(word) < 3 or word.strip(".-_") not in local


def _kept(tidied: str, text: str, good: list[_Mailbox], doubt: str) -> Row:
    """The cell as it came; its key is no other mailbox's, and its domain is given where certain."""
    whole = tidied.lower()
    domains = {piece.text.rpartition("@")[2] for piece in good}
    domain = domains.pop() if len(domains) == 1 and "@" in text else None
    if domain is not None and (holds_lookalikes(domain) or text.count("@") > 1):
        domain = None
    alone = is_mailbox(whole)
    role = is_desk(whole.partition("@")[0]) if alone else None
    return (tidied, argued("unsure: {}", doubt), whole, [tidied] if alone else None, domain, role)


def _left_over(text: str, good: list[_Mailbox]) -> list[str]:
    """What stands around the mailboxes and is not in the clean value, by name."""
    rest, place = [], 0
    for piece in good:
        rest.append(text[place : piece.start])
        place = piece.end
    rest.append(text[place:])
    words = re.sub(r"[\s;；]+", " ", " ".join(part.strip(_AROUND) for part in rest)).strip()
    if not re.search(r"\w", words):
        return []
    label = re.fullmatch(_LABEL, words, re.I) is not None
    return [argued("label removed: {}" if label else "note removed: {}", words)]


def key_of(local: str, domain: str) -> str:
    """The mailbox without its tag, and Gmail's without dots."""
    box = re.sub(r"^([^+]+)\+.*$", r"\1", local)
    if domain in GMAIL:
        return f"{box.replace('.', '')}@gmail.com"
    return f"{box}@{domain}"


def is_desk(local: str) -> bool:
    """Tell whether a mailbox belongs to a desk rather than a person."""
    return DESK_TAIL.sub("", DESK_PLACE.sub(r"\1", local)) in mail_knowledge()["roles"]


def is_mailbox(text: str) -> bool:
    """Tell whether a text is one well-formed mailbox and nothing else."""
    found = _ONE.match(text)
    return found is not None and len(found.group(1)) <= 64 and len(text) <= 254


def _fault(text: str, pieces: list[_Mailbox]) -> str:
    if "@" not in text:
        return "no @ sign"
    if not pieces:
        return "nothing before or after the @ sign"
    if _GLUED.search(text):
        return "two @ signs"
    local, _, domain = pieces[0].text.partition("@")
    if "," in domain or re.match(r",\s*[a-z]", text[pieces[0].end :]):
        return "comma for a dot in the domain?"
    if "." not in domain:
        return (
            f"domain without a dot, {meant} meant?"
            if (meant := meant_domain(domain))
            else "domain without a dot"
        )
    if ".." in local or ".." in domain:
        return "two dots in a row"
    return "not the form of a mailbox"


def bare_key(text: str) -> str | None:
    """An invalid mailbox is still evidence when two records show nearly the same one.

    Spaces go, but where another mailbox would come of it.
    """
    if "@" not in text:
        return None
    bare = re.sub(r"\s+", "", text)
    return text if is_mailbox(bare) else bare
