"""Which candidate pairs are worth a closer look, by rough weights known before the model is."""

from dataclasses import dataclass

from dedup.comparison.levels import Floats


@dataclass(frozen=True)
class Screen:
    """What decides whether a pair is kept; a saved model keeps it, so as to see the same pairs."""

    worth: Floats
    """What each level is worth at most, in bits: one line a comparison, one place a level."""
    bounds: Floats
    """By comparison: what similarity and difference can be worth, and the outline bits similarity
    takes."""
    floor: float
    """Pairs worth fewer bits are not kept."""
