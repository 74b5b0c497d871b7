"""What a piece of a signature is: a name, a title, a department, a company or an address."""

import re
from functools import cache
from typing import Any

from connectors.sources import words

HAN = re.compile(r"[\u3400-\u9fff]")
_ALL_HAN = re.compile(r"^[\u3400-\u9fff·\s]+$")
_PLACE_MARKS = re.compile(
    r"[省市区區县縣镇鎮乡路街道巷弄号號栋棟幢座层層楼樓室]|大厦|大廈|园|广场|廣場"
)
_LATIN_NAME = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?[A-Z\u00c0-\u00de][\w'’.-]*"
    r"(?: [A-Z\u00c0-\u00de][\w'’.-]*| (?:de|van|von|der|da|di|la|le|bin|al)){1,4}$"
)


@cache
def _list(name: str) -> Any:
    found = words.load("signature_words")[name]
    return tuple(found) if isinstance(found, list) else frozenset(found)


def _tokens(text: str) -> list[str]:
    return [token.strip(".,()&").lower() for token in re.split(r"[\s/]+", text)]


def is_company(text: str) -> bool:
    """深圳市华为技术有限公司, Acme Co., Ltd."""
    if HAN.search(text):
        bare = re.sub(r"[（(][^）)]*[）)]$", "", text)
        return 4 <= len(bare) <= 40 and ends_as_company(text)
    tokens = [token for token in _tokens(text) if token]
    return 2 <= len(tokens) <= 10 and any(token in _list("companies_en") for token in tokens[1:])


def ends_as_company(text: str) -> bool:
    """Tell a Chinese text that ends with a word for a company, perhaps with a note in brackets."""
    bare = re.sub(r"[（(][^）)]*[）)]$", "", text)
    return HAN.search(text) is not None and bare.endswith(_list("companies_zh"))


def is_address(text: str) -> bool:
    """深圳市南山区科技南路5号, 1 Main Street, Springfield."""
    if HAN.search(text):
        marks = set(_PLACE_MARKS.findall(text))
        numbered = re.search(r"[\d一二三四五六七八九十]", text) is not None
        return len(marks) >= 2 and (numbered or len(marks) > 2)
    tokens = _tokens(text)
    return (
        len(tokens) >= 3
        and bool(re.search(r"\d", text))
        and any(token in _list("address_en") for token in tokens)
    )


def is_title(text: str) -> bool:
    """销售经理, Vice President of Sales."""
    if HAN.search(text):
        return len(text) <= 20 and text.endswith(_list("titles_zh"))
    if len(text) > 60 or re.search(r"[.!?]\s|\d", text):
        return False
    lower = f" {' '.join(_tokens(text))} "
    return len(lower.split()) <= 8 and any(f" {word} " in lower for word in _list("titles_en"))


def is_department(text: str) -> bool:
    """市场部, Sales Department."""
    if HAN.search(text):
        return 2 < len(text) <= 15 and text.endswith(_list("departments_zh"))
    lower = text.lower()
    tokens = _tokens(lower)
    return 2 <= len(tokens) <= 6 and (
        bool(set(tokens) & set(_list("departments_en"))) or lower.startswith("department of")
    )


def name_in(text: str) -> str | None:
    """Return the person a piece names: 张三, 王 伟, John E. Doe; None if it names none."""
    if HAN.search(text):
        bare = re.sub(r"\s+", "", text)
        if not _ALL_HAN.match(bare):
            return None
        if bare[:2] in _list("compound_surnames"):
            return bare if 3 <= len(bare) <= 4 else None
        return bare if 2 <= len(bare) <= 3 and bare[0] in _list("surnames") else None
    bare = re.sub(r",\s*(?:Ph\.?D|MBA|CPA|Esq|Jr|Sr|M\.?D|PE|PMP)\.?$", "", text.strip())
    return text.strip(" ,") if _LATIN_NAME.match(bare) and len(text) <= 40 else None
