"""Whether a name in Chinese characters and one in Latin letters are one person's.

The mainland writes Hanyu Pinyin (GB/T 28039-2011), Taiwan mostly Wade-Giles, Hong Kong and the
Chinese abroad their dialects. Pinyin and Wade-Giles are derived from the reading; of the dialects
the surnames are known and the beginnings of syllables compared.
"""

import re
from collections.abc import Sequence
from functools import cache

from dedup.knowledge.known_names import (
    given_names,
    other_readings,
    surname_spellings,
    word_list,
    word_table,
)
from dedup.value_pairs.evidence import Evidence, Parts, edits, evidence, is_han, reading, total
from dedup.value_pairs.person_foreign import judge_foreign

_INITIALS = tuple(word_table("wade_giles_initials").items())
_FINALS = {final: tuple(how.split()) for final, how in word_table("wade_giles_finals").items()}
_WHOLE = {whole: tuple(how.split()) for whole, how in word_table("wade_giles_whole").items()}
"""Wade-Giles without its apostrophes."""
_KIN = tuple(map(frozenset, word_list("dialect_letters")))
"""First letters that dialects exchange with Mandarin's."""
UNREAD = evidence("person_scripts.unread")


def judge_scripts(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh a name in characters against one in letters."""
    han, latin = (a, b) if is_han(a["value"] or "") else (b, a)
    titles = {*_words(latin["title"]), *_words(latin.get("suffix"))}
    words = [word for word in _words(latin["value"]) if word not in titles]
    ways = [_in_chinese(han, words), judge_foreign(han["value"] or "", words)]
    return max((way for way in ways if way), key=total)


def _in_chinese(han: Parts, words: list[str]) -> list[Evidence]:
    """A Chinese name, read in Mandarin or a dialect."""
    surname, given = _spoken(han)
    if not words or not surname:
        return [UNREAD]
    whole = "".join(words)
    full = [s + g for s in surname for g in given] + [g + s for s in surname for g in given]
    if whole in full:
        return [evidence("person_scripts.read")]
    return _parted(han, words, surname, given)


def _words(value: str | None) -> list[str]:
    text = re.sub(r"[’'`]", "", (value or "").lower())
    text = text.translate(str.maketrans("üǖǘǚǜāáǎàēéěèīíǐìōóǒòūúǔù", "uuuuuaaaaeeeeiiiioooouuuu"))
    return [re.sub(r"(?<![a-z])([ln])(?:v|yu)", r"\1u", w) for w in re.findall(r"[a-z]+", text)]


def _spoken(han: Parts) -> tuple[frozenset[str], frozenset[str]]:
    """How surname and given name may be read in Mandarin, in pinyin and Wade-Giles."""
    spoken = [_plain(part) for part in (han["pinyin"] or "").split()]
    surname = spoken[:1] or ["".join(map(_plain, reading(han["surname"] or "")))]
    syllables = [_plain(s) for s in reading(han["given"] or "")]
    pinyin = "".join(spoken[1:]) or "".join(syllables)
    return (
        frozenset({*surname, *_wade_giles(surname)} - {""}),
        frozenset({pinyin, *_wade_giles(syllables), *_other_readings(han["given"] or "")}),
    )


def _other_readings(given: str) -> list[str]:
    """A given name with its characters read in every way they can be: 柏 is bai or bo."""
    made = [""]
    for char, usual in zip(given, reading(given), strict=True):
        ways = {_plain(usual), *other_readings().get(char, ())}
        made = [head + tail for head in made for tail in sorted(ways)]
    return made


def _plain(syllable: str) -> str:
    return re.sub(r"(?<=[ln])v", "u", syllable)


@cache
def wade_giles_of(syllable: str) -> tuple[str, ...]:
    """The ways Wade-Giles writes a syllable of Hanyu Pinyin, without apostrophes."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    initial, rest = "", syllable
    for written, spelled in _INITIALS:
        if syllable.startswith(written):
            initial, rest = spelled, syllable[len(written) :]
            break
    else:
        match = re.match("[mfnlhswy]?", syllable)
        initial = match.group() if match else ""
        rest = syllable[len(initial) :]
    return tuple(initial + final for final in _FINALS.get(rest, (rest,)))


def _wade_giles(syllables: Sequence[str]) -> list[str]:
    made = [""]
    for syllable in syllables:
        made = [head + tail for head in made for tail in wade_giles_of(syllable)]
    return made


def _parted(
    han: Parts, words: list[str], surname: frozenset[str], given: frozenset[str]
) -> list[Evidence]:
    """Find the surname among the words, then judge what is left."""
    abroad = surname_spellings().get(han["surname"] or "", frozenset())
    best = [UNREAD]
    for place in {0, len(words) - 1}:
        rest = words[:place] + words[place + 1 :]
        own = words[place] in surname
        if not rest or not (own or words[place] in abroad):
            continue
        found = _judge_given(han, rest, given, own)
        best = max(best, found, key=total)
    return best


def _judge_given(han: Parts, rest: list[str], given: frozenset[str], own: bool) -> list[Evidence]:
    joined = "".join(rest)
    if joined in given:
        return [
            evidence("person_scripts.given.read" if own else "person_scripts.given.read_abroad")
        ]
    syllables = [_plain(s) for s in reading(han["given"] or "")]
    if not syllables:
        return [evidence("person_scripts.surname.only")]
    if joined == "".join(s[0] for s in syllables):
        return [evidence("person_scripts.initials")]
    if joined in "".join(syllables) and joined in syllables and len(syllables) > 1:
        return [evidence("person_scripts.syllable.missing")]
    western = [word for word in rest if word in given_names()]
    if western and len(rest) > len(western):
        inner = [word for word in rest if word not in given_names()]
        found = _judge_given(han, inner, given, own)
        return [*found, evidence("person_scripts.western.besides")]
    if western:
        return [evidence("person_scripts.western.instead")]
    near = any(edits(joined, one) == 1 for one in given)
    if near and not is_pinyin(joined) and len(joined) >= 4:
        return [evidence("person_scripts.given.nearly")]
    if near and any(joined.replace("ng", "n") == one.replace("ng", "n") for one in given):
        return [evidence("person_scripts.given.n_ng")]
    if not (own and is_pinyin(joined)) and _in_dialect(syllables, rest, joined):
        return [evidence("person_scripts.dialect")]
    return [UNREAD]


def is_syllable(word: str) -> bool:
    """Whether a word is one syllable of Mandarin."""
    from cleansing.person_name.reference import syllables

    return word in syllables()


@cache
def is_pinyin(word: str) -> bool:
    """Whether a word is Mandarin syllables throughout."""
    from cleansing.person_name.reference import syllables

    return any(
        word[:n] in syllables() and (n == len(word) or is_pinyin(word[n:]))
        for n in range(len(word), 0, -1)
    )


def _in_dialect(syllables: list[str], rest: list[str], joined: str) -> bool:
    """As many syllables, each beginning as a dialect may say it."""
    if len(rest) != len(syllables):
        return False
    return all(_kin(s[0], word[0]) for s, word in zip(syllables, rest, strict=True))


def _kin(one: str, other: str) -> bool:
    return one == other or any(one in kin and other in kin for kin in _KIN)
