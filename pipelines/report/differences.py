"""Where two values differ, character by character."""

from difflib import SequenceMatcher

from markupsafe import Markup, escape

LONGEST = 240
"""Longer values are cut; nobody compares a page of text by eye."""

ALIKE = 0.3
"""Values less alike than this are marked as a whole: single marked letters would tell nothing."""


def highlight(value: str, against: str | None) -> Markup:
    """The value as HTML, with what `against` does not have in `<mark>`."""
    value = _cut(value)
    if against is None or value == (against := _cut(against)):
        return escape(value)
    matcher = SequenceMatcher(None, against, value, autojunk=False)
    if matcher.ratio() < ALIKE:
        return Markup("<mark>{}</mark>").format(value)
    pieces = []
    for change, from_, to, start, end in matcher.get_opcodes():
        piece = value[start:end]
        if change == "equal":
            pieces.append(escape(piece))
        elif piece:
            pieces.append(Markup("<mark>{}</mark>").format(piece))
        else:
            missing = against[from_:to]
            pieces.append(Markup('<mark class="gone" title="{}"></mark>').format(missing))
    return Markup("").join(pieces)


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
