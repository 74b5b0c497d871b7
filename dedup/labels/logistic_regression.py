"""Logistic regression that starts from what is believed and is held there by a Gaussian prior."""

from dataclasses import dataclass

import numpy as np

from dedup.comparison.levels import Floats

ROUNDS = 50
ENOUGH = 1e-9
"""Newton's method stops when the penalised loss falls by less than this share."""
LEAST_STEP = 1e-6


@dataclass(frozen=True)
class Additive:
    """Fitted coefficients, and how sure the answers made them."""

    coefficients: Floats
    precision: Floats
    """The inverse of their covariance (Laplace's approximation around the fit)."""

    def committee(self, members: int, seed: int) -> Floats:
        """Draw coefficients that the answers allow as well: one line a member."""
        root = np.linalg.cholesky(self.precision)
        noise = np.random.default_rng(seed).standard_normal((len(self.coefficients), members))
        return self.coefficients + np.linalg.solve(root.T, noise).T


def fit_additive(
    features: Floats, offset: Floats, answers: Floats, weights: Floats, spread: Floats
) -> Additive:
    """Fit answers (0, 1; one a line of features) on top of an offset in natural log odds.

    `spread` is the standard deviation each coefficient is believed to have around 0. Newton's
    method with halved steps; the loss is convex, so there is one answer.
    """
    penalty = 1 / spread**2
    b = np.zeros(features.shape[1])
    loss = _loss(offset, answers, weights)
    precision = np.diag(penalty)
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(offset + features @ b, -500, 500)))
        slope = features.T @ (weights * (answers - p)) - penalty * b
        precision = (features * (weights * p * (1 - p))[:, None]).T @ features + np.diag(penalty)
        step = np.linalg.solve(precision, slope)
        size = 1.0
        while True:
            new = b + size * step
            found = _loss(offset + features @ new, answers, weights)
            found += float(0.5 * (penalty * new * new).sum())
            if found <= loss or size < LEAST_STEP:
                break
            size /= 2
        if found > loss:
            break
        gained, b, loss = loss - found, new, found
        if gained <= ENOUGH * max(1.0, loss):
            break
    return Additive(b, precision)


def losses(odds: Floats, answers: Floats) -> Floats:
    """The log loss in nats of each answer, given natural log odds."""
    return np.logaddexp(0, np.where(answers > 0, -odds, odds))


def _loss(odds: Floats, answers: Floats, weights: Floats) -> float:
    return float((weights * losses(odds, answers)).sum())
