"""Whether two Western names are spellings of one: umlauts, romanisations, words run together.

Müller is written Mueller and Muller; a name from another alphabet comes by several roads (Jameel,
Jamil; -sky, -skii), and Abdul Latif becomes Abdullatif on the way.
"""

import re
import unicodedata
from functools import cache, lru_cache

from dedup.knowledge.known_names import word_list, word_table
from dedup.value_pairs.evidence import Evidence, evidence

LONG = 7
"""A word of so many letters is hardly another one that happens to be spelled nearly alike."""
_FORMS = tuple((re.compile(a), b) for a, b in word_table("western_spellings").items())
_PLAIN = frozenset(word_list("plain_company_words"))


def judge_spellings(left: list[str], right: list[str]) -> list[Evidence]:
    """Weigh two names as they sound; nothing where they do not sound alike from end to end."""
    words = [[w for w in side if w not in _PLAIN] for side in (left, right)]
    joined = ["".join(side) for side in words]
    if not all(joined) or min(map(len, joined)) < 5:
        return []
    longest = max(len(word) for side in words for word in side)
    sounds = [_undoubled("".join(map(sound, side))) for side in words]
    if sounds[0] == sounds[1]:
        return [
            evidence(
                "company_spelled.sounds.long" if longest >= LONG else "company_spelled.sounds.short"
            )
        ]
    bones = [_bones(one) for one in sounds]
    if bones[0] == bones[1] and len(bones[0]) >= 4:
        return [evidence("company_spelled.consonants")]
    return []


def plain_letters(text: str) -> str:
    """A text without accents: ü is u, ß is ss, ø is o."""
    text = text.replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def without_umlaut(word: str) -> str:
    """Mueller and Müller, both as Muller."""
    return re.sub("(?<![aeiou])([aou])e", r"\1", word) if len(word) >= 5 else word


@lru_cache(maxsize=1 << 15)
def sound(word: str) -> str:
    """A word with the letters made one that romanisations exchange."""
    for pattern, letter in _FORMS:
        word = pattern.sub(letter, word)
    return _undoubled(word)


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


@cache
def _bones(spoken: str) -> str:
    """The consonants, and the first letter."""
    return spoken[:1] + re.sub("[aeiou]", "", spoken[1:])
