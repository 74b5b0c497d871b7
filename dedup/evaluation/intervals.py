"""How far a measured share may lie from the true one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z = 1.959964
"""The normal quantile of a 95 % interval."""

Sums = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 % interval; null where nothing could be measured."""

    value: float | None
    low: float | None
    high: float | None

    def __str__(self) -> str:
        """`.953 (.948–.957)`: enough digits to compare, not more."""
        if self.value is None or self.low is None or self.high is None:
            return "–"
        return f"{self.value:.4f} ({self.low:.4f}–{self.high:.4f})"


UNKNOWN = Estimate(None, None, None)


def wilson(share: float, size: float) -> Estimate:
    """The score interval of a proportion (Wilson 1927, JASA 22:209–212).

    It stays within 0 and 1 and is honest about a share of exactly 1 in a small sample.
    """
    if size <= 0:
        return UNKNOWN
    spread = Z * Z / size
    centre = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * np.sqrt(share * (1 - share) / size + spread / size / 4)
    low = 0.0 if share == 0 else max(0.0, float(centre - half))
    high = 1.0 if share == 1 else min(1.0, float(centre + half))
    return Estimate(float(share), low, high)


def ratio(hits: Sums, tries: Sums) -> Estimate:
    """The share of hits in tries, summed over clusters that were drawn as a whole.

    Pairs of one cluster stand or fall together, so clusters are the units: the variance is the
    ratio estimator's (Cochran 1977, Sampling Techniques, § 6.4; for entity resolution Binette et
    al. 2022, arXiv:2210.01230), and Wilson's interval is taken at the effective sample size
    (Franco et al. 2019, J. Survey Stat. Methodol. 7:334–364).
    """
    asked = tries > 0
    units = int(asked.sum())
    if units == 0:
        return UNKNOWN
    total = float(tries.sum())
    share = min(1.0, float(hits.sum()) / total)
    residual = hits[asked] - share * tries[asked]
    variance = units / max(units - 1, 1) * float(residual @ residual) / total**2
    if 0 < share < 1 and variance > 0:
        return wilson(share, min(total, share * (1 - share) / variance))
    return wilson(share, units)


def harmonic(one: Estimate, other: Estimate) -> Estimate:
    """F1 of two estimates; its ends are theirs, which makes the interval a cautious one."""
    if one.value is None or other.value is None:
        return UNKNOWN

    def mean(a: float | None, b: float | None) -> float:
        return 2 * a * b / (a + b) if a and b else 0.0

    return Estimate(
        mean(one.value, other.value), mean(one.low, other.low), mean(one.high, other.high)
    )
