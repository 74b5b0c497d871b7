"""Two values judged on their own, with nothing else known about their owners.

    compare_values(pl.Series(["Bob Smith"]), pl.Series(["Smith, Robert"]), Kind.PERSON_NAME)

Each piece of evidence has a fixed weight in bits; they add up, from even odds, to a probability.
From one half upward the values are taken for the same.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice, product

import polars as pl

from cleansing.registry import kind_type
from dedup.knowledge.aliases import alias_groups
from dedup.value_pairs.evidence import Evidence, Judge, Parts, evidence, total
from dedup.value_pairs.reasons import in_words
from dedup.verdict import Verdict
from guiyi.kinds import Kind
from guiyi.plugins import at

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and of how much."""
REVIEW = 0.25
"""Below one half and from here upward a person had better look."""
REPORT_EVERY = 5_000
NOTHING = 0.02
"""Where a side is empty, nothing speaks for a match."""
MOST = 12.0
"""Fixed weights are not surer than this, in bits."""
SAME_INVALID = 0.9
"""Two values alike of which neither is valid."""
INVALID = 0.1
"""Of two values one is not valid."""


def compare_values(
    left: pl.Series,
    right: pl.Series,
    kind: Kind,
    *,
    aliases: pl.DataFrame | None = None,
    language: str = "en",
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Judge pairs of values of one kind: match_probability, verdict and reason, row by row.

    `aliases` has all the names of one firm in each row; `language` is that of the reasons, en or
    zh. A value that is missing on one side or both is no match, with the reason said. `progress`
    is called with how many pairs are judged.
    """
    distinct = pl.concat([left.cast(pl.String).alias("v"), right.cast(pl.String).alias("v")])
    parts = _parts_of(distinct.unique(maintain_order=True), Kind(kind), aliases)
    judge = _judge(kind)
    known: dict[tuple[str | None, str | None], tuple[float, str]] = {}
    judged = []
    for a, b in zip(left.cast(pl.String), right.cast(pl.String), strict=True):
        pair = _in_order(a, b)
        if pair not in known:
            known[pair] = _best(parts[pair[0]], parts[pair[1]], judge, language)
        judged.append(known[pair])
        if progress is not None and len(judged) % REPORT_EVERY == 0:
            progress("pairs", len(judged), len(left))
    return pl.DataFrame(
        {
            "match_probability": [p for p, _ in judged],
            "verdict": [_verdict(p).value for p, _ in judged],
            "reason": [reason for _, reason in judged],
        },
        schema={"match_probability": pl.Float64, "verdict": pl.String, "reason": pl.String},
    )


def _parts_of(
    values: pl.Series, kind: Kind, aliases: pl.DataFrame | None
) -> dict[str | None, list[Parts]]:
    """Each distinct value's parts; several where a value holds several names of its owner."""
    from cleansing import clean_values
    from cleansing.text import simplify
    from dedup.value_pairs.spellings import spellings

    spelled = [spellings(value, kind) for value in values]
    flat = pl.Series("v", [one for names in spelled for one in names], dtype=pl.String)
    rows = clean_values(flat, kind).with_columns(raw=flat).to_dicts()
    if kind is Kind.ADDRESS:
        for row, simple in zip(
            rows, simplify(pl.Series([r["value"] for r in rows], dtype=pl.String)), strict=True
        ):
            row["simple"] = simple
    if aliases is not None and kind is Kind.COMPANY_NAME:
        groups = alias_groups(aliases)
        for row in rows:
            group = groups.get(row.get("key") or "")
            row["alias"] = None if group is None else str(group)
    each: Iterator[Parts] = iter(rows)
    return {
        value: list(islice(each, len(names))) for value, names in zip(values, spelled, strict=True)
    }


def _best(left: list[Parts], right: list[Parts], judge: Judge, language: str) -> tuple[float, str]:
    """The likeliest reading of two values; other names than the first are said to be so."""
    best, why = -1.0, ""
    for m, a in enumerate(left):
        for n, b in enumerate(right):
            probability, reasons = _weigh(a, b, judge)
            if m or n:
                reasons = [*reasons, "by a former or other name"]
            if probability > best:
                best, why = probability, in_words(reasons, language)
    return best, why


def _in_order(a: str | None, b: str | None) -> tuple[str | None, str | None]:
    """The two in one fixed order, so that neither side is the first."""
    return (b, a) if (a or "") > (b or "") else (a, b)


def _verdict(probability: float) -> Verdict:
    if probability >= 0.5:
        return Verdict.MATCH
    return Verdict.REVIEW if probability >= REVIEW else Verdict.NON_MATCH


def _is_uninformative(raw: str) -> bool:
    """An empty cell, or one in which someone typed N/A, 无 or a dash: two agree in nothing."""
    from cleansing.empty_words import NOTHING as TYPED

    return re.match(TYPED, raw) is not None


def _weigh(a: Parts, b: Parts, judge: Judge) -> tuple[float, list[str]]:
    one, other = _texts(a, b)
    if _is_uninformative(one) or _is_uninformative(other):
        return NOTHING, ["nothing on one side"]
    if a["value"] is None and one == other:
        return SAME_INVALID, ["same text"]
    if a["value"] is None or b["value"] is None:
        return INVALID, ["not a valid value"]
    found = _evidence_of(a, b, judge)
    bits = max(-MOST, min(MOST, total(found)))
    return 1 / (1 + 2.0**-bits), [e.reason for e in found]


def _texts(a: Parts, b: Parts) -> tuple[str, str]:
    return (a["raw"] or "").strip(), (b["raw"] or "").strip()


def _evidence_of(a: Parts, b: Parts, judge: Judge) -> list[Evidence]:
    """The evidence about two values that are both there and valid."""
    one, other = _texts(a, b)
    return [evidence("judge.same_text")] if one == other else judge(a, b)


def evidence_of(left: pl.Series, right: pl.Series, kind: Kind) -> list[list[Evidence]]:
    """The evidence in each pair of valid values, of their likeliest reading; to fit weights by."""
    parts = _parts_of(pl.concat([left, right]).unique(maintain_order=True), kind, None)
    judge = _judge(kind)
    found = []
    for a, b in (_in_order(*pair) for pair in zip(left, right, strict=True)):
        valid = [[p for p in parts[value] if p["value"] is not None] for value in (a, b)]
        ways = [_evidence_of(p, q, judge) for p, q in product(*valid)]
        found.append(max(ways, key=total, default=[]))
    return found


def _judge(kind: Kind) -> Judge:
    own = kind_type(Kind(kind)).judge
    found: Judge = at(own) if isinstance(own, str) else own
    return found
