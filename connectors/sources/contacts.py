"""A contact, as mail and address books give it: the columns, and how several values share one."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.sources.contract import ROW, Batch, Damage, damage_frame, text_frame

TABLE = "contacts"
"""The one table of a mail or vCard source."""
COLUMNS = (
    "name",
    "title",
    "department",
    "company",
    "mobile",
    "phone",
    "fax",
    "email",
    "address",
    "url",
    "first_seen",
    "last_seen",
    "messages",
    "message_ids",
)


@dataclass(frozen=True)
class ContactRow:
    """One row of the table, and where it was found."""

    number: int
    values: dict[str, str]
    place: str


def together(values: Iterable[str]) -> str:
    """Write several values into one cell: each once, in the order they came."""
    kept = dict.fromkeys(" ".join(value.split()) for value in values)
    return "; ".join(value for value in kept if value)


def contact_batch(rows: list[ContactRow], damage: list[Damage]) -> Batch:
    """Lay contacts out as a batch."""
    import polars as pl

    from connectors.sources.contract import PLACE

    frame = text_frame(COLUMNS, [[row.values.get(name) for name in COLUMNS] for row in rows])
    frame = frame.with_columns(
        pl.Series(ROW, [row.number for row in rows], dtype=pl.Int64()),
        pl.Series(PLACE, [row.place for row in rows], dtype=pl.String()),
    )
    return Batch(frame, damage_frame(damage))
