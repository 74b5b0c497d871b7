"""Years, months and days in Chinese numerals: 二〇二四年三月三十一日."""

import re

_NUMERALS = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾貳參陸", "一二三四五六七八九十二三六")
"""As cheques have them, where 零 fills the place of a ten: 贰零贰肆年零叁月壹拾伍日."""


def arabic(text: str) -> str:
    """Write Chinese numerals as digits: 二〇二四 → 2024, 三十一 → 31, 十二 → 12, 廿五 → 25."""
    text = text.translate(_FORMAL).replace("廿", "二十").replace("卅", "三十")

    def tens(found: re.Match[str]) -> str:
        ten = _NUMERALS[found[1]] if found[1] else 1
        return str(ten * 10 + (_NUMERALS[found[2]] if found[2] else 0))

    text = re.sub(r"([一二三四五六七八九])?十([一二三四五六七八九])?", tens, text)
    return "".join(str(_NUMERALS.get(char, char)) for char in text)
