"""Bars for match probabilities: 0 and 1 are asked for, and no finite evidence reaches either."""

from guiyi.spec.entities import MatchSpec

MATCH_AT, REVIEW_AT = 0.5, 0.1
"""Where the spec and the model say nothing. A bar chosen for each table by its expected F1 was .5
again on eight of ten labelled sets, no better on the ninth and worse on the tenth (Senzing)."""
NEAR = 1e-9
"""So near to 0 and 1 a bar may lie. From 1 - NEAR on only copies of a row are one with it."""


def thresholds(
    spec: MatchSpec, usual: tuple[float, float] = (MATCH_AT, REVIEW_AT)
) -> tuple[float, float]:
    """Where a match and where a review begins: as the spec says, else as is `usual`."""
    match_at = reachable(usual[0] if spec.match_at == "auto" else spec.match_at)
    review_at = min(usual[1], match_at) if spec.review_at == "auto" else spec.review_at
    return match_at, reachable(review_at)


def reachable(bar: float) -> float:
    """A bar whose log odds are finite."""
    return min(max(bar, NEAR), 1 - NEAR)
