"""A company's name says where it is, what it is called, what it does and what it legally is.

    clean(pl.Series(["腾讯科技（深圳）有限公司"]))   # value, reason, key, region, brand, trade, …

`value` keeps every character that says something, in the customer's own script. The parts are in
simplified characters, for comparison; `key` is the whole name without its legal form; `branch` is
null for a head office; `status` is what a clerk noted beside the name (注销, 老客户), `former` the
name it had before (原…). A short name, without region, trade or form, says so in its reason: only
an alias table can tell whose it is.
"""

from collections.abc import Mapping

import polars as pl

from cleansing import text
from cleansing.column import why
from cleansing.company_name import chinese, hanging, western
from cleansing.company_name.reference import LISTING_MARK, form_names, former_note, status_note
from guiyi.even_chunks import even_chunks

__all__ = ["PARTS", "clean", "form_names"]

PARTS: Mapping[str, pl.DataType] = dict.fromkeys(
    ("key", "region", "brand", "trade", "form", "branch", "status", "former"), pl.String()
)

_EASTERN = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Kana, Chinese characters and Hangul: names written without spaces."""


_LETTERED = r"[^\p{Han}\s()·0-9\-]"
"""Only what holds such a character can hold a Western legal form or seat."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Tidy company names and take them apart; one row out for each value in."""
    tidied = text.tidy_with_reasons(values)
    frame = _without_notes(tidied).with_columns(
        raw=values.cast(pl.String),
        eastern=pl.col("value").str.contains(_EASTERN),
        name=pl.col("name").str.strip_chars(" ,;-"),
    )
    frame = _without_listing_mark(hanging.take_off(frame)).with_columns(
        name=pl.when(pl.col("name") == "").then("value").otherwise("name")
    )
    lettered = frame.select(pl.when(pl.col("name").str.contains(_LETTERED)).then("name"))
    split = western.split_branch(lettered.to_series())
    split = even_chunks(
        pl.concat([split, western.strip_form(split["head"])], how="horizontal")
    ).rename({"form": "western_form"})
    frame = even_chunks(pl.concat([frame, split], how="horizontal")).with_columns(
        base=pl.coalesce("base", "name")
    )
    names = frame.select(pl.when("eastern").then("base")).to_series()
    frame = even_chunks(pl.concat([frame, chinese.parse(_plain(names))], how="horizontal"))
    frame = frame.with_columns(_display(frame), *_western_parts(frame))
    one = ~pl.col("two")
    return frame.select(
        value="value",
        reason=_reason(),
        key=pl.when(one).then("key").otherwise(western.key(pl.col("value"))),
        region=pl.when(one).then(pl.coalesce("region", "place")),
        brand=pl.when(one).then("brand"),
        trade=pl.when(one).then("trade"),
        form=pl.when(one).then(pl.coalesce("form", "western_form")),
        branch=pl.when(one).then(pl.coalesce("branch", "office")),
        status=pl.col("status").replace("", None),
        former="former",
    )


def _without_notes(tidied: pl.DataFrame) -> pl.DataFrame:
    """Columns name, status and former: what is noted beside the name of today, and without it."""
    tidy, note, former = pl.col("value"), status_note(), former_note()
    none = pl.lit(None, pl.String)
    frame = tidied.with_columns(name=tidy, status=none, former=none)
    noted = (tidy.str.contains(note) | tidy.str.contains(former)).fill_null(value=False)
    there = frame.select(noted).to_series()
    if not there.any():
        return frame
    renamed = frame.filter(there).with_columns(found=tidy.str.extract_groups(former))
    found = pl.col("found").struct
    renamed = renamed.with_columns(
        former=pl.coalesce(found[0], found[1]).str.strip_chars(" .,;"),
        status=_bare(tidy.str.extract_all(note).list.join("; ")),
        name=tidy.str.replace(former, "").str.replace_all(note, ""),
    )
    return text.in_place(there, renamed.select(frame.columns), frame.filter(~there))


def _western_parts(frame: pl.DataFrame) -> list[pl.Series]:
    """Key and brand of each name; those of Western names are read here."""
    base = pl.col("base")
    eastern = frame["eastern"].fill_null(value=False)
    key = pl.concat_str(
        pl.coalesce(western.key(base), base), western.key(pl.col("office")), ignore_nulls=True
    )
    latin = frame.filter(~eastern).select(key=key, brand=western.brand(base))
    known = frame.filter(eastern).select("key", "brand")
    return text.in_place(eastern, known, latin).get_columns()


def _without_listing_mark(frame: pl.DataFrame) -> pl.DataFrame:
    """*ST海航 and 优刻得-W are 海航 and 优刻得; what the exchange notes on them is their status."""
    name, (ahead, behind) = pl.col("name"), LISTING_MARK
    before, after = name.str.extract_groups(ahead), name.str.extract_groups(behind)
    star = pl.when(pl.col("value").str.starts_with("*ST")).then(pl.lit("*")).otherwise(pl.lit(""))
    mark = pl.coalesce(star + before.struct[0], after.struct[1])
    noted = pl.concat_str(
        pl.col("status").replace("", None), mark, separator="; ", ignore_nulls=True
    )
    return frame.with_columns(
        name=pl.coalesce(before.struct[1], after.struct[0], name), status=noted
    )


def _plain(names: pl.Series) -> pl.Series:
    """Simplified script, and no spaces between Chinese characters."""
    return text.only_where(text.simplify(names), " ", text.remove_han_spaces)


def _bare(notes: pl.Expr) -> pl.Expr:
    return notes.str.replace_all(r"[()\[\]【】〔〕<>{}*_\-]", "").str.strip_chars(" ;,")


def _display(frame: pl.DataFrame) -> pl.Series:
    """Chinese names are registered with full-width brackets and without spaces."""
    wide = text.only_where(frame["value"], "[ ()]", _registered)
    chinese_one = (frame["eastern"] & ~frame["several"]).fill_null(value=False)
    shown = wide.zip_with(chinese_one, frame["value"])
    return frame["raw"].str.strip_chars().zip_with(frame["two"], shown).alias("value")


def _registered(name: pl.Expr) -> pl.Expr:
    return text.widen_brackets(text.remove_han_spaces(name))


def _reason() -> pl.Expr:
    """No reason where the raw value was fit to show; brackets widened back are no change."""
    changed = pl.col("value") != pl.col("raw")
    other = pl.coalesce("reason", pl.lit("spaces or brackets"))
    rewritten = pl.when(pl.col("value").is_null()).then("reason").when(changed).then(other)
    bare = pl.all_horizontal(pl.col(name).is_null() for name in ("form", "trade", "branch"))
    short = pl.col("eastern") & bare & (pl.col("key").str.len_chars() <= _SHORT)
    kind = pl.when("several").then(pl.lit("several values")).when(short).then(pl.lit("short name"))
    shown = pl.when(~pl.col("two")).then(rewritten)
    return why(shown, kind)


_SHORT = 4
"""Characters of a listed company's short name at most (证券简称, rules of the exchanges)."""
