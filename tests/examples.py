"""How many examples a property is tried on: so many by day, ten times as many at night."""

from hypothesis import settings

DAY = 100


def examples(count: int) -> int:
    """Scale a count of examples by the Hypothesis profile that is loaded."""
    return count * settings.default.max_examples // DAY  # type: ignore[union-attr]
