"""A Western name is given names then surname, or `Surname, Given`, amid titles and degrees."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from cleansing.person_name import reference as ref
from cleansing.text import JOINERS, PLAIN_LETTERS


class Western(NamedTuple):
    """The parts of a Western name."""

    prefix: str
    first: str
    middle: str
    last: str
    suffix: str
    nickname: str


_NICKNAME = re.compile(r'"([^"]+)"|\(([^)]*)\)|“([^”]+)”|(?:^|\s)\'([^\']+)\'(?=\s|$|,)')
_CALLING = re.compile(
    r"(?i)(?:,\s*|\s+)((?:attorney|atty\.?)(?: at law)?|realtor|trustee|architect|broker)\.?$"
)
_CALLINGS = frozenset({"attorney", "atty", "law", "realtor", "trustee", "architect", "broker"})
"""What people add that is neither a degree nor a generation."""
_PHD = re.compile(r"(?i)\bph\. d\.")
_NO_WORD = re.compile(r"[^\w\s]")
_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf]")
_DEGREE = re.compile(r"(?:[A-Za-z]{1,3}\.){2,}")
_PLAIN_LETTERS = str.maketrans(PLAIN_LETTERS | dict.fromkeys(JOINERS, ""))
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi"})


def parse(name: str) -> Western:
    """Take a name apart."""
    name, nicknames, suffix_notes = (name, [], []) if _plain(name) else _without_notes(name)
    pieces = [piece.split() for piece in name.split(",")]
    pieces = [piece for piece in pieces if piece]
    suffixes: list[str] = []
    while len(pieces) > 1 and (all(map(_is_suffix, pieces[-1])) or _is_office(pieces)):
        if (
            len(pieces) == 2
            and len(pieces[0]) == 1
            and len(pieces[-1]) == 1
            and len(pieces[-1][0]) < 2
        ):
            break
        suffixes.insert(0, " ".join(pieces.pop()))
    if not pieces:
        return Western("", "", "", "", ", ".join(suffixes), " ".join(nicknames))
    if len(pieces) > 1:
        parts = _surname_first(pieces, suffixes)
    else:
        parts = _surname_last(pieces[0], suffixes)
    prefix, first, middle, last = parts
    return Western(
        " ".join(prefix),
        first,
        " ".join(middle),
        " ".join(last),
        ", ".join([*suffixes, *suffix_notes]),
        " ".join(nicknames),
    )


@cache
def telling_words() -> frozenset[str]:
    """Words that are, or may be, something other than a given name or a surname."""
    groups = ("prefixes", "prefix_or_given", "suffixes", "particles")
    known = frozenset({"pan", "anh"}).union(*(ref.words(group) for group in groups))
    return known | _ROMAN | _AND | _JOINED | _CALLINGS


def _plain(name: str) -> bool:
    """Tell a name of letters and spaces, which can hold neither notes nor degrees with dots."""
    return name.isascii() and name.replace(" ", "").isalpha() and not _CALLING.search(name)


def _without_notes(name: str) -> tuple[str, list[str], list[str]]:
    """Take nicknames and callings out of a name; degrees in brackets are suffixes."""
    name = _PHD.sub("Ph.D.", _EMOJI.sub("", name))
    noted = [
        next(part for part in found if part is not None)
        for found in (m.groups() for m in _NICKNAME.finditer(name))
    ]
    suffixes = [nick for nick in noted if _is_suffix(nick)]
    name = _NICKNAME.sub(" ", name)
    suffixes += [found.group(1) for found in _CALLING.finditer(name)]
    return _CALLING.sub("", name), [nick for nick in noted if not _is_suffix(nick)], suffixes


_Parts = tuple[list[str], str, list[str], list[str]]


def _surname_first(pieces: list[list[str]], suffixes: list[str]) -> _Parts:
    last = pieces[0]
    lead: list[str] = []
    while len(last) > 1 and _is_prefix(last[0]):
        lead.append(last.pop(0))
    trailing: list[str] = []
    while len(last) > 1 and _is_suffix(last[-1]) and not _is_initial(last[-1]):
        trailing.insert(0, last.pop())
    given = pieces[1] + [word for piece in pieces[2:] for word in piece]
    prefix, given = _take_prefixes(given, keep=0)
    while len(given) > 1 and _is_suffix(given[-1]) and not _is_initial(given[-1]):
        trailing.append(given.pop())
    if trailing:
        suffixes.insert(0, ", ".join(trailing))
    return lead + prefix, given[0] if given else "", given[1:], last


def _surname_last(words: list[str], suffixes: list[str]) -> _Parts:
    prefix, words = _take_prefixes(words, keep=1)
    trailing: list[str] = []
    while len(words) > 2 - bool(prefix) and _is_suffix(words[-1]) and not _may_be_surname(words):
        trailing.insert(0, words.pop())
    if trailing:
        suffixes.insert(0, ", ".join(trailing))
    if not words:
        return prefix, "", [], []
    if len(words) == 1:
        by_first = not (prefix or suffixes) or _folded(" ".join(prefix)) in _WITH_GIVEN_NAME
        return (prefix, words[0], [], []) if by_first else (prefix, "", [], words)
    if words[0].islower() and _is_particle(words[0]) and not is_given(words[0]):
        return prefix, "", [], words
    if len(words) > 3 and words[1].lower() in _AND:
        words = [" ".join(words[:3]), *words[3:]]
    start = _surname_start(words)
    return prefix, words[0], words[1:start], words[start:]


_WITH_GIVEN_NAME = frozenset(
    {"sir", "dame", "king", "queen", "prince", "princess", "sister", "brother"}
)
_DOCTORS = frozenset({"dr", "prof", "priv.-doz", "dipl"})
_AND = frozenset({"and", "&", "or"})
_JOINED = frozenset({"y", "e", "und"})
"""Words between two surnames: Velasquez y Garcia. In capitals they are initials."""


def _surname_start(words: list[str]) -> int:
    """The surname is the last word, with the particles and joined surnames before it.

    Of a Spanish name it is the last two: father's and mother's.
    """
    first = _given_end(words)
    folded = [fold(word) for word in words]
    spanish = ref.words("spanish_surnames")
    both = len(words) - 2
    double = both >= first and folded[0] not in spanish and {*folded[-2:]} <= spanish
    if double and (first > 1 or not _is_particle(words[both - 1])):
        return both
    for place in range(first, len(words) - 1):
        if _is_particle(words[place]):
            return place
        if words[place] in _JOINED and place > 1 and len(words[place - 1]) > 2:
            return place - 1
    return len(words) - 1


def _given_end(words: list[str]) -> int:
    """Where the given names end at the earliest: María del Carmen is one."""
    devotions = ref.words("spanish_devotions")
    if len(words) > 3 and fold(words[0]) in {"maria", "ana", "rosa"}:
        for end in (3, 4):
            between = words[1 : end - 1]
            named = len(words) > end and fold(words[end - 1]) in devotions
            if named and all(map(_is_particle, between)) and between[0].lower() in {"de", "del"}:
                return end
    return 1


def _take_prefixes(words: list[str], keep: int) -> tuple[list[str], list[str]]:
    taken: list[str] = []
    rest = list(words)
    while len(rest) > keep and (
        _is_prefix(rest[0])
        or (taken and rest[0].lower() in {"and", "&", "the", "of"})
        or (taken and _folded(taken[0]) in _DOCTORS and _folded(rest[0]) in ref.words("faculties"))
    ):
        taken.append(rest.pop(0))
    named = sum(not _is_suffix(word) for word in rest)
    if taken and named == keep and taken[-1].lower() in ref.words("prefix_or_given"):
        rest.insert(0, taken.pop())  # Dean Lomman is no dean
    return taken, rest


def _folded(word: str) -> str:
    return word.lower().strip(".,")


def _is_prefix(word: str) -> bool:
    return _folded(word) in ref.words("prefixes") or word.lower() in ref.words("prefixes")


def _is_suffix(word: str) -> bool:
    folded = _folded(word)
    known = folded in ref.words("suffixes") or folded.replace(".", "") in ref.words("suffixes")
    return known or (folded in _ROMAN and not word.endswith("."))


def _is_initial(word: str) -> bool:
    return len(word.strip(".")) == 1


def _is_office(pieces: list[list[str]]) -> bool:
    """Whether the last piece is an office or degree, behind a name that is whole without it."""
    if sum(map(len, pieces[:-1])) < 2:
        return False
    return all(
        _DEGREE.fullmatch(word) or _folded(word) in ref.words("offices") for word in pieces[-1]
    )


def _may_be_surname(words: list[str]) -> bool:
    """MA, PA and single letters are surnames or initials when only a given name stands before."""
    return len(words) <= 2 or (
        _is_initial(words[-1]) and len(words) == 3 and _is_initial(words[-2])
    )


def _is_particle(word: str) -> bool:
    return word.lower() not in _JOINED and _folded(word) in ref.words("particles")


def fold(name: str) -> str:
    """Lower case without accents and punctuation."""
    if name.isascii() and name.isalpha():
        return name.lower()
    plain = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN_LETTERS))
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(_NO_WORD.sub(" ", kept).split())


def doubt(name: str, parts: Western) -> str | None:
    """Padron Andrea, García López María: what stands last is hardly the surname."""
    first, last = fold(parts.first), fold(parts.last)
    if "," in name or not first or not last:
        return None
    spanish = ref.words("spanish_surnames")
    if first in spanish and last.rpartition(" ")[2] not in spanish:
        return "order unsure"
    if parts.middle:
        return None
    return "order unsure" if is_given(last) and not is_given(first) else None


def is_given(word: str) -> bool:
    """Tell whether a word is a known given name or a nickname for one."""
    return word in ref.nicknames() or word in ref.formal_names()


def key(parts: Western) -> str:
    """Formal first name, further full given names, surname: Bob A. Smith Jr. is robert smith."""
    first = fold(parts.first)
    middle = [word for word in fold(parts.middle).split() if len(word) > 1] if parts.middle else []
    words = [ref.nicknames().get(first, first), *middle, fold(parts.last)]
    return " ".join(word for word in words if word)
