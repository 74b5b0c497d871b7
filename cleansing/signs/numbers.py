"""Signs of what is made of digits: dates, amounts, codes, keys and postcodes."""

import re

from cleansing.column_sample import Sample
from cleansing.date_words import DateOrder, NoDay, read_day
from cleansing.kind_type import Sign
from cleansing.signs.evidence import NO_SIGN, TOKEN_WITH_DIGITS, header_says, pattern_of, percent
from guiyi.kinds import Kind
from guiyi.messages import Message, as_message

_DATE_SHAPES = (
    r"\d{4}[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}\s?[日号]?|月)(?:[T ].*)?|\d{4}[-/年]\s?\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?: .*)?"
    r"|(?:1[6-9]|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?:\d{6})?"
    r"|.*(?:[年月]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).*\d.*"
    r"|\d{1,2}\.?[ \-].*[^\W\d_]{3}.*\d{2,4}(?:[ T].*)?|(?:民國|民国).*"
    r"|[^\W\d_]{2,}[., ].*\d{4}|/Date\(-?\d+(?:[+-]\d{4})?\)/|\d{8}[T ]\d{4,6}Z?"
    r"|1\d{2}[/.]\d{1,2}[/.]\d{1,2}"
)
_POSTCODE_SHAPES = (
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{5}-\d{4}|\d{4} ?[A-Z]{2}"
    r"|〒?\d{3}-\d{4}"
)
"""Of the United Kingdom, Canada, the United States (ZIP+4), the Netherlands and Japan."""

_YEAR_AND_MONTH = r"(?:19|20)\d{2}\.(?:0?[1-9]|1[0-2])"
"""2024.3 under a header of dates; without one, 1999.9 is a number with a decimal."""
_SERIAL = r"[2345]\d{4}(?:\.\d+)?"
"""Day numbers of Excel from 1954 to 2064."""
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?"

_HEX = r"(?=[a-f]*\d)[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f-]{36}\}"


def date(sample: Sample) -> Sign:
    """Dates have marks between year, month and day, or eight digits that make a day."""
    shaped = re.compile(_DATE_SHAPES, re.I)
    if re.search(pattern_of("not_dates"), sample.header):
        return NO_SIGN
    named = header_says(Kind.DATE, sample)
    day_first = sample.share(r"(?:1[3-9]|2\d|3[01])[-/.]\d{1,2}[-/.]\d{2,4}") > 0
    order = DateOrder(day_first=day_first)
    read = sample.share_of(
        shaped.fullmatch(value) is not None and _may_be_day(value, order) for value in sample.values
    )
    if named:
        read += sample.share(_YEAR_AND_MONTH)
        read += sample.share(_SERIAL) if read >= 0.1 else 0.0  # one sheet, two formats
    else:
        read -= sample.share(r"[a-z]+\d{1,2}")  # MARCH5 and SEPT2 are genes
    if read >= 0.3:
        return min(1.0, read * 1.05), Message("{percent} read as dates", percent=percent(read))
    years = sample.share(r"(?:1[5-9]|20)\d\d(?:\.0)?")
    serials = sample.share(r"(?:[12345]\d{4})(?:\.\d+)?")
    if named and max(years, serials) > 0.8:
        if years > serials:
            return 0.7, Message("{percent} can be years", percent=percent(years))
        return 0.7, Message("{percent} can be serial day numbers", percent=percent(serials))
    return NO_SIGN


def _may_be_day(value: str, order: DateOrder) -> bool:
    found = read_day(value, order)
    return not isinstance(found, NoDay) or found.key is not None


def postcode(sample: Sample) -> Sign:
    """Postcodes are short, of one width, and shared by neighbours."""
    letters = sample.share(_POSTCODE_SHAPES)
    if letters >= 0.4:
        score = 0.9 * min(1.0, letters + sample.share(r"\d{5}"))
        return score, Message("{percent} have the form of a postcode", percent=percent(letters))
    widths = {width: sample.share(rf"\d{{{width}}}(?:\.0)?") for width in (3, 4, 5, 6)}
    width = max(widths, key=lambda w: widths[w])
    short = widths[width] + sample.share(
        r"\d{5}-\d{4}|\d{9}|\d{4}(?:\.0)?" if width == 5 else r"$^"
    )
    what = Message("{percent} have {digits} digits", percent=percent(min(1.0, short)), digits=width)
    if header_says(Kind.POSTCODE, sample):
        for full in (5, 6):  # the zeros in front were lost: 30001 is 030001
            lost = widths[full] + widths[full - 1]
            if short < 0.7 <= lost and widths[full] >= 0.2:
                return 0.85, Message(
                    "{percent} have {digits} digits, or one less",
                    percent=percent(lost),
                    digits=full,
                )
        if short >= 0.7:
            return 0.85, what
    if (
        width == 5
        and widths[5] >= 0.97
        and not sample.is_unique
        and sample.distinct > 20
        and not is_sequential(sample)
    ):
        return 0.5, what
    return NO_SIGN


def amount(sample: Sample) -> Sign:
    """Amounts have currency signs, decimals, or thousands marks; counts are small numbers."""
    money = sample.share_with(
        r"[¥$€£₹₩₽]\s*-?\d|\d\s*(?:[€£₽₫元万亿]|美元|zł|Kč)|\d\s?(?:USD|RMB|CNY|EUR|GBP|CHF|HKD|JPY)\b"
        r"|(?:USD|RMB|CNY|EUR|GBP|CHF|HKD|JPY|NT\$)\s?\d"
    )
    money = money if sample.share_of(map(_is_wordy, sample.values)) < 0.2 else 0.0
    decimal = sample.share(
        r"-?\(?\d{1,12}[.,]\d{1,15}\)?|-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d(?:\.\d+)?E[+-]?\d+"
        r"|-?\d{1,3}(?:[. ]\d{3})+,\d{1,2}|-?\d{1,3}(?:'\d{3})+(?:[.,]\d{1,2})?"
    )
    if money >= 0.5:
        return 0.93 * money, Message("{percent} carry a currency or a unit", percent=percent(money))
    whole = sample.share(r"-?\d{1,15}(?:\.0+)?")
    fraction = sample.share(r"-?\d+\.\d*[1-9]\d*")
    if decimal + whole >= 0.9 and (fraction >= 0.15 or decimal - sample.share(r"\d+\.0+") >= 0.3):
        return 0.85, Message(
            "{percent} are numbers with decimals or thousands marks", percent=percent(decimal)
        )
    if decimal + whole < 0.9:
        return 0.4 * (decimal + whole), Message(
            "{percent} are numbers", percent=percent(decimal + whole)
        )
    if header_says(Kind.AMOUNT, sample):
        return 0.72, Message("{percent} are whole numbers", percent=percent(whole))
    zeros = sample.share(r"\d+0+")
    uneven = len({len(value) for value in sample.values}) > 2
    return (0.45 if uneven and not is_sequential(sample) else 0.3) + 0.1 * (zeros > 0.5), Message(
        "{percent} are whole numbers", percent=percent(whole)
    )


_CURRENCY = re.compile(
    r"人民币|美元|美金|港币|港元|欧元|日元|英镑|[万亿元圆整]|USD|RMB|CNY|EUR|GBP|HKD|JPY|NT\$", re.I
)


def _is_wordy(value: str) -> bool:
    """Whether a value says more than a sum: 2023年签约，金额5万 is a note."""
    return sum(char.isalpha() for char in _CURRENCY.sub("", value)) > 4


def code(sample: Sample) -> Sign:
    """Codes are short and few: the same ones come again and again."""
    if not sample.values:
        return NO_SIGN
    repeats = sample.present / max(1, sample.distinct)
    what = Message(
        "{distinct} different values in {present} rows",
        distinct=sample.distinct,
        present=sample.present,
    )
    short = sample.mean_length <= 24
    if sample.distinct <= 2 and sample.present >= 6:
        return (0.8 if short else 0.4), what
    if repeats >= 20 and sample.distinct <= 60 and short:
        return 0.74, what
    if repeats >= 3 and sample.distinct <= 25 and short:
        return 0.62, what
    if _are_doors(sample):
        return 0.6, Message(
            "short numbers under a header that only says number; {what}",
            what=as_message(what),
        )
    if sample.share(TOKEN_WITH_DIGITS) >= 0.9 and sample.mean_length <= 32:
        return 0.42, Message("one-word codes; {what}", what=as_message(what))
    return (0.4 if header_says(Kind.CODE, sample) and short else 0.15), what


_BARE_NUMBER = re.compile(r"no|nr|num|number|号|號|号码")
"""Of a house as well as of a customer."""
_PERSONAL = re.compile(r"insurance|\bnhs\b|\bnino?\b|social|pension|医保|社保|保险")
"""Headers of numbers that a person has for life, whatever system keeps them."""


def key(sample: Sample) -> Sign:
    """Keys differ in every row and mean nothing: row numbers, hex tokens, prefix and number."""
    hexes = sample.share(_HEX)
    if hexes >= 0.9 and sample.share(r"\d+") < 0.5:
        return (0.95 if sample.is_unique else 0.5), Message(
            "{percent} are hexadecimal tokens", percent=percent(hexes)
        )
    tokens = sample.share(TOKEN_WITH_DIGITS)
    if tokens < 0.9 or sample.share(_CLOCK) > 0.5:
        return NO_SIGN
    if _are_doors(sample):
        return 0.2, "short numbers under a header that only says number"
    if sample.is_unique:
        if is_sequential(sample):
            return 0.92, "consecutive numbers, each in one row only"
        return 0.7, "one-word codes, each in one row only"
    if _PERSONAL.search(sample.header.lower()):
        return 0.2, "one-word codes under a header that names a person's number"
    if _BARE_NUMBER.fullmatch(sample.header) and sample.distinct < 0.7 * sample.present:
        return 0.2, "one-word codes that repeat under a header that only says number"
    if header_says(Kind.KEY, sample) and sample.distinct > 2:
        return 0.66, "one-word codes under a header that names an identifier"
    return 0.2, "one-word codes"


def _are_doors(sample: Sample) -> bool:
    """Whether numbers under a bare `no` may be of houses: short, and no row numbers."""
    if not _BARE_NUMBER.fullmatch(sample.header) or is_sequential(sample):
        return False
    return sample.share(r"\d{1,3}(?:[ -]?[a-z]|[-/]\d{1,3})?") >= 0.9


def is_sequential(sample: Sample) -> bool:
    """Tell whether the whole numbers of the sample lie close together, as row numbers do."""
    numbers = sample.numbers
    if len(numbers) < 0.95 * len(sample.values) or len(numbers) < 3:
        return False
    return (max(numbers) - min(numbers) + 1) <= 3 * sample.distinct
