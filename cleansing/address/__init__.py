"""An address leads from the country to the door, and each writer leaves out another part.

    clean(pl.Series(["深圳南山区科苑南路3099号A座1201", "1515 Adela Ln, Las Vegas NV 89111"]))

Places are parts by their full names of today; `value` is completed only upwards and only where one
place is possible. `key` is road, number and room, which survive when the levels above are missing.
"""

from collections.abc import Mapping

import polars as pl

from cleansing import text
from cleansing.address import chinese, foreign, japanese, surroundings
from cleansing.address.completion import shown
from cleansing.column import why
from guiyi.even_chunks import even_chunks

__all__ = ["PARTS", "clean"]

PARTS: Mapping[str, pl.DataType] = dict.fromkeys(
    (
        "key", "province", "city", "district", "town", "road", "number", "building", "room",
        "postcode", "country",
    ),
    pl.String(),
)  # fmt: skip

_HAN = r"[\u3400-\u9fff]"
_SPACED_HAN = rf"{text.HAN} "


def clean(values: pl.Series) -> pl.DataFrame:
    """Tidy addresses, complete their places and pull out road, number and room."""
    folds = text.tidy_with_reasons(values)
    folded = text.only_where(folds["folded"], _SPACED_HAN, text.remove_han_spaces)
    tidied = folds.with_columns(raw=values.cast(pl.String), tidy=folded)
    tidied = tidied.with_columns(
        wrong=pl.when(~pl.col("tidy").str.contains(r"\p{L}")).then(pl.lit("invalid: no letters"))
    ).with_columns(tidy=pl.when(pl.col("wrong").is_null()).then("tidy"))
    eastern = tidied["tidy"].str.contains(_HAN).fill_null(value=False)
    if eastern.all():  # a column mostly is, and so is a value that is looked up by itself
        return _eastern(tidied)
    if not eastern.any():
        return _foreign(tidied)
    han, latin = _eastern(tidied.filter(eastern)), _foreign(tidied.filter(~eastern))
    return text.in_place(eastern, han, latin)


def _eastern(rows: pl.DataFrame) -> pl.DataFrame:
    there = japanese.is_japanese(rows["tidy"])
    if not there.any():
        return _chinese(rows)
    return text.in_place(there, _japanese(rows.filter(there)), _chinese(rows.filter(~there)))


def _japanese(rows: pl.DataFrame) -> pl.DataFrame:
    parsed = japanese.parse(rows["tidy"])
    return _columns(rows, parsed, pl.col("reason"))


def _chinese(rows: pl.DataFrame) -> pl.DataFrame:
    bare = surroundings.taken_off(rows["tidy"])
    simple = text.simplify(bare["tidy"])
    parsed = chinese.parse(simple)
    joined = even_chunks(
        pl.concat([rows.rename({"tidy": "whole"}), bare, parsed], how="horizontal")
    )
    joined = joined.with_columns(own_script=simple == bare["tidy"])
    joined = joined.with_columns(shown=shown(joined)).with_columns(
        shown_wide=text.widen_brackets(pl.coalesce(pl.col("shown") + pl.col("behind_all"), "whole"))
    )
    strange = pl.col("joined") & pl.col("apart").is_not_null()
    if joined.select(strange.any()).item():  # 上海市/北京市 are two places, and stay parted
        joined = joined.with_columns(
            shown_wide=pl.when(strange).then("whole").otherwise("shown_wide"),
            joined=pl.col("joined") & ~strange,
            label=pl.when(~strange).then("label"),
        )
    changed = pl.col("shown_wide") != pl.col("raw")
    moved = pl.col("moved")
    return joined.select(
        value="shown_wide",
        reason=why(
            pl.when(changed.fill_null(value=False)).then("reason"),
            "label",
            pl.when("joined").then(pl.lit("separators removed")),
            pl.when(pl.col("shown") != pl.col("tidy")).then(pl.lit("places completed")),
            pl.when(pl.col("postcode").is_not_null()).then(pl.lit("postcode taken out")),
            pl.when(_renamed()).then(pl.lit("division renamed")),
            pl.when(moved.is_not_null()).then(pl.lit("division moved: ") + moved),
            "apart",
            "unsure_code",
        ),
        key=pl.col("core").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}#\-]+", ""),
        province="province",
        city="city",
        district="district",
        town="town",
        road="road",
        number="number",
        building="building",
        room="room",
        postcode="postcode",
        country=pl.when(pl.col("province").is_not_null()).then(
            pl.col("province").replace_strict(_TERRITORIES, default="CN")
        ),
    )


_TERRITORIES = {"台湾省": "TW", "香港特别行政区": "HK", "澳门特别行政区": "MO"}
"""Codes of their own in ISO 3166-1."""


def _renamed() -> pl.Expr:
    """A former name, or a rank since changed (密云县 is 密云区), of the city or the district."""
    quiet = pl.col("moved").is_null() & pl.col("apart").is_null()
    return (pl.col("old").is_not_null() | pl.col("is_former")) & quiet


def _foreign(rows: pl.DataFrame) -> pl.DataFrame:
    return _columns(rows, foreign.parse(rows["tidy"]), pl.coalesce("wrong", "reason"))


def _columns(rows: pl.DataFrame, parsed: pl.DataFrame, reason: pl.Expr) -> pl.DataFrame:
    """A value that stays as it was tidied, with what was taken out of it."""
    return even_chunks(
        pl.concat([rows.select("tidy", "wrong", "reason"), parsed], how="horizontal")
    ).select(
        pl.col("tidy").alias("value"),
        reason.alias("reason"),
        pl.col("core").alias("key"),
        *list(PARTS)[1:],
    )
