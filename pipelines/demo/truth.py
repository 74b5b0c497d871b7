"""What the demo knows about its own records, and a migration has to find out."""

from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl


class Defect(StrEnum):
    """Why a record must not get through validation."""

    NO_NAME = "no name"
    NO_CONTACT = "no way to contact"
    BAD_USCC = "USCC with a wrong check character"
    BAD_PHONE = "nonsense phone"
    BAD_EMAIL = "nonsense e-mail"
    NEGATIVE_AMOUNT = "negative amount"
    NO_AMOUNT = "amount that is not a number"
    FUTURE_DATE = "date in the future"
    NO_DATE = "no date"
    ORPHAN = "customer that does not exist"


class Scope(StrEnum):
    """Why a row is left behind on purpose."""

    JUNK = "test or junk customer"
    OLD = "before the time window"
    OURS = "our own people"


@dataclass
class TruthNotes:
    """Notes, while the sources are written, who each record really is."""

    source: str
    """The source's name in guiyi.yaml."""
    rows: list[tuple[str | None, ...]] = field(default_factory=list)

    def add(
        self,
        place: tuple[str, str | int],
        entity: str,
        true_id: str,
        *,
        belongs_to: str | None = None,
        flaw: Defect | Scope | None = None,
    ) -> None:
        """Say that the record at table and key is `true_id`, and what is wrong with it."""
        table, key = place
        must_fail = str(flaw) if isinstance(flaw, Defect) else None
        out = str(flaw) if isinstance(flaw, Scope) else None
        self.rows.append(
            (self.source, table, f"{table}/{key}", entity, true_id, belongs_to, must_fail, out)
        )


COLUMNS = (
    "source",
    "table",
    "record_id",
    "entity",
    "true_id",
    "belongs_to",
    "must_fail",
    "out_of_scope",
)
"""The columns of truth.parquet. `belongs_to` is the true id of the firm a person or order is of."""


def frame(*truths: TruthNotes) -> pl.DataFrame:
    """All that is known, as one table."""
    rows = [row for truth in truths for row in truth.rows]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row").unique(
        ["source", "record_id", "entity"], keep="first", maintain_order=True
    )
