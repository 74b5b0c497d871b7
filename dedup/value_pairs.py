"""Two values judged on their own, with nothing else known about their owners.

    compare_values(pl.Series(["Bob Smith"]), pl.Series(["Smith, Robert"]), Kind.PERSON_NAME)

Each piece of evidence has a fixed weight in bits; they add up, from even odds, to a probability.
From one half upward the values are taken for the same.
"""

from collections.abc import Callable

import polars as pl

from dedup.pair_evidence import Evidence, Judge, Parts, alike, edits
from dedup.verdict import Verdict
from guiyi.kinds import Kind

REVIEW = 0.25
"""Below one half and from here upward a person had better look."""
MOST = 12.0
"""Fixed weights are not surer than this, in bits."""


def compare_values(left: pl.Series, right: pl.Series, kind: Kind) -> pl.DataFrame:
    """Judge pairs of values of one kind: match_probability, verdict and reason, row by row."""
    from cleansing import clean_values

    both = pl.concat([left.cast(pl.String).alias("v"), right.cast(pl.String).alias("v")])
    distinct = both.unique(maintain_order=True)
    clean = clean_values(distinct, kind).with_columns(raw=distinct)
    parts = {row["raw"]: row for row in clean.to_dicts()}
    judge = _judge(kind)
    pairs = [_in_order(a, b) for a, b in zip(left, right, strict=True)]
    judged = [_weigh(parts[a], parts[b], judge) for a, b in pairs]
    return pl.DataFrame(
        {
            "match_probability": [p for p, _ in judged],
            "verdict": [_verdict(p).value for p, _ in judged],
            "reason": [reason for _, reason in judged],
        },
        schema={"match_probability": pl.Float64, "verdict": pl.String, "reason": pl.String},
    )


def _in_order(a: str | None, b: str | None) -> tuple[str | None, str | None]:
    """The two in one fixed order, so that neither side is the first."""
    return (b, a) if (a or "") > (b or "") else (a, b)


def _verdict(probability: float) -> Verdict:
    if probability >= 0.5:
        return Verdict.MATCH
    return Verdict.REVIEW if probability >= REVIEW else Verdict.NON_MATCH


def _weigh(a: Parts, b: Parts, judge: Judge) -> tuple[float, str]:
    if a["value"] is None and a["raw"] is not None and a["raw"] == b["raw"]:
        return 0.9, "same text"
    if a["value"] is None or b["value"] is None:
        return 0.1, "missing or not a valid value"
    found = judge(a, b)
    total = max(-MOST, min(MOST, sum(e.weight for e in found)))
    return 1 / (1 + 2.0**-total), "; ".join(e.reason for e in found)


def _judge(kind: Kind) -> Judge:
    from dedup.pair_address import judge_addresses
    from dedup.pair_company import judge_companies
    from dedup.pair_person import judge_people

    judges: dict[Kind, Callable[[Parts, Parts], list[Evidence]]] = {
        Kind.COMPANY_NAME: judge_companies,
        Kind.PERSON_NAME: judge_people,
        Kind.ADDRESS: judge_addresses,
        Kind.TEXT: _judge_texts,
    }
    return judges.get(Kind(kind), _judge_keys)


def _judge_keys(a: Parts, b: Parts) -> list[Evidence]:
    """Phones, mails, codes and dates are the same or they are not; a slip is worth a look."""
    x, y = a.get("key") or a["value"] or "", b.get("key") or b["value"] or ""
    if x == y:
        return [Evidence(6, "same")]
    several = set(a.get("all") or ()) & set(b.get("all") or ())
    if several:
        return [Evidence(4, "one of several is the same")]
    if min(len(x), len(y)) >= 6 and edits(x, y) == 1:
        return [Evidence(-1, "one character apart")]
    return [Evidence(-6, "different")]


def _judge_texts(a: Parts, b: Parts) -> list[Evidence]:
    x, y = a.get("key") or a["value"] or "", b.get("key") or b["value"] or ""
    if x == y:
        return [Evidence(6, "same text")]
    return [
        Evidence(30 * (alike(x, y) - 0.9), "texts alike" if alike(x, y) > 0.9 else "texts differ")
    ]
