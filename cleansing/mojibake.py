"""Text read with the wrong encoding comes out as a salad, and can be read again where it is whole.

UTF-8 read as GBK (涓婃捣 for 上海) or as Windows-1252 (Ã© for é), and GBK read as Latin-1 (ÉÏº£).
Undone only when certain: every byte of the value decodes the other way, into common Chinese or into
letters, and what stood there was no plausible text.
"""

import re

import polars as pl

GBK_SALAD = "[鈥鈩锛銆涓浜鍏鍙鍖鍗鍚鍥鍦鍩鍬鍏娴骞寮寰鎬鎴鏃鏈鏉鐢缁鑰琛鏄悅鏂璇闂闄闀杞锟]"
"""The characters that lead common Chinese in UTF-8 read as GBK, and what lost bytes become."""

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
    """Read one text again; give it back as it is where that is not certain."""
    western = _western_bytes(text)
    again = _decoded(western, "utf-8")  # few bytes are UTF-8 by chance, but most are GBK
    if again is not None and again != text and _USUAL.fullmatch(again):
        several = _ONE_LETTER.fullmatch(text) is None and len(text) - len(again) > 1
        if several or (_ONE_LETTER.fullmatch(text) and again.isprintable()):
            return again
    for candidate in (_decoded(_gbk_bytes(text), "utf-8"), _decoded(western, "gb18030")):
        if candidate and _is_common_chinese(candidate) and not _is_common_chinese(text):
            return candidate
    return text


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
    han = 0
    for char in text:
        if char < "\x80" or char in "（），。、：；《》“”·—":
            continue
        try:
            first = char.encode("gb2312")[0]
        except UnicodeError:
            return False
        if not 0xB0 <= first <= 0xD7:
            return False
        han += 1
    return han >= 2
