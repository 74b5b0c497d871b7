"""Most Western names are one to three ordinary words, and are taken apart a column at once.

A word is ordinary that is no title, degree, particle or calling, and no surname that stands first
in its country; and a name of syllables of Mandarin is left to `romanised`.
"""

import polars as pl

from cleansing.person_name import capitals, romanised, russian, western
from cleansing.person_name import reference as ref
from guiyi.even_chunks import even_chunks

_SHAPE = r"^[A-Za-z]+(?: [A-Za-z]+){0,2}$"


def is_plain(names: pl.Series) -> pl.Series:
    """Tell which names are nothing but ordinary words."""
    plain = names.str.contains(_SHAPE).fill_null(value=False)
    several = plain & names.str.contains(" ", literal=True).fill_null(value=False)
    if not several.any():
        return plain
    lower = names.filter(several).str.to_lowercase()
    telling = pl.lit(pl.Series(sorted(western.telling_words() | romanised.first_surnames())))
    odd = _words(lower).select(
        odd=pl.any_horizontal(pl.all().is_in(telling.implode()).fill_null(value=False))
    )["odd"]
    odd |= lower.str.contains(romanised.mandarin_pattern()) | lower.str.contains(russian.LOOK)
    odd |= names.filter(several).str.contains(capitals.LOOK)
    return plain.scatter(several.arg_true(), ~odd)


def parse(names: pl.Series) -> pl.DataFrame:
    """Columns key, surname, given and doubt of names that are plain."""
    first, second, third = pl.col("first"), pl.col("second"), pl.col("third")
    lower = _words(names.str.to_lowercase())
    given = pl.Series([*ref.nicknames(), *ref.formal_names()]).unique().implode()
    last = pl.coalesce(third, second)
    middle = pl.when(third.is_not_null()).then(second)
    in_front = second.is_not_null() & third.is_null() & ~first.is_in(given)
    key = pl.concat_str(
        first.replace(dict(ref.nicknames())),
        pl.when(middle.str.len_bytes() > 1).then(middle),
        last,
        separator=" ",
        ignore_nulls=True,
    )
    spanish = pl.lit(pl.Series(sorted(ref.words("spanish_surnames")))).implode()
    named = lower.select(
        key=key,
        doubt=pl.when(
            (in_front & last.is_in(given))
            | (second.is_not_null() & first.is_in(spanish) & ~last.is_in(spanish))
        ).then(pl.lit("order unsure")),
    )
    double = second.is_in(spanish) & third.is_in(spanish) & ~first.is_in(spanish)
    twice = lower.select(double.fill_null(value=False)).to_series()
    both = pl.concat_str(second, third, separator=" ")
    all_given = pl.concat_str(first, middle, separator=" ", ignore_nulls=True)
    written = _words(names).select(
        surname=pl.when(twice).then(both).otherwise(last),
        given=pl.when(twice).then(first).otherwise(all_given),
    )
    return even_chunks(pl.concat([named, written], how="horizontal"))


def _words(names: pl.Series) -> pl.DataFrame:
    split = names.str.split_exact(" ", 2).struct.rename_fields(["first", "second", "third"])
    return split.struct.unnest()
