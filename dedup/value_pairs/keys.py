"""Whether two phones, mail addresses, numbers or dates are the same: they are, or they are not.

A typo of one character is worth a look by a person; two valid numbers that differ more are two.
"""

import re

from dedup.value_pairs.evidence import Evidence, Parts, alike, edits, evidence

SAME = evidence("keys.same")
DIFFERENT = evidence("keys.different")
ALIKE = 0.9
"""From this Jaro–Winkler similarity on, letters speak for one text."""


def _key(a: Parts) -> str:
    return a.get("key") or a["value"] or ""


def judge_keys(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two codes, phones, postcodes, places or addresses of pages."""
    x, y = _key(a), _key(b)
    if x == y:
        if (a.get("ext") or b.get("ext")) and a.get("ext") != b.get("ext"):
            return [evidence("keys.phone.extension")]
        return [SAME]
    if set(a.get("all") or ()) & set(b.get("all") or ()):
        return [evidence("keys.one_of_several")]
    return [_apart(x, y)]


def _apart(x: str, y: str) -> Evidence:
    if min(len(x), len(y)) >= 6 and edits(x, y) == 1:
        return evidence("keys.code.one_character")
    return DIFFERENT


def judge_identifiers(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two credit codes or identity cards; both passed their check character."""
    x, y = _key(a), _key(b)
    if x == y:
        return [SAME]
    if a.get("org") is not None and a.get("org") == b.get("org"):
        return [evidence("keys.identifier.organisation")]
    if edits(x, y) == 1:
        return [evidence("keys.identifier.one_character")]
    return [evidence("keys.identifier.different")]


def judge_mails(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two mail addresses."""
    found = judge_keys(a, b)
    (name, _, domain), (other, _, elsewhere) = (_key(p).partition("@") for p in (a, b))
    if found[0] is DIFFERENT and name == other and domain != elsewhere:
        return [evidence("keys.mail.domain")]
    return found


def judge_regions(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two places by their codes, whose digits say where a place lies."""
    x, y = (re.sub("(?:00)+$", "", _key(p)) for p in (a, b))
    if x == y:
        return [SAME]
    if x.isdigit() and y.isdigit() and (x.startswith(y) or y.startswith(x)):
        return [evidence("keys.region.within")]
    return [evidence("keys.region.different")]


def judge_dates(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two days, months or years."""
    x, y = _key(a), _key(b)
    if x == y:
        return [SAME]
    if x and y and (x.startswith(y) or y.startswith(x)):
        return [evidence("keys.date.less_exact")]
    one, other = x.split("-"), y.split("-")
    if len(one) == len(other) == 3 and one == [other[0], other[2], other[1]]:
        return [evidence("keys.date.swapped")]
    digits = [re.sub(r"\D", "", t) for t in (x, y)]
    if edits(*digits) == 1:
        return [evidence("keys.date.one_character")]
    return [evidence("keys.date.different")]


def judge_texts(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two free texts by their letters."""
    x, y = _key(a), _key(b)
    if x == y:
        return [evidence("keys.text.same")]
    near = alike(x, y)
    return [evidence("keys.text.alike" if near > ALIKE else "keys.text.differ").times(near - ALIKE)]
