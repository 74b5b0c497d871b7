"""Whether Chinese syllables may be a foreign word's sound: 坚朗 and KinLong, 奥瑞金 and ORG.

Firms coin the two names to sound alike, often in a southern dialect or by the letters alone; so
each syllable must give the word a consonant that it may stand for, in order and from the start.
"""

import re
from functools import cache

from dedup.knowledge.known_names import word_table

_INITIALS = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")


@cache
def may_sound(word: str, syllables: tuple[str, ...]) -> bool:
    """Whether the whole word may be said with these syllables, at most two letters left over."""
    if len(word) < 3 or not syllables or not word.startswith(_beginnings(syllables[0])):
        return False
    return _pattern(syllables).fullmatch(word) is not None


@cache
def _pattern(syllables: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("".join(map(_syllable, syllables)) + "[a-z]{0,2}")


def _initial(syllable: str) -> str:
    found = _INITIALS.match(syllable)
    return found.group() if found else ""


@cache
def _beginnings(syllable: str) -> tuple[str, ...]:
    """The consonants that its initial may stand for, or vowels, the longest first."""
    sounds = word_table("foreign_sounds")[_initial(syllable) or "none"].split()
    return tuple(sorted(sounds, key=len, reverse=True))


@cache
def _syllable(syllable: str) -> str:
    """The consonants it may begin with, any vowels, and a final consonant that may be lost."""
    rest = syllable.removeprefix(_initial(syllable))
    nasal = rest.endswith(("n", "ng", "r", "ao"))
    final = "(?:ng|n|m|r|l)?" if nasal else "(?:r|l|c?k|t|p)?"
    return f"(?:{'|'.join(_beginnings(syllable))})h?[aeiouyw]*{final}"
