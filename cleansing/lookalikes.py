"""Letters of other alphabets look like Latin ones, and a word never mixes alphabets on purpose.

раураl in Cyrillic letters with one Latin l is paypal. A word wholly in one alphabet stays as it is.
"""

import re

import polars as pl

_PAIRS = (
    "АA ВB ЕE КK МM НH ОO РP СC ТT ХX УY аa еe оo рp сc уy хx ѕs іi јj ԁd һh ІI ЈJ ЅS ԛq ԝw",
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX οo νv ιi",
)
"""Cyrillic and Greek letters with the Latin letter of the same shape (Unicode UTS #39, the
single-character confusables of these two scripts)."""

_LATIN = {pair[0]: pair[1] for line in _PAIRS for pair in line.split()}
_ALIKE = "".join(_LATIN)
_TABLE = str.maketrans(_LATIN)
_WORD = re.compile(r"[^\W_]+")
_OTHER = re.compile(rf"[\u0370-\u03ff\u0400-\u052f](?<![{_ALIKE}])")
_ASCII = re.compile(r"[A-Za-z]")


def fold_lookalikes(values: pl.Series) -> pl.Series:
    """Write in Latin letters each word that mixes Latin with letters that only look so."""
    suspect = values.str.contains(rf"[{_ALIKE}]") & values.str.contains("[A-Za-z]")
    suspect = suspect.fill_null(value=False)
    if not suspect.any():
        return values
    distinct = values.filter(suspect).unique()
    folded = distinct.map_elements(fold, return_dtype=pl.String)
    return values.replace(distinct, folded)


def fold(text: str) -> str:
    """Fold one text, word by word."""
    return _WORD.sub(_folded, text)


def _folded(word: re.Match[str]) -> str:
    text = word.group()
    mixed = _ASCII.search(text) is not None and _OTHER.search(text) is None
    return text.translate(_TABLE) if mixed else text


def holds_lookalikes(text: str) -> bool:
    """Tell whether a word mixes Latin with letters that look so, or is made of such alone."""
    return any(
        word != word.translate(_TABLE)
        and (_ASCII.search(word) is not None or all(char in _LATIN for char in word))
        for word in _WORD.findall(text)
    )
