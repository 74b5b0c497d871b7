"""The reasons of a verdict in the reader's language: in the catalogues, the English is the code."""

from collections.abc import Iterable

from guiyi.messages import phrase

CONTEXT = "pair reason"
"""The context of these reasons in the catalogues."""


def in_words(reasons: Iterable[str], language: str) -> str:
    """Join reasons, in English or Chinese."""
    distinct = list(dict.fromkeys(reasons))
    if language.startswith("zh"):
        return "；".join(phrase(reason, "zh", CONTEXT) for reason in distinct)
    return "; ".join(distinct)
