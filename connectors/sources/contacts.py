"""A contact, as mail and address books give it: the columns, and how several values share one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.sources.contract import ROW, Batch, Damage, damage_frame, text_frame
from guiyi.kinds import Kind

TABLE = "contacts"
"""The one table of a source of contacts: mail, vCards, an address book's export, cards."""
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
    "origins",
)
"""`origins` says, as a JSON object, which message each field was read from (mail only)."""
KINDS: Mapping[str, Kind | None] = {
    "name": Kind.PERSON_NAME,
    "title": Kind.TEXT,
    "department": Kind.TEXT,
    "company": Kind.COMPANY_NAME,
    "mobile": Kind.PHONE,
    "phone": Kind.PHONE,
    "email": Kind.EMAIL,
    "address": Kind.ADDRESS,
    "url": Kind.URL,
    "last_seen": Kind.DATE,
    # A fax number is the office's, not the person's; the others describe the reading.
    **dict.fromkeys(("fax", "first_seen", "messages", "message_ids", "origins", "confidence")),
}
"""What the columns hold, for whoever proposes fields for them."""
_HAN = re.compile(r"[\u3400-\u9fff]")


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


def written_name(family: str, given: str, more: str, prefix: str, suffix: str) -> str:
    """Write a name from its parts: 王小明 without blanks, Dr. John Q. Doe Jr. with them.

    A title alone is no name.
    """
    if not family + given + more:
        return ""
    if _HAN.search(family + given):
        return f"{family}{given}{more}"
    return " ".join(part for part in (prefix, given, more, family, suffix) if part)


def written_place(inside: Sequence[str], city: str, region: str, code: str, country: str) -> str:
    """Write an address in the order of its country: from the large to the small in Chinese.

    `inside` are the parts within the city, the smallest first: box, room, street. The street goes
    before its room everywhere: 科技路1号 1205室; 1 Main St, Suite 4.
    """
    if _HAN.search("".join(inside) + city + region):
        whole = "".join([country, region, city, *reversed(inside)])
        return f"{whole} {code}".strip()
    return ", ".join(part for part in (*reversed(inside), city, region, code, country) if part)


def contact_batch(
    rows: list[ContactRow], damage: list[Damage], columns: Sequence[str] = COLUMNS
) -> Batch:
    """Lay contacts out as a batch."""
    import polars as pl

    from connectors.sources.contract import PLACE
    from guiyi.even_chunks import even_chunks

    frame = text_frame(columns, [[row.values.get(name) for name in columns] for row in rows])
    frame = even_chunks(
        frame.with_columns(
            pl.Series(ROW, [row.number for row in rows], dtype=pl.Int64()),
            pl.Series(PLACE, [row.place for row in rows], dtype=pl.String()),
        )
    )
    return Batch(frame, damage_frame(damage))
