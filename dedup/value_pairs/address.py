"""Whether two addresses are one place."""

from dedup.value_pairs.address_han import judge_han
from dedup.value_pairs.address_scripts import judge_scripts
from dedup.value_pairs.address_western import judge_western
from dedup.value_pairs.evidence import Evidence, Parts, is_han


def judge_addresses(a: Parts, b: Parts) -> list[Evidence]:
    """Weigh two addresses from the whole to the small: places, road, number, room."""
    han = [is_han(p["value"] or "") for p in (a, b)]
    if all(han):
        return judge_han(a, b)
    if not any(han):
        return judge_western(a["raw"] or "", b["raw"] or "")
    return judge_scripts(a, b)
