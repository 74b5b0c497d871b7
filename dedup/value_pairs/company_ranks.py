"""Whether two names stand in places of two ranks: 吉林省图书馆 and 吉林市图书馆 are two libraries.

Province, city and county each keep their own offices, hospitals and trading companies. Only a rank
that is written counts: 杭州 in front of 余杭 is nothing more than the way to it.
"""

import re
from functools import lru_cache

from cleansing.place_chain import readings
from dedup.value_pairs.company_short import is_trade
from dedup.value_pairs.evidence import FOR_REVIEW, Evidence, Parts, evidence, for_review, total

_RANKED = re.compile("(?:省|市|区|县|州|盟|旗)$")
APART = evidence("company_ranks.apart")


def ranks_apart(a: Parts, b: Parts) -> bool:
    """Whether each name holds one place with its rank, and the ranks differ."""
    one, other = (_ranked_place(re.sub(r"\W", "", p["value"] or "")) for p in (a, b))
    return one is not None and other is not None and len(one) != len(other)


def judge_ranks(a: Parts, b: Parts, found: list[Evidence]) -> list[Evidence]:
    """Firms of two ranks: two where nothing but a trade is given, for review where a brand is."""
    if total(found) < FOR_REVIEW:
        return found
    if _only_trade(a) or _only_trade(b):
        return [APART]
    return [*found, for_review(found, APART.reason)]


@lru_cache(maxsize=1 << 15)
def _ranked_place(name: str) -> str | None:
    """The code of the one place that a name holds with its rank."""
    ways = readings(name)
    if len(ways) != 2 or len(ways[1].places) != 1 or not _RANKED.search(ways[1].names[0]):
        return None
    return next(iter(ways[1].places)).partition(":")[0]


def _only_trade(a: Parts) -> bool:
    """Whether a name holds a trade and no brand: 济南市医药总公司."""
    return is_trade(readings(a["key"] or "")[-1].rest)
