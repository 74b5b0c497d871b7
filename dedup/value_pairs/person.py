"""Whether two person's names can be one person's."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from dedup.knowledge.known_names import (
    given_names,
    korean_surnames,
    surnames,
    word_list,
    word_table,
)
from dedup.value_pairs.evidence import Evidence, Parts, edits, evidence, is_han, reading, total
from dedup.value_pairs.given_names import ONE_NAME, TWO_NAMES, judge_given, loosely
from dedup.value_pairs.person_romanised import judge_korean, judge_wade_giles, one_sound
from dedup.value_pairs.person_scripts import is_syllable, judge_scripts

_GENERATION = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "2", "iii": "3", "iv": "4",
    "2nd": "2", "3rd": "3",
}  # fmt: skip
_MEN = frozenset({"mr", "herr", "monsieur", "sir", "先生"})
_WOMEN = frozenset({"mrs", "ms", "miss", "frau", "madame", "mme", "女士", "小姐", "太太"})
PARTICLES = frozenset(word_list("particles"))


Words = tuple[str, ...]


def judge_people(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two names: surname, given names, generation, title."""
    left, right = a["value"] or "", b["value"] or ""
    if is_han(left) and is_han(right):
        return [*_chinese(a, b), *_titles(a, b)]
    if is_han(left) or is_han(right):
        return judge_scripts(a, b)
    return [*_western(a, b), *_generations(a, b), *_titles(a, b)]


# Chinese ------------------------------------------------------------------------------------------


def _chinese(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a["key"] or "", b["key"] or ""
    if x == y:
        return [evidence("person.han.same")]
    if a["surname"] is not None and b["surname"] is not None and a["surname"] != b["surname"]:
        return [evidence("person.han.surname.other")]
    if a["surname"] is None or b["surname"] is None:
        alike = reading(x) == reading(y)
        return [evidence("person.han.sounds") if alike else evidence("person.han.two_names")]
    if a["given"] is None or b["given"] is None:
        return [evidence("person.han.surname_only")]
    if reading(x) == reading(y):
        return [evidence("person.han.sounds")]
    if sorted(x) == sorted(y):
        return [evidence("person.han.same_characters")]
    return [evidence("person.han.given.other")]


# Western ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def words_of(value: str | None) -> tuple[str, ...]:
    """The words of a name in small letters, without accents and apostrophes."""
    plain = (value or "").lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _ARTICLE.sub("al ", _ABD.sub("abd", re.sub(r"[’'`´]", "", plain)))
    return tuple(re.findall(r"[^\W_]+", plain))


_ABD = re.compile(
    r"\babd(?:[aeou]l|[aeou]?r(?=[\s-]*r)|u?s(?=[\s-]*s)|u?n(?=[\s-]*n)|(?=[\s-]+[ae]l\b))"
    r"(?:[\s-]+[ae]l\b)?[\s-]*(?=\w)"
)
"""Servant of, in Arabic names: Abdul Rahman, Abd al-Rahman and Abdurrahman are one."""


_ARTICLE = re.compile(r"\b(?:[ae][lsrd]|at|az|ash)-(?=\w{3})")
"""The Arabic article before letters that it takes on: as-Sisi is el-Sisi."""


_LETTERS = str.maketrans(
    {
        **word_table("cyrillic"),
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
    }
)


def _western(a: Parts, b: Parts) -> list[Evidence]:
    """The best of reading the two names in the same and in swapped order."""
    flat = [_bare(a), _bare(b)]
    if sorted(flat[0]) == sorted(flat[1]):
        return [evidence("person.words.same")]
    if "".join(flat[0]) == "".join(flat[1]):
        return [evidence("person.words.spacing")]
    reasons = judge_wade_giles(*flat, marked=any(_hyphened(p["value"] or "") for p in (a, b)))
    reasons = reasons or judge_korean(*flat)
    if reasons:
        return reasons
    if a["pinyin"] is not None and b["pinyin"] is not None:
        return [evidence("person.pinyin.other")]
    one, other = _named(a, flat[0]), _named(b, flat[1])
    straight = [_surnames(one[1], other[1]), *_givens(one[0], other[0])]
    swapped = [_surnames(one[1], other[0]), *_givens(one[0], other[1])]
    swapped.append(evidence("person.order.swapped"))
    ways = [straight, swapped, _longer(flat), _joined(a, b, one, other)]
    best = max((way for way in ways if way), key=total)
    return [*best, *_one_part_differs(*flat)]


def _hyphened(value: str) -> bool:
    """The marks of Wade-Giles: Tse-tung, Shao-ch'i."""
    return re.search(r"[a-z]-[a-z]|[a-z]['’‘`][a-z]", value) is not None


def _one_part_differs(x: Words, y: Words) -> list[Evidence]:
    """AHMED ALI HASSAN MOHAMED and AHMED ALI KARIM MOHAMED have another grandfather."""
    if len(x) != len(y) or len(x) < 3:
        return []
    odd = [(p, q) for p, q in zip(x[1:-1], y[1:-1], strict=True) if p != q]
    if x[0] != y[0] or x[-1] != y[-1] or len(odd) != 1 or judge_given(*odd[0]).weight >= 0:
        return []
    return [evidence("person.part.other")]


def _bare(a: Parts) -> tuple[str, ...]:
    """The words without title and generation."""
    drop = {*words_of(a["title"]), *words_of(a.get("suffix")), *_GENERATION}
    return tuple(w for w in words_of(a["value"]) if w not in drop) or words_of(a["value"])


def _named(a: Parts, flat: Words) -> tuple[Words, Words]:
    given, surname = words_of(a["given"]), words_of(a["surname"])
    given = tuple(w for w in given if w not in _GENERATION)
    if not given and len(surname) > 1 and surname[0] in given_names():
        return surname[:1], surname[1:]
    title = tuple(w for w in words_of(a["title"]) if w in given_names())
    if not given and title:
        return title, surname
    if not given and not surname:
        return flat[:-1], flat[-1:]
    return given, surname


def _longer(flat: Sequence[Words]) -> list[Evidence]:
    """Mary Smith and Mary Smith Jones: one has a further surname."""
    short, long = sorted(flat, key=len)
    if len(short) < 2 or len(short) == len(long) or short[0] != long[0]:
        return []
    rest = iter(long)
    if all(word in rest for word in short) and len(short[-1]) > 1:
        return [evidence("person.words.more")]
    return []


def _joined(
    a: Parts, b: Parts, one: tuple[Words, Words], other: tuple[Words, Words]
) -> list[Evidence]:
    """JP Dupont and Jean-Pierre Dupont: two initials in one word."""
    if one[1] != other[1]:
        return []
    for (short, whole), parts in (((one[0], other[0]), a), ((other[0], one[0]), b)):
        initials = "".join(w[0] for w in whole)
        capital = re.match(r"[A-Z]{2,3}\b", parts["value"] or "") is not None
        if short == (initials,) and len(initials) > 1 and capital:
            return [evidence("person.surname.same"), evidence("person.initials")]
    return []


def _surnames(x: Words, y: Words) -> Evidence:
    if not x or not y:
        return evidence("person.surname.missing")
    bare = [[w for w in words if w not in PARTICLES] for words in (x, y)]
    one, other = "".join(x), "".join(y)
    if one == other:
        return evidence("person.surname.same")
    if bare[0] == bare[1] and bare[0]:
        return evidence("person.surname.particles")
    if set(bare[0]) & set(bare[1]):
        if set(bare[0]) <= set(bare[1]) or set(bare[1]) <= set(bare[0]):
            return evidence("person.surname.part")
        return evidence("person.surname.own_part")
    return _typo_in_surname(one, other)


@lru_cache(maxsize=1 << 16)
def _typo_in_surname(one: str, other: str) -> Evidence:
    shorter, far = min(len(one), len(other)), edits(one, other)
    if one in korean_surnames().get(other, ()):
        return evidence("person.surname.korean")
    if shorter == 1:
        fits = one[0] == other[0]
        return evidence("person.surname.initial") if fits else OTHER_SURNAME
    common = one in surnames() and other in surnames()
    if loosely(one) == loosely(other) and shorter >= 3:
        return evidence("person.surname.spelling_common" if common else "person.surname.spelling")
    if _gendered(one, other):
        return evidence("person.surname.gendered")
    if one_sound(one, other) and not common:
        return evidence("person.surname.romanised")
    if is_syllable(one) and is_syllable(other):
        return evidence("person.surname.syllables")
    if common:
        return evidence("person.surname.two_common") if far == 1 else OTHER_SURNAME
    return _typed(one, other)


def _typed(one: str, other: str) -> Evidence:
    """Two surnames of which at most one is common may be a typo."""
    shorter, far = min(len(one), len(other)), edits(one, other)
    if far == 1 and shorter >= 3:
        return evidence(
            "person.surname.one_letter" if shorter >= 4 else "person.surname.one_letter_short"
        )
    if far == 2 and shorter >= 4 and one[0] == other[0]:
        return evidence(
            "person.surname.two_letters" if shorter >= 7 else "person.surname.two_letters_short"
        )
    if sorted(one) == sorted(other) and shorter >= 4:
        return evidence("person.surname.same_letters")
    return OTHER_SURNAME


def _gendered(one: str, other: str) -> bool:
    """Ivanov and Ivanova, Dostoevsky and Dostoevskaya."""
    short, long = sorted((one, other), key=len)
    if short[-2:] in ("ov", "ev", "in", "yn") and long == short + "a":
        return True
    return short.endswith(("sky", "skiy", "skii")) and long.endswith("skaya")


OTHER_SURNAME = evidence("person.surname.other")


def _givens(x: Words, y: Words) -> list[Evidence]:
    if not x or not y:
        return [evidence("person.given.missing")]
    found = [judge_given(x[0], y[0])]
    if found[0] in TWO_NAMES and "".join(x) == "".join(y):
        return [evidence("person.given.spacing")]
    if found[0] in TWO_NAMES:
        crossed = max(
            (judge_given(p, q) for p in x for q in y if len(p) > 1 and len(q) > 1),
            key=lambda e: e.weight,
            default=found[0],
        )
        if crossed in ONE_NAME:
            return [evidence("person.given.middle")]
    if len(x) > 1 and len(y) > 1:
        found.append(_middle(x[1], y[1]))
    return found


def _middle(x: str, y: str) -> Evidence:
    if x == y or (min(len(x), len(y)) == 1 and x[0] == y[0]):
        return evidence("person.middle.same")
    if min(len(x), len(y)) > 1 and x[0] == y[0] and judge_given(x, y).weight > 0:
        return evidence("person.middle.alike")
    if min(len(x), len(y)) > 4 and x[0] == y[0] and edits(x, y) == 1:
        return evidence("person.middle.one_letter")
    return evidence("person.middle.other")


# titles -------------------------------------------------------------------------------------------


def _generations(a: Parts, b: Parts) -> list[Evidence]:
    generations = [_generation(p) for p in (a, b)]
    if generations[0] == generations[1]:
        return []
    if not all(generations) and any("2" in g or "3" in g for g in generations):
        first = [words_of(p["value"]) for p, g in zip((a, b), generations, strict=True) if not g]
        if first and "i" in first[0][1:]:
            return [evidence("person.generation.first")]
    return [
        evidence("person.generation.other" if all(generations) else "person.generation.one_only")
    ]


def _generation(a: Parts) -> set[str]:
    words = [*words_of(a["title"]), *words_of(a.get("suffix")), *words_of(a["value"])[1:]]
    return {_GENERATION[w] for w in words if w in _GENERATION}


def _titles(a: Parts, b: Parts) -> list[Evidence]:
    one, other = ({*words_of(p["title"]), *words_of(p.get("suffix"))} for p in (a, b))
    middle = [set(words_of(p["value"])[1:-1]) & {"van", "thi"} for p in (a, b)]
    if middle[0] | middle[1] == {"van", "thi"} and middle[0] != middle[1]:  # Vietnamese
        return [evidence("person.sex.vietnamese")]
    if (one & _MEN and other & _WOMEN) or (one & _WOMEN and other & _MEN):
        return [evidence("person.title.other")]
    return []
