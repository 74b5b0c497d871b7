"""Numbers that conflict never speak for a match, however many words two texts share."""

from collections.abc import Sequence

import numpy as np

from dedup.comparison import Comparison
from dedup.comparisons import WordsComparison
from dedup.level_shares import CONTEXTS, WIDTH
from dedup.mixture import Mixture


def silence_conflicts(model: Mixture, comparisons: Sequence[Comparison]) -> None:
    """Let 12 Oak Road and 14 Oak Road, Phase I and Phase II, add nothing to a pair of records.

    Next door is rarer than chance in most tables, and a fit takes what is rare for telling.
    """
    for f, comparison in enumerate(comparisons):
        if not isinstance(comparison, WordsComparison):
            continue
        m, u = (x[f].reshape(CONTEXTS, WIDTH) for x in (model.m, model.u))
        levels = list(comparison.conflicts)
        m[:, levels] = np.minimum(m[:, levels], u[:, levels])
