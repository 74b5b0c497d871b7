"""A mailbox is a local part at a domain; a cell may hold several, names and noise around them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl

from cleansing import knowledge
from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.text import in_place, tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "all": pl.List(pl.String()),
    "domain": pl.String(),
    "role": pl.Boolean(),
}

_LOCAL = r"[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+(?:\p{L}{2,}|xn--[a-z0-9-]+)"
_PLAIN = rf"(?i)^({_LOCAL})@({_DOMAIN})$"
"""The dot-atom form of RFC 5322, with the letters of RFC 6531 (internationalised mail)."""

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_SIMPLE = rf"^{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,}}$"
"""Most mailboxes: the same in ASCII and lower case, so that nothing is to be tidied."""

_PIECE = re.compile(r"[^\s<>()\[\]:;,，；、|\"“”@]+@[^\s<>()\[\]:;，；、|\"“”@/\\]+")
_ONE = re.compile(_PLAIN.replace(r"\p{L}\p{N}", r"\w").replace(r"\p{L}{2,}", r"[^\W\d_]{2,}"))
_GMAIL = ("gmail.com", "googlemail.com")
_DESK_TAIL = re.compile(r"[._-]?\d*$")
_DESK_PLACE = re.compile(r"^([^.]+)[.-](?:cn|china|hk|us|uk|asia|eu|sh|bj|gz|sz)$")


def clean(values: pl.Series) -> pl.DataFrame:
    """Find the mailboxes of each value; the first is the value, lower case throughout.

    The key drops `+tag`, Gmail's dots, and an obvious slip in the domain.
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
    frame = frame.with_columns(value=pl.when(pl.col("value").str.contains(_PLAIN)).then("value"))
    return in_place(simple, done.filter(simple), frame)


def _domain_columns(domains: pl.Series) -> list[pl.Series]:
    """Look each distinct domain up once: what was probably meant, and the proposal in words."""
    distinct = domains.unique().drop_nulls()
    meant = pl.Series([meant_domain(domain) for domain in distinct.to_list()], dtype=pl.String)
    slips = meant.is_not_null()
    wrong, right = distinct.filter(slips), meant.filter(slips)
    if not slips.any():
        nothing = pl.Series("proposal", [None], dtype=pl.String).new_from_index(0, domains.len())
        return [domains.alias("meant"), nothing]
    words = pl.Series([_proposal(w, r) for w, r in zip(wrong, right, strict=True)])
    return [
        domains.replace(wrong, right).alias("meant"),
        domains.replace_strict(wrong, words, default=None, return_dtype=pl.String).alias(
            "proposal"
        ),
    ]


def _keys(frame: pl.DataFrame) -> pl.Series:
    """The key of most mailboxes is their value; the others have a tag, or a domain to look at."""
    gmail = frame["meant"].is_in(_GMAIL) & (
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
    gmail = domain.is_in(_GMAIL)
    box = pl.when(gmail).then(untagged.str.replace_all(".", "", literal=True)).otherwise(untagged)
    host = pl.when(gmail).then(pl.lit("gmail.com")).otherwise(domain)
    return pl.concat_str(box, pl.lit("@"), host)


def _are_roles(locals_: pl.Series) -> pl.Series:
    """Only a local part that begins with a role's name can be one's."""
    perhaps = locals_.str.contains(_role_first())
    maybe = locals_.filter(perhaps.fill_null(value=False))
    desk = maybe.str.replace(_DESK_PLACE.pattern, "${1}").str.replace(_DESK_TAIL.pattern, "")
    return perhaps.scatter(perhaps.arg_true(), desk.is_in(list(_knowledge()["roles"])))


@cache
def _role_first() -> str:
    return f"^(?:{'|'.join(map(re.escape, sorted(_knowledge()['roles'])))})"


def clean_one(value: str, tidied: str) -> Row:
    """Read a cell that is not one bare mailbox."""
    text = tidied.lower()
    text = re.sub(r"(?:mailto|e-?mail|mail|邮箱|电子邮箱|电子邮件|邮件|郵箱)\s*[:：]\s*", " ", text)
    text = re.sub(r"\s*(?:@|\(at\)|\[at\]|＠)\s*", "@", text)
    text = re.sub(r"(?<=\w)。(?=[a-z])|(?<=\w)\s*(?:\(dot\)|\[dot\])\s*(?=\w)", ".", text)
    text = re.sub(r"(@[\w-]+) *\. *(?=[a-z]{2,})", r"\1.", text)
    pieces = [piece.strip(".,'`*-=!?。，/") for piece in _PIECE.findall(text)]
    good = list(dict.fromkeys(piece for piece in pieces if is_mailbox(piece)))
    if not good:
        return (None, f"invalid: {_fault(text, pieces)}", _bare_key(text), None, None, None)
    reasons = ["first of several"] if len(good) > 1 else []
    if len(good) < len(set(pieces)):
        reasons.append("another is invalid")
    if not reasons and good[0] != value:
        reasons.append("tidied")
    local, _, domain = good[0].rpartition("@")
    meant = meant_domain(domain)
    if meant is not None:
        reasons.append(_proposal(domain, meant))
    key = _key_of(local, meant or domain)
    role = _DESK_TAIL.sub("", _DESK_PLACE.sub(r"\1", local)) in _knowledge()["roles"]
    return (good[0], "; ".join(reasons) or None, key, good, domain, role)


def _proposal(domain: str, meant: str) -> str:
    return f"domain {domain}: {meant} meant?"


def _key_of(local: str, domain: str) -> str:
    box = re.sub(r"^([^+]+)\+.*$", r"\1", local)
    if domain in _GMAIL:
        return f"{box.replace('.', '')}@gmail.com"
    return f"{box}@{domain}"


def is_mailbox(text: str) -> bool:
    """Tell whether a text is one well-formed mailbox and nothing else."""
    found = _ONE.match(text)
    return found is not None and len(found.group(1)) <= 64 and len(text) <= 254


def _fault(text: str, pieces: list[str]) -> str:
    if "@" not in text:
        return "no @ sign"
    if not pieces:
        return "nothing before or after the @ sign"
    local, _, domain = pieces[0].partition("@")
    if "," in domain:
        return "comma for a dot in the domain?"
    if "." not in domain:
        return (
            f"domain without a dot, {meant} meant?"
            if (meant := meant_domain(domain))
            else "domain without a dot"
        )
    if ".." in local or ".." in domain:
        return "two dots in a row"
    return "not the form of a mailbox"


def _bare_key(text: str) -> str | None:
    """An invalid mailbox is still evidence when two records show nearly the same one."""
    return re.sub(r"\s+", "", text) if "@" in text else None


@cache
def meant_domain(domain: str) -> str | None:
    """Name the provider that a domain is an obvious slip for; None where there is no such."""
    known = _knowledge()
    providers: frozenset[str] = known["providers"]
    if domain in providers or domain in known["neighbours"]:
        return None
    if domain in known["typos"]:
        return str(known["typos"][domain])
    stem, _, ending = domain.rpartition(".")
    if stem and ending in known["endings"]:
        ending = "net" if ending.startswith("ne") or ending == "nte" else "com"
        ending = "org" if domain.endswith(("orgg", "ogr")) else ending
        fixed = f"{stem}.{ending}"
        return meant_domain(fixed) or fixed
    if not stem:
        return next((p for p in sorted(providers) if p.replace(".", "") == domain), None)
    return _nearest(domain)


def _nearest(domain: str) -> str | None:
    """One slip away (restricted Damerau–Levenshtein) from a provider whose name is long enough."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    near = extractOne(domain, _long_names(), scorer=OSA.distance, score_cutoff=1)
    if near is None or near[0].split(".")[0] == domain.split(".")[0]:
        return None  # hotmail.de beside hotmail.fr is another country, not a slip
    return str(near[0])


def free_domains() -> frozenset[str]:
    """Domains at which anybody may have a mailbox, so that they name no company."""
    providers: frozenset[str] = _knowledge()["providers"] | _knowledge()["neighbours"]
    return providers


@cache
def _long_names() -> tuple[str, ...]:
    """List the providers of five letters and more: one slip in a shorter name may be a firm."""
    providers: frozenset[str] = _knowledge()["providers"]
    return tuple(sorted(name for name in providers if len(name.split(".")[0]) >= 5))


@cache
def _knowledge() -> dict[str, Any]:
    known = knowledge.facts("mail_domains.yaml")
    return {
        "providers": frozenset(known["providers"]),
        "typos": known["typos"],
        "neighbours": frozenset(known["neighbours"]),
        "endings": frozenset(known["endings"]),
        "roles": frozenset(str(role) for role in known["roles"]),
    }
