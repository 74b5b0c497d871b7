"""What the console says, in Chinese or English."""

from collections.abc import Mapping

from guiyi.catalogue import catalogue, key_of
from guiyi.messages import Language, localised, sentence
from pipelines.report.wording import Wording

CONTEXT = "console"
"""The context of the console's words in the catalogues."""


class ConsoleWords:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.report = Wording(language)
        """The words of reports, for what is shown in both."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Say the sentence `key`, with its values filled in."""
        return sentence(key, self.language, CONTEXT, **values)

    def named(self, group: str, name: str) -> str:
        """Name something the program calls by a fixed word; a word of the user's own stays."""
        forms = catalogue(self.language).get(key_of(f"{group}.{name}", CONTEXT))
        return forms[0] if forms else name

    def message(self, text: str) -> str:
        """Say a message of the rooms."""
        return localised(text, self.language)


def language_of(stated: str | None, header: str, usual: Language) -> Language:
    """The language of a page: the one chosen, else the first of the browser's, else the usual."""
    if stated in ("zh", "en"):
        return "zh" if stated == "zh" else "en"
    for part in header.lower().split(","):
        code = part.split(";")[0].strip()
        if code.startswith("zh"):
            return "zh"
        if code.startswith("en"):
            return "en"
    return usual


def one_of(values: Mapping[str, str], name: str) -> str:
    """A value of a form or query, without spaces around; empty where there is none."""
    return values.get(name, "").strip()
