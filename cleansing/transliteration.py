"""Names in Greek, Cyrillic or Arabic letters, spelled in Latin ones so that they can be compared.

    latin(pl.Series(["Γιώργος Παπαδόπουλος", "Дмитрий", "محمد"]))   # giorgos papadopoulos, …

For comparison only: a name is spelled in one usual way out of several, so two spellings of it may
still differ by a letter. Values without such letters stay as they are.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl

from cleansing import knowledge
from cleansing.text import in_place

_ALPHABETS = ("greek", "cyrillic", "arabic")
_KEPT = {"й": "\ue000", "ё": "е"}
"""Letters that lose their meaning with their mark; й stands aside while marks are taken off."""


def latin(values: pl.Series) -> pl.Series:
    """Spell names in Latin letters, in lower case; other values are left as they are."""
    foreign = values.str.contains(_seen()).fill_null(value=False)
    if not foreign.any():
        return values
    frame = values.alias("v").to_frame()
    text = frame.filter(foreign)["v"].str.to_lowercase()
    for alphabet in _ALPHABETS:
        text = _spelled(text, alphabet)
    whole = in_place(foreign, text.to_frame(), frame.filter(~foreign))
    return whole["v"].alias(values.name)


def latin_text(text: str) -> str:
    """Spell one name; as `latin`."""
    if text.isascii() or re.search(_seen(), text) is None:
        return text
    spelled: str = latin(pl.Series([text]))[0]
    return spelled


def _spelled(text: pl.Series, alphabet: str) -> pl.Series:
    known = knowledge.facts("letters_in_latin.yml")[alphabet]
    if not text.str.contains(known["seen"]).any():
        return text
    value = _bare(pl.col("v"))
    if alphabet == "arabic":
        value = value.str.replace_all("عبد ال", "عبدال", literal=True)
        return _arabic(text.alias("v").to_frame().select(value).to_series(), known)
    for pattern, written in known["rules"]:
        value = value.str.replace_all(pattern, written)
    value = value.str.replace_many(_table(known["letters"]))
    return text.alias("v").to_frame().select(value).to_series()


def _bare(value: pl.Expr) -> pl.Expr:
    """Letters without marks, in their plain forms."""
    for letter, kept in _KEPT.items():
        value = value.str.replace_all(letter, kept, literal=True)
    # An i or y with two dots does not belong to the vowel before it.
    for dotted, alone in (("[ϊΐῒῗ]", "i"), ("[ϋΰῢῧ]", "y")):
        value = value.str.replace_all(dotted, alone)
    value = value.str.normalize("NFKD").str.replace_all(r"[\p{M}ـ]", "")
    return value.str.replace_all("\ue000", "й", literal=True)


def _arabic(text: pl.Series, known: Mapping[str, Any]) -> pl.Series:
    """Word by word: a common name as it is spelled, another letter by letter with vowels put in."""
    words = text.str.split(" ").list.explode().unique().drop_nulls()
    value = pl.col("v")
    for pattern, written in known["rules"]:
        value = value.str.replace_all(pattern, written)
    value = value.str.replace_many(_table(known["letters"]))
    for pattern, written in (*known["vowels"], known["vowels"][1]):
        value = value.str.replace_all(pattern, written)
    value = value.str.replace_many(_table(known["doubles"]))
    made = words.alias("v").to_frame().with_columns(own=value)
    own = dict(made.iter_rows()) | _names()
    of_article = {f"ال{name}": f"al {spelled}" for name, spelled in _names().items()}
    own |= {word: of_article[word] for word in words if word in of_article}
    return text.str.split(" ").list.eval(pl.element().replace(own)).list.join(" ")


@cache
def _seen() -> str:
    known = knowledge.facts("letters_in_latin.yml")
    return "|".join(known[alphabet]["seen"] for alphabet in _ALPHABETS)


@cache
def _names() -> dict[str, str]:
    return _table(knowledge.facts("letters_in_latin.yml")["arabic_names"])


@cache
def _table(listed: str) -> dict[str, str]:
    """What stands for what, from a list of both in turn; `-` for nothing."""
    words = listed.split()
    return {
        one: "" if other == "-" else other
        for one, other in zip(words[::2], words[1::2], strict=True)
    }
