"""Chinese numerals in names and addresses, written as figures: 第十二 and 12, 八中 and 8中."""

import re
from functools import lru_cache

NUMERALS = "零〇一二三四五六七八九十百两"
_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@lru_cache(maxsize=1 << 14)
def as_number(numeral: str) -> str:
    """A numeral below one thousand as figures; figures stay, without zeros before them."""
    if numeral.isdigit():
        return str(int(numeral))
    if "十" not in numeral and "百" not in numeral:
        return str(int("".join(str(_DIGITS[char]) for char in numeral)))
    total, last = 0, None
    for char in numeral:
        if char in "十百":
            total += (1 if last is None else last) * (10 if char == "十" else 100)
            last = None
        else:
            last = _DIGITS[char]
    return str(total + (last or 0))


def in_figures(text: str, before: str) -> str:
    """Write the numerals that stand before `before`, a regular expression, as figures."""
    return re.sub(rf"[{NUMERALS}]+(?={before})", lambda found: as_number(found.group()), text)
