"""What explanations say to people, in English or Chinese."""

from collections.abc import Iterable

from guiyi.catalogue import catalogue, key_of
from guiyi.messages import phrase, sentence

CONTEXT, LEVEL = "explanation", "comparison level"
"""The contexts of the sentences, and of the comparison levels, in the catalogues."""


class Sentences:
    """The sentences of one language."""

    def __init__(self, language: str = "en") -> None:
        self.language = "zh" if language.startswith("zh") else "en"

    def __call__(self, name: str, /, **values: object) -> str:
        """Fill in the sentence called `GROUP.NAME`."""
        return sentence(name, self.language, CONTEXT, **values)

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
        if key_of(level, LEVEL) in catalogue(self.language):
            return phrase(level, self.language, LEVEL)
        return "，".join(phrase(part, self.language, LEVEL) for part in level.split(", "))

    def field(self, name: str, level: str | None) -> str:
        """Name a field with its level."""
        if level is None:
            return name
        label = self.level(level)
        return f"{name}（{label}）" if self.language == "zh" else f"{name} ({label})"

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
