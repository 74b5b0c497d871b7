"""Hides telephone numbers, mailboxes, identity and card numbers that stand inside other text.

Notes and record keys repeat what a field of its own would mask. What is hidden here is hidden as
`governance.masking` hides it in its field.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

import polars as pl
from stdnum import iban, luhn

from guiyi.kinds import Kind

_BEFORE, _BEHIND = r"(?<![0-9A-Za-z*])", r"(?![0-9A-Za-z*])"
_MAILBOX = (
    r"(?P<first>[A-Za-z0-9]|[\u3400-\u9fff](?=[\u3400-\u9fff]*@))"
    r"[A-Za-z0-9._%+'’&=~!#$*-]*[\u3400-\u9fff]*(?P<host>@[^\s@/:;,，；：<>()（）\[\]\"'“”、。]+)"
)
_RESIDENT = (
    r"[1-9]\d{5}[ -]?(?:18|19|20)\d\d[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
    r"[ -]?\d{3}[\dXx]"
    r"|[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
)
"""居民身份证 of 18 and of 15 digits (GB 11643), right or mistyped."""
_OTHER_ID = r"\d{3}-\d{2}-\d{4}|[A-Z][1289A-D]\d{8}|[A-Z]{1,2}\d{6}[(（][\dA][)）]"
"""United States, Taiwan, Hong Kong."""
_NAMED_ID = r"(?:护照|護照|通行证|身份证|证件|(?i:passport|id (?:card|no)))[^0-9A-Za-z]{0,8}"
_CARD = r"(?:[3-6]|2[2-7]|9558)\d{12,18}|(?:[3-6]\d{3}|2[2-7]\d\d)(?:[ -]\d{4}){2,3}[ -]\d{1,7}"
_NAMED_CARD = (
    r"(?:卡号|卡號|银行卡|帐号|账号|账户|(?i:card|acct|account)(?: ?(?i:no|number))?)\W{0,6}"
)
_IBAN = r"[A-Z]{2}\d\d(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,4})?"
_MOBILE = r"(?P<code>\+?(?:00)?86[ -]?)?(?P<head>1[3-9]\d)[ -]?\d{4}[ -]?(?P<tail>\d{4})"
_DOTTED = (
    r"(?<!\d\.)(?P<code>\+?(?:00)?86[ .-]?)?(?P<head>1[3-9]\d)\.\d{4}\.(?P<tail>\d{4})(?!\.\d)"
)
"""Two dots: one alone is that of a degree or an amount, a third that of a version."""
_GLUED = (
    r"(?P<code>[A-Za-z]{0,12}(?:86)?)(?P<head>1[3-9]\d)\d{4}(?P<tail>\d{4})(?P<rest>[A-Za-z]{0,12})"
)
"""Letters around it: the name of an account, as WeChat's often is."""
_TELEPHONE = (
    r"[(（]?0\d{2,3}[)）]?[ -]?\d{3,4}[ -]?\d{4}(?:(?:-|转|轉| ?ext\.? ?)\d{1,6})?"
    r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
    r"|\+\d(?:[ ().-]{0,2}\d){6,14}"
    r"|(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}"
)
_NAMED_NUMBER = (
    r"(?:电话|電話|手机|手機|座机|传真|微信|(?i:tel|phone|mobile|cell|fax|wechat|whatsapp|qq))"
    r"[^0-9A-Za-z+]{0,4}"
)
_NARROW = str.maketrans("＠－＋．０１２３４５６７８９", "@-+.0123456789")
"""Full-width digits and marks, as Chinese keyboards write them."""
_NUMBER = re.compile(r"\d(?:[ ().（）-]{0,2}\d){4}|[A-Z]{2}\d\d")
"""What each number begins with that is looked for: five digits, or an IBAN."""


@dataclass(frozen=True)
class _Pattern:
    """What is looked for, what of it may be of the kind, and what is left of it."""

    kind: Kind
    pattern: str
    left: Callable[[re.Match[str]], str]
    accept: Callable[[str], bool] = bool


def ends(text: str, head: int, tail: int) -> str:
    """As `masking` keeps the ends of a value."""
    if len(text) < 2 * (head + tail):
        return "****"
    return text[:head] + "*" * (len(text) - head - tail) + (text[-tail:] if tail else "")


def _whole(head: int, tail: int) -> Callable[[re.Match[str]], str]:
    return lambda found: ends(found.group(), head, tail)


def _number(found: re.Match[str]) -> str:
    text = found.group()
    return ends(text, 3, 2) if len(text) >= 10 else ends(text, 2, 2)


def _card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return 13 <= len(digits) <= 19 and luhn.is_valid(digits)


def _mobile(found: re.Match[str]) -> str:
    rest = found.groupdict().get("rest", "")
    return f"{found['code'] or ''}{found['head']}****{found['tail']}{rest}"


PATTERNS = (
    _Pattern(Kind.EMAIL, _MAILBOX, lambda found: f"{found['first']}***{found['host']}"),
    _Pattern(Kind.ID_CARD, f"{_BEFORE}(?:{_RESIDENT}|{_OTHER_ID}){_BEHIND}", _whole(3, 2)),
    _Pattern(Kind.ID_CARD, f"{_BEFORE}(?:{_IBAN}){_BEHIND}", _whole(2, 4), iban.is_valid),
    _Pattern(Kind.ID_CARD, f"{_BEFORE}(?:{_CARD}){_BEHIND}", _whole(0, 4), _card),
    _Pattern(
        Kind.ID_CARD,
        rf"(?P<name>{_NAMED_ID})(?P<rest>[A-Z]{{0,2}}\d{{6,18}}[\dXx]?){_BEHIND}",
        lambda found: found["name"] + ends(found["rest"], 3, 2),
    ),
    _Pattern(
        Kind.ID_CARD,
        rf"(?P<name>{_NAMED_CARD})(?P<rest>\d(?:[ -]?\d){{9,22}}){_BEHIND}",
        lambda found: found["name"] + ends(found["rest"], 0, 4),
    ),
    *(
        _Pattern(Kind.PHONE, f"{_BEFORE}{written}{_BEHIND}", _mobile)
        for written in (_MOBILE, _DOTTED, _GLUED)
    ),
    _Pattern(Kind.PHONE, f"{_BEFORE}(?:{_TELEPHONE}){_BEHIND}", _number),
    _Pattern(
        Kind.PHONE,
        rf"(?P<name>{_NAMED_NUMBER})(?P<rest>\+?\d(?:[ ().-]{{0,2}}\d){{4,14}}){_BEHIND}",
        lambda found: found["name"] + ends(found["rest"], 2, 2),
    ),
)
"""In the order in which they are looked for: an identity number is no telephone number."""


def hide_in(text: str, hidden: Collection[Kind]) -> str:
    """A text with the values of hidden kinds masked; the rest of it stays."""
    narrow = shown = text if text.isascii() else text.translate(_NARROW)
    has_number = _NUMBER.search(narrow) is not None
    for own, pattern in _compiled():
        if own.kind in hidden and (has_number if own.kind is not Kind.EMAIL else "@" in narrow):
            shown = pattern.sub(lambda found, own=own: _left(own, found), shown)  # type: ignore[misc]
    return text if shown == narrow else shown


def _left(own: _Pattern, found: re.Match[str]) -> str:
    return own.left(found) if own.accept(found.group()) else found.group()


@cache
def _may_hold() -> str:
    """A first sieve, for a whole column at once: a mailbox, a mark or digit of full width, or what
    the patterns look for, whatever stands around it (polars looks at nothing but the match).
    """
    around = r"\(\?<?[!=](?:[^()\[\]]|\[[^\]]*\])*\)"
    numbers = [own.pattern for own in PATTERNS if own.kind is not Kind.EMAIL]
    bare = (re.sub(r"\(\?P<\w+>", "(?:", re.sub(around, "", pattern)) for pattern in numbers)
    return "|".join(["[@＠－＋．０-９]", *(f"(?:{pattern})" for pattern in bare)])


@cache
def _compiled() -> list[tuple[_Pattern, re.Pattern[str]]]:
    return [(own, re.compile(own.pattern)) for own in PATTERNS]


def hide_in_column(texts: pl.Series, hide: Callable[[str], str], also: str = "") -> pl.Series:
    """A column whose texts are hidden by a function; only those are looked at that may hold
    something, or match `also`.
    """
    sieve = f"{_may_hold()}|{also}" if also else _may_hold()
    distinct = texts.filter(texts.str.contains(sieve).fill_null(value=False)).unique()
    changed = [(one, new) for one in distinct if (new := hide(one)) != one]
    if not changed:
        return texts
    old, shown = (list(part) for part in zip(*changed, strict=True))
    return texts.replace(old, shown)
