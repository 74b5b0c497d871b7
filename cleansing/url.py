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
_EDGES = "<>\"'[]()。.,，;； "
_ADDRESS = r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*[^\s/?#;,、|]*(?:[/?#][^\s、|]*)?)"
"""An address ends where a space stands; what it names may hold commas (RFC 3986, 2.2)."""
_ANOTHER = r"(?i)[;,](?:https?:|www\.).*$"
_ASIDE = r"^((?:[A-Za-z][A-Za-z+]*:/*)?[^/\s()]+/?|.*\s)\s*\([^()]*[\u3400-\u9fff][^()]*\)$"
"""Chinese in brackets behind a host or a space; within a path brackets are the path's."""
_ODD = rf"{_LABEL}|[\s;,、|()]"


def _apart(tidied: pl.Series) -> pl.DataFrame:
    """Columns first, other and label: the address, what stands beside it, and a form's label."""
    bare = pl.col("tidied").str.strip_chars(_EDGES)
    frame = tidied.alias("tidied").to_frame()
    odd = tidied.str.contains(_ODD).fill_null(value=False)
    none = pl.lit(None, pl.String)
    plain = frame.filter(~odd).select(first=bare, other=none, label=none)
    if not odd.any():
        return plain
    noted = pl.col("tidied").str.contains(r"[^\s(].*\([^()]*\)$")
    bare = pl.when(noted).then(pl.col("tidied").str.strip_chars(" ")).otherwise(bare)
    text = frame.filter(odd).select(
        label=bare.str.extract(_LABEL, 1), text=bare.str.replace(_LABEL, "")
    )
    first = (
        pl.col("text").str.replace(_ASIDE, "${1}").str.extract(_ADDRESS).str.replace(_ANOTHER, "")
    )
    text = text.with_columns(first=first).with_columns(
        first=pl.col("first").str.strip_chars_end(".,;"),
        other=pl.col("text").str.strip_prefix(pl.col("first")).str.strip_chars(" ;,、|()"),
    )
    return in_place(odd, text.select(plain.columns), plain)


def _doubt() -> pl.Expr:
    """Why an address may be another than was meant: /a b is one place, or b is a note."""
    spaced = pl.col("other").str.contains(r"^[!-~]+(?: [!-~]+)*$") & ~pl.col("several")
    spaced &= pl.col("first").str.contains(r"[^:/\\][/?#]")
    quoted = pl.col("other").str.replace_all(";", "；")
    return pl.coalesce(
        pl.when(spaced).then(
            pl.concat_str(pl.lit("unsure: a space inside, or "), quoted, pl.lit(" is a note"))
        ),
        when(pl.col("host").str.contains(r"(?i)^www\.[^.]+$"), "unsure: no ending behind www"),
    )


def _beside() -> pl.Expr:
    """The label and the words beside an address, by name."""
    rest = pl.when(pl.col("other").str.contains(r"[\pL\pN]")).then("other")
    return why(
        pl.concat_str(pl.lit("label removed: "), "label"),
        pl.concat_str(pl.lit("note removed: "), rest.str.replace_all(";", "；")),
    )


def clean(values: pl.Series) -> pl.DataFrame:
    """Lower the host, add a missing scheme, keep the rest to the letter.

    The key is the host without `www.` and the path without its last slash.
    """
    raw = pl.col("raw")
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": where_untidy(values, tidy)}))
    frame = even_chunks(frame.hstack(_apart(frame["tidied"]))).with_columns(
        first=pl.col("first")
        .str.replace(r"(?i)^(https?):\\\\", r"${1}://")
        .str.replace(r"(?i)^(https?):/*([^/])", r"${1}://${2}")
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
    mailbox = pl.col("scheme").is_null() & pl.col("user").is_not_null()
    invalid = pl.col("host").is_null() | mailbox
    frame = frame.with_columns(value=pl.when(~invalid).then(value), key=key, doubt=_doubt())
    changed = pl.col("value").str.to_lowercase() != pl.col("raw").str.to_lowercase()
    no_scheme = pl.col("scheme").is_null()
    kept = pl.col("doubt").is_not_null() & ~invalid
    changes = why(
        pl.when(mailbox)
        .then(pl.lit("invalid: e-mail address"))
        .otherwise(when(invalid, "invalid: no host name")),
        when(~invalid & no_scheme, "scheme added"),
        when(pl.col("several"), "first of several"),
        pl.when(~invalid).then(_beside()),
        when(~invalid & changed & ~no_scheme, "tidied"),
        when(~invalid & ~changed & (pl.col("value") != raw), "host lower-cased"),
    )
    whole = pl.concat_str("key", pl.col("other").fill_null(""), separator=" ").str.strip_chars()
    return frame.select(
        pl.when(kept).then(raw.str.strip_chars()).otherwise("value").alias("value"),
        pl.when(kept).then("doubt").otherwise(changes).alias("reason"),
        pl.when(kept).then(whole).when(~mailbox).then("key").alias("key"),
    )
