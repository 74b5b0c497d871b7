"""What hangs on a company's name is no part of it: a list's number, an emoji, a second name.

A further company or a person in the cell is named (`several values`), the cell stays as it came.
"""

import re
from functools import cache

import polars as pl

from cleansing import text
from cleansing.company_name import reference as ref
from cleansing.person_name.reference import surname_characters, words
from cleansing.place_chain import readings

_NUMBER = (
    r"^\s*(?:\(?\d{1,3}[)、]|\d{1,3}\.|[①-⑳⑴-⒛㈠-㈩][、.]?|[一二三四五六七八九十]{1,3}、)"
    r"\s*(\p{Han}.*)$"
)
"""The number of a row in a list: 1、小米科技; 1号店 and 3M中国 are names."""

_SYMBOLS = r"[\p{So}\x{200d}\x{fe0f}\x{1f3fb}-\x{1f3ff}]+"
_LOOSE_SYMBOLS = rf"^{_SYMBOLS}\s*|\s*{_SYMBOLS}\s*$"

_ENDS = "公司|集团|合伙|合作社|事务所|厂|银行|个体工商户"
_BETWEEN = r"\s*[\n\r/、,，;；|&＆+和及与⏎↵]\s*|\s+"
_TWO_CHINESE = (
    rf"(?:公司|集团|厂|事务所|[）)])(?:{_BETWEEN})[\p{{Han}}A-Za-z（）()]{{2,}}"
    rf"(?:有限|责任|股份)(?:有限)?公司\s*$"
)
_FORMS = "inc|corp|corporation|ltd|limited|llc|llp|gmbh|plc|ag|bv|sarl|srl|oy|ab"
_TWO_WESTERN = rf"(?i)\b(?:{_FORMS})\.?\s*(?:[\n\r;|⏎]|\s/\s)\s*\S.*\b(?:{_FORMS})\.?\s*$"

_LOOK_PERSON = (
    rf"(?:{_ENDS})[\s\-/,:(]+\p{{Han}}{{2,4}}\)?$|^\p{{Han}}{{2,6}}\s*[-/]\s*\p{{Han}}{{2,3}}$"
)


def take_off(frame: pl.DataFrame) -> pl.DataFrame:
    """Column name without what hangs on it; column several: whether the cell has a second name."""
    name = frame["name"]
    name = text.only_where(name, _NUMBER, lambda one: one.str.replace(_NUMBER, "${1}"))
    name = text.only_where(
        name, _LOOSE_SYMBOLS, lambda one: one.str.replace_all(_LOOSE_SYMBOLS, "")
    )
    two = frame["raw"].str.contains(_TWO_CHINESE) | frame["raw"].str.contains(_TWO_WESTERN)
    two = two.fill_null(value=False)
    if two.any():
        meant = pl.Series([_are_two(raw) for raw in frame["raw"].filter(two)])
        two = two.scatter(two.arg_true(), meant)
    person = name.str.contains(_LOOK_PERSON).fill_null(value=False) & ~two
    if person.any():
        heads = pl.Series([_head(one) for one in name.filter(person)], dtype=pl.String)
        name = name.scatter(person.arg_true(), heads.fill_null(name.filter(person)))
        person = person.scatter(person.arg_true(), heads.is_not_null())
    return frame.with_columns(name=name, several=two | person, two=two)


def _are_two(cell: str) -> bool:
    """Whether the second name is another firm's: neither a branch nor a former name."""
    second = re.split(_BETWEEN, cell.strip())[-1]
    if re.search(_TWO_WESTERN.replace("(?i)", ""), cell, re.IGNORECASE):
        return True
    return re.match("原|曾用|前身", second) is None and "分公司" not in second


def _head(name: str) -> str | None:
    """The firm before a person's name; the whole where no legal form says where it ends."""
    found = _person().search(name)
    if found is None:
        return None
    who, head = found["who"], name[: found.start()].rstrip(" -/,:(")
    placed = readings(who)[-1].names or re.fullmatch(ref.OUTSIDE, who) or who[-1] in _SPOTS
    if placed or re.search(ref.trade_at_end(), who):
        return None
    return head if re.search(rf"(?:{_ENDS})$", head) else name


_SPOTS = "城店场楼馆府街路园村站厅区县市镇湾江河桥宫门坊苑里庄"
"""A branch is called after such a spot, and hardly a person: 万象城, 江南里."""


@cache
def _person() -> re.Pattern[str]:
    compound = "|".join(words("compound_surnames"))
    single = "".join(sorted(surname_characters()))
    return re.compile(
        rf"(?P<sep>[\s\-/,:(]+)(?P<who>(?:{compound}|[{single}])[\u4e00-\u9fff]{{1,2}})\)?$"
    )
