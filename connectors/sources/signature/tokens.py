"""What a piece of a signature is: a name, a title, a department, a company or an address."""

import re
from functools import cache
from typing import Any

from cleansing.person_name.reference import surname_characters
from connectors.sources import words

HAN = re.compile(r"[\u3400-\u9fff]")
_ALL_HAN = re.compile(r"^[\u3400-\u9fff々·\s]+$")
_PLACE_MARKS = re.compile(
    r"[省市区區縣县镇鎮乡鄉路街道巷弄号號栋棟幢座层層楼樓室都府県町丁目]|大厦|大廈|园|广场|廣場"
)
_CAPITAL = "A-Z\u00c0-\u00de\u0100-\u017f"
_LATIN_NAME = re.compile(
    rf"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Dipl|Ing|M|Mme|Herr|Frau)\.? ?){{0,2}}[{_CAPITAL}][\w'’.-]*"
    rf"(?: [{_CAPITAL}][\w'’.-]*| (?:de|van|von|der|den|da|di|del|dos|la|le|bin|al|el|y)){{1,4}}$"
)
_DEGREE = re.compile(
    r",?\s*\(?\b(?:Ph\.?D|MBA|CPA|CFA|Esq|Jr|Sr|M\.?D|P\.?E|PMP|she/her|he/him|they/them)\b\.?\)?$"
)
_NOTE = re.compile(r"(?:[（(][^）)]*[）)]|\s*[-－—–][\u3400-\u9fff]{1,6})$")
"""What a clerk adds behind a company's name: （注销）, -老客户."""
_CITY_LINE = re.compile(
    r"^(?:[A-Z]{1,2}-)?\d{4,6}\s+[A-ZÀ-Þ]"
    r"|^[A-ZÀ-Þ][\w .'’-]+,?\s+(?:[A-Z]{2}\s+)?\d{4,6}(?:-\d{3,4})?\b"
    r"|^[A-ZÀ-Þ][\w .'’-]+,?\s+[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
)
"""70565 Stuttgart; Cleveland, OH 44114; Leeds LS1 2DN."""


@cache
def _list(name: str) -> Any:
    found = words.load("signature_words")[name]
    return tuple(found) if isinstance(found, list) else frozenset(found)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_list(name))


def _tokens(text: str) -> list[str]:
    return [token.strip(".,()&").lower() for token in re.split(r"[\s/,]+", text)]


def is_company(text: str) -> bool:
    """深圳市华为技术有限公司, Acme Co., Ltd."""
    if HAN.search(text):
        bare = _NOTE.sub("", text)
        return 4 <= len(bare) <= 40 and ends_as_company(text)
    tokens = [token for token in _tokens(text) if token]
    if not 2 <= len(tokens) <= 12:
        return False
    plain = (token.replace(".", "") for token in tokens[1:])
    return any(token in _set("companies_en") for token in plain) or _has_form(text)


def _has_form(text: str) -> bool:
    """Tell a legal form that is a word elsewhere by its place and capitals: Nordic Pumps AS."""
    written = text.rstrip(" .,").split()
    return written[-1].strip(".,") in _set("company_endings") and written[0][0].isupper()


def ends_as_company(text: str) -> bool:
    """Tell a Chinese text that ends with a word for a company, perhaps with a note behind it."""
    bare = _NOTE.sub("", text.strip())
    if HAN.search(text) is None:
        return False
    return bare.endswith(_list("companies_zh")) or bare.startswith(_list("companies_ja"))


def is_part_of_school(text: str) -> bool:
    """化工学院: what ends as a company, but beside a university is a part of it."""
    return text.endswith(_list("school_parts"))


def is_address(text: str) -> bool:
    """深圳市南山区科技南路5号, 1 Main Street, Springfield, Industriestraße 14."""
    if text.startswith("〒"):
        return True
    if HAN.search(text):
        marks = set(_PLACE_MARKS.findall(text))
        numbered = re.search(r"[\d一二三四五六七八九十]", text) is not None
        return len(marks) >= 2 and (numbered or len(marks) > 2)
    tokens = _tokens(text)
    if re.search(r"\d", text) is None or len(tokens) < 2:
        return False
    if any(token.endswith(_list("street_endings")) for token in tokens):
        return True
    return len(tokens) >= 3 and any(token in _set("address_en") for token in tokens)


def continues_address(text: str) -> bool:
    """Tell the second line of an address: a city with its code, a building with its room."""
    if HAN.search(text):
        return len(text) <= 40 and bool(_PLACE_MARKS.search(text)) and bool(re.search(r"\d", text))
    return len(text) <= 60 and _CITY_LINE.match(text) is not None


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
        bool(set(tokens) & _set("departments_en")) or lower.startswith("department of")
    )


def is_field_of_work(text: str) -> bool:
    """Sales, Supply Chain: a department only where a title stands before it."""
    return text.lower() in _set("fields_of_work")


def name_in(text: str) -> str | None:
    """Return the person a piece names: 张三, 王 伟, John E. Doe; None if it names none."""
    if HAN.search(text):
        return _chinese_name(re.sub(r"\s+", "", text))
    bare = _DEGREE.sub("", text.strip())
    return bare.strip(" ,") if _LATIN_NAME.match(bare) and len(text) <= 50 else None


def is_single_name(text: str) -> bool:
    """Tell a lone word that may be a name from what mails begin lines with: From, Dear."""
    return re.fullmatch(r"[A-Z][a-z]+", text) is not None and text.lower() not in _set("not_names")


def _chinese_name(bare: str) -> str | None:
    if not _ALL_HAN.match(bare):
        return None
    spoken = next((word for word in _list("honorifics") if bare.endswith(word)), "")
    named = bare.removesuffix(spoken)
    if named[:2] in _set("compound_surnames"):
        return bare if 3 - bool(spoken) <= len(named) <= 4 else None
    fits = 2 - bool(spoken) <= len(named) <= 3
    return bare if fits and named[0] in _list("surnames") else None


def could_be_name(text: str) -> bool:
    """Tell what may be a Chinese name with a surname that is rare, and a common word elsewhere."""
    bare = re.sub(r"\s+", "", text)
    return 2 <= len(bare) <= 3 and bool(_ALL_HAN.match(bare)) and bare[0] in surname_characters()


def could_be_company(text: str) -> bool:
    """Tell what may be a company's short name: 鼎盛五金, Sunrise Bakery. No more than a shape."""
    if HAN.search(text):
        return 3 <= len(text) <= 12 and _ALL_HAN.match(text) is not None
    written = text.split()
    joins = {"of", "and", "the", "&", "for", "de", "du", "et", "und", "y"}
    capital = all(word[0].isupper() or word[0].isdigit() or word in joins for word in written)
    return 1 <= len(written) <= 6 and capital and len(text) >= 3 and text[-1] not in ".,:;"
