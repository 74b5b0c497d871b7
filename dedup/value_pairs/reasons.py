"""The reasons of a verdict in the reader's language, from `data/pair_reasons.tsv`."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


@cache
def chinese_reasons() -> Mapping[str, str]:
    """English reason to Chinese reason."""
    text = files("dedup").joinpath("data", "pair_reasons.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(tuple(line.split("\t", 1)) for line in lines[1:])  # type: ignore[misc]


def in_words(reasons: Iterable[str], language: str) -> str:
    """Join reasons, in English or Chinese."""
    told = list(dict.fromkeys(reasons))
    if language.startswith("zh"):
        return "；".join(chinese_reasons().get(reason, reason) for reason in told)
    return "; ".join(told)
