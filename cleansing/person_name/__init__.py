"""A person's name is a surname and a given name, in an order that depends on where they are from.

    clean(pl.Series(["王 小明 经理", "Xiaoming Zeng", "Dr. Juan de la Vega III"]))

Chinese names lose the title, which becomes a part; Western ones keep theirs, and it is a part too,
as is what tells father from son (`suffix`: Jr., III) and the name someone goes by (`nickname`).
Where it is unclear which word is the surname, `surname` is null and the reason says so.
"""

import re
from collections.abc import Mapping

import polars as pl

from cleansing import text
from cleansing.column import why
from cleansing.empty_words import NULL
from cleansing.person_name import (
    capitals,
    courtesy,
    elsewhere,
    han,
    plain,
    reference,
    romanised,
    russian,
    together,
    western,
)
from guiyi.even_chunks import even_chunks

__all__ = ["PARTS", "clean"]

PARTS: Mapping[str, pl.DataType] = dict.fromkeys(
    ("key", "surname", "given", "pinyin", "title", "suffix", "nickname"), pl.String()
)

_EASTERN = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_COMPANY = r"(?:有限|股份|集团)?公司$|(?i)\b(?:co\.?,? ?ltd|inc|llc|gmbh)\.?$"

_ODD = re.compile(r"@|^[0-9a-f\-]{16,}$|公司$|\b(?:co\.?,? ?ltd|inc|llc|gmbh)\.?$", re.IGNORECASE)
"""Whatever may be no name, for a first look at a single value."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Tidy people's names and take them apart; one row out for each value in."""
    folds = text.tidy_with_reasons(values)
    together_ = together.find(values, folds["folded"])
    # 张三(李四) is 张三 with a note; 张三-李四 may be either.
    entire = together_.is_not_null() & ~folds["folded"].str.contains("(", literal=True)
    entire = entire.fill_null(value=False)
    bare = text.only_where(folds["folded"], rf"{text.HAN} ", text.remove_han_spaces)
    tidied = folds.with_columns(
        tidy=values.str.strip_chars().zip_with(entire, bare), together=together_, entire_cell=entire
    )
    wrong = _not_a_name(pl.col("tidy"))
    tidied = tidied.with_columns(wrong=wrong).with_columns(
        tidy=pl.when(pl.col("wrong").is_null()).then("tidy")
    )
    eastern = tidied["tidy"].str.contains(_EASTERN).fill_null(value=False)
    chinese = _chinese(tidied.filter(eastern))
    latin = _latin(tidied.filter(~eastern))
    cleaned = text.in_place(eastern, chinese, latin)
    null = values.str.strip_chars() == NULL
    return _with_null(cleaned, pl.lit(null)) if null.any() else cleaned


def _with_null(cleaned: pl.DataFrame, null: pl.Expr) -> pl.DataFrame:
    """Null is a surname, and what forms put where no name was given: kept, without a key."""
    doubt = pl.lit("unsure: a surname, or that nothing is known")
    return cleaned.with_columns(
        value=pl.when(null).then(pl.lit(NULL)).otherwise("value"),
        reason=pl.when(null).then(doubt).otherwise("reason"),
    )


def clean_one(tidied: str) -> tuple[str | None, ...] | None:
    """The parts of one tidy Western or romanised name, the doubt last; None if it may be none."""
    letters = any(c.isalpha() for c in tidied)
    if not letters or _ODD.search(tidied) or tidied.lower() in reference.words("nobody"):
        return None
    return _latin_parts(tidied)


def _not_a_name(value: pl.Expr) -> pl.Expr:
    """What sits in a name column and is no name."""
    return (
        pl.when(value.str.contains("@"))
        .then(pl.lit("invalid: e-mail address"))
        .when(~value.str.contains(r"\p{L}"))
        .then(pl.lit("invalid: no letters"))
        .when(value.str.contains(r"^(?i)[0-9a-f\-]{16,}$"))
        .then(pl.lit("invalid: code"))
        .when(value.str.contains(_COMPANY))
        .then(pl.lit("invalid: company name"))
        .when(value.str.to_lowercase().is_in(list(reference.words("nobody"))))
        .then(pl.lit("invalid: placeholder"))
    )


def _chinese(rows: pl.DataFrame) -> pl.DataFrame:
    value = rows["tidy"]
    simple = text.simplify(value).rename("whole")
    parsed = _none_of_several(han.parse(simple), rows["entire_cell"]).with_columns(whole=simple)
    shown = (
        pl.when(pl.col("together").is_not_null() | pl.col("nickname").is_not_null())
        .then("tidy")
        .when(pl.col("noted").is_not_null() & pl.col("given").is_null())
        .then(pl.col("tidy").str.slice(0, pl.col("unnoted").str.len_chars()))
        .when("titled_before")
        .then(pl.col("tidy").str.slice(pl.col("title").str.len_chars()).str.strip_chars_start(" :"))
        .when(pl.col("noted").is_not_null())
        .then(pl.col("tidy").str.slice(0, pl.col("name").str.len_chars()))
        .when(
            pl.col("given").is_not_null(),
            pl.col("title").is_not_null(),
            pl.col("whole").str.starts_with(pl.col("name")),
        )
        .then(pl.col("tidy").str.slice(0, pl.col("name").str.len_chars()))
        .otherwise("tidy")
    )
    peeled = pl.col("given").is_not_null() & pl.col("title").is_not_null()
    key = (
        pl.when(pl.col("given").is_null() & pl.col("title").is_not_null())
        .then(pl.col("name") + pl.col("title"))
        .otherwise("name")
    )
    return even_chunks(pl.concat([rows, parsed], how="horizontal")).select(
        value=shown,
        reason=why(
            pl.when(~pl.col("entire_cell")).then("reason"),
            pl.when(
                ~pl.col("entire_cell")
                & (pl.col("tidy").str.len_chars() < pl.col("value").str.len_chars())
            ).then(pl.lit("spaces removed")),
            pl.concat_str(pl.lit("number removed: "), pl.col("noted").str.replace_all(";", "；")),
            pl.when(peeled & (shown != pl.col("tidy"))).then(pl.lit("title peeled")),
            pl.coalesce("together", "doubt"),
        ),
        key=key.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", ""),
        surname="surname",
        given="given",
        pinyin="pinyin",
        title="title",
        suffix=pl.lit(None, pl.String),
        nickname="nickname",
    )


def _none_of_several(parsed: pl.DataFrame, several: pl.Series) -> pl.DataFrame:
    """Of a cell with several names none is the name: only the key has them, all together."""
    if not several.any():
        return parsed
    parts = ("surname", "given", "pinyin", "title", "nickname", "noted")
    one = pl.lit(~several)
    return parsed.with_columns(
        *(pl.when(one).then(name).alias(name) for name in parts),
        name=pl.when(one).then("name").otherwise("entire"),
    )


_PARSED = ("key", "surname", "given", "pinyin", "title", "suffix", "nickname", "doubt")


def _latin(rows: pl.DataFrame) -> pl.DataFrame:
    ordinary = plain.is_plain(rows["tidy"])
    parsed = text.in_place(
        ordinary,
        _with_all_parts(plain.parse(rows["tidy"].filter(ordinary))),
        _read_each(rows["tidy"].filter(~ordinary)),
    )
    whole = even_chunks(pl.concat([rows, parsed], how="horizontal"))
    one = pl.col("together").is_null()
    reasons = pl.when(one).then(why("reason", "doubt")).otherwise("together")
    return whole.select(
        pl.col("tidy").alias("value"),
        pl.coalesce("wrong", reasons).alias("reason"),
        "key",
        *(pl.when(one).then(name).alias(name) for name in _PARSED[1:-1]),
    )


def _with_all_parts(parsed: pl.DataFrame) -> pl.DataFrame:
    none = pl.lit(None, pl.String)
    return parsed.select(name if name in parsed.columns else none.alias(name) for name in _PARSED)


def _read_each(names: pl.Series) -> pl.DataFrame:
    rows = [_latin_parts(name) for name in names.to_list()]
    return pl.DataFrame(rows, schema=dict.fromkeys(_PARSED, pl.String), orient="row")


def _latin_parts(value: str | None) -> tuple[str | None, ...]:
    if value is None:
        return (None,) * len(_PARSED)
    title, name, doubt = courtesy.peel(value)
    key, surname, given, pinyin, other, suffix, nickname, unsure = _parts_of(name)
    if len(name.split()) == 1 and title is not None and surname is None:
        surname, given = (None, given) if name.islower() else _alone(title, name, given)
    titles = " ".join(part for part in (title, other) if part)
    reasons = "; ".join(part for part in (doubt, unsure) if part)
    return key, surname, given, pinyin, titles or None, suffix, nickname, reasons or None


def _alone(title: str, name: str, given: str | None) -> tuple[str | None, str | None]:
    """Behind a form of address stands a surname; in Vietnam it is the given name."""
    vietnamese = title.lower() in reference.words("vietnamese_address")
    return (None, given) if vietnamese else (name, None)


def _parts_of(value: str) -> tuple[str | None, ...]:
    beside = elsewhere.parse_with_english_name(value)
    eastern, english = beside if beside is not None else (None, None)
    if eastern is None:
        eastern = russian.parse(value)
    if eastern is None:
        eastern = romanised.parse(value, comma=value.count(",") == 1)
    if eastern is None:
        eastern = elsewhere.parse(value)
    if eastern is None:
        eastern = capitals.parse(value)
    if eastern is not None:
        key = eastern.pinyin or western.fold(value)
        key = key if eastern.surname else " ".join(sorted(key.split()))
        if eastern.surname and not eastern.pinyin:  # Taro Tanaka is the same name
            key = western.fold(f"{eastern.given} {eastern.surname}")
        nothing = (None, None)
        return (key, *eastern[:3], *nothing, english, eastern.doubt)
    parts = western.parse(value)
    given = f"{parts.first} {parts.middle}".strip()
    key = western.key(parts) or western.fold(value)
    rest = (parts.prefix, parts.suffix, parts.nickname)
    return (
        *(part or None for part in (key, parts.last, given, "", *rest)),
        western.doubt(value, parts),
    )
