"""A reason is one or more codes joined with `; `, each out of one list.

explain("width folded; spaces squeezed", "zh")      # 全角转半角；合并空格
"""

import re
from collections.abc import Mapping
from functools import cache

from cleansing.knowledge import facts

_SEPARATOR = "; "


def argued(code: str, argument: str) -> str:
    """A code with what differs from value to value: quoted from a cell, it may not end the code."""
    return code.replace("{}", argument.replace(";", "；"), 1)


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """What each code means, by code and language; `{}` in a code stands for what differs."""
    known: Mapping[str, Mapping[str, str]] = facts("reasons.yml")
    return known


@cache
def _pattern() -> re.Pattern[str]:
    """One code after another: some hold the separator themselves (`invalid: month; …`)."""
    forms = sorted(meanings(), key=lambda code: (code.count("{}"), -len(code)))
    either = "|".join(f"(?:{_form(code)})" for code in forms)
    return re.compile(rf"({either})(?:; |$)")


def _form(code: str) -> str:
    return re.escape(code).replace(r"\{\}", "[^;]+(?:; (?:day and month|check character)[^;]*)?")


def codes_of(reason: str) -> list[str] | None:
    """The codes of a reason as the list writes them; None where one is not in the list."""
    found, place = [], 0
    while place < len(reason):
        code = _pattern().match(reason, place)
        if code is None:
            return None
        found.append(next(c for c in meanings() if re.fullmatch(_form(c), code[1])))
        place = code.end()
    return found


def explain(reason: str, language: str = "en") -> str:
    """Say a reason in words; a code that is not in the list stays as it is."""
    codes = codes_of(reason)
    if codes is None:
        return reason
    mark = "；" if language == "zh" else _SEPARATOR
    return mark.join(meanings()[code][language] for code in codes)
