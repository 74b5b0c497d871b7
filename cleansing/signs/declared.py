"""A header that names a kind is believed where the values can be of it, however oddly typed.

The signs of a kind are those of good values: telephone numbers in a known plan, mailboxes with an
@. A column of which the header says what it holds, and whose values do not contradict it, holds
that, even where every value is broken: `06172 38088`, `bob at firm.com`, `3/85`. A header that says
nothing (Column1, 字段2) declares nothing, and values that are plainly of another kind outweigh a
name or a place that is only declared.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cleansing.column_sample import Sample
from cleansing.kind_type import Sign
from cleansing.signs.evidence import NO_SIGN, declared_pattern, pattern_of, percent
from cleansing.signs.numbers import is_sequential
from guiyi.kinds import Kind
from guiyi.messages import Message

_FEWEST_DIGITS, _MOST_DIGITS = 5, 17
"""Digits of a telephone number without its trunk code up to one with country code and extension."""
_PHONE_MARKS = re.compile(r"[\d\s()+\-./–#*]|转|轉|分机|(?i:ext\.?|x|tel\.?|fax|ph\.?):?")
_MAILBOX = (
    r"[^\s@]*@[^@\s]*|\S+@@\S*|[\w.+\-]+(?:\s+at\s+|\s*[\[(]\s*at\s*[\])]\s*|[#*])\S+"
    r"|[\w+\-]+(?:\.[\w\-]+)*\.(?:com|net|org|edu|gov|cn|de|fr|uk|info|io|biz|[a-z]{2})"
)
_DAY = (
    r"\d{1,4}(?:\s*[-/. 年]\s*\d{1,2}(?:\s*[-/. 月]\s*\d{1,4})?)(?:[日号月]|\s+\d\d?:\d\d.*)?"
    r"|(?:1[89]|20)\d\d年?|(?:1[89]|20)\d{6}|\d\d(?:0[1-9]|1[0-2])\d\d|(?:0[1-9]|1[0-2])[0-3]\d{3}"
    r"|(?:\d{1,2}[\s.,-]*)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.,-]*\d{1,4}"
    r"(?:[\s.,-]+\d{2,4})?|[〇零一二三四五六七八九十]{2,4}年.*"
)
_NAME = r"(?=.*[^\W\d_])[^\d@#&/:;]{1,40}\d{0,4}"
_HAN = r"[々\u3040-\u30ff\u4e00-\u9fff]"
_HAN_NAME = rf"(?:{_HAN}|[·•]){{1,15}}(?: {_HAN}{{1,8}})?\d{{0,4}}"
"""Chinese and Japanese; the rest part their words, whatever their letters."""
_PLACE = r"(?=.*[^\W\d_])[^@]{1,40}"
_DOOR = r"(?=.*\d)[\w\- /#.]{1,10}[号號室栋座]?"
_DEGREES = r"-?\d{1,3}(?:[.,]\d+)?"


@dataclass(frozen=True)
class Declared:
    """What the values must look like to be believed, and how much the header is worth then."""

    possible: Callable[[Sample], float]
    """The share of the values that can be of the kind."""
    score: float


def declared(kind: Kind, sample: Sample) -> Sign:
    """Score a kind by its header, if the header names it and nearly all values can be of it."""
    rule = _RULES.get(kind)
    if rule is None or re.search(declared_pattern(kind), sample.header) is None:
        return NO_SIGN
    share = rule.possible(sample)
    if share < _NEARLY_ALL:
        return NO_SIGN
    return rule.score, Message(
        "the header names it, and {percent} of the values can be that", percent=percent(share)
    )


_NEARLY_ALL = 0.7


def _phones(sample: Sample) -> float:
    """Digits and what stands between them; numbers that run through the rows are row numbers."""
    if sample.is_unique and is_sequential(sample) and sample.mean_length < 7:
        return 0.0
    return sample.share_of(map(_may_be_phone, sample.values))


def _may_be_phone(value: str) -> bool:
    if _MASKED_MOBILE.fullmatch(value):
        return True
    digits = sum(char.isdigit() for char in value)
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS or re.fullmatch(_NO_PHONE, value):
        return False
    return len(_PHONE_MARKS.sub("", value)) <= 0.1 * len(value)


_MASKED_MOBILE = re.compile(r"1\d[\dx*×•#_●]{9}", re.I)
"""134xxxx7507."""
_NO_PHONE = r"\d+\.\d{1,4}|(?:18|19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d"
"""Amounts and dates."""


def _persons(sample: Sample) -> float:
    """Short words that end in no word for an organisation."""
    endings = pattern_of("organisation_endings")
    han = sample.share(_HAN_NAME) - sample.share_with(rf"[\u4e00-\u9fff](?:{endings})$")
    others = sample.share_of(
        1 <= len(value.split()) <= 5
        and re.fullmatch(_NAME, value) is not None
        and re.search(_HAN, value) is None
        for value in sample.values
    )
    return han + others


_RULES: Mapping[Kind, Declared] = {
    Kind.PHONE: Declared(_phones, 0.97),
    Kind.EMAIL: Declared(lambda sample: sample.share(_MAILBOX), 0.97),
    Kind.DATE: Declared(lambda sample: sample.share(_DAY), 0.92),
    Kind.PERSON_NAME: Declared(_persons, 0.82),
    Kind.REGION: Declared(lambda sample: sample.share(_PLACE), 0.92),
    Kind.CODE: Declared(lambda sample: sample.share(_DOOR), 1.07),
    Kind.AMOUNT: Declared(lambda sample: sample.share(_DEGREES), 0.97),
}
"""Scores against those of good values of other kinds (at most .97, a key's 1.04): telephone
numbers and mailboxes are known by their marks alone, so what can be one and is declared is one;
names and places are made of words as all else is, so a firm under 姓名 stays a firm. The number of
a door (CODE) may run through the rows and is no key; degrees of a map (AMOUNT) are no money, and
`dedup` counts both as places."""
