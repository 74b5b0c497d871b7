"""What the data files know about people's names, ready to look up."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from cleansing import knowledge


def _data() -> Any:
    return knowledge.facts("person_names.yml")


@cache
def words(group: str) -> frozenset[str]:
    """One of the word lists: titles, prefixes, suffixes, particles, compound_surnames, …"""
    return frozenset(str(_data()[group]).split())


@cache
def surname_characters() -> frozenset[str]:
    """Every character that is a surname by itself."""
    return frozenset(_data()["common_surnames"] + _data()["other_surnames"])


@cache
def common_characters() -> frozenset[str]:
    """The characters of the hundred commonest surnames."""
    return frozenset(_data()["common_surnames"])


@cache
def surname_readings() -> Mapping[str, str]:
    """Surnames that are pronounced unlike the everyday word."""
    return {str(k): str(v) for k, v in _data()["surname_readings"].items()}


@cache
def readings() -> Mapping[str, str]:
    """Character → syllable without tone, as read in a given name."""
    by_character = {
        char: spelled for spelled, chars in knowledge.rows("syllables.tsv") for char in chars
    }
    return by_character | {str(k): str(v) for k, v in _data()["given_readings"].items()}


@cache
def surname_ranks() -> Mapping[str, int]:
    """Romanised surname → rank of the commonest surname so spelled."""
    ranks: dict[str, int] = {}
    ordered = [*_data()["common_surnames"], *_data()["other_surnames"]]
    for rank, surname in enumerate([*ordered, *str(_data()["compound_surnames"]).split()]):
        spelled = surname_readings().get(surname)
        if spelled is None:
            spelled = "".join(readings().get(char, "") for char in surname)
        ranks.setdefault(spelled, rank)
    return ranks | {"lyu": ranks["lv"], "lü": ranks["lv"]}


@cache
def syllables() -> frozenset[str]:
    """Every syllable of Mandarin as GB/T 28039 spells it."""
    return frozenset(s for s in readings().values() if s.isascii() and s.isalpha()) | {"lyu", "nyu"}


@cache
def nicknames() -> Mapping[str, str]:
    """Nickname → the formal name it most often stands for."""
    return {nickname: formal for nickname, formal, *_ in knowledge.rows("nicknames.tsv")[1:]}


@cache
def shared_nicknames() -> Mapping[str, tuple[str, ...]]:
    """Nickname → the formal names, two at most, that it may stand for besides that one."""
    rows = knowledge.rows("shared_nicknames.tsv")[1:]
    return {nickname: tuple(names.split()) for nickname, names, *_ in rows}


@cache
def formal_names() -> frozenset[str]:
    """Given names that nicknames stand for."""
    return frozenset(nicknames().values())
