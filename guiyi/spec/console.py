"""What the steward's console asks of several people."""

from pydantic import Field

from guiyi.spec.base import Spec


class ConsoleSpec(Spec):
    """Which decisions in the console need two people."""

    second_above: int | None = Field(default=None, ge=1)
    """A merge of golden records with more records than this, taken together, waits until a second
    person agrees; none does if not given."""
    double: float = Field(default=0.0, ge=0, le=1)
    """The share of pairs that two people decide without seeing each other's answer."""
