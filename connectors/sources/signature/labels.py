"""The words before a value that say what it is: 手机：, Tel., (F), 📱."""

import re
from dataclasses import dataclass
from functools import cache

from connectors.sources import words

_DIGITS = r"[+(（]?\d"
_NUMBER = r"[+(（]?\d[\d\s()（）.\-–—－]{5,}"


@dataclass(frozen=True)
class LabelledText:
    """What a label names, and what stands after it up to the next one."""

    kind: str
    value: str


def split(line: str) -> tuple[str, list[LabelledText]]:
    """Part a line into what stands before its first label, and what its labels name."""
    line = _spelled(line)
    pattern, kinds = _pattern()
    marks = list(pattern.finditer(line))
    free = line[: marks[0].start()] if marks else line
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    found = []
    for mark, end in zip(marks, ends[: len(marks)], strict=True):
        label = re.sub(r"\s", "", (mark["long"] or mark["short"] or mark["held"]).lower())
        value = line[mark.end() : end].strip(" |｜/;；,，、·\t")
        found.append(LabelledText(kinds[label], value))
    return free, found


def labelled(text: str) -> bool:
    """Tell a text that holds a label."""
    return _pattern()[0].search(_spelled(text)) is not None


def _spelled(line: str) -> str:
    """Write signs that stand for a label as one: ☎ 0571-… → tel: 0571-…."""
    return _signs().sub(lambda found: f" {_sign_kinds()[found[0][0]]}: ", line)


@cache
def _sign_kinds() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, signs in words.load("signature_words")["signs"].items():
        kinds |= dict.fromkeys(signs, kind)
    return kinds


@cache
def _signs() -> re.Pattern[str]:
    # A sign may be followed by its variation selector, and by the colon of a label.
    return re.compile(rf"[{''.join(_sign_kinds())}]\ufe0f?\s*[:：]?\s*")


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {
        re.sub(r"\s", "", label.lower()): kind
        for kind, labels in words.load("signature_words")["labels"].items()
        for label in labels
    }
    long = sorted((label for label in kinds if len(label) > 1), key=len, reverse=True)
    spaced = "|".join(r"\s{0,4}".join(map(re.escape, label)) for label in long)
    short = "".join(label for label in kinds if len(label) == 1)
    pattern = (
        r"(?<![A-Za-zÀ-ɏ\u3400-\u9fff])(?:"
        rf"(?P<long>{spaced})(?:\s*/\s*(?:{spaced}))?\s*\.?\s*(?:[(（][^)）]{{0,8}}[)）])?\s*"
        rf"(?:[:：]|\.(?=\s*{_DIGITS})|(?=[ \t]*{_DIGITS}))"
        rf"|[(（\[]\s*(?P<held>[{short}])\s*[)）\]]\s*[:：]?"
        rf"|(?P<short>[{short}])\s*(?:[:：]|\.(?=\s*{_DIGITS})|(?=[ \t]+{_NUMBER}))"
        r")\s*"
    )
    return re.compile(pattern, re.IGNORECASE), kinds
