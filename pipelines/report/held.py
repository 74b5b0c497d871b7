"""What was held back and why, and what could not be trusted or translated."""

from dataclasses import dataclass

import polars as pl

from governance import Masking
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, SOURCE
from pipelines.report.folder import FinishedRun
from pipelines.report.wording import Wording

KEYS = 6
"""Record keys shown per reason."""

MOST_ROWS = 40
"""Reasons listed; a run with more has its quarantine.parquet for the rest."""

SKIPPED = "skipped"
"""How the problem of a row begins that a reader left out on purpose, such as a total row."""


@dataclass(frozen=True)
class QuarantineReason:
    """One reason for quarantine."""

    entity: str
    stage: str
    suite: str | None
    expectation: str | None
    column: str | None
    reason: str | None
    records: int
    share: float
    """Of the most frequent reason, in percent."""
    keys: list[str]


@dataclass(frozen=True)
class QuarantineSummary:
    """All of the quarantine."""

    records: int
    """Distinct source records held back; one may have several reasons."""
    reasons: list[QuarantineReason]
    more: int
    """Reasons beyond those listed."""


@dataclass(frozen=True)
class DamageCount:
    """Cells that could not be trusted, or rows that were left out, by problem."""

    source: str
    column: str | None
    problem: str
    cells: int
    detail: str | None
    keys: list[str]


@dataclass(frozen=True)
class Gap:
    """A code that a code list does not translate."""

    crm_entity: str
    field: str
    code_list: str
    code: str
    rows: int


def quarantine(folder: FinishedRun, masking: Masking, say: Wording) -> QuarantineSummary | None:
    """The records in quarantine by reason; None if the run did not get that far."""
    if not folder.has("quarantine"):
        return None
    table = _with_messages(folder.read("quarantine")).with_columns(
        key=pl.coalesce(record_key(), pl.col(GOLDEN_ID))
    )
    by = ["entity", "stage", "suite", "expectation", "column", "reason"]
    reasons = (
        table.group_by(by)
        .agg(
            message=pl.col("message").first(),
            records=pl.col("key").n_unique(),
            keys=pl.col("key").unique().sort().head(KEYS),
        )
        .sort(["records", *by], descending=[True] + [False] * len(by), nulls_last=True)
    )
    most = max(reasons["records"].to_list(), default=1)
    listed = [
        QuarantineReason(
            row["entity"],
            say.named("stage_held", row["stage"] or ""),
            row["suite"],
            say.message(row["expectation"] or "") or None,
            row["column"],
            masking.text(say.message(row["reason"] or "", row["message"])) or None,
            row["records"],
            100 * row["records"] / most,
            [masking.text(key) for key in row["keys"]],
        )
        for row in reasons.head(MOST_ROWS).iter_rows(named=True)
    ]
    held = table.select("entity", "key").n_unique()
    return QuarantineSummary(held, listed, max(0, reasons.height - MOST_ROWS))


def damage(
    folder: FinishedRun, masking: Masking, say: Wording
) -> tuple[list[DamageCount], list[DamageCount]]:
    """Cells that cannot be trusted, and rows the readers left out on purpose, the most first."""
    if not folder.has("damage"):
        return [], []
    table = _with_messages(folder.read("damage")).with_columns(key=record_key())
    found = (
        table.group_by(SOURCE, "column", "problem")
        .agg(
            cells=pl.len(),
            problem_text=pl.struct("detail", "message").sort_by("detail").first(),
            keys=pl.col("key").unique().sort().head(KEYS),
        )
        .sort(["cells", SOURCE, "column", "problem"], descending=[True, False, False, False])
        .head(MOST_ROWS)
    )
    skipped = pl.col("problem").str.starts_with(SKIPPED)
    cells, rows = (
        [
            DamageCount(
                row[SOURCE],
                row["column"],
                say.message(row["problem"].removeprefix(f"{SKIPPED}: ")),
                row["cells"],
                masking.text(_detail(row["problem_text"], say)) or None,
                [masking.text(key) for key in row["keys"] if key is not None],
            )
            for row in found.filter(which).iter_rows(named=True)
        ]
        for which in (~skipped, skipped)
    )
    return cells, rows


def _detail(text: dict[str, str | None], say: Wording) -> str:
    return say.message(text["detail"] or "", text["message"])


def _with_messages(table: pl.DataFrame) -> pl.DataFrame:
    """A table with the messages of its sentences, which runs of older versions did not keep."""
    if "message" in table.columns:
        return table
    return table.with_columns(message=pl.lit(None, pl.String))


def gaps(folder: FinishedRun, masking: Masking) -> list[Gap] | None:
    """Codes without a translation; None if nothing was mapped."""
    if not folder.has("unmapped_codes"):
        return None
    table = folder.read("unmapped_codes")
    columns = ["crm_entity", "field", "code_list", "code", "rows"]
    ordered = table.select(columns).sort("rows", "code", descending=[True, False])
    listed = ordered.head(MOST_ROWS)
    return [Gap(*row) for row in listed.with_columns(masking.texts(listed["code"])).iter_rows()]
