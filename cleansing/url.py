"""A web address names a host, whatever the case, and a place on it, where case may matter."""

from collections.abc import Mapping

import polars as pl

from cleansing.column import when, why
from cleansing.text import tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_SHAPE = (
    r"^(?i:(?P<scheme>[a-z][a-z0-9+.-]*):/{2,}|//)?"
    r"(?P<user>[^\s/@]+@)?"
    r"(?P<host>(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])"
    r"\.?(?P<port>:\d+)?(?P<rest>[/?#]\S*)?$"
)


def clean(values: pl.Series) -> pl.DataFrame:
    """Lower the host, add a missing scheme, keep the rest to the letter.

    The key is the host without `www.` and the path without its last slash.
    """
    raw = pl.col("raw")
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": where_untidy(values, tidy)}))
    frame = frame.with_columns(
        first=pl.col("tidied")
        .str.strip_chars("<>\"'[]()。.,，;； ")
        .str.replace(r"(?i)^(?:url|web|website|网址|网站|官网)\s*[:：]\s*", "")
        .str.replace(r"(?i)^(https?):/*([^/])", r"${1}://${2}")
        .str.replace(r"(?i)^(https?):\\\\", r"${1}://")
        .str.replace(r"[\s;,、|].*$", "")
    )
    frame = frame.with_columns(
        pl.col("first").str.extract_groups(_SHAPE).struct.unnest(),
        several=pl.col("tidied").str.contains(r"\S[\s;,、|]+(?:https?:|www\.)"),
    )
    rest = pl.col("rest").fill_null("")
    host = pl.col("host").str.to_lowercase()
    value = pl.concat_str(
        pl.col("scheme").str.to_lowercase().fill_null("http"),
        pl.lit("://"),
        pl.col("user").fill_null(""),
        host,
        pl.col("port").fill_null(""),
        rest,
    )
    place = rest.str.replace(r"[#].*$", "").str.replace(r"/+$", "")
    key = pl.concat_str(host.str.replace(r"^www\d?\.", ""), place)
    invalid = pl.col("host").is_null()
    frame = frame.with_columns(value=pl.when(~invalid).then(value), key=key)
    changed = pl.col("value").str.to_lowercase() != pl.col("raw").str.to_lowercase()
    no_scheme = pl.col("scheme").is_null()
    return frame.select(
        "value",
        why(
            when(invalid, "invalid: no host name"),
            when(~invalid & no_scheme, "scheme added"),
            when(pl.col("several"), "first of several"),
            when(~invalid & changed & ~no_scheme, "tidied"),
            when(~invalid & ~changed & (pl.col("value") != raw), "host lower-cased"),
        ).alias("reason"),
        "key",
    )
