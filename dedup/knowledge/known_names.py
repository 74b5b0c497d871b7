"""What is known of names beyond their spelling: firms' other names, words in two languages."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def _rows(name: str) -> list[list[str]]:
    text = files("dedup").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _words() -> Any:
    import yaml

    text = files("dedup").joinpath("data", "pair_words.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def word_list(group: str) -> tuple[str, ...]:
    """One of the word lists of pair_words.yml, in its order."""
    return tuple(str(_words()[group]).replace('"', "").split())


@cache
def word_table(group: str) -> Mapping[str, str]:
    """One of the tables of pair_words.yml, in its order."""
    return {str(k): str(v) for k, v in _words()[group].items()}


@cache
def known_names() -> Mapping[str, int]:
    """A firm's name, letters and digits only, to the number of its line in known_names.tsv."""
    return {name: number for number, row in enumerate(_rows("known_names.tsv")) for name in row}


@cache
def brands_of() -> Mapping[str, tuple[str, ...]]:
    """A Western name, letters and digits only, to the Chinese ones of the same firm."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("known_names.tsv"):
        chinese = tuple(name for name in row if not name.isascii())
        found |= {name: chinese for name in row if name.isascii() and chinese}
    return found


@cache
def body_abbreviations() -> Mapping[str, str]:
    """A word of a public body's name to its short form, in the order they are tried."""
    return dict(tuple(row) for row in _rows("body_abbreviations.tsv")[1:])  # type: ignore[misc]


@cache
def translations() -> Mapping[str, tuple[str, ...]]:
    """An English word of company names to its Chinese words, the longest first."""
    return {
        english: tuple(sorted(chinese.split(), key=len, reverse=True))
        for english, chinese in _rows("company_words.tsv")[1:]
    }


@cache
def abbreviations() -> Mapping[str, str]:
    """A shortened word of Western company names to the whole word."""
    return {row[0]: row[1] for row in _rows("western_abbreviations.tsv")[1:]}


@cache
def given_names() -> Mapping[str, str]:
    """Common Western given names to the sex of their bearers: m, f or both (u)."""
    return {name: sex for sex, names in _rows("given_names.tsv")[1:] for name in names.split()}


@cache
def surnames() -> frozenset[str]:
    """Common Western surnames."""
    return frozenset(name for (names,) in _rows("surnames.tsv")[1:] for name in names.split())


@cache
def formal_names() -> Mapping[str, frozenset[str]]:
    """A nickname to every formal name it may stand for, itself among them."""
    from cleansing.person_name.reference import nicknames

    senses: dict[str, set[str]] = {}
    for nickname, formal in nicknames().items():
        senses.setdefault(nickname, {nickname}).add(formal)
    for nickname, formal in _rows("nickname_senses.tsv")[1:]:
        senses.setdefault(nickname, {nickname}).update(formal.split())
    return {nickname: frozenset(names) for nickname, names in senses.items()}


@cache
def surname_spellings() -> Mapping[str, frozenset[str]]:
    """A Chinese surname to its spellings outside the mainland, in small letters."""
    return {
        surname: frozenset(spelled.split()) for surname, spelled in _rows("surnames_abroad.tsv")[1:]
    }


@cache
def korean_surnames() -> Mapping[str, frozenset[str]]:
    """A Korean surname in Latin letters to its other spellings."""
    groups = [frozenset(str(names).split("/")) for names in word_list("korean_surnames")]
    return {name: group - {name} for group in groups for name in group}


@cache
def japanese_readings(kind: str) -> Mapping[str, tuple[str, ...]]:
    """A Japanese surname, given name or character of one (char) to how it may be read."""
    return {
        name: tuple(read.split())
        for of, written, read in _rows("names_in_japanese.tsv")[1:]
        for name in written.split()
        if of == kind
    }


@cache
def names_in_chinese() -> Mapping[str, tuple[str, ...]]:
    """A Western name to its usual renderings in Chinese characters."""
    return {name: tuple(spoken.split()) for name, spoken in _rows("names_in_chinese.tsv")[1:]}


@cache
def other_readings() -> Mapping[str, tuple[str, ...]]:
    """A Chinese character to all its readings, where it has several without tones."""
    return {char: tuple(spoken.split()) for char, spoken in _rows("other_readings.tsv")[1:]}
