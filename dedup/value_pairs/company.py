"""Whether two company names name one firm: which way of comparing fits the two, in what order."""

import re

from cleansing.company_name.reference import firms
from cleansing.place_chain import readings
from dedup.knowledge.known_names import known_names
from dedup.knowledge.numerals import NUMERALS, as_number
from dedup.value_pairs.branch import DOUBTFUL, judge_branches
from dedup.value_pairs.company_bodies import is_body, judge_bodies
from dedup.value_pairs.company_parts import SHORT, judge_parts
from dedup.value_pairs.company_ranks import APART, judge_ranks, ranks_apart
from dedup.value_pairs.company_scripts import judge_scripts
from dedup.value_pairs.company_typo import counted_otherwise, judge_typo
from dedup.value_pairs.company_western import (
    PLAIN,
    judge_country_words,
    judge_western,
    western_words,
)
from dedup.value_pairs.company_whole import judge_countries, judge_whole, plain
from dedup.value_pairs.evidence import Evidence, Parts, evidence, for_review, is_han, total


def judge_companies(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two company names, part by part."""
    if _placed_shop(a, b) or _placed_shop(b, a):
        return [evidence("company.shop.place_in_front")]
    whole = judge_whole(a, b)
    if whole:
        return whole
    shops = [_SHOP.findall(p["value"] or "") for p in (a, b)]
    branches = [None if p["branch"] in _NO_BRANCH else p["branch"] for p in (a, b)]
    if shops == [[], []] and all(is_han(branch or "") for branch in branches):
        return _branch_and_firm(a, b)
    return _firms(a, b, _branches(shops, branches))


def _branch_and_firm(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two branches: their firms first, then the branches themselves."""
    firms = _firms(_head(a), _head(b), [])
    region = readings(_squeezed(_head(a)["key"]))[-1].places
    branch = judge_branches(a["branch"] or "", b["branch"] or "", region)
    if branch in DOUBTFUL and total(firms) > 0:
        return [*firms, for_review(firms, branch.reason)]
    return [*firms, branch]


def _head(a: Parts) -> Parts:
    """The parts of the firm that a branch is of."""
    branch = a["branch"] or ""
    key = (a["key"] or "").removesuffix(_squeezed(branch))
    value = (a["value"] or "").removesuffix(branch)
    return {**a, "key": key, "value": value, "branch": None}


def _firms(a: Parts, b: Parts, found: list[Evidence]) -> list[Evidence]:
    """Weigh two names but for what their branches say."""
    if ranks_apart(a, b) and not _aliases(a) & _aliases(b):
        return [APART] if is_body(a) and is_body(b) else judge_ranks(a, b, _one_rank(a, b, found))
    return _one_rank(a, b, found)


def _one_rank(a: Parts, b: Parts, found: list[Evidence]) -> list[Evidence]:
    """The same but for the ranks of their places."""
    if not is_han(a["key"] or "") and not is_han(b["key"] or ""):
        found = [*found, *judge_country_words(a, b)]
    if a["key"] == b["key"]:
        return [*found, evidence("company.name.same"), *_forms(a, b)]
    if _aliases(a) & _aliases(b):
        return [*found, evidence("company.name.known")]
    if _known_firm(a) and _known_firm(b) and a["brand"] != b["brand"]:
        return [*found, evidence("company.firm.other_known")]
    if is_body(a) and is_body(b):
        return [*found, *judge_bodies(a, b)]
    with_country = judge_countries(a, b)
    if with_country:
        return [*found, *with_country]
    left, right = a["key"] or "", b["key"] or ""
    if _numbered_otherwise(a, b) or counted_otherwise(left, right):
        found.append(evidence("company.numbers.other"))
    if is_han(left) != is_han(right):
        return [*found, *judge_scripts(a, b)]
    if is_han(left):
        return _unless_a_typo(a, b, [*found, *judge_parts(a, b)])
    return [*found, *judge_western(a, b)]


def _unless_a_typo(a: Parts, b: Parts, found: list[Evidence]) -> list[Evidence]:
    """The evidence of the parts of two names; a typo is never as sure as another brand."""
    typo = judge_typo(a, b)
    if typo is None or _aliases(a) or _aliases(b) or total(found) >= typo.weight:
        return found
    return [typo]


def _aliases(a: Parts) -> set[str]:
    """The firms a name is known to stand for, by the user's table and by ours."""
    found = {f"given {number}" for number in (a.get("alias") or "").split()}
    names = [_squeezed(a["key"])]
    if not is_han(a["key"] or ""):
        words = [w for w in western_words(a) if w not in PLAIN]
        names += ["".join(words), "and".join(words)]
    elif a["trade"] is None and a["region"] is None:
        names.append(_squeezed(a["brand"]))
    return found | {f"known {known_names()[name]}" for name in names if name in known_names()}


def _known_firm(a: Parts) -> bool:
    """Whether a name begins with a well-known firm's, and not with a short word that may be one."""
    sure, name = firms()[0], plain(a)
    known_names = (known for known, brand in sure.items() if brand == a["brand"] and len(known) > 3)
    return any(map(name.startswith, known_names))  # 中石化 is also a firm of Taiwan


def _squeezed(text: str | None) -> str:
    return re.sub(r"[^\w]", "", (text or "").lower())


def _numbered_otherwise(a: Parts, b: Parts) -> bool:
    x, y = (_text(p) for p in (a, b))
    if _figures(x) == _figures(y):
        return False
    short, long = sorted((x, y), key=len)
    numbers = re.findall(rf"[{NUMERALS}]+|\d+", short)  # a short name drops what is counted: 一汽
    return not (
        len(short) <= SHORT and numbers and [as_number(n) for n in numbers] == _figures(long)
    )


def _text(a: Parts) -> str:
    """The key, or a Western name's words with its numbers as figures."""
    key = a["key"] or ""
    return key if is_han(key) else " ".join(western_words(a))


_NUMBERED = re.compile(
    rf"第([{NUMERALS}]+|\d+)|(\d+)|([{NUMERALS}]+)(?=号|局|院|厂|期|建|冶|航局|公局|中学|小学|医院|公司)"
)


def _figures(key: str) -> list[str]:
    """Figures, and the counting words of numbered firms: 一局 and 第一工程局 are both 1."""
    romans = _ROMAN.findall(key) if is_han(key) else []
    return sorted([*(as_number("".join(found)) for found in _NUMBERED.findall(key)), *romans])


_ROMAN = re.compile("(?<![a-z])i{1,3}(?![a-z])|(?<![a-z])(?:iv|vi{1,3}|ix)(?![a-z])")


_SHOP = re.compile(r"[(（]([^()（）]+店)[)）]")
_NO_BRANCH = frozenset({"银行", "证券", "保险", "集团", "公司"})
"""What the cleaner takes for a branch of a firm known by a short name: 浦发 银行."""


def _branches(shops: list[list[str]], branches: list[str | None]) -> list[Evidence]:
    if shops[0] != shops[1]:
        return [evidence("company.shop.other" if all(shops) else "company.shop.one_only")]
    if branches[0] == branches[1]:
        return []
    if None in branches:
        return [evidence("company.branch.one_only")]
    return [evidence("company.branch.other")]


def _placed_shop(a: Parts, b: Parts) -> bool:
    """老码头火锅（武侯店） and 武侯区老码头火锅店: the other name has the place in front."""
    name, other = a["value"] or "", b["value"] or ""
    shop = _SHOP.search(name)
    if shop is None or _SHOP.search(other) is not None:
        return False
    place, bare = shop[1].removesuffix("店"), name[: shop.start()].removesuffix("店")
    front, found, _ = other.partition(bare)
    return bool(found) and place in front


def _forms(a: Parts, b: Parts) -> list[Evidence]:
    if a["form"] is not None and b["form"] is not None and a["form"] != b["form"]:
        return [evidence("company.form.other")]
    return []
