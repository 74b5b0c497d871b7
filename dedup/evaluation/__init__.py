"""How right a matching is: against truth, against labels, and by recordlinkage beside it."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.evaluation.clerical_review import clerical_sample, estimate_quality
    from dedup.evaluation.measures import Evaluation, evaluate, evaluate_pairs
else:
    __getattr__ = lazily(
        __name__,
        {
            "Evaluation": "dedup.evaluation.measures",
            "clerical_sample": "dedup.evaluation.clerical_review",
            "estimate_quality": "dedup.evaluation.clerical_review",
            "evaluate": "dedup.evaluation.measures",
            "evaluate_pairs": "dedup.evaluation.measures",
        },
    )

__all__ = [
    "Evaluation",
    "clerical_sample",
    "estimate_quality",
    "evaluate",
    "evaluate_pairs",
]
