"""What a stage reports when it ends."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """Rows in, rows out, a sentence; and whether the run must stop here."""

    rows_in: int
    rows_out: int
    note: str = ""
    stop: str | None = None
    """Why no later stage may run."""
