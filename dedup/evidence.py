"""Which comparisons a table's fields give: by kind, by fill, and by what the values look like."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.columns import Column
from dedup.company import alias_groups, company_comparison
from dedup.comparisons import (
    Comparison,
    DateComparison,
    DigitsComparison,
    Group,
    TextComparison,
    WordsComparison,
)
from dedup.names import folded
from dedup.people import person_comparisons
from guiyi.kinds import Kind

MOST_COMPARISONS = 16
"""Levels of so many comparisons fit one machine word, four bits each."""
GROUPS = {
    Kind.PHONE: Group.CONTACT,
    Kind.EMAIL: Group.MAIL,
    Kind.URL: Group.MAIL,
    Kind.ADDRESS: Group.PLACE,
    Kind.POSTCODE: Group.PLACE,
    Kind.REGION: Group.PLACE,
    Kind.USCC: Group.IDENTIFIER,
    Kind.ID_CARD: Group.IDENTIFIER,
    Kind.CODE: Group.IDENTIFIER,
}
EXACT = frozenset(
    {
        Kind.PHONE,
        Kind.POSTCODE,
        Kind.USCC,
        Kind.ID_CARD,
        Kind.CODE,
        Kind.INDUSTRY,
        Kind.AMOUNT,
    }
)
Hashes = npt.NDArray[np.uint64]
WORDS = 2.2
"""From this many words a value on average, a text is compared word by word."""
ALIKE = 0.95
"""Two columns that agree in this share of the rows are one piece of evidence, not two."""
KEPT_APART = (Kind.ADDRESS, Kind.PHONE, Kind.EMAIL)
APART = 0.05
"""Two columns of a kind that share fewer rows than this are one column kept in two places."""
OFFICIAL = (0.0, 0.01, 0.0, 0.005, 0.0, 0.05, 0.0, 0.005, 0.0, 0.93)
"""What is expected of numbers issued by the state: two valid ones that differ are two owners'."""
OFFICIAL_CHANGED = 0.05
"""Two numbers on one owner, an old and a new one, a wrong one: never so common that a conflict of
valid numbers stops speaking against a match (4 bits at least)."""
NOTHING = r"missing|placeholder|imputed|dummy"
"""Reasons for which not even the raw value is evidence."""


COMPARED: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERSON_NAME: ("surname", "given"),
    Kind.ADDRESS: (),
    Kind.REGION: (),
    Kind.TEXT: (),
    Kind.COMPANY_NAME: ("key", "region", "brand", "trade", "branch", "form"),
    Kind.PHONE: ("key", "all"),
    Kind.EMAIL: ("key", "all"),
}
"""The parts of a kind that are looked at beside its value; of other kinds the comparison key."""


@dataclass
class Evidence:
    """The comparisons of a table, as they are gathered."""

    records: pl.DataFrame
    kinds: dict[str, Kind]
    aliases: Mapping[str, int]
    made: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, comparison: Comparison) -> None:
        """Keep a comparison unless it never tells records apart."""
        column = comparison.column
        if comparison.name == "generation" and len(column.values) < 2:
            return
        if len(column.values) < 2:
            self.notes.append(f"{comparison.name}: never differs, so it tells nothing")
        else:
            self.made.append(comparison)

    def fields(self, kind: Kind) -> list[str]:
        """The fields of one kind that are in the table and hold anything."""
        return [
            name
            for name, own in self.kinds.items()
            if own is kind
            and name in self.records.columns
            and self.records[name].null_count() < self.records.height
        ]


def compare_fields(
    records: pl.DataFrame, kinds: Mapping[str, Kind], aliases: pl.DataFrame | None = None
) -> tuple[list[Comparison], list[str]]:
    """Choose the comparisons; the notes say which fields were left out and why."""
    known = {name: Kind(kind) for name, kind in kinds.items() if Kind(kind) is not Kind.KEY}
    evidence = Evidence(records, known, alias_groups(aliases))
    for comparison in person_comparisons(
        records, evidence.fields(Kind.PERSON_NAME), evidence.notes
    ):
        evidence.add(comparison)
    for kind in Kind:
        if kind not in (Kind.PERSON_NAME, Kind.KEY):
            for name, values in _merged(evidence, kind):
                _add_field(evidence, name, kind, values)
    return _most_telling(_without_echoes(evidence), evidence.notes), evidence.notes


def _merged(evidence: Evidence, kind: Kind) -> list[tuple[str, pl.Series]]:
    """The comparable columns of a kind; columns that fill each other's gaps become one."""
    out: list[tuple[str, pl.Series]] = []
    for name in evidence.fields(kind):
        values = _comparable(evidence.records, name, kind)
        for n, (other, kept) in enumerate(out if kind in KEPT_APART else ()):
            both = (values.is_not_null() & kept.is_not_null()).sum()
            fewer = min(len(values) - values.null_count(), len(kept) - kept.null_count())
            if both < APART * fewer:
                out[n] = (other, kept.zip_with(kept.is_not_null(), values))
                evidence.notes.append(f"{name}: fills the gaps of {other}")
                break
        else:
            out.append((name, values))
    return out


def _comparable(records: pl.DataFrame, name: str, kind: Kind) -> pl.Series:
    """The form of a field that is compared; an invalid value is still evidence, as it stands."""
    key = f"{name}.key"
    shown = kind in (Kind.REGION, Kind.ADDRESS, Kind.TEXT, Kind.COMPANY_NAME)
    base = pl.col(name if shown or key not in records.columns else key).cast(pl.String)
    if f"{name}.raw" in records.columns:
        reason = pl.col(f"{name}.reason").fill_null("")
        refused = base.is_null() & pl.col(f"{name}.raw").is_not_null()
        if bool(records.select(refused.any()).item()):
            told = refused & ~reason.str.contains(NOTHING)
            raw: pl.Expr = pl.when(told).then(pl.col(f"{name}.raw"))
            if kind in EXACT:
                raw = raw.str.replace_all(r"[^\p{L}\p{N}]", "")
            base = pl.coalesce(base, raw)
    values = records.select(base.str.to_lowercase().str.strip_chars().alias(name))
    return values.select(pl.when(pl.col(name) != "").then(name)).to_series()


def _add_field(evidence: Evidence, name: str, kind: Kind, values: pl.Series) -> None:
    group = GROUPS.get(kind, Group.OTHER)
    if kind is Kind.COMPANY_NAME:
        evidence.add(
            company_comparison(name, Group.ORGANISATION, evidence.records, evidence.aliases)
        )
    elif kind is Kind.DATE:
        evidence.add(DateComparison(name, _date_group(evidence, name), Column.of(_days(values))))
    elif kind in (Kind.PHONE, Kind.EMAIL):
        evidence.add(_contact(evidence.records, name, kind, values))
    elif kind in EXACT:
        column = Column.of(values)
        if kind is Kind.CODE and len(column.values) == int((column.codes >= 0).sum()):
            evidence.notes.append(f"{name}: never repeats, so it tells nothing")
            return
        if kind in (Kind.USCC, Kind.ID_CARD):
            evidence.add(
                DigitsComparison(name, group, column, prior=OFFICIAL, most_changed=OFFICIAL_CHANGED)
            )
        else:
            evidence.add(DigitsComparison(name, group, column))
    elif kind is Kind.ADDRESS or _wordy(values):
        evidence.add(WordsComparison(name, group, Column.of(values)))
    else:
        evidence.add(TextComparison(name, group, Column.of(folded(values))))


def _wordy(values: pl.Series) -> bool:
    there = values.drop_nulls()
    if not len(there):
        return False
    return float(there.str.count_matches(r"\s+").mean()) + 1 > WORDS  # type: ignore[arg-type]


def _days(values: pl.Series) -> pl.Series:
    """Dates as yyyy-mm-dd, with 00 for a month or day nobody knows; no date at all is missing."""
    digits = values.str.extract(r"^(\d{4}(?:-?\d{2}){0,2})(?:\D|$)").str.replace_all("-", "")
    whole = digits.str.pad_end(8, "0")
    return whole.str.slice(0, 4) + "-" + whole.str.slice(4, 2) + "-" + whole.str.slice(6, 2)


def _date_group(evidence: Evidence, name: str) -> Group:
    """A person's only date, or one that says so, is taken for the date of birth."""
    if pl.Series([name]).str.contains(r"(?i)birth|dob|born|生")[0]:
        return Group.BIRTH
    alone = len(evidence.fields(Kind.DATE)) == 1 and bool(evidence.fields(Kind.PERSON_NAME))
    return Group.BIRTH if alone else Group.OTHER


def _contact(records: pl.DataFrame, name: str, kind: Kind, values: pl.Series) -> TextComparison:
    """Phones and mails: a cell may hold several, and one in common is agreement."""
    several = f"{name}.all"
    column = Column.of(values)
    kin = None
    if several in records.columns:
        lists = records[several]
        if bool((lists.list.len() > 1).any()):
            lists = lists.list.unique(maintain_order=True).list.head(3)
            cell = lists.list.join(";").to_frame("c").select(pl.when(pl.col("c") != "").then("c"))
            column = Column.of(cell["c"].zip_with(cell["c"].is_not_null(), values))
            parts = column.values.str.split(";")
            flat = Column.of(pl.concat([parts.list.get(n, null_on_oob=True) for n in range(3)]))
            kin = flat.codes.reshape(3, -1).T.copy()
    if kind is Kind.PHONE:
        return DigitsComparison(name, Group.CONTACT, column, kin=kin)
    return TextComparison(name, Group.MAIL, column, kin=kin, takes=0.4)


def _without_echoes(evidence: Evidence) -> list[Comparison]:
    """Leave out a column that only repeats another one."""
    kept: list[tuple[Comparison, Hashes]] = []
    for comparison in sorted(evidence.made, key=lambda c: int((c.column.codes < 0).sum())):
        own = comparison.column.values.hash(0).to_numpy()
        heard = (k for k, hashes in kept if _echoes(k.column, hashes, comparison.column, own))
        echo = next(heard, None)
        if echo is None:
            kept.append((comparison, own))
        else:
            evidence.notes.append(f"{comparison.name}: repeats {echo.name}")
    return [c for c in evidence.made if any(c is k for k, _ in kept)]


def _echoes(one: Column, hashes: Hashes, other: Column, others: Hashes) -> bool:
    """Whether two columns, with their values' hashes, are alike in nearly all rows of both."""
    if abs(len(hashes) - len(others)) > 0.2 * len(hashes):
        return False
    rows = np.flatnonzero((one.codes >= 0) & (other.codes >= 0))[:5000]
    same = hashes[one.codes[rows]] == others[other.codes[rows]]
    return len(rows) >= 20 and float(same.mean()) >= ALIKE


def _most_telling(made: list[Comparison], notes: list[str]) -> list[Comparison]:
    """Keep the comparisons that tell most where they tell anything, but are not hardly ever filled.

    What a field tells counts by the root of its fill: a passport number in one row of ten decides
    more than a state in all.
    """

    def telling(c: Comparison) -> float:
        filled = float((c.column.codes >= 0).mean())
        if c.name == "generation":
            return float("inf")
        return float(np.sqrt(filled) * -np.log2(max(c.column.chance, 1e-9)))

    ranked = sorted(made, key=lambda c: (-telling(c), c.name))
    if len(made) > MOST_COMPARISONS:
        left = ", ".join(sorted(c.name for c in ranked[MOST_COMPARISONS:]))
        notes.append(f"{left}: not compared; the {MOST_COMPARISONS} fields that tell most are")
    return [c for c in made if any(c is k for k in ranked[:MOST_COMPARISONS])]
