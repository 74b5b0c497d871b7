"""What explanations say to people, in English or Chinese, from `data/sentences.yml`."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


class Sentences:
    """The sentences of one language."""

    def __init__(self, language: str = "en") -> None:
        self.language = "zh" if language.startswith("zh") else "en"

    def __call__(self, name: str, /, **values: object) -> str:
        """Fill in the sentence called `GROUP.NAME`."""
        group, _, key = name.partition(".")
        sentence: str = _templates()[group][key][self.language]
        return sentence.format(**values)

    def list(self, items: Iterable[str]) -> str:
        """Enumerate; nothing in particular if there is nothing."""
        named = list(items)
        return self("words.joiner").join(named) if named else self("words.nothing")

    def level(self, level: str | None) -> str:
        """Name a comparison level; a level without a translation stays as it is."""
        if level is None:
            return "–"
        if self.language == "en":
            return level
        known = _templates()["levels"]
        if level in known:
            return str(known[level])
        return "，".join(str(known.get(part, part)) for part in level.split(", "))

    def field(self, name: str, level: str | None) -> str:
        """Name a field with its level."""
        if level is None:
            return name
        told = self.level(level)
        return f"{name}（{told}）" if self.language == "zh" else f"{name} ({told})"

    def probability(self, p: float | None) -> str:
        """Write a probability with the digits that matter: near 1 and near 0 those are many."""
        if p is None:
            return "–"
        if p > 0.9999:
            return "> 99.99%"
        if p < 0.0001:
            return "< 0.01%"
        return f"{p:.2%}" if p > 0.99 or p < 0.01 else f"{p:.1%}"

    def odds(self, weight: float) -> str:
        """Write log2 odds as a ratio."""
        return f"{self.times(weight)} : 1" if weight >= 0 else f"1 : {self.times(-weight)}"

    def times(self, weight: float) -> str:
        """Write the likelihood ratio of a weight in bits."""
        ratio = 2.0 ** min(weight, 60)
        return f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}"


@cache
def _templates() -> dict[str, dict[str, Any]]:
    text = (files("dedup") / "data" / "sentences.yml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    templates: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)
    return templates
