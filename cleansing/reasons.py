"""A reason is one or more codes joined with `; `, each out of one list.

explain("width folded; spaces squeezed", "zh")      # 全角转半角；合并空格
"""

import re
from functools import cache

import polars as pl

from guiyi.catalogue import codes_in
from guiyi.messages import phrase

CONTEXT = "cleansing reason"
"""The context of the codes in the catalogues, which say in both languages what they mean."""
FAULTS = "refused"
"""The context of the words behind `invalid:` and `damaged:`."""
REFUSALS = {"invalid: {}": "无效", "damaged: {}": "受损"}
_SEPARATOR = "; "
OF_OURS = frozenset(
    {
        "imputed: {}",
        "inferred: area code from {}",
        "{} calendar",
        "invalid: {}",
        "damaged: {}",
    }
)
"""Codes whose `{}` stands for words of ours; that of all others quotes the cell, which may be of a
person, and is shown only beside the cell."""


def argued(code: str, argument: str) -> str:
    """A code with what differs from value to value: quoted from a cell, it may not end the code."""
    return code.replace("{}", argument.replace(";", "；"), 1)


@cache
def codes() -> tuple[str, ...]:
    """Every code a reason may hold; `{}` in a code stands for what differs."""
    return codes_in(CONTEXT)


def meaning(code: str, language: str) -> str:
    """What a code means."""
    return phrase(code, language, CONTEXT)


@cache
def _pattern() -> re.Pattern[str]:
    """One code after another: some hold the separator themselves (`invalid: month; …`)."""
    forms = sorted(codes(), key=lambda code: (code.count("{}"), -len(code)))
    either = "|".join(f"(?:{_form(code)})" for code in forms)
    return re.compile(rf"({either})(?:; |$)")


def _form(code: str) -> str:
    return re.escape(code).replace(r"\{\}", "[^;]+(?:; (?:day and month|check character)[^;]*)?")


def codes_of(reason: str) -> list[str] | None:
    """The codes of a reason as the list writes them; None where one is not in the list."""
    found = _parsed(reason)
    return None if found is None else [code for code, _ in found]


def _parsed(reason: str) -> list[tuple[str, str]] | None:
    """Each code of a reason, as the list writes it and as it stands there."""
    found, place = [], 0
    while place < len(reason):
        code = _pattern().match(reason, place)
        if code is None:
            return None
        found.append((_listed(code[1]), code[1]))
        place = code.end()
    return found


def _listed(code: str) -> str:
    """A code as the list writes it."""
    if code in codes():
        return code
    return next(c for c in codes() if "{}" in c and re.fullmatch(_form(c), code))


def unquoted(reasons: pl.Series) -> pl.Series:
    """Reasons without what they quote of a cell: `note removed: …`; for counts and reports."""
    distinct = reasons.drop_nulls().unique()
    return reasons.replace(distinct, [without_quotes(reason) for reason in distinct])


def without_quotes(reason: str) -> str:
    """One reason without what it quotes of a cell."""
    found = _parsed(reason)
    if found is None:
        return _SEPARATOR.join(part.split(":")[0] for part in reason.split(_SEPARATOR))
    return _SEPARATOR.join(
        text if code in OF_OURS else code.replace("{}", "…") for code, text in found
    )


def explain(reason: str, language: str = "en") -> str:
    """Say a reason in words; a code that is not in the list stays as it is."""
    listed = _parsed(reason)
    if listed is None:
        return reason
    if language != "zh":
        return _SEPARATOR.join(meaning(code, language) for code, _ in listed)
    return "；".join(_refusal(code, text) or meaning(code, language) for code, text in listed)


def _refusal(code: str, text: str) -> str | None:
    """In Chinese, what is wrong with a refused value; None for other codes and unlisted faults."""
    if code not in REFUSALS:
        return None
    fault = text.partition(": ")[2]
    chinese = phrase(fault, "zh", FAULTS)
    return None if chinese == fault else f"{REFUSALS[code]}：{chinese}"
