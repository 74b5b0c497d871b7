"""Western company names shorten their usual words: TECH & SRVCES is Technology and Services.

For comparison the words are written out, so that a name and its short form are equal where nothing
else differs. Only words that shorten one thing are: St, Ent and Ind may be several.
"""

import re
from functools import cache, lru_cache

import polars as pl

from cleansing.company_name.western import key
from dedup.knowledge.known_names import abbreviations

SEVERAL = frozenset({
    "st", "mt", "ft", "no", "gp", "ent", "ind", "ins", "fin", "eng", "dev", "dist", "dept", "props",
    "const", "ch", "elem", "realty", "comm", "inst", "centre", "theatre",
})  # fmt: skip
"""Short forms of several words, whole words, and other spellings of one."""
SURELY = 4
"""So many consonants tell a word whose vowels were left out."""
_WORD = re.compile(r"[a-z']+")
_VOWEL = re.compile(r"(?<=.)[aeiouy']+")


def written_out(brand: str) -> str:
    """A brand in lower case with its shortened words written out."""
    return brand if not brand.isascii() else _WORD.sub(lambda word: _whole(word.group()), brand)


def key_written_out(brand: str) -> str | None:
    """The comparison key of a brand with shortened words; None where it has none of them."""
    return _key(brand) if brand.isascii() else None


@lru_cache(65_536)
def _key(brand: str) -> str | None:
    whole = written_out(brand)
    return None if whole == brand else pl.select(key(pl.lit(whole))).item()


def with_words_written_out(names: pl.DataFrame) -> pl.DataFrame:
    """Company names, `brand` in lower case and `key`, with shortened words written out in both."""
    brands = names["brand"].drop_nulls().unique()
    changed = {one: whole for one in brands for whole in (written_out(one),) if whole != one}
    if not changed:
        return names
    replaced = names["brand"].is_in(list(changed))
    return names.with_columns(brand=pl.col("brand").replace(changed)).with_columns(
        key=pl.when(replaced).then(key(pl.col("brand"))).otherwise("key")
    )


@cache
def _whole(word: str) -> str:
    if word in _words():
        return word
    known = abbreviations().get(word)
    if known is not None:
        return word if len(word) < 3 or word in SEVERAL else known
    bare = _VOWEL.sub("", word)
    whole = _by_consonants().get(bare) if len(bare) >= SURELY else None
    return whole if whole is not None and len(word) < len(whole) else word


@cache
def _words() -> frozenset[str]:
    """The whole words that are shortened."""
    return frozenset(abbreviations().values())


@cache
def _by_consonants() -> dict[str, str]:
    """Each of the words by its first letter and its consonants, where no other has the same."""
    bare = [(_VOWEL.sub("", word), word) for word in _words()]
    return {one: word for one, word in bare if sum(one == other for other, _ in bare) == 1}
