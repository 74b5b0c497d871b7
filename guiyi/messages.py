"""What the program says to people: an id with named parameters, said in the reader's language.

An id is an English sentence, as in gettext, so that code reads as what it says:

    raise SourceError(Message("no column `{column}`", column=name), hint="check the spelling")

A sentence without parameters may be a plain string: it is its own id. The Chinese of every id is in
guiyi/locale/zh/LC_MESSAGES/guiyi.po; tests/guiyi/test_catalogue.py keeps the two equal.
"""

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from guiyi.catalogue import catalogue, key_of

Language = Literal["zh", "en"]
"""The languages of messages and reports."""


def user_language() -> Language:
    """Choose the language of messages: GUIYI_LANG, then the locale; English if neither says zh."""
    for variable in ("GUIYI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


class Message(str):
    """A sentence with named parameters. As a string it is the English; `text` says it in another.

    A parameter that is a message itself is said in the same language.
    """

    id: str
    """The English template: the id in every catalogue."""
    params: Mapping[str, Any]
    """What fills its places."""
    plural: str | None
    """The template of more than one; `params["n"]` counts."""

    def __new__(cls, english: str, /, **params: Any) -> Self:
        """Fill in the English."""
        return cls._made(english, None, params)

    @classmethod
    def counted(cls, one: str, many: str, /, n: int, **params: Any) -> Self:
        """A sentence about `n` things, in the form of one or of many (ngettext); `{n}` counts."""
        return cls._made(one, many, {"n": n, **params})

    @classmethod
    def _made(cls, english: str, plural: str | None, params: Mapping[str, Any]) -> Self:
        template = english if plural is None or params["n"] == 1 else plural
        message = super().__new__(cls, template.format_map(params) if params else template)
        message.id, message.plural, message.params = english, plural, params
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep id and parameters when copied or sent to another process."""
        return type(self)._made, (self.id, self.plural, dict(self.params))

    def text(self, language: str) -> str:
        """Say it in a language; in English where that has no words for it."""
        forms = catalogue(language).get(self.id)
        if forms is None:
            return str(self) if language == "en" else self._filled(self._english(), language)
        return self._filled(forms[min(len(forms) - 1, self._form())], language)

    def _form(self) -> int:
        return 0 if self.plural is None or self.params["n"] == 1 else 1

    def _english(self) -> str:
        return self.plural if self.plural is not None and self._form() else self.id

    def _filled(self, template: str, language: str) -> str:
        if not self.params:
            return template
        return template.format_map({k: in_language(v, language) for k, v in self.params.items()})


def in_language(value: Any, language: str) -> Any:
    """Say a message, or a sentence that is its own id; anything else stays as it is."""
    return value.text(language) if isinstance(value, Message) else value


def as_message(sentence: str) -> Message:
    """Take a sentence without parameters for its own id, so that a message may hold it."""
    return sentence if isinstance(sentence, Message) else Message(sentence)


def joined(sentences: Iterable[str]) -> str:
    """Put sentences one behind the other; nothing if there are none."""
    whole: str | None = None
    for one in sentences:
        own = as_message(one)
        whole = own if whole is None else Message("{first}; {second}", first=whole, second=own)
    return whole or ""


def listed(words: Iterable[str]) -> str:
    """Put words one behind the other, as each language does; nothing if there are none."""
    whole: str | None = None
    for one in words:
        own = as_message(one)
        whole = own if whole is None else Message("{before}, {after}", before=whole, after=own)
    return whole or ""


def at_place(place: str, what: str) -> Message:
    """Say what is the matter at a place, such as a file or a path in the spec."""
    return Message("{place}: {what}", place=place, what=as_message(what))


def localised(sentence: str, language: str) -> str:
    """Say a message, or a sentence without parameters, in a language."""
    if isinstance(sentence, Message):
        return sentence.text(language)
    return phrase(sentence, language)


def phrase(code: str, language: str, context: str = "") -> str:
    """Look up a sentence without parameters, or a code in a context; itself if it is not there."""
    forms = catalogue(language).get(key_of(code, context))
    return code if forms is None else forms[0]


def sentence(code: str, language: str, context: str, /, **params: Any) -> str:
    """Fill in the sentence of a code; `n` chooses the form of one or of many, where it has both.

    Raises KeyError for a code that is not in the catalogue.
    """
    forms = catalogue(language)[key_of(code, context)]
    template = forms[0] if params.get("n", 1) == 1 else forms[-1]
    return (
        template.format_map({k: in_language(v, language) for k, v in params.items()})
        if params
        else template
    )


def stored(sentence: str | None) -> str | None:
    """What a table keeps beside an English sentence, so that it can be said in any language later.

    Nothing for a sentence without parameters: it is its own id.
    """
    if not isinstance(sentence, Message) or not sentence.params:
        return None
    return json.dumps(_plain(sentence), ensure_ascii=False)


def restored(sentence: str, kept: str | None) -> str:
    """The message of an English sentence and of what `stored` kept of it."""
    return sentence if kept is None else _rebuilt(json.loads(kept))


def stored_all(sentences: Iterable[str | None]) -> dict[str, str]:
    """What a document keeps of its sentences: each with parameters, and what `stored` says."""
    return {str(one): kept for one in sentences if one and (kept := stored(one)) is not None}


def _plain(value: Any) -> Any:
    if not isinstance(value, Message):
        return value if isinstance(value, int | float | str) or value is None else str(value)
    plain = {"id": value.id, "params": {k: _plain(v) for k, v in value.params.items()}}
    return plain if value.plural is None else plain | {"plural": value.plural}


def _rebuilt(plain: Mapping[str, Any]) -> Message:
    params = {
        name: _rebuilt(value) if isinstance(value, Mapping) else value
        for name, value in plain["params"].items()
    }
    return Message._made(plain["id"], plain.get("plural"), params)
