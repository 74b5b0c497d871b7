"""Whether two phones, mail addresses, numbers or dates are the same: they are, or they are not.

A typo of one character is worth a look by a person; two valid numbers that differ more are two.
"""

import re

from dedup.value_pairs.evidence import Evidence, Parts, alike, edits

SAME = Evidence(6, "same")


def _key(a: Parts) -> str:
    return a.get("key") or a["value"] or ""


def judge_keys(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two codes, phones, postcodes, places or addresses of pages."""
    x, y = _key(a), _key(b)
    if x == y:
        if (a.get("ext") or b.get("ext")) and a.get("ext") != b.get("ext"):
            return [Evidence(2, "same numbers, one with an extension")]
        return [SAME]
    if set(a.get("all") or ()) & set(b.get("all") or ()):
        return [Evidence(4, "one of several is the same")]
    return [_apart(x, y)]


def _apart(x: str, y: str) -> Evidence:
    if min(len(x), len(y)) >= 6 and edits(x, y) == 1:
        return Evidence(-1, "one character apart")
    return Evidence(-6, "different")


def judge_identifiers(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two credit codes or identity cards; both passed their check character."""
    x, y = _key(a), _key(b)
    if x == y:
        return [SAME]
    if a.get("org") is not None and a.get("org") == b.get("org"):
        return [Evidence(4, "same organisation code")]
    if edits(x, y) == 1:
        return [Evidence(-1.5, "one character apart")]
    return [Evidence(-10, "two valid numbers that differ")]


def judge_mails(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two mail addresses."""
    found = judge_keys(a, b)
    (name, _, domain), (other, _, elsewhere) = (_key(p).partition("@") for p in (a, b))
    if found[0].weight < -1 and name == other and domain != elsewhere:
        return [Evidence(-2, "same mailbox name at another domain")]
    return found


def judge_regions(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two places by their codes, whose digits say where a place lies."""
    x, y = (re.sub("(?:00)+$", "", _key(p)) for p in (a, b))
    if x == y:
        return [SAME]
    if x.isdigit() and y.isdigit() and (x.startswith(y) or y.startswith(x)):
        return [Evidence(-0.5, "one region lies in the other")]
    return [Evidence(-6, "different")]


def judge_dates(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two days, months or years."""
    x, y = _key(a), _key(b)
    if x == y:
        return [SAME]
    if x and y and (x.startswith(y) or y.startswith(x)):
        return [Evidence(0.5, "one is less exact")]
    one, other = x.split("-"), y.split("-")
    if len(one) == len(other) == 3 and one == [other[0], other[2], other[1]]:
        return [Evidence(-0.5, "day and month swapped")]
    digits = [re.sub(r"\D", "", t) for t in (x, y)]
    if edits(*digits) == 1:
        return [Evidence(-1.5, "one character apart")]
    return [Evidence(-6, "different")]


def judge_texts(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two free texts by their letters."""
    x, y = _key(a), _key(b)
    if x == y:
        return [Evidence(6, "same text")]
    near = alike(x, y)
    return [Evidence(30 * (near - 0.9), "texts alike" if near > 0.9 else "texts differ")]
