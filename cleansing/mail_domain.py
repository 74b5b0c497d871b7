"""The domain of a mailbox: whose it is, and which provider a typo stands for."""

import re
from functools import cache
from typing import Any

from cleansing import knowledge


@cache
def meant_domain(domain: str) -> str | None:
    """Name the provider that a domain is an obvious typo for; None where there is no such."""
    known = mail_knowledge()
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
    """One typo away (restricted Damerau–Levenshtein) from a provider whose name is long enough."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    near = extractOne(domain, _long_names(), scorer=OSA.distance, score_cutoff=1)
    if near is None or near[0].split(".")[0] == domain.split(".")[0]:
        return None  # hotmail.de beside hotmail.fr is another country, not a typo
    return str(near[0])


def free_domains() -> frozenset[str]:
    """Domains at which anybody may have a mailbox, so that they name no company."""
    providers: frozenset[str] = mail_knowledge()["providers"] | mail_knowledge()["neighbours"]
    return providers


@cache
def _long_names() -> tuple[str, ...]:
    """List the providers of five letters and more: one typo in a shorter name may be a firm."""
    providers: frozenset[str] = mail_knowledge()["providers"]
    return tuple(sorted(name for name in providers if len(name.split(".")[0]) >= 5))


_GLUED = re.compile(r"\.((?:com|net|org|cn)[a-z]+)$")


@cache
def doubtful_ending(domain: str) -> str | None:
    """Name an ending such as comlisi, which is no top-level domain: something is glued to it."""
    glued = _GLUED.search(domain)
    return None if glued is None or glued[1] in mail_knowledge()["long_endings"] else glued[1]


@cache
def remark(domain: str) -> str | None:
    """Say what is doubtful about a domain, and what was probably meant."""
    meant = meant_domain(domain)
    if meant is not None:
        return f"domain {domain}: {meant} meant?"
    ending = doubtful_ending(domain)
    return None if ending is None else f"unsure: no domain ends in {ending}"


@cache
def mail_knowledge() -> dict[str, Any]:
    """What the data file knows: providers, typos, endings, and names of desks."""
    known = knowledge.facts("mail_domains.yaml")
    return {
        "providers": frozenset(known["providers"]),
        "typos": known["typos"],
        "neighbours": frozenset(known["neighbours"]),
        "endings": frozenset(known["endings"]),
        "long_endings": frozenset(known["long_endings"]),
        "no_names": frozenset(known["no_names"]),
        "roles": frozenset(str(role) for role in known["roles"]),
    }
