"""For how long a project keeps what it no longer needs."""

import calendar
import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from guiyi.messages import Message
from guiyi.spec.base import Spec

_SPAN = re.compile(r"(\d{1,4})(d|w|mo|y)")


def _span(text: str) -> str:
    if not _SPAN.fullmatch(text):
        raise ValueError(
            Message("`{text}` is no span of time: write 90d, 12w, 6mo or 3y", text=text)
        )
    return text


Span = Annotated[str, AfterValidator(_span)]
"""A span of time: days, weeks, months or years."""


def before(moment: datetime, span: str) -> datetime:
    """The moment a span before another, by the calendar."""
    found = _SPAN.fullmatch(span)
    assert found is not None, span
    number, unit = int(found[1]), found[2]
    if unit in "dw":
        return moment - timedelta(days=number * (7 if unit == "w" else 1))
    months = moment.year * 12 + moment.month - 1 - number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


class RetentionSpec(Spec):
    """What is kept of past runs and loads; what still is needed stays in any case."""

    keep: int = Field(default=10, ge=1)
    """How many folders of published runs are kept, and as many of others: dry, stopped, failed."""
    runs: Span | None = None
    """Keep the folders of younger runs too, however many: 30d, 12w, 6mo, 1y."""
    before_images: Span | None = "90d"
    """How long a batch can be rolled back: then what the CRM held before it is forgotten; null:
    never. The images of each CRM entity's last load stay."""
    fields: dict[str, Span] = {}
    """`ENTITY.FIELD` → how long its value is kept after the record was last updated (the entity's
    `updated`) or, where no date says when, after its golden id was given; then it is emptied."""
    automatic: bool = True
    """Whether every run that passes ends by purging; `guiyi purge` does it at any time."""
