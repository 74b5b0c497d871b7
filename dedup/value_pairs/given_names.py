"""Whether two Western given names can be one person's: nicknames, spellings, typos.

Two names that many people bear are two names, however near their letters; a typo mostly makes a
word that nobody bears.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from dedup.knowledge.known_names import formal_names, given_names, word_list, word_table
from dedup.value_pairs.evidence import Evidence, alike, edits, evidence
from dedup.value_pairs.person_romanised import one_sound

OTHER = evidence("given_names.other")
TWO_NAMES = frozenset(
    {
        OTHER,
        evidence("given_names.initial.other"),
        evidence("given_names.apart.listed"),
        evidence("given_names.sex.other"),
        evidence("given_names.known.other"),
        evidence("given_names.sex.form"),
        evidence("given_names.begins.other"),
    }
)
"""What says that two given names are two, unless other parts of the names say otherwise."""
ONE_NAME = frozenset(
    {
        evidence("given_names.same"),
        evidence("given_names.nickname"),
        evidence("given_names.spelling.listed"),
    }
)
"""What says surely that two given names are one."""


@lru_cache(maxsize=1 << 16)
def judge_given(x: str, y: str) -> Evidence:
    """Weigh two given names in small letters."""
    if x == y:
        return evidence("given_names.same")
    formal = formal_names()
    fx, fy = formal.get(x, frozenset({x})), formal.get(y, frozenset({y}))
    if min(len(x), len(y)) == 1:
        initials = {name[0] for name in fx | {x}} & {name[0] for name in fy | {y}}
        if initials:
            return evidence("given_names.initial.same")
        return evidence("given_names.initial.other")
    if fx & fy:
        return evidence("given_names.nickname")
    if x in _near_names() and _near_names()[x] == _near_names().get(y):
        return evidence("given_names.spelling.listed")
    if frozenset((_near_names().get(x), _near_names().get(y))) in _apart():
        return evidence("given_names.apart.listed")
    sexes = given_names()
    if {sexes.get(x), sexes.get(y)} == {"m", "f"}:
        return evidence("given_names.sex.other")
    if x in sexes and y in sexes:
        return _both_known(x, y)
    return _typo(x, y)


@cache
def _near_names() -> Mapping[str, str]:
    """A spelling to the first spelling of its name, where another name is near it."""
    return {
        spelling: name.split("=")[0]
        for pair in word_list("given_names_apart")
        for name in pair.split("/")
        for spelling in name.split("=")
    }


@cache
def _apart() -> frozenset[frozenset[str]]:
    """Pairs of names, by their first spellings, that are two: Mohammed and Mahmoud."""
    pairs = (pair.split("/") for pair in word_list("given_names_apart"))
    return frozenset(frozenset(name.split("=")[0] for name in pair) for pair in pairs)


def _both_known(x: str, y: str) -> Evidence:
    if loosely(x) == loosely(y):
        return evidence("given_names.spelling.known_sound")
    if _bones(x) == _bones(y) and len(_bones(x)) >= 4:
        return evidence("given_names.spelling.known_consonants")
    return evidence("given_names.known.other")


def _typo(x: str, y: str) -> Evidence:
    """Of two names at least one is on no list."""
    shorter, far = min(len(x), len(y)), edits(x, y)
    if _vowelled(x) == _vowelled(y) and shorter >= 3:
        return evidence("given_names.spelling.vowels")
    if _gendered(*sorted((x, y), key=len)):
        return evidence("given_names.sex.form")
    if one_sound(x, y):
        return evidence("given_names.spelling.romanised")
    if _bones(x) == _bones(y) and len(_bones(x)) >= 3:
        return evidence("given_names.spelling.consonants")
    if x.startswith(y) or y.startswith(x):
        return _beginning(*sorted((x, y), key=len))
    if far == 1 and shorter >= 3:
        return evidence(
            "given_names.one_letter.long" if shorter >= 4 else "given_names.one_letter.short"
        )
    if far == 2 and shorter >= 6:
        return evidence("given_names.two_letters")
    if sorted(x) == sorted(y) and shorter >= 5:
        return evidence("given_names.same_letters")
    if shorter >= 5 and alike(x, y) >= 0.92:
        return evidence("given_names.alike")
    return OTHER


def _gendered(short: str, long: str) -> bool:
    """Eric and Erica, Mario and Maria; but Matild is Matilda with a letter lost."""
    if long in (short + "a", short + short[-1] + "a"):
        return short in given_names() or long not in given_names()
    return (
        len(short) == len(long) and short[:-1] == long[:-1] and {short[-1], long[-1]} == {"a", "o"}
    )


def _beginning(short: str, long: str) -> Evidence:
    """Sam of Samuel is a short form; Yan and Yanxi are two names."""
    if len(long) - len(short) == 1 and len(short) >= 4:
        return evidence("given_names.begins.one_letter")
    if long in given_names() and len(short) >= 3:
        return evidence("given_names.begins.known")
    return evidence("given_names.begins.other")


_SAME = tuple(word_table("spelt_alike").items())
"""Letters that spellings of one name exchange."""


@cache
def loosely(name: str) -> str:
    """A name as it sounds, vowels kept: Katherine and Catherine, Sara and Sarah, Jon and John."""
    for written, spoken in _SAME:
        name = name.replace(written, spoken)
    name = re.sub(r"(?<!^)h(?!$)|h$", "", name)
    return re.sub(r"(.)\1+", r"\1", name)


@cache
def _vowelled(name: str) -> str:
    """A name as it sounds where j is a vowel: Yuri and Jurij."""
    return re.sub(r"(.)\1+", r"\1", loosely(name).replace("j", "i"))


@cache
def _bones(name: str) -> str:
    """The consonants of a name as they sound; a vowel at the start stays as one."""
    sound = re.sub("^w", "f", loosely(name).replace("v", "f"))
    first = re.sub(r"^i?[aeou]", "a", sound)
    return first[:1] + re.sub(r"[aeiouwh]", "", first[1:])
