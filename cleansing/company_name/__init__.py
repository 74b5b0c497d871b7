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
from cleansing.company_name import chinese, western
from cleansing.company_name.reference import LISTING_MARK, form_names, former_note, status_note

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
    tidy, note, former = pl.col("value"), status_note(), former_note()
    told = tidy.str.extract_groups(former)
    today = tidy.str.replace(former, "")
    frame = tidied.with_columns(
        raw=values.cast(pl.String),
        eastern=tidy.str.contains(_EASTERN),
        former=pl.coalesce(told.struct[0], told.struct[1]).str.strip_chars(" .,;"),
        status=_bare(tidy.str.extract_all(note).list.join("; ")),
        name=today.str.replace_all(note, "").str.strip_chars(" ,;-"),
    )
    frame = _without_listing_mark(frame).with_columns(
        name=pl.when(pl.col("name") == "").then("value").otherwise("name")
    )
    lettered = frame.select(pl.when(pl.col("name").str.contains(_LETTERED)).then("name"))
    split = western.split_branch(lettered.to_series())
    split = pl.concat([split, western.strip_form(split["head"])], how="horizontal").rename(
        {"form": "western_form"}
    )
    frame = pl.concat([frame, split], how="horizontal").with_columns(
        base=pl.coalesce("base", "name")
    )
    names = frame.select(pl.when("eastern").then("base")).to_series()
    frame = pl.concat([frame, chinese.parse(_plain(names))], how="horizontal")
    base = pl.col("base")
    return frame.with_columns(value=_display(tidy)).select(
        value="value",
        reason=_reason(),
        key=pl.when("eastern")
        .then("key")
        .otherwise(
            pl.concat_str(
                pl.coalesce(western.key(base), base),
                western.key(pl.col("office")),
                ignore_nulls=True,
            )
        ),
        region=pl.coalesce("region", "place"),
        brand=pl.when("eastern").then("brand").otherwise(western.brand(base)),
        trade="trade",
        form=pl.coalesce("form", "western_form"),
        branch=pl.coalesce("branch", "office"),
        status=pl.col("status").replace("", None),
        former="former",
    )


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
    name = pl.col("name")
    frame = pl.DataFrame({"name": text.simplify(names)})
    return frame.select(text.remove_han_spaces(name)).to_series()


def _bare(notes: pl.Expr) -> pl.Expr:
    return notes.str.replace_all(r"[()\[\]【】〔〕<>{}*_\-]", "").str.strip_chars(" ;,")


def _display(tidy: pl.Expr) -> pl.Expr:
    """Chinese names are registered with full-width brackets and without spaces."""
    wide = text.widen_brackets(text.remove_han_spaces(tidy))
    return pl.when("eastern").then(wide).otherwise(tidy)


def _reason() -> pl.Expr:
    """No reason where the raw value was fit to show; brackets widened back are no change."""
    changed = pl.col("value") != pl.col("raw")
    other = pl.coalesce("reason", pl.lit("spaces or brackets"))
    rewritten = pl.when(pl.col("value").is_null()).then("reason").when(changed).then(other)
    bare = pl.all_horizontal(pl.col(name).is_null() for name in ("form", "trade", "branch"))
    short = pl.col("eastern") & bare & (pl.col("key").str.len_chars() <= _SHORT)
    told = pl.when(short).then(pl.lit("short name"))
    return pl.concat_str(rewritten, told, separator="; ", ignore_nulls=True).replace("", None)


_SHORT = 4
"""Characters of a listed company's short name at most (证券简称, rules of the exchanges)."""
