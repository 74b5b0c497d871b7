"""What every kind promises, as checks that a package of another kind can call.

    from cleansing.conformance import check_kind
    check_kind(Kind("plate"), ["粤B12345", "粤B·1234五", " 沪a99999 ", "n/a"])

AssertionError says which promise is broken.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from cleansing import table
from cleansing.inference import infer_kind
from cleansing.registry import parts
from cleansing.table import clean_values
from cleansing.text import simplify_text
from guiyi.kinds import Kind


def check_kind(kind: Kind, typed: Sequence[str | None], header: str | None = None) -> None:
    """Hold a kind to all it promises of cells as people type them.

    Give good values, bad ones and odd ones. With a `header`, of a column of good ones, the kind
    must be recognised under it.
    """
    cells = [
        *typed,
        None,
        "",
        "  ",
        "n/a",
        "无",
        "?",
        "Müller & Söhne 12",
        "０１２\n345",
        "x" * 3000,
    ]
    check_shape(kind, cells)
    check_reasons(kind, cells)
    check_slices(kind, cells)
    check_order(kind, cells)
    check_settled(kind, cells)
    check_lossless(kind, [cell for cell in cells if cell is not None])
    if header is not None:
        check_recognised(kind, typed, header)


def check_shape(kind: Kind, cells: Sequence[str | None]) -> None:
    """Any column gives a row a value, with exactly the columns of the kind."""
    wanted = {"value": pl.String(), "reason": pl.String(), **parts(kind)}
    for column in (cells, cells[:1], [None, None], []):
        cleaned = clean_values(pl.Series(column, dtype=pl.String), kind)
        found = dict(cleaned.schema)
        assert cleaned.height == len(column), f"{len(column)} cells give {cleaned.height} rows"
        assert found == wanted, f"the columns are {found}, not {wanted}"


def check_reasons(kind: Kind, cells: Sequence[str | None]) -> None:
    """What is refused says why; what is changed says how; what is damaged has no key."""
    cleaned = clean_values(pl.Series(cells, dtype=pl.String), kind)
    for raw, row in zip(cells, cleaned.iter_rows(named=True), strict=True):
        value, reason = row["value"], row["reason"]
        if raw is None or not raw.strip():
            assert value is None, f"an empty cell {raw!r} has a value"
            continue
        assert value is not None or reason, f"{raw!r} is refused without a reason"
        assert value in (None, raw) or reason, f"{raw!r} becomes {value!r} without a reason"
        assert value != "", f"{raw!r} has an empty value; what is no value is null"
        if value is None and reason != table.NO_VALUE:
            refused = reason.startswith(("invalid:", "damaged:"))
            assert refused, f"{raw!r} is refused with {reason!r}, not with invalid: or damaged:"
        if reason is not None and reason.startswith("damaged:"):
            assert row["key"] is None, f"{raw!r} is damaged, and yet has a key"


def check_slices(kind: Kind, cells: Sequence[str | None]) -> None:
    """A column cleaned in slices is cleaned as the whole."""
    column = pl.Series(cells, dtype=pl.String)
    whole, limit = clean_values(column, kind), table.AT_ONCE
    try:
        table.AT_ONCE = 2
        sliced = clean_values(column, kind)
    finally:
        table.AT_ONCE = limit
    assert sliced.equals(whole), "slices of a column are cleaned otherwise than the whole"


def check_order(kind: Kind, cells: Sequence[str | None]) -> None:
    """Neither the order of the rows nor how often a value stands there matters."""
    whole = clean_values(pl.Series(cells, dtype=pl.String), kind)
    again = clean_values(pl.Series([*cells[::-1], *cells], dtype=pl.String), kind)
    assert again.tail(len(cells)).equals(whole), "repeating values cleans them otherwise"
    assert again.head(len(cells)).reverse().equals(whole), "turning the rows round cleans otherwise"


def check_settled(kind: Kind, cells: Sequence[str | None]) -> None:
    """A value that was cleaned on its own is left as it is when cleaned again."""
    for cell in dict.fromkeys(cells):
        value = clean_values(pl.Series([cell], dtype=pl.String), kind)["value"][0]
        if value is None or value == cell:
            continue
        again = clean_values(pl.Series([value], dtype=pl.String), kind)["value"][0]
        assert again == value, f"{value!r} is clean, and becomes {again!r}"


def check_lossless(kind: Kind, cells: Sequence[str]) -> None:
    """No letter or digit of a cell is lost: each stands in the value, a part or the reason."""
    for loss in losses(kind, cells):
        raise AssertionError(
            f"{loss.raw!r} becomes {loss.value!r} ({loss.reason}), and loses {loss.missing!r}"
        )


def check_recognised(kind: Kind, typed: Sequence[str | None], header: str) -> None:
    """A column of such values is taken for the kind."""
    guess = infer_kind(pl.Series(typed, dtype=pl.String), header)
    assert guess.kind == kind, f"the column {header!r} is taken for {guess.kind}: {guess.why}"
    assert 0 < guess.confidence <= 1, f"a confidence of {guess.confidence}"
    assert guess.why, "the guess says no reason"


RUNS = re.compile(r"\d+|[㐀-鿿]+|[^\W\d_㐀-鿿]+")
LEAST = 3
"""A run of letters or digits may be found in pieces of so many, or whole where it is shorter; of a
date in pieces of two: 022804 is 2004-02-28."""

MADE_OF = (
    "Excel serial", "Unix time", "Chinese numerals", "unit applied", "calendar", "15 to 18 digits",
    "scientific notation", "renamed", "standard name", "division renamed", "mojibake", "entities",
    "imputed", "legal form",
)  # fmt: skip
"""Reasons that say a value is written in other characters than it was typed in."""
CALENDAR = frozenset("年月日号時时分秒点上午下午星期周一二三四五六日天十廿元正初〇零".strip())
"""Characters of dates that have no place in an ISO date."""


EXTENSION = frozenset({"转", "x", "ext", "分机"})
"""Words before an extension, which is a part."""
EXPONENT = re.compile(r"(?<=\d)[eE][+]?(\d\d)(?!\d)")
"""Of an amount the exponent stands in no digits of its own: 1.42E+10 is 14200000000."""


def plain(text: str) -> str:
    """A text as it is looked for: half-width, lower case, simplified, without accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return simplify_text("".join(c for c in folded if not unicodedata.combining(c)))


def lost(
    raw: str, kind: Kind, value: str | None, reason: str | None, parts: Mapping[str, Sequence[str]]
) -> str:
    """The runs of letters or digits of a cell that are found nowhere; "" if nothing is lost."""
    if value is None:
        return "" if reason or not RUNS.search(raw) else "no reason"
    if reason and any(word in reason for word in MADE_OF):
        return ""
    texts = [value, reason or "", *(text for part in parts.values() for text in part)]
    kept = [RUNS.findall(plain(text)) for text in texts]
    whole = ["".join(runs) for runs in kept]
    digits = ["".join(run for run in runs if run[0].isdigit()) for runs in kept]
    missing = []
    least = 2 if kind is Kind.DATE else LEAST
    read = EXPONENT.sub("", raw) if kind is Kind.AMOUNT else raw
    for run in RUNS.findall(plain(read)):
        places = digits if run[0].isdigit() else whole
        if not _covered(run, places, least) and not _is_expressed(run, kind, parts):
            missing.append(run)
    return " ".join(missing)


def _covered(run: str, places: Sequence[str], least: int) -> bool:
    """Whether a run stands in one of the texts, in one piece or in several long ones."""
    if any(run in place for place in places):
        return True
    bare = run.lstrip("0")
    if run.isdigit() and bare and any(bare in place for place in places):
        return True
    least = 1 if unicodedata.name(run[0], "").startswith("CJK") else least
    return any(
        run[:cut]
        and any(run[:cut] in place for place in places)
        and _covered(run[cut:], places, least)
        for cut in range(len(run) - 1, least - 1, -1)
        if len(run) - cut >= least
    )


def _is_expressed(run: str, kind: Kind, parts: Mapping[str, Sequence[str]]) -> bool:
    """Whether a word is written as what it means: a month by its number, a currency by its code."""
    if kind is Kind.AMOUNT:
        return bool(parts.get("currency")) and run.isalpha()
    if kind is Kind.PHONE:
        return bool(parts.get("ext") or parts.get("note")) and run in EXTENSION
    return kind is Kind.DATE and (set(run) <= CALENDAR or bool(re.fullmatch(r"[a-z]{1,12}", run)))


@dataclass(frozen=True)
class Loss:
    """A cell of which something is found nowhere."""

    kind: Kind
    raw: str
    missing: str
    value: str | None
    reason: str | None


def losses(kind: Kind, cells: Sequence[str]) -> Iterator[Loss]:
    """Clean cells as one column; give those of which something is lost."""
    cleaned = clean_values(pl.Series(cells, dtype=pl.String), kind)
    beside = [name for name in cleaned.columns if name not in ("value", "reason")]
    for raw, row in zip(cells, cleaned.iter_rows(named=True), strict=True):
        parts = {name: _texts(row[name]) for name in beside}
        missing = lost(raw, kind, row["value"], row["reason"], parts)
        if missing:
            yield Loss(kind, raw, missing, row["value"], row["reason"])


def _texts(part: object) -> list[str]:
    if part is None or isinstance(part, bool):
        return []
    return [str(item) for item in part] if isinstance(part, list) else [str(part)]
