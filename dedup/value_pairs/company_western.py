"""Whether two Western company names name one firm: word by word, general words counting less."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from dedup.knowledge.known_names import abbreviations, given_names, surnames, word_list, word_table
from dedup.value_pairs.company_spelled import judge_spellings, plain_letters, without_umlaut
from dedup.value_pairs.evidence import Evidence, Parts, edits, evidence, total
from dedup.value_pairs.given_names import loosely

PLAIN = frozenset(word_list("plain_company_words"))
"""Words of a Western name that never make it another firm's."""
GENERIC = frozenset(word_list("general_company_words"))
"""Words that a firm's full name has and its everyday name drops."""
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"})
_WINDS = frozenset(f"{wind}{end}" for wind in word_list("sides") for end in ("", "ern"))
_LINKS = frozenset({"of", "for", "the", "at", "in"})


def judge_western(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two Western company names but for the countries in their brackets."""
    left, right = western_words(a), western_words(b)
    x, y = "".join(left), "".join(right)
    if x == y or _whole(a) == _whole(b):
        return [evidence("company_western.words.same")]
    if list(map(without_umlaut, left)) == list(map(without_umlaut, right)):
        return [evidence("company_western.spelling.umlaut")]
    counted = [{w for w in words if w in _ROMAN or w[0].isdigit()} for words in (left, right)]
    if counted[0] != counted[1] and all(counted):
        return [evidence("company_western.numbers.other")]
    if y in _initials(left) or x in _initials(right):
        return [evidence("company_western.initials")]
    rest = [x.removeprefix(y), y.removeprefix(x)]
    if rest != [x, y] and min(len(x), len(y)) >= 4 and _only_general("".join(rest)):
        return [evidence("company_western.general.run_together")]
    ways = [_by_words(left, right, _noted(a) or _noted(b)), judge_spellings(left, right)]
    return max((way for way in ways if way), key=total)


def western_words(a: Parts) -> list[str]:
    """The words of a name in small letters, abbreviations written out, without "and" and "the"."""
    text = (a["brand"] or a["key"] or "").lower().replace("&", " and ").replace("\\", "")
    text = re.sub(r"(?<=\b\w)\.\s?(?=\w\b)", "", text)
    text = re.sub(r"[’'`](?=s\b)|[’'`]", "", text)
    text = re.sub(r"\bunited states(?: of america)?\b", "us", text)
    text = _TENS.sub(lambda found: f"{_tens()[found[1]]}{_figures()[found[2]][0]}th", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd)\b", r"\1th", plain_letters(text))
    known = {**abbreviations(), **_figures()}
    return [known.get(w, w) for w in re.findall(r"\w+", text) if w not in ("and", "the")]


@cache
def _figures() -> Mapping[str, str]:
    """Numbers up to twelve in words, as figures: Four Seasons is 4 Seasons, First is 1st."""
    numbers = {word: str(n) for n, word in enumerate(word_list("small_numbers"), 1)}
    return numbers | {word: f"{n}th" for n, word in enumerate(word_list("ordinals"), 1)}


@cache
def _tens() -> Mapping[str, int]:
    return {word: n for n, word in enumerate(word_list("tens"), 2)}


_TENS = re.compile(rf"\b({'|'.join(_tens())})[\s-]({'|'.join(word_list('ordinals')[:9])})\b")
"""Twenty-First."""


def _whole(a: Parts) -> str:
    """The name with its legal form, without spaces: BASFSE is BASF SE."""
    return re.sub(r"\W", "", (a["value"] or "").lower())


def judge_country_words(a: Parts, b: Parts) -> list[Evidence]:
    """X (Spain) S.L. and X (Italy) S.r.l. are two firms of one group."""
    one, other = _country_word(a["value"] or ""), _country_word(b["value"] or "")
    if one == other:
        return []
    if one is None or other is None:
        return [evidence("company_western.country.one_only")]
    return [evidence("company_western.country.other")]


@lru_cache(maxsize=1 << 14)
def _country_word(name: str) -> str | None:
    """The country, or the place in it, that stands in brackets."""
    inside = [text.strip().lower() for text in re.findall(r"[(（]([^()（）]+)[)）]", name)]
    return next((_places()[text] for text in inside if text in _places()), None)


@cache
def _places() -> Mapping[str, str]:
    """Countries to their codes, provinces and cities of China to themselves."""
    from cleansing import knowledge

    cities = [spelled for _, spelled in knowledge.pairs("region_pinyin.tsv")]
    countries = {
        name.lower(): code
        for code, english, _, also in knowledge.rows("countries.tsv")[1:]
        for name in (english, *also.split("|"))
        if name.isascii() and len(name) > 1
    }
    joined = {name.replace(" ", ""): name.replace(" ", "") for name in cities}
    spaced = {name: name.replace(" ", "") for name in cities}
    return {**joined, **spaced, **countries, **word_table("countries_in_brackets")}


def _noted(a: Parts) -> bool:
    """Whether a name has more in brackets or after "at": Lespinasse (New York City)."""
    return re.search(r"\(|\s(?:at|in|-)\s", a["value"] or "") is not None


def _initials(words: list[str]) -> set[str]:
    """What the name may be shortened to; nothing where it has fewer than three words."""
    if len(words) < 3:
        return set()
    first = "".join(w[0] for w in words)
    return {first, "".join(w[0] for w in words if w not in _LINKS)} - {first[:2]}


@cache
def _only_general(text: str) -> bool:
    return text == "" or any(
        text.startswith(word) and _only_general(text[len(word) :]) for word in GENERIC
    )


def _by_words(left: list[str], right: list[str], noted: bool) -> list[Evidence]:
    pairs, only = _matched(left, right)
    typos = [pair for pair in pairs if pair[0] != pair[1]]
    shared = {one for one, _ in pairs} - GENERIC
    if not any(only):
        if [w for w in left if w in _LINKS] != [w for w in right if w in _LINKS]:
            return _reordered(left, right)
        same = [w for w in left if w in right and w not in GENERIC]
        return [_spelled_alike(typos, alone=len(typos) == 1 and not same)]
    if not shared:
        return [evidence("company_western.words.other")]
    telling = [[w for w in words if w not in GENERIC] for words in only]
    found = [_spelled_alike(typos)] if typos else []
    if not any(telling):
        if any(set(words) - PLAIN for words in only) and all(only):
            return [*found, evidence("company_western.general.each")]
        return [*found, *_reordered(left, right, evidence("company_western.general.differ"))]
    if all(telling):
        return [*found, evidence("company_western.word.each")]
    if noted:
        return [*found, evidence("company_western.word.where")]
    return [*found, evidence("company_western.word.one_more")]


def _reordered(left: list[str], right: list[str], kept: Evidence | None = None) -> list[Evidence]:
    """University of Washington is not Washington University."""
    bare = [[w for w in words if w not in _LINKS] for words in (left, right)]
    if bare[0] != bare[1] and Counter(bare[0]) == Counter(bare[1]):
        return [evidence("company_western.order.other")]
    return [kept or evidence("company_western.words.small")]


def _spelled_alike(typos: list[tuple[str, str]], *, alone: bool = False) -> Evidence:
    if not typos:
        return evidence("company_western.order.same")
    shortest = min(min(map(len, pair)) for pair in typos)
    if alone and shortest < 7:
        return evidence("company_western.spelling.only_word")
    if len(typos) == 1 and shortest >= 7:
        return evidence("company_western.spelling.long_word")
    return evidence(
        "company_western.spelling.one_word" if len(typos) == 1 else "company_western.spelling.words"
    )


def _matched(
    left: list[str], right: list[str]
) -> tuple[list[tuple[str, str]], tuple[list[str], list[str]]]:
    """Words that are the same or nearly so, and the words left over on each side."""
    pairs, rest = [], list(right)
    over: list[str] = []
    for word in left:
        if word in rest:
            rest.remove(word)
            pairs.append((word, word))
        else:
            over.append(word)
    for word in list(over):
        near = next((other for other in rest if _like(word, other)), None)
        if near is not None:
            over.remove(word)
            rest.remove(near)
            pairs.append((word, near))
    return pairs, (over, rest)


@lru_cache(maxsize=1 << 14)
def _two_names(one: str, other: str) -> bool:
    """Whether both words are names that people bear: Baker and Becker, Mark's and Mary's."""
    x, y = (w if _borne(w) else w.removesuffix("s") for w in (one, other))
    return x != y and _borne(x) and _borne(y) and loosely(x) != loosely(y)


def _borne(word: str) -> bool:
    return word in surnames() or word in given_names()


def _like(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    if _two_names(one, other) or {one, other} <= _WINDS:
        return False
    if one.rstrip("s") == other.rstrip("s") and shorter >= 3:
        return True
    if shorter >= 4 and (one.startswith(other) or other.startswith(one)):
        more = abs(len(one) - len(other))
        electrical = more == 2 and max(one, other, key=len).endswith("ical")
        return (more > 2 and shorter >= 5) or electrical
    if shorter < 5 or one[0] != other[0]:
        return False
    return edits(one, other) <= (2 if shorter >= 7 else 1)
