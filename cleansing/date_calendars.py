"""Other calendars and scripts: 民國113年, R6.3.5, 二〇二四年三月五日, 3月5日, ngày 5 tháng 3."""

import re

from cleansing.date_day import Day, NoDay, Read, Unsure, day_of
from cleansing.date_numerals import arabic
from cleansing.date_order import DateOrder

_ERAS = {"民國": 1911, "民国": 1911, "中華民國": 1911, "中华民国": 1911, "ROC": 1911}
_ERAS |= {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first of each era: Republic of China, and Japan from Meiji on."""

_ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
"""R6.3.5, as Japanese forms abbreviate (JIS X 0301)."""

_KOREAN = str.maketrans({"년": "年", "월": "月", "일": "日"})

LUNAR = re.compile(
    r"农历|農曆|阴历|陰曆|正月|腊月|臘月|冬月|闰|閏|月\s*(?:初[一二三四五六七八九十]|[廿卅][^日号號]*$)"
)
"""A day of the Chinese lunar calendar, which no table here converts."""


def in_an_era(text: str, _: DateOrder) -> Read | None:
    """Years of the Republic of China and of Japan's emperors are counted from one."""
    era = re.match(
        r"(中華民國|中华民国|民國|民国|ROC|R\.O\.C\.|明治|大正|昭和|平成|令和)\s*(前)?\s*",
        text,
        re.I,
    )
    if era is not None:
        digits = arabic(text[era.end() :].replace("元年", "1年"))
        found = re.fullmatch(
            r"(\d{1,3})\s*[年./-]\s*(?:(\d{1,2})\s*[月./-]\s*)?(?:(\d{1,2})\s*[日号號]?)?", digits
        )
        if found is None or era[2]:
            return NoDay("invalid: not a date")
        base = _ERAS[era[1].upper().replace(".", "")]
        return day_of(str(base + int(found[1])), found[2], found[3], f"{era[1]} calendar")
    letter = re.fullmatch(r"([MTSHR])\s*(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})", text, re.I)
    if letter is not None:
        name = _ERA_LETTERS[letter[1].upper()]
        return day_of(str(_ERAS[name] + int(letter[2])), letter[3], letter[4], f"{name} calendar")
    republic = re.fullmatch(r"(\d{3})[./-](\d{1,2})[./-](\d{1,2})|([01]\d{2})(\d{2})(\d{2})", text)
    if republic is None:
        return None
    year, month, day = (g for g in republic.groups() if g is not None)
    return day_of(str(1911 + int(year)), month, day, "民國 calendar")


def in_chinese(text: str, order: DateOrder) -> Read | None:
    """Year, month and day may each have its word behind it, in Chinese numerals or digits."""
    text = text.translate(_KOREAN)
    vietnamese = re.fullmatch(
        r"(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*(?:,?\s*năm)?\s*(\d{4})", text, re.I
    )
    if vietnamese is not None:
        return day_of(vietnamese[3], vietnamese[2], vietnamese[1])
    if not re.search(r"[年月]", text):
        return None
    found = re.fullmatch(
        r"(?:(\d{4}|\d{2})\s*年\s*)?(?:(\d{1,2})\s*月\s*)?(份|初|底|末|[上中下]旬)?(?:(\d{1,2})\s*[日号號]?)?",
        arabic(text),
    )
    if found is None or (found[3] and found[4]):
        return NoDay("invalid: not a date")
    year, month, part, day = found.groups()
    if year is None:
        return without_year(month, day)
    short = ("two-digit year",) if len(year) == 2 else ()
    whole = day_of(order.year_of(year) if short else year, month, day, *short)
    if part in (None, "份") or isinstance(whole, NoDay):
        return whole
    return Unsure("year and month only", whole.key)  # 底, 上旬 say more than the month


def without_year(month: str | None, day: str | None) -> Read:
    """A birthday is often given without its year; ISO 8601 once wrote it --03-05."""
    if month is None or day is None:
        return NoDay("invalid: not a date")
    leap = day_of("2000", month, day)
    if isinstance(leap, NoDay):
        return leap
    return Day(leap.iso.replace("2000", "-", 1), ("month and day only",))
