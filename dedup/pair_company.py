"""Whether two company names name one firm.

The weights follow what registration law makes of a name (企业名称登记管理规定, 2020, art. 6:
region, brand, trade, form): within one region and trade the brand tells firms apart, so a changed
character is another firm; the same brand in another region or trade is usually another firm too.
"""

import re

from dedup.pair_evidence import Evidence, Parts, alike, edits, is_han, reading

GENERIC = frozenset(
    [
        "group",
        "holdings",
        "holding",
        "international",
        "global",
        "worldwide",
        "company",
        "companies",
        "the",
        "of",
        "and",
        "usa",
        "us",
        "uk",
        "america",
        "american",
        "china",
        "europe",
        "enterprises",
        "enterprise",
        "services",
        "service",
        "solutions",
        "systems",
        "technologies",
        "technology",
        "industries",
    ]
)
"""Words that a firm's full name has and its everyday name drops."""
_NUMBERS = re.compile(r"\d+|[ivx]{2,}\b")


def judge_companies(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two company names, part by part."""
    found = _branches(a, b)
    if a["key"] == b["key"]:
        return [*found, Evidence(6, "same name apart from the legal form"), *_forms(a, b)]
    left, right = a["key"] or "", b["key"] or ""
    if sorted(re.findall(r"\d+", left)) != sorted(re.findall(r"\d+", right)):
        found.append(Evidence(-5, "numbers differ"))
    if is_han(left) != is_han(right):
        return [*found, *_across_scripts(a, b)]
    if is_han(left):
        return [*found, *_chinese(a, b)]
    return [*found, *_western(a, b)]


def _branches(a: Parts, b: Parts) -> list[Evidence]:
    if a["branch"] == b["branch"]:
        return []
    if a["branch"] is None or b["branch"] is None:
        return [Evidence(-9, "a branch is not its parent")]
    return [Evidence(-9, "two different branches")]


def _forms(a: Parts, b: Parts) -> list[Evidence]:
    if a["form"] is not None and b["form"] is not None and a["form"] != b["form"]:
        return [Evidence(-1.5, "legal forms differ")]
    return []


def _chinese(a: Parts, b: Parts) -> list[Evidence]:
    brand = _brands(a, b)
    if brand.weight < -4:
        return [brand]
    both_full = a["form"] is not None and b["form"] is not None
    return [brand, *_regions(a, b, both_full), *_trades(a, b, both_full)]


def _brands(a: Parts, b: Parts) -> Evidence:
    x, y = _brand(a), _brand(b)
    if x == y:
        return Evidence(3.5, "same brand")
    if len(x) == len(y) and reading(x) == reading(y):
        whole = len(a["key"] or "") >= 6 and a["region"] is not None and a["trade"] is not None
        if whole and _place(a["region"]) == _place(b["region"]) and a["trade"] == b["trade"]:
            return Evidence(1, "brands sound the same, all else is equal")
        return Evidence(-2, "brands sound the same but are written differently")
    left, right = a["key"] or "", b["key"] or ""
    short, long = sorted((left, right), key=len)
    shorter = a if short == left else b
    if shorter["form"] is None and len(short) >= 2:
        if short in long:
            return Evidence(3, "the short name stands in the full name")
        if len(short) >= 3 and _in_order(short, long) and short[0] in (long[0], _brand(b)[:1]):
            return Evidence(1.5, "the short name is made of the full name's characters")
    if edits(x, y) == 1 and min(len(x), len(y)) >= 4 and len(x) != len(y):
        return Evidence(0.5, "one brand has a character more")
    if edits(x, y) == 1:
        return Evidence(-6, "brands one character apart are different firms")
    return Evidence(-7, "different brands")


def _brand(a: Parts) -> str:
    brand = re.sub(r"[^\w]", "", (a["brand"] or a["key"] or "").lower())
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
        return [] if x is None else [Evidence(1, "same region")]
    if x is None or y is None:
        one = x or y or ""
        if one in ("中国", "全国"):
            return []
        return [Evidence(-1 if both_full else 0, "only one names a region")]
    if x in y or y in x or _within(x, y):
        return [Evidence(-0.5, "one region lies in the other")]
    return [Evidence(-6, "other region")]


def _within(x: str, y: str) -> bool:
    """Whether one place lies in the other by the division codes of GB/T 2260."""
    import polars as pl

    from cleansing import clean_values
    from guiyi.kinds import Kind

    codes = clean_values(pl.Series([x, y]), Kind.REGION)["key"].to_list()
    one, other = (re.sub(r"(00)+$", "", c) if c and c.isdigit() else None for c in codes)
    return bool(one and other and (one.startswith(other) or other.startswith(one)))


def _trades(a: Parts, b: Parts, both_full: bool) -> list[Evidence]:
    x, y = a["trade"], b["trade"]
    if x == y:
        return [] if x is None else [Evidence(1.5, "same trade")]
    if x is None or y is None:
        return [Evidence(-4.5 if both_full else 0, "only one names a trade")]
    if (x in y or y in x) and not both_full:
        return [Evidence(-1, "one trade is part of the other")]
    if edits(x, y) <= 1 and min(len(x), len(y)) >= 3:
        return [Evidence(-1, "trades one character apart")]
    return [Evidence(-5, "other trade")]


def _across_scripts(a: Parts, b: Parts) -> list[Evidence]:
    han, latin = (a, b) if is_han(a["key"] or "") else (b, a)
    sound = "".join(reading(_brand(han)))
    words = re.findall(r"\w+", (latin["brand"] or "").lower())
    if words and (words[0] == sound or "".join(words[:2]) == sound):
        return [Evidence(2, "the brand read aloud is the Western name")]
    return [Evidence(-3, "names in two scripts that do not read alike")]


def _western(a: Parts, b: Parts) -> list[Evidence]:
    left, right = _words(a), _words(b)
    x, y = "".join(left), "".join(right)
    roman = [set(_NUMBERS.findall(" ".join(w))) for w in (left, right)]
    if roman[0] != roman[1] and all(roman):
        return [Evidence(-5, "numbers differ")]
    if _initials(left) == y or _initials(right) == x:
        return [Evidence(2.5, "one name is made of the other's initials")]
    only = _unmatched(left, right)
    if not only:
        return [Evidence(4, "same words, spelled or ordered a little differently")]
    if all(word in GENERIC for word in only):
        both = set(left) & set(right) - GENERIC
        return [Evidence(1.5 if both else -2, "only general words differ")]
    if min(len(x), len(y)) >= 6 and edits(x, y) <= max(1, min(len(x), len(y)) // 8):
        return [Evidence(2, "spelled a little differently")]
    shared = 1 - len(only) / max(1, len(set(left) | set(right)))
    if shared >= 0.7 and alike(x, y) > 0.9:
        return [Evidence(0.5, "most words shared")]
    if set(left) < set(right) or set(right) < set(left):
        return [Evidence(-2, "one name has a telling word more")]
    return [Evidence(-6, "different words")]


def _words(a: Parts) -> list[str]:
    text = (a["brand"] or a["key"] or "").lower().replace("&", " and ")
    text = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", text)
    return [w for w in re.findall(r"\w+", text.replace("'", "")) if w not in ("and", "the")]


def _initials(words: list[str]) -> str:
    return "".join(w[0] for w in words if w not in ("of", "for")) if len(words) >= 3 else "–"


def _unmatched(left: list[str], right: list[str]) -> list[str]:
    """The words of either name that have no like in the other."""

    def has_like(word: str, others: list[str]) -> bool:
        return any(
            word == o
            or (min(len(word), len(o)) >= 5 and edits(word, o) == 1)
            or (len(word) >= 3 and len(o) > len(word) + 2 and o.startswith(word) and len(word) > 3)
            for o in others
        )

    return [w for w in left if not has_like(w, right)] + [w for w in right if not has_like(w, left)]
