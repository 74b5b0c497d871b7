"""An address leads from the land to the door, and every writer leaves out another part of the way.

    clean(pl.Series(["深圳南山区科苑南路3099号A座1201", "1515 Adela Ln, Las Vegas NV 89111"]))

Places are parts by their full names of today; `value` is completed only upwards and only where one
place is possible. `key` is road, number and room, which survive when the levels above are missing.
"""

from collections.abc import Mapping

import polars as pl

from cleansing import text
from cleansing.address import chinese, foreign, japanese
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
_ZONE_NAME = r"^(?:国家级?)?(?:经济|高新|综合|保税|出口|自由|工业|技术|新技术|开发|产业|科技|农业)"
"""郑州高新区 is the zone's own name: no 市 goes in between."""
_POSTCODE_FIRST = r"^\(?(?:邮编:?)?(\d{6})\)?[,， ]*(\p{Han})"
_POSTCODE_LAST = r"[,， (]*(?:邮编|邮政编码)[:： ]*(\d{6})\)?$"
"""Six digits before an address, or marked as a postcode after it."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Tidy addresses, complete their places and pull out road, number and room."""
    told = text.tidy_with_reasons(values)
    folded = text.only_where(told["folded"], _SPACED_HAN, text.remove_han_spaces)
    tidied = told.with_columns(raw=values.cast(pl.String), tidy=folded)
    tidied = tidied.with_columns(
        wrong=pl.when(~pl.col("tidy").str.contains(r"\p{L}")).then(pl.lit("invalid: no letters"))
    ).with_columns(tidy=pl.when(pl.col("wrong").is_null()).then("tidy"))
    eastern = tidied["tidy"].str.contains(_HAN).fill_null(value=False)
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
    postcode = rows.select(
        pl.coalesce(
            pl.col("tidy").str.extract(_POSTCODE_FIRST), pl.col("tidy").str.extract(_POSTCODE_LAST)
        ).alias("postcode")
    )
    tidy = rows["tidy"].str.replace(_POSTCODE_FIRST, "${2}").str.replace(_POSTCODE_LAST, "")
    simple = text.simplify(tidy)
    parsed = chinese.parse(simple)
    joined = even_chunks(
        pl.concat(
            [rows.rename({"tidy": "whole"}), tidy.to_frame("tidy"), postcode, parsed],
            how="horizontal",
        )
    )
    joined = joined.with_columns(own_script=simple == tidy, before=_before_rest())
    joined = joined.with_columns(shown=_completed()).with_columns(
        shown_wide=text.widen_brackets(pl.coalesce("shown", "whole"))
    )
    changed = pl.col("shown_wide") != pl.col("raw")
    return joined.select(
        value="shown_wide",
        reason=_join(
            pl.when(changed.fill_null(value=False)).then("reason"),
            pl.when(pl.col("shown") != pl.col("tidy")).then(pl.lit("places completed")),
            pl.when(pl.col("postcode").is_not_null()).then(pl.lit("postcode taken out")),
            pl.when(_renamed()).then(pl.lit("division renamed")),
            pl.when("moved").then(pl.lit("division moved")),
            pl.when("apart").then(pl.lit("city and district disagree")),
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
    """A former name, or a rank since changed (密云县 is 密云区)."""
    ranked = pl.col("written").str.contains("[区县市旗]$")
    return pl.col("old").is_not_null() | (ranked & (pl.col("written") != pl.col("district")))


def _before_rest() -> pl.Expr:
    """The places at the beginning, as they were written."""
    tidy = pl.col("tidy")
    return tidy.str.slice(0, tidy.str.len_chars() - pl.col("rest").str.len_chars())


def _completed() -> pl.Expr:
    """Write every place in full, and those above the first one written, where that is certain.

    Not where the customer writes traditional script, a former name, or a zone that is no place.
    """
    tidy, rest, before = pl.col("tidy"), pl.col("rest"), pl.col("before")
    city_said = before.str.contains(pl.col("city").str.slice(0, 2), literal=True)
    ward = pl.col("written").is_not_null() & pl.col("district").str.ends_with("区")
    city_shown = (pl.col("city") != pl.col("province")) & pl.col("city").ne_missing(
        pl.col("district")
    )
    places = pl.concat_str(
        pl.col("province"),
        pl.when(city_shown & (city_said | ward)).then("city").otherwise(pl.lit("")),
        pl.when(pl.col("written").is_not_null())
        .then(pl.coalesce("district", "written"))
        .otherwise(pl.lit("")),
    )
    certain = (
        pl.col("own_script")
        & pl.col("province").is_not_null()
        & pl.col("old").is_null()
        & ~pl.col("apart").fill_null(value=False)
        & (
            tidy.str.ends_with(rest)
            & ~before.str.contains("中国|试验区|自贸|市辖区|九龙|新界|港岛")
        )
        & ~pl.col("province").is_in(["台湾省", "香港特别行政区", "澳门特别行政区"])
        & before.str.contains(r"^\p{Han}+$")
        & (before.str.contains("(?:省|市|区|县|自治州|盟|旗)$") | ~rest.str.contains(_ZONE_NAME))
    )
    return pl.when(certain).then(places + rest).otherwise("tidy")


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


def _join(*reasons: str | pl.Expr) -> pl.Expr:
    return pl.concat_str(
        [pl.col(r) if isinstance(r, str) else r for r in reasons], separator="; ", ignore_nulls=True
    ).replace("", None)
