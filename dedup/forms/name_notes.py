"""Somebody's note in brackets beside a name: （已停用）, (old), [duplicate].

What belongs to a firm's name stands in brackets too, by the rules for names of enterprises
(企业名称登记管理规定): a place or country, （集团）, （有限合伙）, a branch.
"""

from functools import cache

import polars as pl

from cleansing.company_name.reference import OUTSIDE, cities, provinces, regex
from guiyi.kinds import Kind

_OPEN, _CLOSE = r"[（(\[【〔]\s*", r"\s*[)）\]】〕]"
_NOTE = (
    r"已|勿|不要|不再|别|请|重复|重名|作废|停用|停业|注销|吊销|歇业|倒闭|破产|搬迁|迁址|待|暂|同上|参见|见"
    r"|欠|黑名单|老客户|新客户|客户|原|旧|曾用名|前身|测试|样品|合并|转|补|备注|联系|电话|手机|付款"
    r"|\d{4}\s*[年/.-]|\d{5,}|(?:新|老|旧|新名称?|旧名称?|老名称?|新公司|老公司)\s*[)）\]】〕]"
)
"""What a note in brackets begins with, wherever in the name it stands."""
_LATIN_NOTE = (
    r"[\p{Ll}?!*#]|(?i:old|new|former|f/?k/?a|dup|test|inactive|active|closed|blocked|hold\b|vip"
    r"|do not|don't|see|use|moved|merged|bankrupt|prospect|lead|client|customer|call|contact|attn"
    r"|ask|bad|temp|todo|tbd|obsolete|archived?|deleted?|cancel|invalid|wrong|check|ex[ -])"
)
"""Latin notes; a part of a name is written with a capital: (UK), (Holdings), (Shanghai)."""
_OWN = (
    r"[^（()）]*(?:公司|集团|集團|控股|合伙|合夥|独资|獨資|股份|厂|廠|店|院|所|站|校|社|行|中心|基地|办事处"
    r"|代表处|总部|總部|营业部|经营部|事业部|门市部|项目部|服务部|[省市区區县縣州盟旗镇鎮乡鄉村])"
    r"|株|有|財|주|유|[\p{Lu}][^（()）]*"
)
"""What in brackets is part of a firm's name."""


@cache
def _own_brackets() -> str:
    places = regex({*provinces(), *cities()})
    return rf"{_OPEN}(?:{_OWN}|(?:{OUTSIDE}|臺灣|台灣|中國|{places})+){_CLOSE}"


def has_note(kind: Kind) -> pl.Expr:
    """Whether a `value` that is a name has a note in brackets; of a person any is one."""
    value = pl.col("value")
    if kind is Kind.PERSON_NAME:
        return value.str.contains(rf"{_OPEN}[^)）\]】〕]*{_CLOSE}")
    sure = value.str.contains(rf"{_OPEN}(?:{_NOTE}|{_LATIN_NOTE})")
    rest = value.str.replace_all(_own_brackets(), "")
    beside = rest.str.contains(
        rf"^\s*{_OPEN}[^)）\]】〕]*{_CLOSE}|{_OPEN}[^)）\]】〕]*{_CLOSE}?\s*$"
    )
    return sure | beside
