"""Whether two person's names can be one person's."""

import re

from dedup.pair_evidence import Evidence, Parts, alike, edits, is_han, reading

_GENERATION = {
    "jr": "jr",
    "junior": "jr",
    "sr": "sr",
    "senior": "sr",
    "ii": "2",
    "iii": "3",
    "iv": "4",
}
_MEN = frozenset({"mr", "herr", "monsieur", "sir"})
_WOMEN = frozenset({"mrs", "ms", "miss", "frau", "madame", "mme"})
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("z", "s"), ("th", "t"), ("v", "f"),
    ("gh", "g"), ("sch", "sh"),
)  # fmt: skip
PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "la",
        "le",
        "da",
        "di",
        "del",
        "dos",
        "du",
        "bin",
        "al",
        "el",
        "ter",
        "ten",
    ]
)


def judge_people(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two names: surname, given names, generation, title."""
    left, right = a["value"] or "", b["value"] or ""
    if is_han(left) and is_han(right):
        return _chinese(a, b)
    if is_han(left) or is_han(right):
        return _across_scripts(a, b)
    return [*_western(a, b), *_titles(a, b)]


def _chinese(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a["key"] or "", b["key"] or ""
    if x == y:
        return [Evidence(6, "same name")]
    if conflict_of_surnames(a, b):
        return [Evidence(-7, "other surname")]
    if a["given"] is None or b["given"] is None:
        return [Evidence(0.3, "same surname, one without a given name")]
    if reading(x) == reading(y):
        return [Evidence(-0.8, "sounds the same but is written with other characters")]
    if sorted(x) == sorted(y):
        return [Evidence(1, "the same characters in another order")]
    return [Evidence(-6, "other given name")]


def conflict_of_surnames(a: Parts, b: Parts) -> bool:
    """Whether both names have a surname and they differ."""
    return a["surname"] is not None and b["surname"] is not None and a["surname"] != b["surname"]


def _across_scripts(a: Parts, b: Parts) -> list[Evidence]:
    han, latin = (a, b) if is_han(a["value"] or "") else (b, a)
    words = _words(latin["value"])
    surname = "".join(reading(han["surname"] or ""))
    spoken = (han["pinyin"] or "").split()
    if spoken:
        surname = spoken[0]
    given = "".join(spoken[1:]) or "".join(reading(han["given"] or ""))
    joined = "".join(words)
    if joined in (surname + given, given + surname):
        return [Evidence(4.5, "the characters read as the romanised name")]
    if surname in (words[:1] + words[-1:]) and given:
        rest = "".join(w for w in words if w != surname)
        syllables = reading(han["given"] or "")
        if rest == "".join(s[:1] for s in syllables):
            return [Evidence(1, "surname and initials read alike")]
        if edits(rest, given) == 1 and len(given) >= 5:
            return [Evidence(0.8, "the characters nearly read as the romanised name")]
    return [Evidence(-6, "the characters do not read as the romanised name")]


def _words(value: str | None) -> list[str]:
    import unicodedata

    plain = unicodedata.normalize("NFKD", (value or "").lower().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"[’'`]", "", plain)
    return re.findall(r"[^\W\d_]+", plain)


def _western(a: Parts, b: Parts) -> list[Evidence]:
    """The best of reading the two names in the same and in swapped order."""
    one, other = _named(a), _named(b)
    straight = [_surnames(one[1], other[1]), *_givens(one[0], other[0])]
    flat_a, flat_b = _words(_bare(a)), _words(_bare(b))
    if sorted(flat_a) == sorted(flat_b):
        return [Evidence(6, "same words")]
    swapped = [_surnames(one[1], other[0]), *_givens(one[0], other[1])]
    swapped.append(Evidence(-0.7, "given name and surname swapped"))
    if sum(e.weight for e in swapped) > sum(e.weight for e in straight):
        return swapped
    return straight


def _bare(a: Parts) -> str:
    """The name without title and generation."""
    drop = {*_words(a["title"]), *_words(a["suffix"])}
    return " ".join(w for w in _words(a["value"]) if w not in drop)


def _named(a: Parts) -> tuple[list[str], list[str]]:
    given, surname = _words(a["given"]), _words(a["surname"])
    if not given and not surname:
        words = _words(_bare(a))
        return words[:-1], words[-1:]
    return given, surname


def _surnames(x: list[str], y: list[str]) -> Evidence:
    if not x or not y:
        return Evidence(-1.5, "one has no surname")
    one, other = "".join(x), "".join(y)
    if one == other:
        return Evidence(3, "same surname")
    if {w for w in x if w not in PARTICLES} & {w for w in y if w not in PARTICLES}:
        return Evidence(1.5, "surnames share a part")
    if min(len(one), len(other)) >= 4 and edits(one, other) == 1:
        return Evidence(1, "surnames one letter apart")
    if min(len(one), len(other)) >= 6 and alike(one, other) >= 0.93:
        return Evidence(0.3, "surnames alike")
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return Evidence(-0.5, "one surname is an initial")
    return Evidence(-6, "other surname")


def _givens(x: list[str], y: list[str]) -> list[Evidence]:
    if not x or not y:
        return [Evidence(-2, "one has no given name")]
    found = [_given(x[0], y[0])]
    if found[0].weight < -1 and "".join(x) == "".join(y):
        return [Evidence(2.5, "same given name, spaced differently")]
    if found[0].weight < -1:
        crossed = max(
            (_given(p, q) for p in x for q in y if len(p) > 1 and len(q) > 1),
            key=lambda e: e.weight,
            default=found[0],
        )
        if crossed.weight >= 2.5:
            return [Evidence(0.2, "one goes by the middle name")]
    if len(x) > 1 and len(y) > 1:
        found.append(_middle(x[1], y[1]))
    return found


def _given(x: str, y: str) -> Evidence:
    from cleansing.person_name.reference import nicknames

    formal = nicknames()
    fx, fy = formal.get(x, x), formal.get(y, y)
    if x == y:
        return Evidence(3, "same given name")
    if min(len(x), len(y)) == 1:
        if x[0] in (y[0], fy[0]) or y[0] in (x[0], fx[0]):
            return Evidence(0.8, "one given name is an initial")
        return Evidence(-5, "initials differ")
    if fx == fy:
        return Evidence(2.5, "nickname of the other")
    known = set(formal.values())
    if x.replace("h", "") == y.replace("h", ""):
        return Evidence(1.5, "spellings of one given name")
    if fx in known and fy in known and not (_variant(x, y) and x[-1] == y[-1] and len(x) >= 6):
        return Evidence(-4, "two different given names")
    if (
        min(len(x), len(y)) >= 3
        and (x.startswith(y) or y.startswith(x))
        and abs(len(x) - len(y)) > 1
    ):
        return Evidence(0.8, "one given name begins the other")
    return _unlisted(x, y)


def _unlisted(x: str, y: str) -> Evidence:
    """Two given names of which at least one is on no list: typing slips and spellings."""
    if min(len(x), len(y)) >= 4 and edits(x, y) == 1:
        gendered = x + "a" == y or y + "a" == x or {x[-1], y[-1]} == {"a", "o"}
        if gendered:
            return Evidence(-4, "a man's and a woman's form")
        return Evidence(1.2, "given names one letter apart")
    if _variant(x, y):
        return Evidence(1, "spellings of one given name")
    if min(len(x), len(y)) >= 5 and alike(x, y) >= 0.92:
        return Evidence(0.3, "given names alike")
    return Evidence(-6, "other given name")


def _variant(x: str, y: str) -> bool:
    """Whether two spellings sound alike: Catherine and Kathryn, Stephen and Steven."""

    def sound(name: str) -> str:
        for written, spoken in _SOUNDS:
            name = name.replace(written, spoken)
        return name[0] + re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouhw]", "", name[1:]))

    return min(len(x), len(y)) >= 4 and sound(x) == sound(y)


def _middle(x: str, y: str) -> Evidence:
    if x == y or (min(len(x), len(y)) == 1 and x[0] == y[0]):
        return Evidence(1, "middle names agree")
    if x[0] != y[0]:
        return Evidence(-7.5, "middle names conflict")
    return Evidence(-1 if edits(x, y) > 1 else 0.5, "middle names alike")


def _titles(a: Parts, b: Parts) -> list[Evidence]:
    one, other = ({*_words(p["title"]), *_words(p["suffix"])} for p in (a, b))
    found = []
    generations = [{_GENERATION[w] for w in t if w in _GENERATION} for t in (one, other)]
    if generations[0] != generations[1]:
        both = all(generations)
        found.append(Evidence(-7 if both else -1.5, "generation differs"))
    if (one & _MEN and other & _WOMEN) or (one & _WOMEN and other & _MEN):
        found.append(Evidence(-4, "a man's and a woman's title"))
    return found
