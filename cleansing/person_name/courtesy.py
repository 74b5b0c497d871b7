"""Some forms of address are somebody's name elsewhere, and what follows decides which they are.

Pan Kowalski is Mr Kowalski, Pan Wei a Chinese; Ông Nguyễn Văn An is Mr An; M. Dupont is Monsieur,
or Marie.
"""

from typing import NamedTuple

from cleansing.person_name import reference as ref
from cleansing.person_name.western import fold


class Addressed(NamedTuple):
    """A form of address, the name behind it, and what is doubtful about it."""

    title: str | None
    name: str
    doubt: str | None


def peel(name: str) -> Addressed:
    """Part a form of address from a name, where it is one for certain."""
    first, _, rest = name.partition(" ")
    word = first.lower()
    if not rest or "," in name:
        return Addressed(None, name, None)
    if word == "pan" and _is_polish(rest):
        return Addressed(first, rest, None)
    if word in ref.words("vietnamese_address"):
        return Addressed(first, rest, None)
    if word == "anh":
        return _anh(first, rest, name)
    if word == "m." and fold(rest).endswith(tuple(ref.words("french_endings"))):
        return Addressed(None, name, "unsure: M. may be Monsieur or an initial")
    return Addressed(None, name, None)


def _anh(first: str, rest: str, name: str) -> Addressed:
    """Before a surname and more, a form of address; else as often a given name."""
    words = rest.split()
    surname = fold(words[0]) in ref.words("vietnamese_surnames")
    if surname and len(words) > 1:
        return Addressed(first, rest, None)
    doubt = None if surname else "unsure: Anh may be a form of address or a name"
    return Addressed(None, name, doubt)


def _is_polish(rest: str) -> bool:
    last = rest.split()[-1].lower()
    return last.endswith(tuple(ref.words("polish_endings"))) or any(c in "ąćęłńśźż" for c in rest)
