"""Text read with the wrong encoding comes out as a salad, and can be read again where it is whole.

UTF-8 read as GBK (涓婃捣 for 上海) or as Windows-1252 (Ã© for é), and GBK read as Latin-1 (ÉÏº£).
Undone only when certain: every byte of the value decodes the other way, into common Chinese or into
letters, and what stood there was no plausible text.
"""

import re
from functools import cache

import polars as pl

_LEADS = "".join(
    bytes([first, second]).decode("gbk")
    for first in range(0xE4, 0xEA)
    for second in range(0x80, 0xC0)
)
"""What GBK shows for the first two bytes of a Chinese character in UTF-8 (U+4E00 to U+9FFF)."""

IN_WORD = r"[A-Za-z][\u4e00-\u9fff][a-z]"
"""A Chinese character within a Latin word: M眉ller, M黮ler."""

_CYRILLIC = "".join(
    bytes([first, second]).decode("gbk") for first in (0xD0, 0xD1) for second in range(0x80, 0xC0)
)
"""What GBK shows for a Cyrillic letter in UTF-8; each is a Chinese character of its own as well."""

GBK_SALAD = rf"[{_LEADS}锟]|鈥|鈩|锛|銆|{IN_WORD}|[{_CYRILLIC}]{{4}}"
"""What leads UTF-8 read as GBK, punctuation too, and what lost bytes become."""

SALAD = rf"[\u00c0-\u00ff][\u0080-\u00ff]|[\u00c2-\u00ef][\u0080-\u2122]|{GBK_SALAD}"
"""Cheap first look: runs of Latin-1 letters, or the characters that lead UTF-8 read as GBK."""

LOST = "[\ufffd]|锟斤|斤拷|烫烫烫|屯屯屯"
"""What is left where bytes were thrown away: the replacement character, alone or read as GBK, and
the fill patterns of a debugger. Nothing brings the text back."""

_USUAL = re.compile(
    r"[\u0000-\u007f\u00a0-\u017f\u0370-\u03ff\u0400-\u045f\u1e00-\u1eff\u2010-\u2026\u20ac\u2122"
    r"\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]*"
)
"""Letters and marks of the scripts that customers are written in."""

_ONE_LETTER = re.compile(r"[^\u0080-\uffff]*[\u00c2-\u00c5][^\u0000-\u007f][^\u0080-\uffff]*")
"""A single pair is believed only where it would be a Latin letter: Ã©, Ä±, Å‚."""


def repair_mojibake(values: pl.Series) -> pl.Series:
    """Read again what was read with the wrong encoding, where that is certain."""
    suspect = values.str.contains(SALAD).fill_null(value=False)
    if not suspect.any():
        return values
    distinct = values.filter(suspect).unique()
    repaired = distinct.map_elements(repair, return_dtype=pl.String)
    changed = (distinct != repaired).fill_null(value=False)
    if not changed.any():
        return values
    return values.replace(distinct.filter(changed), repaired.filter(changed))


def repair(text: str) -> str:
    """Read one text again, twice if need be; it stays as it is where that is not certain."""
    again = _repaired(text)
    return again if again == text else _repaired(again)


def _repaired(text: str) -> str:
    western = _western_bytes(text)
    again = _decoded(western, "utf-8")  # few bytes are UTF-8 by chance, but most are GBK
    if again is not None and again != text and _USUAL.fullmatch(again):
        several = _ONE_LETTER.fullmatch(text) is None and len(text) - len(again) > 1
        if several or (_ONE_LETTER.fullmatch(text) and again.isprintable()):
            return again
    gbk = None if text.isascii() else _gbk_bytes(text)
    if _is_common_chinese(text):
        return _latin_within(text, gbk)
    candidate = _decoded(gbk, "utf-8")
    if candidate and (_is_chinese(candidate) or _is_word_of_letters(candidate)):
        return candidate
    candidate = _decoded(western, "gb18030")
    if candidate and _is_plausible_chinese(candidate) and not _may_be_letters(western):
        return candidate
    return _latin_within(text, gbk)


_SANDWICH = re.compile(IN_WORD)
_LETTERS_ONLY = re.compile(r"[A-Za-z\u00c0-\u024f .,'&()\-0-9]+")


def _latin_within(text: str, gbk: bytes | None) -> str:
    """M眉ller is UTF-8 read as GBK, M黮ler is Latin-1; T恤shop would be TÐôshop, and stays."""
    if _SANDWICH.search(text) is None:
        return text
    for encoding in ("utf-8", "cp1252"):
        candidate = _decoded(gbk, encoding)
        if candidate and _LETTERS_ONLY.fullmatch(candidate) and _is_cased(candidate):
            return candidate
    return text


def _may_be_letters(data: bytes | None) -> bool:
    """Whether bytes may be Cyrillic or Greek words as well: ÈÂÀÍÎÂ is ИВАНОВ, no 嚷劳温."""
    readings = (_decoded(data, encoding) for encoding in ("cp1251", "koi8_r", "cp1253"))
    return any(reading is not None and _is_word_of_letters(reading) for reading in readings)


def _is_word_of_letters(text: str) -> bool:
    """Words of one alphabet, Cyrillic or Greek, each in lower case, capitals or with one ahead."""
    letters = re.sub(r"[ -~]", " ", text).split()
    joined = "".join(letters)
    one = re.fullmatch(r"[\u0400-\u045f]{4,}|[\u0370-\u03ff]{4,}", joined) is not None
    return one and _is_cased(text)


def _is_cased(text: str) -> bool:
    """Whether each word is in lower case, in capitals, or has one ahead; GmbH may be as it is."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    return all(w.islower() or w.isupper() or w[1:].islower() for w in words)


def _western_bytes(text: str) -> bytes | None:
    """The bytes that Windows-1252 shows so; the five it leaves undefined are shown as controls."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1252")
        except UnicodeError:
            if ord(char) > 0xFF:
                return None
            out.append(ord(char))
    return bytes(out)


def _gbk_bytes(text: str) -> bytes | None:
    try:
        return text.encode("gb18030")
    except UnicodeError:
        return None


def _decoded(data: bytes | None, encoding: str) -> str | None:
    try:
        return data.decode(encoding) if data is not None else None
    except UnicodeError:
        return None


def _is_common_chinese(text: str) -> bool:
    """At least two characters, each ASCII, Chinese punctuation or one of GB 2312's 3,755 first."""
    levels = _levels(text)
    return levels is not None and len(levels) >= 2 and not any(levels)


def _is_plausible_chinese(text: str) -> bool:
    """Common Chinese, but for rarer characters in names of places, or no more than the others."""
    levels = _levels(text)
    if levels is None or len(levels) < 2 or len(set(text)) < 2:
        return False
    rare = sum(levels)
    return rare == 0 or (len(levels) >= 3 and 2 * rare <= len(levels)) or _is_placed(text)


def _is_placed(text: str) -> bool:
    """Whether the rarer characters stand in names of places: 深圳, 亳州."""
    rest = _places().sub("", text)
    levels = _levels(rest)
    return rest != text and levels is not None and not any(levels)


@cache
def _places() -> re.Pattern[str]:
    from cleansing.divisions import divisions, stem

    names = {name for level in ("city", "district") for name in divisions()[level].drop_nulls()}
    rare = [name for name in names | set(map(stem, names)) if any(_levels(name) or ())]
    known = [name for name in rare if len(name) >= 2]
    return re.compile("|".join(sorted(known, key=len, reverse=True)))


def _levels(text: str) -> list[bool] | None:
    """For each Chinese character whether it is beyond GB 2312's first level; None if foreign."""
    levels = []
    for char in text:
        if char < "\x80" or char in _CHINESE_MARKS:
            continue
        try:
            first = char.encode("gb2312")[0]
        except UnicodeError:
            return None
        if not 0xB0 <= first <= 0xF7:
            return None
        levels.append(first > 0xD7)
    return levels


def _is_chinese(text: str) -> bool:
    """At least two characters of those in Chinese use, simplified or traditional."""
    han = 0
    for char in text:
        if char < "\x80" or char in _CHINESE_MARKS:
            continue
        if not ("\u4e00" <= char <= "\u9fff"):
            return False
        if not (_encodes(char, "gb2312") or _encodes(char, "big5")):
            return False
        han += 1
    return han >= 2


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeError:
        return False
    return True


_CHINESE_MARKS = "（），。、：；《》“”‘’·—–…！？【】　"
