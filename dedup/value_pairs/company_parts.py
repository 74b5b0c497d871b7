"""Whether two Chinese company names name one firm, part by part.

The weights follow what registration law makes of a name (企业名称登记管理规定, 2020, art. 6:
region, brand, trade, form): within one region and trade the brand distinguishes firms, so a changed
character is another firm; the same brand in another region or trade is usually another firm too.
"""

import re

from cleansing.place_chain import readings
from dedup.knowledge.numerals import in_figures
from dedup.value_pairs.company_core import SURE, judge_cores, names_narrower_place
from dedup.value_pairs.company_short import is_trade, judge_short
from dedup.value_pairs.evidence import Evidence, Parts, edits, evidence, reading, total

SHORT = 6
"""A Chinese name of at most so many characters without a legal form may be a short name."""


def judge_parts(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two Chinese names, part by part."""
    shorter, longer = sorted((a["key"] or "", b["key"] or ""), key=len)
    if names_narrower_place(shorter, longer):
        return [evidence("company_parts.general.elsewhere")]
    if (a["form"] is None) != (b["form"] is None):
        short, full = (a, b) if a["form"] is None else (b, a)
        if len(short["key"] or "") <= SHORT:
            reasons = judge_cores(a["key"] or "", b["key"] or "")
            return reasons if reasons and reasons[0] in SURE else judge_short(short, full)
    brand = _brands(a, b)
    both_full = a["form"] is not None and b["form"] is not None
    ways = [[brand]]
    if brand not in _OTHER_BRANDS:
        ways = [[brand, *_regions(a, b, both_full), *_trades(a, b, both_full)]]
    inside = [_in_brackets(p) for p in (a, b)]
    if inside[0] == inside[1] or not all(inside):
        ways.append(judge_cores(a["key"] or "", b["key"] or ""))
    elif brand.weight > 0 and a["region"] == b["region"]:
        ways[0].append(evidence("company_parts.brackets.other"))
    return max((way for way in ways if way), key=total)


_OTHER_BRANDS = (
    evidence("company_parts.brand.one_character"),
    evidence("company_parts.brand.other"),
)


def _brands(a: Parts, b: Parts) -> Evidence:
    x, y = _brand(a), _brand(b)
    if x == y:
        return evidence("company_parts.brand.same")
    if len(x) == len(y) and reading(x) == reading(y):
        return evidence("company_parts.brand.sounds")
    left, right = a["key"] or "", b["key"] or ""
    short, long = sorted((left, right), key=len)
    shorter = a if short == left else b
    if shorter["form"] is None and len(short) >= 2:
        if short in long:
            return evidence("company_parts.brand.stands_in_full")
        if len(short) >= 3 and _in_order(short, long) and short[0] in (long[0], _brand(b)[:1]):
            return evidence("company_parts.brand.made_of_full")
    if edits(x, y) == 1 and min(len(x), len(y)) >= 4 and len(x) != len(y):
        return evidence("company_parts.brand.one_more")
    if edits(x, y) == 1:
        return evidence("company_parts.brand.one_character")
    return evidence("company_parts.brand.other")


def _brand(a: Parts) -> str:
    brand = in_figures(re.sub(r"[^\w]", "", (a["brand"] or a["key"] or "").lower()), "号")
    return re.sub(r"(?<=[\u3400-\u9fff])[ab]$", "", brand)  # A and B shares of one listed firm


def _in_order(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


def _place(region: str | None) -> str | None:
    if region is None:
        return None
    return re.sub(r"(?:特别行政区|自治区|省|市|区|县)$", "", region) or region


def _regions(a: Parts, b: Parts, both_full: bool) -> list[Evidence]:
    x, y = _place(a["region"]), _place(b["region"])
    if x == y:
        return [] if x is None else [evidence("company_parts.region.same")]
    if x is None or y is None:
        one = x or y or ""
        if one in ("中国", "全国"):
            bracketed = both_full and _in_brackets(a) | _in_brackets(b) == {one}
            return [evidence("company_parts.region.country")] if bracketed else []
        if both_full and _inner_region(a if x else b):
            return [evidence("company_parts.region.daughter")]
        with_place = a if x else b
        if both_full and (with_place["key"] or "").startswith(one):
            return [evidence("company_parts.region.in_front")]
        if both_full and re.search("证券|银行|保险|期货|基金|信托", a["trade"] or ""):
            return [evidence("company_parts.region.financial")]
        return [
            evidence("company_parts.region.one_full" if both_full else "company_parts.region.one")
        ]
    if x in y or y in x or _within(x, y):
        return [evidence("company_parts.region.within")]
    return [evidence("company_parts.region.other")]


def _in_brackets(one: Parts) -> set[str]:
    """What stands in brackets and is no 集团: a place, or what else distinguishes sister firms."""
    inside = re.findall(r"[(（]([^()（）]+)[)）]", one["value"] or "")
    return {_place(text) or "" for text in inside} - _NO_PLACE


_NO_PLACE = frozenset({"集团", "股份", "控股", "有限合伙", "普通合伙", "个体工商户", "股", "有限"})


def _inner_region(one: Parts) -> bool:
    """恒大地产集团重庆有限公司: a region after the group's name is a daughter firm's."""
    name, region = re.sub(r"\W", "", one["value"] or ""), _place(one["region"]) or ""
    return re.search(rf"(?:集团|公司){re.escape(region)}市?(?:分公司|有限|股份)", name) is not None


def _within(x: str, y: str) -> bool:
    """Whether one place lies in the other by the division codes of GB/T 2260."""
    import polars as pl

    from cleansing import clean_values
    from guiyi.kinds import Kind

    codes = clean_values(pl.Series([x, y]), Kind.REGION)["key"].to_list()
    one, other = (re.sub(r"(00)+$", "", c) if c and c.isdigit() else None for c in codes)
    return bool(one and other and (one.startswith(other) or other.startswith(one)))


def _only_one_is_a_group(a: Parts, b: Parts) -> Evidence:
    """宝钢股份 is not 宝钢集团有限公司; but a listed company (股份) often renames itself 集团股份.

    Mother and daughter share the group's short brand and mostly a province or none; a long name in
    a city is mostly one firm's own.
    """
    if a["form"] != b["form"]:
        stem = re.sub("集团|股份", "", f"{a['brand'] or ''}{a['trade'] or ''}")
        city = any(len(code) == 4 for code in readings(_place(a["region"]) or "")[-1].places)
        return evidence(
            "company_parts.group.other_form_city"
            if city and len(stem) >= 4
            else "company_parts.group.other_form"
        )
    return evidence(
        "company_parts.group.joint_stock"
        if a["form"] == "cn-jsc"
        else "company_parts.group.one_only"
    )


def _trades(a: Parts, b: Parts, both_full: bool) -> list[Evidence]:
    x, y = a["trade"], b["trade"]
    if x == y:
        return [] if x is None else [evidence("company_parts.trade.same")]
    bare = [re.sub(r"集团|股份", "", t or "") for t in (x, y)]
    if both_full and bare[0] == bare[1] and ("集团" in (x or "")) == ("集团" in (y or "")):
        return [evidence("company_parts.trade.form")]
    if both_full and bare[0] == bare[1]:
        return [_only_one_is_a_group(a, b)]
    if x is None or y is None:
        if both_full:
            return [evidence("company_parts.trade.one_full")]
        with_trade = a if x is not None else b
        return [
            evidence(
                "company_parts.trade.one_short"
                if with_trade["form"] is None
                else "company_parts.trade.one"
            )
        ]
    if (x in y or y in x) and not both_full:
        return [evidence("company_parts.trade.part")]
    if edits(x, y) <= 1 and min(len(x), len(y)) >= 3 and not (is_trade(x) and is_trade(y)):
        return [evidence("company_parts.trade.one_character")]
    return [evidence("company_parts.trade.other")]
