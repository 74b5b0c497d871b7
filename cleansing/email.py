"""A mailbox is a local part at a domain; a cell may hold several, names and noise around them."""

import re
from collections.abc import Mapping
from functools import cache

import polars as pl

from cleansing.column import PLAIN, finish, when, why
from cleansing.mail_cell import DESK_PLACE, DESK_TAIL, GMAIL, clean_one
from cleansing.mail_domain import mail_knowledge, meant_domain, remark
from cleansing.text import in_place, tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "all": pl.List(pl.String()),
    "domain": pl.String(),
    "role": pl.Boolean(),
}

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_SIMPLE = rf"^{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,}}$"
"""Most mailboxes: the dot-atom form of RFC 5322, in ASCII and lower case. Others are looked at."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Find the mailboxes of each value; the first is the value, lower case throughout.

    The key drops `+tag`, Gmail's dots, and an obvious typo in the domain.
    """
    frame = _mailboxes(values)
    halves = pl.col("value").str.splitn("@", 2).struct.rename_fields(["local", "domain"])
    frame = frame.with_columns(halves.struct.unnest())
    frame = frame.with_columns(
        (pl.col("local").str.len_bytes() <= 64).alias(PLAIN),
        *_domain_columns(frame["domain"]),
        role=_are_roles(frame["local"]),
    )
    frame = frame.with_columns(key=_keys(frame))
    half_done = frame.select(
        "value",
        why(
            when(pl.col("tidied") != pl.col("raw"), "tidied"),
            when(pl.col("value") != pl.col("tidied"), "lower-cased"),
            pl.col("proposal"),
        ).alias("reason"),
        "key",
        pl.when(pl.col("value").is_not_null()).then(pl.concat_list("value")).alias("all"),
        "domain",
        "role",
        PLAIN,
    )
    return finish(values, frame["tidied"], half_done, clean_one, PARTS)


def _mailboxes(values: pl.Series) -> pl.DataFrame:
    """Columns raw, tidied and value, null where the cell is not one bare mailbox."""
    simple = values.str.contains(_SIMPLE).fill_null(value=False)
    done = pl.DataFrame({"raw": values}).with_columns(tidied="raw", value="raw")
    if simple.all():
        return done
    others = values.filter(~simple)
    frame = even_chunks(pl.DataFrame({"raw": others, "tidied": where_untidy(others, tidy)}))
    frame = frame.with_columns(value=pl.col("tidied").str.to_lowercase())
    frame = frame.with_columns(value=pl.when(pl.col("value").str.contains(_SIMPLE)).then("value"))
    return in_place(simple, done.filter(simple), frame)


def _domain_columns(domains: pl.Series) -> list[pl.Series]:
    """Look each distinct domain up once: what was probably meant, and what is to be said of it."""
    distinct = domains.unique().drop_nulls()
    meant = pl.Series([meant_domain(domain) for domain in distinct.to_list()], dtype=pl.String)
    words = pl.Series([remark(domain) for domain in distinct.to_list()], dtype=pl.String)
    typos, remarked = meant.is_not_null(), words.is_not_null()
    remarks = pl.Series("proposal", [None], dtype=pl.String).new_from_index(0, domains.len())
    if remarked.any():
        remarks = domains.replace_strict(
            distinct.filter(remarked), words.filter(remarked), default=None, return_dtype=pl.String
        ).alias("proposal")
    whole = domains.replace(distinct.filter(typos), meant.filter(typos)) if typos.any() else domains
    return [whole.alias("meant"), remarks]


def _keys(frame: pl.DataFrame) -> pl.Series:
    """The key of most mailboxes is their value; the others have a tag, or a domain to look at."""
    gmail = frame["meant"].is_in(GMAIL) & (
        frame["local"].str.contains(".", literal=True) | (frame["meant"] != "gmail.com")
    )
    odd = gmail | (frame["meant"] != frame["domain"])
    odd |= frame["local"].str.contains("+", literal=True)
    odd = odd.fill_null(value=False)
    if not odd.any():
        return frame["value"]
    keys = frame.filter(odd).select(value=_key(pl.col("local"), pl.col("meant")))
    return in_place(odd, keys, frame.filter(~odd).select("value")).to_series()


def _key(local: pl.Expr, domain: pl.Expr) -> pl.Expr:
    untagged = local.str.replace(r"^([^+]+)\+.*$", "${1}")
    gmail = domain.is_in(GMAIL)
    box = pl.when(gmail).then(untagged.str.replace_all(".", "", literal=True)).otherwise(untagged)
    host = pl.when(gmail).then(pl.lit("gmail.com")).otherwise(domain)
    return pl.concat_str(box, pl.lit("@"), host)


def _are_roles(locals_: pl.Series) -> pl.Series:
    """Only a local part that begins with a role's name can be one's."""
    perhaps = locals_.str.contains(_role_first())
    maybe = locals_.filter(perhaps.fill_null(value=False))
    desk = maybe.str.replace(DESK_PLACE.pattern, "${1}").str.replace(DESK_TAIL.pattern, "")
    return perhaps.scatter(perhaps.arg_true(), desk.is_in(list(mail_knowledge()["roles"])))


@cache
def _role_first() -> str:
    return f"^(?:{'|'.join(map(re.escape, sorted(mail_knowledge()['roles'])))})"
