"""What a report says, in Chinese or English, from `data/wording.yml`."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from cleansing.reasons import explain
from pipelines.language.translation import in_chinese


class Wording:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = "zh" if language.startswith("zh") else "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """Say the sentence `key`, with its values filled in."""
        text: str = _wording()[key][self.language]
        return text.format(**values) if values else text

    def named(self, group: str, name: str) -> str:
        """Name something the program calls by a fixed word; a word of the user's own stays."""
        entry = _wording().get(f"{group}.{name}")
        return str(entry[self.language]) if entry else name

    def reason(self, codes: str | None) -> str:
        """Say why cleaning changed or refused a value: by its codes in English, else in words."""
        if codes is None:
            return "–"
        return explain(codes, self.language) if self.language == "zh" else codes

    def told(self, sentence: str) -> str:
        """Say a sentence of the rooms in the report's language."""
        return in_chinese(sentence) if self.language == "zh" else sentence

    def moment(self, iso: str | None) -> str:
        """Write a moment to the minute, as it stands in the manifest."""
        return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M}" if iso else "–"

    def seconds(self, seconds: float) -> str:
        """Write a duration."""
        if seconds < 60:
            return f"{seconds:.1f} s"
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest:02d} s"

    def share(self, part: float, whole: float) -> str:
        """Write a part as a percentage of its whole; a small part is never written as none."""
        if not whole:
            return "–"
        percent = 100 * part / whole
        if 0 < percent < 0.1:
            return "< 0.1%"
        return f"{percent:.1f}%" if percent != round(percent) else f"{percent:.0f}%"


@cache
def _wording() -> Mapping[str, Mapping[str, Any]]:
    text = (files("pipelines.report") / "data" / "wording.yml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    wording: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)
    return wording
