"""What a report says, in Chinese or English."""

from collections.abc import Mapping
from datetime import datetime

from cleansing.reasons import explain
from cleansing.registry import kind_type
from dedup.explanation import Sentences
from guiyi.catalogue import catalogue, key_of
from guiyi.kinds import Kind
from guiyi.messages import Message, localised, restored, sentence
from guiyi.plugins import PluginError

CONTEXT = "report"
"""The context of a report's words in the catalogues."""
_LOCATED = {"row": "{place} row {number}", "line": "{place} line {number}"}
"""How a source says where a record stands (`connectors.sources`)."""


class Wording:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = "zh" if language.startswith("zh") else "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """Say the sentence `key`, with its values filled in."""
        return sentence(key, self.language, CONTEXT, **values)

    def named(self, group: str, name: str) -> str:
        """Name something the program calls by a fixed word; a word of the user's own stays."""
        forms = catalogue(self.language).get(key_of(f"{group}.{name}", CONTEXT))
        return forms[0] if forms else name

    def level(self, level: str) -> str:
        """Name a comparison level."""
        return Sentences(self.language).level(level)

    def kind(self, name: str) -> str:
        """Name a kind: ours by the catalogue, another package's as that package calls it."""
        try:
            label = kind_type(Kind(name)).label or {}
        except (ValueError, PluginError):  # the package was there when the project was run
            return name
        return label.get(self.language) or self.named("kind", name)

    def reason(self, codes: str | None) -> str:
        """Say why cleaning changed or refused a value: by its codes in English, else in words."""
        if codes is None:
            return "–"
        return explain(codes, self.language) if self.language == "zh" else codes

    def message(self, text: str, kept: str | None = None) -> str:
        """Say a message of the rooms in the report's language; `kept`: what was stored of it."""
        return localised(restored(text, kept), self.language)

    def messages(self, document: Mapping[str, object], key: str) -> list[str]:
        """Say the sentences under a key of a document that keeps their messages."""
        held = document.get(key) or []
        kept = document.get("messages") or {}
        texts = [held] if isinstance(held, str) else held
        return [self.message(text, kept.get(text)) for text in texts]  # type: ignore[attr-defined]

    def place(self, place: str) -> str:
        """Say where a record stands, `FILE!SHEET row 5`, with our word in the report's language."""
        where, _, number = place.rpartition(" ")
        of, _, word = where.rpartition(" ")
        form = _LOCATED.get(word)
        if form is None or not number.isdecimal():
            return place
        return Message(form, place=of, number=number).text(self.language)

    def moment(self, iso: str | None) -> str:
        """Write a moment to the minute, as it stands in the manifest."""
        return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M}" if iso else "–"

    def seconds(self, seconds: float) -> str:
        """Write a duration."""
        if seconds < 60:
            return Message("{seconds} s", seconds=f"{seconds:.1f}").text(self.language)
        minutes, rest = divmod(round(seconds), 60)
        long = Message("{minutes} min {seconds} s", minutes=minutes, seconds=f"{rest:02d}")
        return long.text(self.language)

    def share(self, part: float, whole: float) -> str:
        """Write a part as a percentage of its whole; a small part is never written as none."""
        if not whole:
            return "–"
        percent = 100 * part / whole
        if 0 < percent < 0.1:
            return "< 0.1%"
        return f"{percent:.1f}%" if percent != round(percent) else f"{percent:.0f}%"
