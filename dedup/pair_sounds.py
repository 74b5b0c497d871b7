"""Whether Chinese syllables may be a foreign word's sound: 坚朗 and KinLong, 奥瑞金 and ORG.

Firms coin the two names to sound alike, often in a southern dialect or by the letters alone; so
each syllable must give the word a consonant that it may stand for, in order and from the start.
"""

import re
from functools import cache

from dedup.pair_knowledge import word_table

_INITIALS = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")


@cache
def may_sound(word: str, syllables: tuple[str, ...]) -> bool:
    """Whether the whole word may be said with these syllables, at most two letters left over."""
    return len(word) >= 3 and _pattern(syllables).fullmatch(word) is not None


@cache
def _pattern(syllables: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("".join(map(_syllable, syllables)) + "[a-z]{0,2}")


@cache
def _syllable(syllable: str) -> str:
    """The consonants it may begin with, any vowels, and a final consonant that may be lost."""
    found = _INITIALS.match(syllable)
    initial = found.group() if found else ""
    sounds = word_table("foreign_sounds")[initial or "none"].split()
    begin = "(?:" + "|".join(sorted(sounds, key=len, reverse=True)) + ")"
    rest = syllable[len(initial) :]
    final = "(?:ng|n|m|r|l)?" if rest.endswith(("n", "ng", "r", "ao", "er")) else "(?:r|l|c?k|t|p)?"
    return f"{begin}h?[aeiouyw]*{final}"
