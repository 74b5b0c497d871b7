"""A person is known by a number that says where and when they were registered.

Mainland resident numbers (GB 11643-1999, and the fifteen-digit form before it), Hong Kong and
Macao identity cards and Taiwan's national id are proved; numbers of other places are kept as
written, and said to be unverified.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import polars as pl

from cleansing import knowledge
from cleansing.check_character import is_run, resident_check, resident_is_right
from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.reasons import argued
from cleansing.text import tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "birth": pl.String(),
    "region": pl.String(),
}

_PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]"
"""GB/T 2260, the mainland."""
_PLACES = rf"(?:{_PROVINCES}|71)\d{{4}}"
_PERMITS = "8[1-3]0000"
"""Residence permits of people of Hong Kong, Macao and Taiwan (港澳台居民居住证, since 2018)."""
_FOREIGNERS = rf"9(?:{_PROVINCES})\d{{3}}"
"""Foreigners' permanent residence cards since December 2023 (外国人永久居留身份证, 国家移民管理局):
a nine, the province that gave it, and the country's number in ISO 3166-1."""

_FORM = rf"^(?:{_PLACES}|{_PERMITS}|{_FOREIGNERS})(?:18|19|20)\d{{9}}[\dX]$"
_OLD_FORM = rf"{_PLACES}\d{{9}}"
_OLD_FOREIGNERS = re.compile(r"([A-Z]{3})\d{12}")
"""The permanent residence card before that: the country's three letters and twelve digits."""
_LABEL = re.compile(
    r"^((?:居民)?(?:身份证|身分證|身份證)(?:号码?|字號|號碼?)?)\s*[:.]?\s*"
    r"|^((?:ID|SSN)\b\s*(?:NO\.?|CARD)?)\s*[:.]?\s*"
)
_LOST = "damaged: digits lost to scientific notation"
_ROUNDED = "damaged: last digits lost to rounding"
_PLACEHOLDER = "invalid: placeholder"
_MASKED = re.compile(r"[*•●■□#?…×]{2,}|\d[*•●■□#?…×]+\d|X{3,}")
"""Digits hidden from whoever exported the file: many people share what is left."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Prove each number; fifteen digits become eighteen, and the birth date is taken out."""
    value = pl.col("value")
    tidied = where_untidy(values, tidy).str.to_uppercase()
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": tidied})).with_columns(
        value=pl.col("tidied").str.replace_all(r"[\s\-]", "")
    )
    today = pl.lit(date.today().isoformat())
    frame = frame.with_columns(
        birth=value.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).dt.to_string("%Y-%m-%d"),
        shaped=value.str.contains(_FORM).fill_null(value=False),
    )
    shaped = frame["shaped"]
    right = shaped.scatter(shaped.arg_true(), resident_is_right(frame["value"].filter(shaped)))
    home = ~value.str.contains("^[89]")
    frame = frame.with_columns((pl.lit(right) & home & (pl.col("birth") <= today)).alias(PLAIN))
    half_done = frame.select(
        "value",
        why(when(value != pl.col("raw"), "tidied")).alias("reason"),
        value.alias("key"),
        "birth",
        value.str.slice(0, 6).alias("region"),
        PLAIN,
    )
    return finish(values, frame["tidied"], half_done, clean_one, PARTS)


def is_resident(number: str) -> bool:
    """Prove one mainland resident number of fifteen or eighteen characters."""
    return _resident_fault(number) is None


def clean_one(value: str, tidied: str) -> Row:
    """Read one identity number."""
    label = _LABEL.match(tidied)
    text = tidied if label is None else tidied[label.end() :]
    found, reason, *parts = _read(value, text)
    if found is None or label is None:
        return (found, reason, *parts)
    removed = argued("label removed: {}", (label[1] or label[2]).strip())
    return (found, removed if reason is None else f"{reason}; {removed}", *parts)


def _read(value: str, text: str) -> Row:
    """Read one identity number without its label."""
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", text):
        return _wrong(_LOST)
    if _MASKED.search(text):
        return _wrong("invalid: masked")
    number = re.sub(r"[\s\-.,·*']", "", re.sub(r"^(\d{15,18})\.0+$", r"\1", text))
    notes = [] if number == value else ["tidied"]
    if re.fullmatch(r"\d{17}[\dX]", number):
        fault = _resident_fault(number)
        return (
            _resident(number, notes)
            if fault is None
            else _wrong(fault, None if fault == _ROUNDED else number)
        )
    if re.fullmatch(_OLD_FORM, number):
        fault = _resident_fault(number)
        if fault is not None:
            return _wrong(fault, None if fault == _ROUNDED else number)
        seventeen = f"{number[:6]}19{number[6:]}"
        return _resident(seventeen + resident_check(seventeen), ["15 to 18 digits"])
    return _elsewhere(text, number, notes)


def _resident(number: str, reasons: list[str]) -> Row:
    birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    region = None if number[0] == "9" else number[:6]
    kind = {"8": ["residence permit"], "9": ["permanent residence card"]}.get(number[0], [])
    return (number, "; ".join([*kind, *reasons]) or None, number, birth, region)


def _wrong(reason: str, key: str | None = None) -> Row:
    return (None, reason, key or None if reason != _PLACEHOLDER else None, None, None)


def _resident_fault(number: str) -> str | None:
    """Say what is wrong with a mainland number; None when nothing is."""
    if re.fullmatch(r"(.)\1*", number) or is_run(number):
        return _PLACEHOLDER
    foreign = rf"|{_PERMITS}|{_FOREIGNERS}" if len(number) == 18 else ""
    if re.match(rf"{_PLACES}{foreign}", number) is None:
        return "invalid: region"
    digits = number if len(number) == 18 else f"{number[:6]}19{number[6:]}"
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        born = None
    if born is not None and born > date.today():
        return "invalid: birth date in the future"
    if born is None or born.year < 1800:
        return _ROUNDED if number.endswith("000") and len(number) == 18 else "invalid: birth date"
    if len(number) == 18 and resident_check(number) != number[17]:
        return _ROUNDED if number.endswith("000") else "invalid: check character"
    return None


def _elsewhere(text: str, number: str, notes: list[str]) -> Row:
    """Read the identity numbers of Hong Kong, Taiwan and Macao, and keep any other as it is."""
    bare = re.sub(r"[()（）/]", "", number)
    card = _OLD_FOREIGNERS.fullmatch(bare)
    if card is not None and card[1] in _countries():
        reasons = "; ".join(["permanent residence card", "unverified", *notes])
        return (bare, reasons, bare, None, None)
    if re.fullmatch(r"[A-Z]{1,2}\d{6}[\dA]", bare) and (is_hong_kong(bare) or "(" in text):
        shown = f"{bare[:-1]}({bare[-1]})"
        if not is_hong_kong(bare):
            return _wrong("invalid: check character", bare)
        return (shown, "Hong Kong" if shown == text else "Hong Kong; tidied", bare, None, None)
    if re.fullmatch(r"[A-Z][1289A-D]\d{8}", bare):
        if not is_taiwan(bare):
            return _wrong("invalid: check character", bare)
        return (bare, "; ".join(["Taiwan", *notes]), bare, None, None)
    if re.fullmatch(r"[157]\d{6}\(\d\)", number):
        return (number, "; ".join(["Macao", *notes]), bare, None, None)
    if len(bare) == 18 and len(re.findall(r"\d", bare)) >= 15:
        return _wrong("invalid: letter among the digits", bare)
    if len(bare) in (14, 16, 17, 19) and bare.isdigit():
        return _wrong(f"invalid: {len(bare)} digits, not 18", bare)
    if len(bare) < 5 or not re.search(r"\d", bare) or re.fullmatch(r"(.)\1*", bare):
        return _wrong(
            _PLACEHOLDER if re.fullmatch(r"(.)\1+", bare) else "invalid: not an identity number",
            bare,
        )
    return _document(text, bare, notes)


@cache
def _countries() -> frozenset[str]:
    """ISO 3166-1 alpha-3; Kosovo has a code in use and none in the standard."""
    return frozenset(row[1] for row in knowledge.rows("country_names.tsv")[1:]) - {"", "XKX"}


_SIGN = r"\s*(?:号码?|NO\.?)?\s*[:.]?\s*"
_DOCUMENTS = (
    (rf"^(?:护照|護照|PASSPORT){_SIGN}", r"[A-Z0-9]{6,9}", "passport"),
    (
        r"^(?:港澳(?:居民来往内地)?通行证|回乡证)\s*(?:号码?)?\s*[:.]?\s*",
        r"[A-Z0-9]{8,11}",
        "permit",
    ),
    (r"^(?:台胞证|台湾居民来往大陆通行证)\s*(?:号码?)?\s*[:.]?\s*", r"[A-Z0-9]{8,11}", "permit"),
    (r"^", r"(?:[DEGPS]\d{8}|E[A-HJ-NP-Z]\d{7}|1[45]\d{7})", "passport"),
    (r"^", r"[HM]\d{8}(?:\d{2})?", "permit"),
)
"""Label, form and name of travel documents: Chinese passports (护照, from 1997 on), and the permits
of Hong Kong, Macao (来往内地通行证) and Taiwan. None has a check character."""


def _document(text: str, bare: str, notes: list[str]) -> Row:
    """Name a travel document; any other number stays as it is, and is said to be unverified."""
    for label, form, name in _DOCUMENTS:
        number = re.sub(r"[\s\-]", "", re.sub(label, "", text))
        before = re.match(label, text)
        if re.fullmatch(form, number) and before is not None:
            reasons = [name, "unverified"]
            named = before[0].rstrip(":. ")
            if named:
                reasons.append(argued("label removed: {}", named))
            elif number != text:
                reasons.append("tidied")
            return (number, "; ".join(reasons), number, None, None)
    return (text, "unverified", bare, None, None)


def is_hong_kong(number: str) -> bool:
    """Prove a Hong Kong identity card number, its check digit last and bare (mod 11)."""
    letters, digits, check = number[:-7], number[-7:-1], number[-1]
    places = (
        [36, *(ord(c) - 55 for c in letters)][-2:]
        if len(letters) == 1
        else [ord(c) - 55 for c in letters]
    )
    total = sum(w * v for w, v in zip(range(9, 1, -1), [*places, *map(int, digits)], strict=True))
    return (total + (10 if check == "A" else int(check))) % 11 == 0


def is_taiwan(number: str) -> bool:
    """Prove a Taiwan national id or resident number (mod 10, the letter counted as two digits)."""
    first = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0]) + 10
    second = (
        int(number[1])
        if number[1].isdigit()
        else ("ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[1]) + 10) % 10
    )
    digits = [first // 10, first % 10, second, *map(int, number[2:])]
    return (
        sum(w * d for w, d in zip((1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), digits, strict=True)) % 10 == 0
    )
