"""Bars for match probabilities: 0 and 1 are asked for, and no finite evidence reaches either."""

NEAR = 1e-9
"""So near to 0 and 1 a bar may lie. From 1 - NEAR on only copies of a row are one with it."""


def reachable(bar: float) -> float:
    """A bar whose log odds are finite."""
    return min(max(bar, NEAR), 1 - NEAR)
