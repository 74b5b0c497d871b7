"""The model before it is fitted, and what it makes of which pairs are worth a closer look."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.blocking.blocks import Blocks
from dedup.comparison.levels import unpack
from dedup.fields.roles import Roles
from dedup.model.chance_agreement import Samples, condition
from dedup.model.initial_mixture import seed, start, temper
from dedup.model.mixture import Mixture
from dedup.model.screen import Screen
from dedup.scoring.scorer import Scorer

FIRST_PAIRS = 50_000
"""A first look at so many candidate pairs corrects what is expected of matches."""
HOPELESS = 14.0
"""Pairs this many bits short of even odds by the rough first weights are not kept."""
FEW_PAIRS = 100_000
"""So few are all kept: there is nothing to save, and the nearest strangers can be shown."""


@dataclass(frozen=True)
class FirstModel:
    """What is believed before the candidate pairs are compared."""

    mixture: Mixture
    screen: Screen
    samples: Samples
    """Pairs that chance made agree in part; the fit needs them again."""


def first_model(
    scorer: Scorer, blocks: Blocks, side: npt.NDArray[np.int8], total: float, roles: Roles
) -> FirstModel:
    """Make the model from frequencies, random pairs and a first look at the candidate pairs."""
    mixture = start(scorer.comparisons, scorer.chances(), total, scorer.rows, roles)
    samples = scorer.samples(mixture)
    condition(mixture, samples)
    some = scorer.compare(*blocks.some(FIRST_PAIRS, side))
    seed(mixture, unpack(some, len(scorer.comparisons)))
    temper(mixture)
    slack = HOPELESS if blocks.pairs > FEW_PAIRS else 10 * HOPELESS
    floor = float(-np.log2(mixture.prior) - slack)
    return FirstModel(
        mixture, Screen(scorer.weight_table(mixture), scorer.bounds(mixture), floor), samples
    )
