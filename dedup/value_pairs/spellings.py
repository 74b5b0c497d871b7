"""The names that one value holds: 苏宁云商（原苏宁电器）, Bob's Diner d/b/a Bob's, 万科A.

What a stock exchange adds to a short name is no part of it; a former name in brackets is another
name of the same owner.
"""

import re
from functools import cache

from dedup.knowledge.known_names import word_list
from guiyi.kinds import Kind

_FORMER = re.compile(
    r"[(（\[]\s*(?:原名?|曾用名|前身|又名|别名|简称|以下简称|现名?"
    r"|formerly(?: known as)?|f/?k/?a|a/?k/?a|d/?b/?a|trading as|t/a)[:：为\s]*"
    r"[“\"]?([^()（）\[\]”\"]{2,})[”\"]?\s*[)）\]]",
    re.IGNORECASE,
)
_IN_FULL = re.compile(r"[(（]([\u3400-\u9fff]{4,}(?:公司|集团))[)）]$")
"""A short name with the registered one in brackets."""
_OTHER = re.compile(
    r"^(.{3,}?)[,\s]+(?:d/b/a|dba|a/k/a|aka|f/k/a|fka|formerly|trading as|t/a)[\s:]+(.{3,})$",
    re.IGNORECASE,
)
_LISTED_BEFORE = re.compile(r"^(?:[SX*]*\*?ST|X[DR]|DR|N|C)(?=[\u3400-\u9fff])")
_LISTED_AFTER = re.compile(
    r"(?<=[\u3400-\u9fffA-Z])(?:[-－](?:UW|SW|[UWVBSARDP]|KY\*?|DR|創|创|KY[創创])|\*|(?<=[\u3400-\u9fff])[ＡＢAB])$"
)
"""Marks of the exchanges of Shenzhen, Shanghai, Hong Kong and Taipei."""
_FLOOR = re.compile(r"(?<=[\u3400-\u9fff号])(\d{1,3})[Ff](?![A-Za-z0-9])")
"""3F after Chinese characters is the third floor."""
_SHARES = re.compile(r"[(（]\s*股\s*[)）]\s*公司")
"""Taiwan's abbreviation of 股份有限公司."""


def spellings(value: str | None, kind: Kind) -> list[str | None]:
    """Give the value itself, then the other names it holds."""
    if value is not None and kind is Kind.ADDRESS:
        return [_FLOOR.sub(r"\1楼", value)]
    if value is None or kind is not Kind.COMPANY_NAME:
        return [value]
    text = _SHARES.sub("股份有限公司", value.strip())
    text = _LISTED_AFTER.sub("", _LISTED_BEFORE.sub("", text)) or text
    text = _autonomous().sub("", text)
    former = [*_FORMER.findall(text), *_IN_FULL.findall(text)]
    other = _OTHER.match(text)
    if other is not None:
        return [other[1], other[2]]
    return [_IN_FULL.sub("", _FORMER.sub("", text)).strip() or text, *former]


@cache
def _autonomous() -> re.Pattern[str]:
    """What people leave out of the name of an autonomous prefecture or county: 大理白族自治州."""
    peoples = "|".join(word_list("peoples"))
    return re.compile(rf"(?<=[\u3400-\u9fff]{{2}})(?:(?:{peoples})族?)*自治(?=[州县縣旗])")
