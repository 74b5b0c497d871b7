"""A Japanese address goes from the prefecture down to 丁目, 番 and 号, mostly without any road.

東京都千代田区丸の内2丁目4番1号 丸ビル10階: prefecture, ward, area, then the three numbers (住居表示
に関する法律, 1962); outside that scheme the last two are a lot (番地) and its branch.
"""

import polars as pl

from guiyi.even_chunks import even_chunks

_PREFECTURES = (
    "北海道|東京都|东京都|大阪府|京都府|(?:青森|岩手|宮城|宫城|秋田|山形|福島|福岛|茨城|栃木|群馬|群马|埼玉|千葉|千叶|神奈川|新潟|富山"
    "|石川|福井|山梨|長野|长野|岐阜|静岡|静冈|愛知|爱知|三重|滋賀|滋贺|兵庫|兵库|奈良|和歌山|鳥取|鸟取|島根|岛根|岡山|冈山|広島|廣島|广岛"
    "|山口|徳島|德岛|香川|愛媛|爱媛|高知|福岡|福冈|佐賀|佐贺|長崎|长崎|熊本|大分|宮崎|宫崎|鹿児島|鹿儿岛|沖縄|冲绳)[県县縣]"
)
"""The 47 prefectures (地方自治法), as Japan and China write them."""

_HEAD = (
    rf"^(?:日本国?)?(?:〒?\s*(?P<postcode>\d{{3}}-?\d{{4}})?)?\s*(?:日本国?)?(?P<province>{_PREFECTURES})"
    r"(?P<city>[^\d市区區郡]{1,6}?(?:市|郡))?(?P<district>[^\d]{1,5}?(?:区|區|町|村))?(?P<rest>.*)$"
)
_NUMBERS = (
    r"^(?P<road>[^\d]*?)\s*(?P<a>\d+)\s*(?:丁目|[-番])\s*"
    r"(?:(?P<b>\d+)\s*(?:番地?|号|-)?(?:の)?)?\s*(?:(?P<c>\d+)\s*号?)?(?P<tail>.*)$"
)


def is_japanese(addresses: pl.Series) -> pl.Series:
    """Tell which addresses begin with a prefecture of Japan, after a postcode perhaps."""
    if not addresses.str.contains("[都府県县縣道]").any():
        return addresses.is_null() & addresses.is_not_null()
    return addresses.str.contains(_HEAD).fill_null(value=False)


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns of the parts, and `core`."""
    address = pl.col("address")
    words = _in_digits(addresses.alias("address"))
    frame = (
        pl.DataFrame({"address": words}).select(address.str.extract_groups(_HEAD)).unnest("address")
    )
    found = frame.select(pl.col("rest").str.extract_groups(_NUMBERS)).unnest("rest")
    frame = even_chunks(pl.concat([frame, found], how="horizontal"))
    tail = pl.col("tail").str.strip_chars(" ,、-")
    nothing = pl.lit(None, pl.String)
    frame = frame.with_columns(
        number=pl.concat_str("a", "b", "c", separator="-", ignore_nulls=True).replace("", None),
        room=tail.str.extract(r"(\d+)(?:階|阶|号室|室|F)?$"),
        building=tail.str.extract(r"^([^\d]{2,}?)(?:\d+(?:階|阶|号室|室|F)?)?$").str.strip_chars(),
        road=pl.col("road").str.strip_chars().replace("", None),
        town=nothing,
        country=pl.lit("JP"),
    )
    core = pl.concat_str(
        "road", "number", pl.concat_str(pl.lit("#"), "room").fill_null(""), ignore_nulls=True
    ).replace("", None)
    return frame.with_columns(core=pl.coalesce(core, "rest", "district", "city", "province"))


def _in_digits(addresses: pl.Series) -> pl.Series:
    """二丁目 is 2丁目."""
    counted = dict(zip("一二三四五六七八九", "123456789", strict=True))
    written = [f"{word}丁目" for word in counted]
    return addresses.str.replace_many(written, [f"{digit}丁目" for digit in counted.values()])
