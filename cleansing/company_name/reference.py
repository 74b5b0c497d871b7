"""What the data files know about company names, as the regular expressions that look for it."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import polars as pl

from cleansing import knowledge, longest
from cleansing.divisions import divisions, renamed_divisions, stem

_BRANCH_WORDS = (
    "分公司|支公司|分行|支行|营业部|营业厅|营业所|营业室|办事处|代表处|联络处|分理处|储蓄所|分店|门店|分厂|分院|"
    "分校|分所|分社|分部|项目部|事业部|服务部|销售部|加油站|网点|仓库|配送中心|服务站|工作站|专卖店|体验店|经营部|信用卡中心"
)
"""Words a branch's name ends with; a branch has no legal personality (公司法 art. 13)."""

_STATUS = (
    "(?:已|拟|待)?(?:注销|吊销|停业|停用|作废|歇业|迁出|搬迁|更名|改名|倒闭|关闭|撤销|暂停|停牌|退市|重复|合并|解散)"
    "|已?吊销[,，、]?未注销|清算中?|破产(?:清算|重整)?|在营|存续|开业|筹|筹备组?|筹建|停产|勿用|禁用|黑名单|测试"
    "|(?:老|新|大|重点|潜在|意向|流失|休眠|VIP|vip|普通|战略|长期)客户|VIP|停止合作|已?合作中?|待确认|待核实|已流失"
    "|(?:原|原名|曾用名|前身|现|现名|已更名为|更名为|改名为)[:：]?[^()]{2,}?"
)
"""What clerks write beside a name: the registry's states (登记状态) and their own notes."""

_OWNERS = (
    r"(?:(?:非?自然人|法人|外国法人|台港澳(?:法人|自然人)?|港澳台|外商|国有|集体|中外|境内|内资|私营|非?上市)"
    r"[^()]{0,16}(?:独资|合资|合作|控股|投资|上市|企业))|非?上市|国有独资|新|老|旧|新公司|老公司|新名称?|旧名称?"
)
"""Behind a name: the registry's type of owner (市场主体类型代码), and which of two names it is."""

FORMER = (
    r"(?:(?:原(?:名称?|公司名称?|厂名)?|曾用名|前身(?:为|是)?|旧名)[:：]?"
    r"|(?:formerly(?: known as)?|f/?k/?a\.?|n[ée]e)[: ]+)([^()\[\]【】]{2,}?)"
)
"""A name given up, as noted beside today's: （原厦门旧名贸易有限公司）, formerly Old Inc."""

LISTING_MARK = (
    r"^(\*?S?\*?ST|X[DR]|DR)\s*(\p{Han}{2,4}[A-Z]?)$",
    r"^(\p{Han}{2,6})-(UWD|[UWS]?[UWDBRPS]|V)$",
)
"""Marks at a listed company's short name, which are no letters of it (rules of the exchanges).

Before it a risk warning (ST, *ST) or a day without dividend (XD, XR, DR). Behind it a company
without profit (U), with unequal votes (W), of a protocol structure (V) or with depositary receipts
(D); in Hong Kong a biotech (B), a secondary listing (S), a counter in yuan (R), a pre-commercial
company (P).
"""

OUTSIDE = (
    "中国|中华|大中华|中国大陆|亚洲|亚太|远东|大中华区|全球|国际|华东|华南|华北|华中|西南|西北|东北|东亚|东南亚"
    "|香港|澳门|台湾|日本|韩国|美国|英国|德国|法国|新加坡|马来西亚|泰国|越南|印度|印尼|澳大利亚|加拿大|意大利"
)
"""Places that stand in brackets in a name and are no division of China."""


NOTHING = r"[^\s\S]"
"""A pattern that nothing matches."""


def regex(words: Iterable[str]) -> str:
    """Any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def _data(name: str) -> Any:
    return knowledge.facts(name)


def branch_words() -> str:
    """What a branch's name ends with."""
    return _BRANCH_WORDS


def status_note() -> str:
    """A note in brackets, or after a dash at the end."""
    behind = rf"[-_/*·,;，； ]+(?:{_STATUS})$|\((?:{_OWNERS})\)[\s.。]*$"
    return rf"[(\[【〔<{{]\s*(?:{_STATUS})\s*[)\]】〕>}}]|{behind}|^\*+"


def former_note() -> str:
    """A note of a former name: in brackets, or behind the name of today."""
    dashed = r"[-,;，； ]+(?:原名称?|曾用名|前身|formerly|f/k/a|fka)"
    behind = rf"(?:{dashed}|(?:原名|曾用名)[:：])(?:为|是| known as)?\s*[:：]?\s*([^()]{{2,}})$"
    return rf"(?i)[(\[【〔]\s*{FORMER}\s*[)\]】〕]|{behind}"


# --- places ---------------------------------------------------------------------------------------


@cache
def provinces() -> frozenset[str]:
    """Provinces, by full name and short."""
    names = divisions()["province"].unique().to_list()
    return frozenset({*names, *map(stem, names), *(f"{stem(name)}省" for name in names)})


@cache
def cities() -> frozenset[str]:
    """Prefecture-level cities, by full name and short; also those of old."""
    own = divisions()["city"] == divisions()["district"]
    names = divisions().filter(~own.fill_null(value=False))["city"].drop_nulls().unique().to_list()
    old = [name for name in renamed_divisions()["old"].to_list() if name.endswith("市")]
    spoken = {*names, *map(stem, names), *old, *map(stem, old)}
    return frozenset(spoken - {"阿里"})  # 阿里巴巴 is no place


def is_city_elsewhere(before: pl.Expr, place: pl.Expr) -> pl.Expr:
    """Tell a city behind a province it does not lie in: 上海中山 is 上海, and a name."""
    every, some, at_home = _cities_at_home()
    both_known = before.is_in(every) & place.is_in(some)
    return (both_known & ~pl.concat_str(before, place).is_in(at_home)).fill_null(value=False)


@cache
def _cities_at_home() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Provinces, cities, and every province with each city in it, all as people say them."""
    today = divisions().drop_nulls("city").select("province", "city").unique()
    former = renamed_divisions().select("province", city="old")
    pairs = {
        f"{province}{city}"
        for name, place in pl.concat([today, former]).rows()
        for province in (name, stem(name), f"{stem(name)}省")
        for city in (place, stem(place))
    }
    every, some, at_home = (
        pl.lit(pl.Series(sorted(words))).implode() for words in (provinces(), cities(), pairs)
    )
    return every, some, at_home


@cache
def districts() -> frozenset[str]:
    """Districts and counties by full name, for short names are too often somebody's brand."""
    names = divisions()["district"].drop_nulls().unique().to_list()
    return frozenset({*names, *renamed_divisions()["old"].to_list()})


@cache
def county_cities() -> frozenset[str]:
    """County-level cities and counties by short name: 义乌, 昆山, 张家港."""
    names = divisions()["district"].drop_nulls().unique().to_list()
    short = {stem(name) for name in names if name.endswith(("市", "县"))}
    return frozenset(name for name in short if len(name) >= 2)


def places(text: pl.Series) -> str:
    """A pattern for any place, of whatever level, that occurs somewhere in a text.

    There are eight thousand; a pattern of those at hand is built a hundred times faster.
    """
    texts = text.filter(text != "")
    if texts.is_empty():
        return NOTHING
    levels = (provinces(), cities(), districts(), county_cities())
    every = list(frozenset().union(*levels))
    found = texts.str.extract_many(every, overlapping=True).explode().unique()
    here = set(found.drop_nulls().to_list())
    return "|".join(regex(level & here) for level in levels if level & here) or NOTHING


_ZONE = (
    "(?:国家级?)?(?:经济技术|高新技术产业|高新技术|经济|高新|工业|综合|自由贸易|自贸)?"
    "(?:开发区|保税区|工业园区|高新区|保税港区|试验区|自贸区)(?:[一-龥]{2,5}?片区)?"
)


TOWN_AND_ZONE = rf"^((?:[一-龥]{{2,3}}?(?:镇|街道|街|乡))?(?:{_ZONE})?)"
"""What may follow a county's short name."""


@cache
def district_stems() -> frozenset[str]:
    """Districts by their short names."""
    names = divisions()["district"].drop_nulls().unique().to_list()
    return frozenset(stem(n) for n in names if n.endswith("区") and len(stem(n)) >= 2)


@cache
def city_and_district() -> frozenset[str]:
    """City and district by their short names, as 广州番禺, where that district lies there."""
    rows = divisions().drop_nulls("district").select("city", "district").rows()
    return frozenset(f"{stem(city)}{stem(district)}" for city, district in rows)


def leading_region(rows: int) -> tuple[Callable[[pl.Expr], pl.Expr], ...]:
    """The places a name begins with, level by level, for that many names.

    A district's full name goes before a city's short one: 朝阳县 is not 朝阳 and 县.
    """
    return (
        lambda rest: rest.str.extract("^(中国|中华)"),
        lambda rest: longest.at_start(rest, provinces(), rows),
        lambda rest: longest.at_start(rest, districts(), rows),
        lambda rest: longest.at_start(rest, cities(), rows),
        lambda rest: longest.at_start(rest, districts(), rows),
        lambda rest: rest.str.extract("^([一-龥]{2,3}?(?:镇|街道))"),
        lambda rest: rest.str.extract(f"^({_ZONE})"),
    )


# --- words of a name ------------------------------------------------------------------------------


@cache
def trade_words() -> tuple[str, str]:
    """Words for a trade of two characters or more, and those of one (店, 行, 厂)."""
    words = [word for group in _data("trades.yml").values() for word in group.split()]
    return regex([w for w in words if len(w) > 1]), regex([w for w in words if len(w) == 1])


@cache
def trade_at_end() -> str:
    """All the trade words that a name ends with."""
    long, short = trade_words()
    return rf"((?:(?:{long})+(?:{short})?|(?:{short})))$"


@cache
def cutting_words() -> str:
    """Trade words long or plain enough to end a brand wherever they stand."""
    data = _data("trades.yml")
    weak = set(data["weak"].split())
    words = [word for group in data.values() for word in group.split()]
    return regex([word for word in words if len(word) > 1 and word not in weak])


@cache
def weak_words() -> str:
    """Trade words that may be a brand when they come first."""
    return regex(_data("trades.yml")["weak"].split())


@cache
def chinese_forms() -> dict[str, str]:
    """Spelling → legal form id, for forms that end a Chinese name."""
    forms = _data("legal_forms.yml")["chinese"]
    return {s: form["id"] for form in forms for s in (form["name"], *form["also"])}


@cache
def east_asian_forms() -> dict[str, str]:
    """Spelling → legal form id, for Japanese and Korean forms, which stand at either end."""
    forms = _data("legal_forms.yml")["east_asian"]
    return {s: form["id"] for form in forms for s in (form["name"], *form["also"])}


@cache
def organisations() -> dict[str, str]:
    """Last word → form id, for bodies that are no companies (大学, 医院, 协会)."""
    kinds = _data("legal_forms.yml")["organisations"]
    return {word: kind["id"] for kind in kinds for word in kind["ends"]}


@cache
def form_names() -> dict[str, str]:
    """Legal form id → its standard spelling."""
    data = _data("legal_forms.yml")
    groups = (data["chinese"], data["western"], data["east_asian"])
    return {form["id"]: form["name"] for group in groups for form in group}


@cache
def firms() -> tuple[dict[str, str], dict[str, str]]:
    """Everyday names of well-known firms: those sure at a name's start, and those short ones."""
    known = _data("known_firms.yml")["firms"]
    sure = {name: firm["brand"] for firm in known for name in firm["also"]}
    short = {name: firm["brand"] for firm in known for name in firm.get("short", ())}
    return sure, short


@cache
def western_forms() -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Folded spelling → form id; patterns of forms after a name, before it, and ahead by a typo."""
    ids: dict[str, str] = {}
    after: list[str] = []
    before: list[str] = []
    ahead: list[str] = []
    for form in _data("legal_forms.yml")["western"]:
        for spelling in form["also"] + [form["name"].lower()]:
            ids.setdefault(folded_form(spelling), form["id"])
            after.append(spelling)
        leading = form.get("before", [])
        ahead += form.get("ahead", [])
        before += form["also"] + [form["name"].lower()] if leading is True else leading
    return (
        ids,
        _loose_all(after),
        _loose_all(before),
        _loose_all(ahead),
    )


def _loose_all(spellings: list[str]) -> tuple[str, ...]:
    return tuple(_loose(one) for one in sorted(set(spellings), key=len, reverse=True))


def folded_form(spelling: str) -> str:
    """Forms are distinguished by their letters, `&` and `/` only: "Co. , Ltd" is "coltd"."""
    return re.sub(r"[^\w&/]", "", spelling.lower())


def _loose(spelling: str) -> str:
    """A pattern that forgives dots, commas and spaces left out or put in."""
    pattern = ""
    for char in spelling:
        if char == ".":
            pattern += r"\.?\s?"
        elif char in ", ":
            pattern += r"[\s,.]*"
        else:
            pattern += re.escape(char)
    return pattern
