"""Signs of places, regions by name or code, and addresses; and of industries, known alike."""

import re

import polars as pl

from cleansing.column_sample import Sample
from cleansing.kind_type import Sign
from cleansing.signs.evidence import NO_SIGN, header_says, pattern_of, percent, phrases_of, words_of
from guiyi.kinds import Kind
from guiyi.messages import Message

_CHINESE_ADDRESS = (
    r"[\u4e00-\u9fff].*(?:[路街道巷弄村镇鎮鄉乡段里].*[\d一二三四五六七八九十]|\d+[号號室楼樓栋座层])"
    r"|(?:省|市|区|縣|县).*[路街道镇鎮乡村号號]"
)
_NEARLY_ALL = 0.8
"""A column is read as industries, and its names written anew, only if hardly any is none."""
_TWO_NUMBERS = r"\d+\s+\d+(?!\d|st\b|nd\b|rd\b|th\b)\D.*"
"""3011 0 Main has the form of a number and a street, and a number too many."""
_NUMBERED = (
    r"(?:no\.? ?)?\d+[\w/-]*[,. ]+.*[^\W\d_]{3}.*|.*[^\W\d_]{3}.*[, ]\d+[a-z]?(?:[, ].*)?"
    r"|p\.? ?o\.? box.*"
)


def region(sample: Sample) -> Sign:
    """Places are known by name: Chinese divisions and their codes, countries, states, cities."""
    places = phrases_of("places")
    foreign = sample.share_of_rows(value in places for value in sample.lower)
    chinese = _chinese_region_share(sample)
    if chinese >= 0.5:
        return 0.95 * chinese, Message("{percent} are divisions of China", percent=percent(chinese))
    if foreign >= 0.3 or (foreign >= 0.08 and header_says(Kind.REGION, sample)):
        return min(0.92, 0.55 + foreign / 2), Message(
            "{percent} are well-known places", percent=percent(foreign)
        )
    words = sample.share(r"[^\W\d_][^\d@]{1,40}")
    if header_says(Kind.REGION, sample) and words >= 0.8:
        return 0.6, Message("{percent} are words, as names of places are", percent=percent(words))
    return 0.3 * foreign, Message("{percent} are well-known places", percent=percent(foreign))


def _chinese_region_share(sample: Sample) -> float:
    if sample.share(r"[\u4e00-\u9fff ]{1,20}|\d{6}|\d{2}|\d{4}") < 0.5:
        return 0.0

    from cleansing.region import clean_as
    from cleansing.region_script import RegionScript

    cleaned = clean_as(pl.Series(sample.values, dtype=pl.String), RegionScript.CHINESE)
    keys = cleaned["key"]
    named = cleaned["value"].str.contains(r"[\u4e00-\u9fff]") & keys.str.contains(r"^\d{6}$")
    longer = [len(value) >= 6 or not value.isdigit() for value in sample.values]
    return sample.share_of(
        known is True and long for known, long in zip(named.to_list(), longer, strict=True)
    )


def industry(sample: Sample) -> Sign:
    """Industries are known by name, or by a code with its section's letter or a name beside it.

    Bare digits are anybody's codes, unless the header says otherwise.
    """
    from cleansing.industry import is_industry

    bare = sample.share(r"\d+|[A-Za-z]")
    named = header_says(Kind.INDUSTRY, sample)
    if bare > 0.5 and not named:
        return NO_SIGN
    known = sample.share_of(map(is_industry, sample.values))
    if known < (0.5 if named else _NEARLY_ALL) or re.search(
        pattern_of("not_industries"), sample.header
    ):
        return NO_SIGN
    if not named and not _are_named_industries(sample):
        return NO_SIGN
    return 0.95 * known, Message("{percent} are industries of GB/T 4754", percent=percent(known))


def _are_named_industries(sample: Sample) -> bool:
    """Whether names end as those of industries do, or codes are too many to be chance.

    家具 and 食品 are goods as well, and A01, A02 shelves.
    """
    if sample.share(r"(?:[A-T]?\d{2,4})?\W*.*(?:业|業|制造|加工|生产|服务|活动|组织)") >= 0.5:
        return True
    codes = {value[:3] for value in sample.values if re.fullmatch(r"[A-T]\d{2,4}.*", value)}
    sections = {code[0] for code in codes}
    return len(codes) >= 6 and len(sections) >= 3 and len(codes) >= 0.5 * len(sample.values)


def address(sample: Sample) -> Sign:
    """Addresses name a street and mostly a number on it."""
    chinese = sample.share_with(_CHINESE_ADDRESS)
    words = words_of("streets")
    street = sample.share_of(
        len(t) >= 2 and any(word in words for word in t[not value[:1].isdigit() :])
        for t, value in zip(sample.tokens, sample.values, strict=True)
    )
    numbered = sample.share(_NUMBERED) - sample.share(_TWO_NUMBERS)
    foreign = min(1.0, 0.5 * street + 0.5 * numbered) if numbered >= 0.4 else 0.0
    if foreign < 0.5 and street >= 0.7:
        foreign = 0.72 * street
    share = max(chinese, foreign)
    if header_says(Kind.ADDRESS, sample) and _may_be_addresses(sample):
        share = max(0.66, share)
    return 0.95 * share, Message(
        "{percent} hold a street or a number", percent=percent(max(street, numbered, chinese))
    )


def _may_be_addresses(sample: Sample) -> bool:
    """Tell whether values under a header for addresses are words, and not a handful of codes."""
    others = (Kind.REGION, Kind.CODE, Kind.POSTCODE)
    if any(header_says(kind, sample) for kind in others):
        return False
    few = sample.distinct <= 12 and sample.present >= 3 * sample.distinct
    return sample.share_with(r"[^\W\d_]{2}") >= 0.7 and not few
