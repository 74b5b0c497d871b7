"""Signs of the ways to reach someone: mailboxes, web addresses, telephone numbers."""

import re

from cleansing.column_sample import Sample
from cleansing.kind_type import Sign
from cleansing.signs.evidence import header_says, pattern_of, percent
from cleansing.signs.numbers import is_sequential
from guiyi.kinds import Kind
from guiyi.messages import Message

_MARKED_PHONE = (
    r"(?:\+?\d{1,3}[-. ]?)?(?:\(\+?\d{1,5}\)|\d{2,5})[-. /)]{1,3}\d{3,4}[-. ]?\d{3,5}"
    r"(?:\s*(?:转|轉|ext\.?|extension|x|#|-)\s*\d{1,6})?"
    r"|\+\d[\d\s().-]{6,}|\d{3}[-.]\d{4}"
)
_SEVEN_DIGITS = (
    r"(?:\d[\s().（）/-]{0,2}){7}"
    r"|\d{3}[ -]?[*xX×●•…-]{3,8}[ -]?\d{2,4}|\d{3,4}[ -]?\d{3,4}[*xX×●•…]{3,5}"
)
"""A cell with a telephone number in it, perhaps with several, with words, or masked."""
_NO_PHONE = (
    r"\d{3}-\d{2}-\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d+\.\d+"
)


def email(sample: Sample) -> Sign:
    """Mailboxes have an @ between a word and a host."""
    share = sample.share_with(r"[^\s@]@[^\s@]+")
    return share, Message(
        "{percent} of the values hold an @ with a host after it", percent=percent(share)
    )


def url(sample: Sample) -> Sign:
    """Web addresses start with a scheme or www, or are a host name and nothing else."""
    share = sample.share(r"(?:[a-z][a-z+]*://|www\.)\S+|(?:[a-z0-9-]+\.)+(?:[a-z]{2,6})(?:/\S*)?")
    hosts = sample.share(r"[^@\s]*[a-z]{2}[^@\s]*")
    return min(share, hosts) * 0.95, Message(
        "{percent} look like web addresses", percent=percent(share)
    )


def phone(sample: Sample) -> Sign:
    """Telephone numbers: Chinese mobiles, a country code, or the marks between groups."""
    mobile = sample.share(r"(?:\+?(?:00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\.0)?|1\.\d+E\+10")
    trunk = sample.share(
        r"0(?:10|2\d|[3-9]\d\d)[- ]?\d{7,8}(?:-\d{1,6})?|[48]00[- ]?\d{3,4}[- ]?\d{3,4}"
    )
    marked = sample.share_of(_is_marked_phone(value) for value in sample.values)
    labelled = sample.share_with(
        r"(?:手机|电话|電話|传真|分机|\btel|\bfax|mobile|phone)\W{0,3}\+?\(?\d|\d(?:转|轉)\d"
    )
    several = sample.share(rf"(?:(?:{_MARKED_PHONE}|1[3-9]\d{{9}})\s*(?:[;,、/|]|$)\s*)+")
    share = min(1.0, max(mobile, marked, several, mobile + trunk + marked + labelled, labelled))
    named = header_says(Kind.PHONE, sample)
    if not named and re.search(pattern_of("not_phones"), sample.header):
        return 0.2 * share, "numbers under a header that names something else"
    if not named and _has_one_beginning(sample):
        return 0.2 * share, "numbers that all begin alike, as orders do"
    if share >= 0.4:
        return 0.97 * share, Message(
            "{percent} are written as telephone numbers", percent=percent(share)
        )
    digits = sample.share(r"\+?\d{7,13}(?:\.0)?")
    american = sample.share(r"1?[2-9][0-8]\d[2-9]\d{6}(?:\.0)?")
    if header_says(Kind.PHONE, sample) and digits + share > 0.5:
        return 0.8 * min(1.0, digits + share), Message(
            "{percent} have 7 to 13 digits", percent=percent(digits)
        )
    holding = sample.share_with(_SEVEN_DIGITS)
    if header_says(Kind.PHONE, sample) and holding > 0.5:
        return 0.7 * holding, Message(
            "{percent} hold 7 digits or more, or hidden ones", percent=percent(holding)
        )
    if american >= 0.97 and len(sample.values) >= 30 and not is_sequential(sample):
        return 0.65, Message(
            "{percent} fit the North American numbering plan", percent=percent(american)
        )
    eleven = sample.share(r"'?(?:\+?(?:00)?86[- ]?)?1\d\d[-. ]?\d{4}[-. ]?\d{4}(?:\.0)?")
    networks = {re.sub(r"\.0$|\D", "", value)[-11:-8] for value in sample.values}
    if eleven >= 0.8 and len(networks) >= 5 and not is_sequential(sample):
        # Numbers that are counted up share their beginning.
        return 0.72, Message(
            "{percent} have the form of Chinese mobile numbers", percent=percent(eleven)
        )
    return 0.5 * share, Message(
        "{percent} are written as telephone numbers", percent=percent(share)
    )


def _has_one_beginning(sample: Sample) -> bool:
    """Whether many numbers like mobiles share six digits: 186002-000417 counts something."""
    heads = [re.sub(r"\D", "", value)[:6] for value in sample.values]
    if len(heads) < 20 or not re.match("1[3-9]", heads[0]):
        return False
    return heads.count(heads[0]) >= 0.9 * len(heads)


def _is_marked_phone(value: str) -> bool:
    """Groups of digits with marks between, but no date, no social security number, no amount."""
    if re.fullmatch(_MARKED_PHONE, value, re.I) is None:
        return False
    if re.fullmatch(_NO_PHONE, value):
        return False
    dialled = re.split(r"转|轉|ext|x|#", value, flags=re.I)[0]
    digits = sum(1 for char in dialled if char.isdigit())
    return 7 <= digits <= 13
