"""Says an error in the user's language: rooms raise them in English, people read their own."""

import re
from functools import cache
from importlib.resources import files

import yaml

from guiyi.errors import GuiyiError
from pipelines.language.messages import language

_PATH = re.compile(r"^([\w.\[\]-]+): (.+)$", re.DOTALL)
_COUNTED = re.compile(r"^(\D.*): ([\d,]+)$")
"""A problem and how often it was met."""
_MORE = re.compile(r"^(.+) \(and (\d+) more\)$", re.DOTALL)


def told(error: GuiyiError) -> str:
    """Say in one line what went wrong, where, and what to do."""
    if language() != "zh":
        return _one_line(str(error))
    where = f"{error.place}：" if error.place else ""
    todo = f" —— {in_chinese(error.hint)}" if error.hint else ""
    return _one_line(f"{where}{in_chinese(error.what)}{todo}")


def in_language(sentence: str) -> str:
    """Say a sentence of the rooms in the user's language."""
    return in_chinese(sentence) if language() == "zh" else sentence


def in_chinese(sentence: str) -> str:
    """Translate what the catalogue knows; the rest stays as it is."""
    for pattern, chinese in _catalogue():
        found = pattern.match(sentence)
        if found:
            return chinese.format(*(in_chinese(piece) for piece in found.groups()))
    if found := _MORE.match(sentence):
        return f"{in_chinese(found[1])}（另有 {found[2]} 处）"
    if found := _COUNTED.match(sentence):
        return f"{in_chinese(found[1])}：{found[2]}"
    if found := _PATH.match(sentence):
        return f"{found[1]}：{in_chinese(found[2])}"
    place, _, rest = sentence.rpartition(": ")
    told = in_chinese(rest) if place else rest
    return sentence if told == rest else f"{place}：{told}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def _catalogue() -> list[tuple[re.Pattern[str], str]]:
    text = (files("pipelines") / "data" / "errors.zh.yml").read_text(encoding="utf-8")
    pairs: dict[str, str] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    # The more of a sentence is fixed, the surer it is meant.
    by_length = sorted(pairs, key=lambda english: len(english.replace("{}", "")), reverse=True)
    return [(_pattern(english), _escaped(pairs[english])) for english in by_length]


def _pattern(english: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in english.split("{}"))
    return re.compile("^" + "(.*?)".join(parts) + "$", re.DOTALL)


def _escaped(chinese: str) -> str:
    """Keep braces such as those of `${NAME}` from being taken for places to fill: `{}`, `{1}`."""
    parts = re.split(r"(\{\d?\})", chinese)
    return "".join(
        part if n % 2 else part.replace("{", "{{").replace("}", "}}")
        for n, part in enumerate(parts)
    )
