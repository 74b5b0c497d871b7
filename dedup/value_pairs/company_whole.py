"""Two whole Chinese names, before they are taken apart: one says something twice, or more in front.

A clerk's hand repeats a repeated character or word (无锡市无锡市…, 公司公司), and a list of a
group's firms puts the group's name before each registered name: 中国某集团 + 株洲某研究所有限公司.
"""

import re
from functools import cache, lru_cache

from cleansing import knowledge
from cleansing.company_name.reference import firms, trade_words
from cleansing.place_chain import readings
from cleansing.text import simplify_text
from dedup.knowledge.known_names import word_list
from dedup.knowledge.numerals import NUMERALS
from dedup.value_pairs.evidence import Evidence, Parts, evidence, is_han

_WORD_TWICE = re.compile(r"(\w{2,10}?)\1+")
_CHARACTER_TWICE = re.compile(rf"([^\W\d{NUMERALS}a-z])\1+")
"""11 is not 1, nor 二二 二; what is Latin may well be doubled."""
LONG = 8
"""From so many characters, with the legal form, a character said twice is a typo."""
FULL = 6
"""A registered name has at least so many characters."""
_GROUP = re.compile("(?:集团|公司|总公司)$")
_BRANCH = re.compile(rf"(?:{'|'.join(word_list('branch_kinds'))})$")


def judge_whole(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two names as they are written; nothing where that says nothing."""
    names = plain(a), plain(b)
    if not all(map(is_han, names)):
        return []
    short, long = sorted((a, b), key=lambda p: len(plain(p)))
    return _repeated(a, b) or _group_in_front(short, long)


def plain(a: Parts) -> str:
    """A name in simplified characters, without spaces, brackets and stops."""
    return _plain(a["value"] or "")


@lru_cache(maxsize=1 << 15)
def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", simplify_text(name).lower())


def _repeated(a: Parts, b: Parts) -> list[Evidence]:
    if a["key"] == b["key"] and a["key"] is not None:
        return []
    for one, other in ((plain(a), plain(b)), (a["key"] or "", b["key"] or "")):
        words = [_once(name, _WORD_TWICE) for name in (one, other)]
        if one != other and words[0] == words[1]:
            return [evidence("company_whole.twice.word")]
        if one != other and _once(words[0], _CHARACTER_TWICE) == _once(words[1], _CHARACTER_TWICE):
            sure = min(len(one), len(other)) >= LONG
            return [evidence("company_whole.twice.long" if sure else "company_whole.twice.short")]
    return []


def _once(name: str, twice: re.Pattern[str]) -> str:
    """A name with what is said twice in a row said once."""
    return twice.sub(lambda found: found[0] if _counts(found[1]) else found[1], name)


def _counts(word: str) -> bool:
    """Whether a word is a number: 1212 is no typo of 12."""
    return re.fullmatch(rf"[\d{NUMERALS}]+", word) is not None


def _group_in_front(short: Parts, long: Parts) -> list[Evidence]:
    """The longer name ends with the whole registered name that the shorter one is."""
    name, whole = plain(short), plain(long)
    front = whole.removesuffix(name)
    if front == whole or len(name) < FULL or not _GROUP.search(front) or not _is_whole(short):
        return []
    return [evidence("company_whole.group_in_front")]


def _is_whole(a: Parts) -> bool:
    """Whether a name is a registered one, and not the mere words of a trade or of a branch."""
    if a["form"] is None or _BRANCH.search(plain(a)):
        return False
    way = readings(a["key"] or "")[-1]
    only_trade = not way.names and re.fullmatch(rf"(?:{trade_words()[0]})+", way.rest)
    return len(way.rest) >= 2 and not only_trade and not way.rest.startswith("第")


def judge_countries(a: Parts, b: Parts) -> list[Evidence]:
    """日本瑞穗银行（中国） is 瑞穗银行（中国）; but 法国兴业银行 is not 兴业银行 of China."""
    name, whole = sorted((a["key"] or "", b["key"] or ""), key=len)
    country = whole.removesuffix(name)
    if country not in _countries() or not _HOUSE.search(name) or name.startswith("中国"):
        return []
    at_home = any(name.startswith(firm) for firm in firms()[0])
    return [] if at_home else [evidence("company_whole.country_in_front")]


_HOUSE = re.compile("..(?:银行|保险|证券|人寿)")


@cache
def _countries() -> frozenset[str]:
    """Countries by their Chinese names."""
    names = (row[2] for row in knowledge.rows("countries.tsv")[1:])
    return frozenset(name.replace("共和国", "") for name in names) - {"中国", ""}
