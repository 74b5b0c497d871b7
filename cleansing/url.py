"""A web address names a host, whatever the case, and a place on it, where case may matter."""

from collections.abc import Mapping

import polars as pl

from cleansing.column import when, why
from cleansing.text import in_place, tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_SHAPE = (
    r"^(?i:(?P<scheme>[a-z][a-z0-9+.-]*):/{2,}|//)?"
    r"(?P<user>[^\s/@]+@)?"
    r"(?P<host>(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])"
    r"\.?(?P<port>:\d+)?(?P<rest>[/?#]\S*)?$"
)


_LABEL = r"(?i)^(url|web|website|网址|网站|官网)\s*[:：]\s*"
_REST = r"[\s;,、|].*$"
"""An address ends where a space or a comma stands; what follows is named in the reason."""


def _with_beside(frame: pl.DataFrame) -> pl.DataFrame:
    """Column beside: the label and the words beside an address, as reasons; mostly none."""
    bare = pl.col("tidied").str.strip_chars("<>\"'[]()。.,，;； ")
    odd = frame["tidied"].str.contains(rf"{_LABEL}|[\s;,、|]").fill_null(value=False)
    none = pl.lit(None, pl.String).alias("beside")
    if not odd.any():
        return frame.with_columns(none)
    rest = bare.str.replace(_LABEL, "").str.extract(rf"({_REST})").str.strip_chars(" ;,、|")
    rest = pl.when(rest.str.contains(r"[\pL\pN]")).then(rest.str.replace_all(";", ","))
    beside = why(
        pl.concat_str(pl.lit("label removed: "), bare.str.extract(_LABEL, 1)),
        pl.concat_str(pl.lit("note removed: "), rest),
    )
    told = frame.filter(odd).select(beside.alias("beside"))
    others = frame.filter(~odd).with_columns(none).select("beside")
    return frame.with_columns(in_place(odd, told, others))


def clean(values: pl.Series) -> pl.DataFrame:
    """Lower the host, add a missing scheme, keep the rest to the letter.

    The key is the host without `www.` and the path without its last slash.
    """
    raw = pl.col("raw")
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": where_untidy(values, tidy)}))
    frame = frame.with_columns(
        first=pl.col("tidied")
        .str.strip_chars("<>\"'[]()。.,，;； ")
        .str.replace(_LABEL, "")
        .str.replace(r"(?i)^(https?):/*([^/])", r"${1}://${2}")
        .str.replace(r"(?i)^(https?):\\\\", r"${1}://")
        .str.replace(_REST, "")
    )
    frame = _with_beside(frame)
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
            pl.when(~invalid).then("beside"),
            when(~invalid & changed & ~no_scheme, "tidied"),
            when(~invalid & ~changed & (pl.col("value") != raw), "host lower-cased"),
        ).alias("reason"),
        "key",
    )
