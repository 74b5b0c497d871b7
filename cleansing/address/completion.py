"""An address is completed upwards, and only where nothing that was written gets lost.

深圳南山区科苑南路3099号      广东省深圳市南山区科苑南路3099号
北京朝阳医院                 stays: the name of a hospital
"""

import polars as pl

_ZONE_NAME = (
    r"^(?:国家级?)?(?:经济|高新|综合|保税|出口|自由|工业|技术|新技术|开发|产业|科技|农业"
    r"|软件|经开|新区|新城)"
)
"""郑州高新区 is the zone's own name: no 市 goes in between."""
_STREET = r"[路街道巷弄里村镇乡屯\d]|大厦|广场|小区"
"""What makes a text an address, and not the name of a hospital that begins with a city's."""
_NAME = r"^\p{Han}{0,8}?(?:机场|医院|大学|学院|公司|集团|银行|饭店|酒店|宾馆|车站|客运站|古[城镇])"
"""An institution, which may be called after the city: no 市 goes in between either."""
_RANK = r"(?:省|市|区|县|自治州|地区|盟|旗)$"
_FORMAL = "中国|试验区|自贸|市辖区|九龙|新界|港岛|直辖"


def shown(frame: pl.DataFrame) -> pl.Series:
    """Write every place in full, and those above the first one written, where that is certain.

    Not where the customer writes traditional script, a former name, a zone that is no place, or
    places that do not fit together.
    """
    tidy, rest = pl.col("tidy"), pl.col("rest")
    before = tidy.str.slice(0, tidy.str.len_chars() - rest.str.len_chars())
    frame = frame.with_columns(before=before).with_columns(places=_places())
    ranked = pl.col("before").str.contains(_RANK)
    plain = pl.col("before").str.contains(r"^\p{Han}+$") & ~pl.col("before").str.contains(_FORMAL)
    certain = (
        pl.col("own_script")
        & pl.col("province").is_not_null()
        & pl.col("old").is_null()
        & pl.col("apart").is_null()
        & (~pl.col("is_former") | pl.col("moved").is_not_null())
        & tidy.str.ends_with(rest)
        & ~pl.col("province").is_in(["台湾省", "香港特别行政区", "澳门特别行政区"])
        & plain
        & (ranked | ~(rest.str.contains(_ZONE_NAME) | rest.str.contains(_NAME)))
        & (ranked | (rest == "") | rest.str.contains(_STREET))
        & _holds_all(frame)
    )
    return frame.select(
        shown=pl.when(certain).then(pl.col("places") + rest).otherwise("tidy")
    ).to_series()


def _places() -> pl.Expr:
    """The places in full, each only if it was written or lies above one that was."""
    before, city = pl.col("before"), pl.col("city")
    written = pl.col("written").is_not_null()
    named = pl.col("city_text").is_not_null() | pl.col("moved").is_not_null()
    ward = written & pl.col("district").str.ends_with("区")
    own = (city != pl.col("province")) & city.ne_missing(pl.col("district"))
    return pl.concat_str(
        "province",
        pl.when(before.str.contains("伊犁", literal=True) & (city != "伊犁哈萨克自治州"))
        .then(pl.lit("伊犁哈萨克自治州"))
        .otherwise(pl.lit("")),
        pl.when(own & (named | ward)).then(city).otherwise(pl.lit("")),
        pl.when(written).then(pl.coalesce("district", "written")).otherwise(pl.lit("")),
    )


def _holds_all(frame: pl.DataFrame) -> pl.Expr:
    """Whether the places, or what is known of a move, hold every character of what stood there.

    哲盟 is not in 通辽市.
    """
    kept = pl.col("places") + pl.col("moved").fill_null("")
    pairs = frame.select("before", kept=kept).unique().drop_nulls()
    lost = [before + kept for before, kept in pairs.rows() if not set(before) <= set(kept)]
    return ~(pl.col("before") + kept).is_in(pl.Series(lost, dtype=pl.String).implode())
